// How long a running statement takes to obey a cancel request, from PQcancel to its error.
// Usage: cancel CONNINFO ROUNDS [NAME…]; the database has bars and models (bench/cancel.sh makes it). Names: only the
// statements whose names begin so. Prints a line per statement, the 99th percentile and the worst of all last.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <libpq-fe.h>

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

struct Statement {
    const char* name;
    const char* sql;
};

// Each runs for seconds when nobody stops it.
const Statement statements[] = {
    {"ta.rsi(float8[])",
     "SELECT count(r) FROM (SELECT ta.rsi(a, 14) AS r FROM (SELECT array_agg(x::float8) AS a FROM generate_series(1, "
     "3000000) AS x) AS s, generate_series(1, 200) OFFSET 0) AS t"},
    {"ta.rsi OVER",
     "SELECT count(r) FROM (SELECT ta.rsi(x::float8, 14) OVER (ORDER BY x) AS r FROM generate_series(1, 20000000) AS "
     "x) AS t"},
    {"ks_test(float8[], float8[])",
     "SELECT bourse.ks_test(a, a) FROM (SELECT array_agg(random()) AS a FROM generate_series(1, 6000000)) AS s"},
    {"ks_test exact p",
     "SELECT bourse.ks_test(a, b) FROM (SELECT (SELECT array_agg(random()) FROM generate_series(1, 9999)) AS a, "
     "(SELECT array_agg(random()) FROM generate_series(1, 9998)) AS b) AS s, generate_series(1, 500)"},
    {"psi aggregate", "SELECT bourse.psi(random(), x % 2 = 0) FROM generate_series(1, 20000000) AS x"},
    {"evaluate_panel",
     "SELECT count(*) FROM generate_series(1, 50) AS g, LATERAL bourse.evaluate_panel(ARRAY['Quantile($close, 250, "
     "0.5)', 'Rank($close, 250)', 'Corr($close, $volume, ' || g + 20 || ')']) AS p"},
    // the worst of expressions: each value of a wide window is gone over again; all rows are sorted; many are compiled
    {"evaluate Mad, all rows",
     "SELECT count(*) FROM generate_series(1, 10000) AS g, LATERAL bourse.evaluate('Mad($close, 0)', 'SYN0001') AS p"},
    {"evaluate nested, widest",
     "SELECT count(*) FROM generate_series(1, 10000) AS g, LATERAL bourse.evaluate('Rank(Quantile(Med(Skew($close, "
     "100000), 100000), 100000, 0.3), 100000)', 'SYN0001') AS p"},
    {"evaluate CSNeutralize of 16",
     "SELECT count(*) FROM generate_series(1, 50) AS g, LATERAL bourse.evaluate_panel(ARRAY[(SELECT "
     "'CSNeutralize($close' || string_agg(',Ref($close,' || n || ')', '') || ')' FROM generate_series(1, 16) AS n)]) "
     "AS "
     "p"},
    {"evaluate_panel of 16,000",
     "SELECT count(*) FROM generate_series(1, 50) AS g, LATERAL bourse.evaluate_panel((SELECT array_agg('Mean($close,' "
     "|| n || ')/Ref($open,' || n % 50 || ')') FROM generate_series(1, 16000) AS n)) AS p"},
    {"compiling 10,000 terms",
     "SELECT count(*) FROM generate_series(1, 100000) AS g, LATERAL bourse.check_expressions(ARRAY['$close' || "
     "repeat('+$close*2', 9999)]) AS p"},
    {"compiling 300 expressions of 10,000 terms",
     "SELECT count(*) FROM bourse.check_expressions(array_fill('$close' || repeat('+$close*2', 9999), ARRAY[300]))"},
    {"compiling, elsewhere",
     "SELECT count(*) FROM generate_series(1, 1000) AS g, LATERAL bourse.check_expressions((SELECT "
     "array_agg(format('Mask($close*%s,%L)', n, 'S' || n)) FROM generate_series(1, 16000) AS n)) AS p"},
    {"evaluate",
     "SELECT count(*) FROM generate_series(1, 100000) AS g, LATERAL bourse.evaluate('Rank($close, 250)', 'SYN0001') AS "
     "p"},
    // a dataset and a spine of bench/cancel.sh: alpha158 of all bars; 300 instruments by turns, 20 million rows
    // with room for its rows: on disk, removing half a gigabyte of them takes the server as long
    {"dataset_rows",
     "SET work_mem = '2GB'; SELECT count(*) FROM generate_series(1, 20) AS g, LATERAL bourse.dataset_rows('whole') AS "
     "r"},
    {"check_dataset", "SELECT count(*) FROM generate_series(1, 20) AS g, LATERAL bourse.check_dataset('whole') AS r"},
    {"factor_report", "SELECT count(*) FROM bourse.factor_report('alpha158') AS r"},
    {"asof_join", "SELECT count(*) FROM bourse.asof_join(NULL::public.spine, 'basic') AS j"},
    {"asof_join, in memory",
     "SET bourse.asof_memory_mb = 4000; SELECT count(*) FROM bourse.asof_join(NULL::public.spine, 'basic') AS j"},
    // models of bench/cancel.sh: heavy has 500 trees of depth 6 and 158 features, deep 20 of depth 13
    // their rows come one by one: a function in FROM is kept on disk first, and what is cancelled then is that
    {"predict",
     "SELECT sum(bourse.predict('heavy:1', array_fill(x::float8, ARRAY[158]))) FROM (SELECT generate_series(1, "
     "100000000) AS x) AS s"},
    {"predict_many",
     "SELECT count(*) FROM bourse.predict_many('heavy:1', 'SELECT array_fill(x::real, ARRAY[158]) FROM "
     "(SELECT generate_series(1, 100000000) AS x) AS s')"},
    // heavy's trees over the built-in set alpha158 of the synthetic bars, which nobody has stored
    {"predict_table", "SELECT count(*) FROM bourse.predict_table('daily:1')"},
    {"loading a model",
     "SET bourse.model_cache_mb = 0; DO $$ BEGIN LOOP PERFORM bourse.predict('heavy:1', array_fill(0::float8, "
     "ARRAY[158])); END LOOP; END $$"},
    {"shap",
     "SELECT sum((bourse.shap('heavy:1', array_fill(x::float8, ARRAY[158])))[1]) FROM (SELECT "
     "generate_series(1, 100000000) AS x) AS s"},
    {"shap, deep",
     "SELECT sum((bourse.shap('deep:1', array_fill(x::float8, ARRAY[60])))[1]) FROM (SELECT generate_series(1, "
     "100000000) AS x) AS s"},
    {"explain",
     "SELECT count(*) FROM (SELECT generate_series(1, 100000000) AS x) AS s, LATERAL bourse.explain('heavy:1', "
     "array_fill(x::float8, "
     "ARRAY[158])) AS e"},
    {"shap_interactions",
     "SELECT count(*) FROM (SELECT generate_series(1, 1000000) AS x) AS s, LATERAL bourse.shap_interactions('heavy:1', "
     "array_fill(x::float8, ARRAY[158])) AS e"},
    {"shap_interactions, deep",
     "SELECT count(*) FROM (SELECT generate_series(1, 1000000) AS x) AS s, LATERAL bourse.shap_interactions('deep:1', "
     "array_fill(x::float8, ARRAY[60])) AS e"},
    {"shap_interventional",
     "SELECT sum((bourse.shap_interventional('heavy:1', array_fill(x::float8, ARRAY[158]), 'SELECT array_fill(x::real, "
     "ARRAY[158]) FROM generate_series(1, 10000) AS x'))[1]) FROM (SELECT generate_series(1, 1000000) AS x) AS s"},
};

struct Connection {
    explicit Connection(const char* conninfo) : raw(PQconnectdb(conninfo), PQfinish) {
        if (PQstatus(raw.get()) != CONNECTION_OK) {
            std::fprintf(stderr, "%s", PQerrorMessage(raw.get()));
            std::exit(1);
        }
    }
    std::unique_ptr<PGconn, decltype(&PQfinish)> raw;
};

// Processor time of a backend of this machine, some milliseconds behind while it runs.
double used_ms(int pid) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
        std::fopen(("/proc/" + std::to_string(pid) + "/schedstat").c_str(), "r"), std::fclose);
    double ns = 0;
    return file && std::fscanf(file.get(), "%lf", &ns) == 1 ? ns / 1e6 : std::nan("");
}

struct Latency {
    double ms;       // from the request to the error; negative when the statement ended by itself before
    double used_ms;  // processor time of the backend in between: what is left of it on an idle machine
};

Latency cancel_latency(PGconn* raw, const char* sql, std::chrono::milliseconds after) {
    PQsendQuery(raw, sql);
    std::this_thread::sleep_for(after);
    char error[256];
    std::unique_ptr<PGcancel, decltype(&PQfreeCancel)> handle(PQgetCancel(raw), PQfreeCancel);
    const double used = used_ms(PQbackendPID(raw));
    const auto asked = Clock::now();
    PQcancel(handle.get(), error, sizeof error);
    bool cancelled = false;
    while (PGresult* result = PQgetResult(raw)) {
        const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        cancelled = cancelled || (state && std::strcmp(state, "57014") == 0);
        if (PQresultStatus(result) == PGRES_FATAL_ERROR && !cancelled)
            std::fprintf(stderr, "%s", PQresultErrorMessage(result));
        PQclear(result);
    }
    return {cancelled ? Milliseconds(Clock::now() - asked).count() : -1, used_ms(PQbackendPID(raw)) - used};
}

bool is_asked_for(const char* name, int count, char** beginnings) {
    for (int i = 0; i < count; ++i)
        if (std::strncmp(name, beginnings[i], std::strlen(beginnings[i])) == 0) return true;
    return count == 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: %s CONNINFO ROUNDS [NAME...]\n", argv[0]);
        return 2;
    }
    const Connection connection(argv[1]);
    const int rounds = std::max(1, std::atoi(argv[2]));
    std::vector<double> all;
    for (const auto& statement : statements) {
        if (!is_asked_for(statement.name, argc - 3, argv + 3)) continue;
        std::vector<double> latency, used;
        for (int i = 0; i < rounds; ++i) {
            const auto found =
                cancel_latency(connection.raw.get(), statement.sql, std::chrono::milliseconds(300 + 97 * (i % 9)));
            if (found.ms < 0) continue;
            latency.push_back(found.ms);
            used.push_back(found.used_ms);
        }
        if (latency.empty()) {
            std::printf("%-28s ended before it could be cancelled\n", statement.name);
            continue;
        }
        std::sort(latency.begin(), latency.end());
        all.insert(all.end(), latency.begin(), latency.end());
        std::printf("%-28s median %6.1f ms   worst %6.1f ms   of %zu; worst by processor time %6.1f ms\n",
                    statement.name, latency[latency.size() / 2], latency.back(), latency.size(),
                    *std::max_element(used.begin(), used.end()));
        std::fflush(stdout);
    }
    if (all.empty()) return 1;
    std::sort(all.begin(), all.end());
    std::printf("of all %zu: 99th percentile %.1f ms, worst %.1f ms; the limit is 100 ms\n", all.size(),
                all[(all.size() - 1) * 99 / 100], all.back());
    return 0;
}
