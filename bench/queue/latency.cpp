// latency CONNINFO SAMPLES: from enqueue to start of a noop on a worker that idles, one job at a time. Prints, in
// milliseconds, the median and the 99th percentile from before the call, and the median from its return (the commit).
// A job has started when the server has handed it to the daemon: archive.finished_at, of the same machine's clock.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <libpq-fe.h>

namespace {

double now_ms() {
    return std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string value(PGconn* c, const std::string& query) {
    PGresult* result = PQexec(c, query.c_str());
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        std::fprintf(stderr, "%s", PQerrorMessage(c));
        std::exit(1);
    }
    std::string text = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
    PQclear(result);
    return text;
}

double percentile(std::vector<double> values, double ratio) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * ratio)];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    PGconn* c = PQconnectdb(argv[1]);
    if (PQstatus(c) != CONNECTION_OK) {
        std::fprintf(stderr, "%s", PQerrorMessage(c));
        return 1;
    }
    const int samples = std::atoi(argv[2]), warm_up = 20;
    std::vector<double> from_call, from_commit;
    for (int i = 0; i < samples + warm_up; ++i) {
        const double called = now_ms();
        const auto job = value(c, "SELECT bourse.enqueue('noop')");
        const double committed = now_ms();
        std::string started;
        while (started.empty()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            started =
                value(c, "SELECT extract(epoch FROM finished_at) * 1000 FROM bourse.job_archive WHERE job_id = " + job);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));  // until it idles again
        if (i < warm_up) continue;
        from_call.push_back(std::stod(started) - called);
        from_commit.push_back(std::stod(started) - committed);
    }
    PQfinish(c);
    std::printf("%.3f %.3f %.3f\n", percentile(from_call, 0.5), percentile(from_call, 0.99),
                percentile(from_commit, 0.5));
}
