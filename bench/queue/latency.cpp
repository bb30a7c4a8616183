// latency CONNINFO LOG SAMPLES: from enqueue to start of a noop on a worker that idles, one job at a time. Prints, in
// milliseconds, the median and the 99th percentile from before the call, and the median from its return (the commit).
// A job has started when the daemon, which writes LOG with --log-level debug, has it in its hands.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
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

// The next whole line, waited for.
std::string next_line(std::ifstream& log) {
    for (int waits = 0; waits < 30'000; ++waits) {
        const auto place = log.tellg();
        std::string line;
        if (std::getline(log, line) && !log.eof()) return line;
        log.clear();
        log.seekg(place);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::fprintf(stderr, "the worker writes no more\n");
    std::exit(1);
}

// When the daemon had the job, by its line 2026-11-21T10:11:12.123456 debug event=batch_began … first=JOB
double started_ms(std::ifstream& log, const std::string& job) {
    for (;;) {
        const auto line = next_line(log);
        if (line.find("event=batch_began") == std::string::npos || !line.ends_with("first=" + job)) continue;
        std::tm time{};
        const char* fraction = strptime(line.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
        time.tm_isdst = -1;
        return static_cast<double>(std::mktime(&time)) * 1000 + std::atof(fraction) * 1000;
    }
}

double percentile(std::vector<double> values, double ratio) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * ratio)];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    PGconn* c = PQconnectdb(argv[1]);
    if (PQstatus(c) != CONNECTION_OK) {
        std::fprintf(stderr, "%s", PQerrorMessage(c));
        return 1;
    }
    std::ifstream log(argv[2]);
    const int samples = std::atoi(argv[3]), warm_up = 20;
    std::vector<double> from_call, from_commit;
    for (int i = 0; i < samples + warm_up; ++i) {
        const double called = now_ms();
        const auto job = value(c, "SELECT bourse.enqueue('noop')");
        const double committed = now_ms();
        const double started = started_ms(log, job);
        std::this_thread::sleep_for(std::chrono::milliseconds(25));  // until it idles again
        if (i < warm_up) continue;
        from_call.push_back(started - called);
        from_commit.push_back(started - committed);
    }
    PQfinish(c);
    std::printf("%.3f %.3f %.3f\n", percentile(from_call, 0.5), percentile(from_call, 0.99),
                percentile(from_commit, 0.5));
}
