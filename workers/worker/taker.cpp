#include "workers/worker/taker.hpp"

#include <libpq-fe.h>
#include <spdlog/spdlog.h>

#include "workers/common/injection.hpp"
#include "workers/common/keepalive.hpp"

namespace bourse::workers {
namespace {

constexpr int batch = 2000;  // milliseconds of work: signals and children are not kept waiting

struct Clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

[[noreturn]] void fail(const PGconn* connection) {
    const std::string error = PQerrorMessage(connection);
    if (PQstatus(connection) != CONNECTION_OK) throw pqxx::broken_connection(error);
    throw pqxx::failure(error);
}

// The last result of what was sent, with rows if there were any.
Result await(PGconn* connection) {
    Result rows;
    bool good = true;
    while (Result result{PQgetResult(connection)}) {
        const auto status = PQresultStatus(result.get());
        good = good && (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
        if (status == PGRES_TUPLES_OK) rows = std::move(result);
    }
    if (!good || PQstatus(connection) != CONNECTION_OK) fail(connection);
    return rows;
}

Job job_of(const PGresult* rows, int row) {
    Job job;
    job.id = std::stoll(PQgetvalue(rows, row, 0));
    job.kind = PQgetvalue(rows, row, 1);
    job.args = nlohmann::json::parse(PQgetvalue(rows, row, 2));
    job.attempt = std::stoi(PQgetvalue(rows, row, 3));
    job.owner = PQgetvalue(rows, row, 4);
    return job;
}

}  // namespace

Taker::Taker(const Options& options, const std::vector<std::string>& kinds, bool pooled)
    : options_(options), pooled_(pooled) {
    for (const auto& kind : kinds) kinds_ += (kinds_.empty() ? "" : ",") + kind;
    connect(lanes_[0]);
}

// While a batch is in our hands its jobs are nobody else's: a server that has lost us must notice. A session of our own
// keeps the setting and the statement; a pooler's gets both each time.
void Taker::connect(Lane& lane) const {
    lane.connection = std::make_unique<Connection>(options_.db, "bourse-worker take", options_.patience());
    auto& connection = *lane.connection;
    connection.drop_notices();
    const auto call = "SELECT job_id, kind, args, attempt, owner FROM bourse.job_take(" +
                      connection.quote(options_.name) + ", string_to_array(" + connection.quote(kinds_) + ", ','), " +
                      std::to_string(batch) + ", ";
    if (pooled_) {
        lane.take = std::string("BEGIN; ") + give_up_when_silent_sql + "; " + call;
        return;
    }
    let_server_notice_our_end(connection);
    ShortQuery query(connection);
    query->exec(always_give_up_when_silent_sql);
    query->exec("PREPARE bourse_take(int) AS " + call + "$1)");
    lane.take = "BEGIN; EXECUTE bourse_take(";
}

bool Taker::pending() const noexcept { return lanes_[0].asked || lanes_[1].asked; }

// What the one has waded through the other need not wade through again: a statement that sets its low-water mark, or none.
std::string Taker::mark_of(Lane& lane) {
    if (pooled_) return {};
    const Deadline deadline(*lane.connection, options_.patience());
    auto* raw = lane.connection->raw();
    if (PQsendQuery(raw, "SELECT coalesce(current_setting('bourse.take_mark', true), '')") != 1) fail(raw);
    const std::string mark = PQgetvalue(await(raw).get(), 0, 0);
    if (mark.empty()) return {};
    return "SELECT set_config('bourse.take_mark', " + lane.connection->quote(mark) + ", false); ";
}

void Taker::ask(Lane& lane, bool commit_first, const std::string& before) {
    if (!lane.connection) connect(lane);
    injection_point(Point::before_take);
    auto* raw = lane.connection->raw();
    const bool beside = lanes_[0].asked || lanes_[1].asked;
    const auto query = (commit_first ? "COMMIT; " : "") + before + lane.take + std::to_string(beside ? batch : 0) + ")";
    if (PQsendQuery(raw, query.c_str()) != 1) fail(raw);
    lane.asked = true;
}

std::vector<Job> Taker::answer(Lane& lane) {
    const Deadline deadline(*lane.connection, options_.patience());
    const auto rows = await(lane.connection->raw());
    lane.asked = false;
    std::vector<Job> jobs;
    const int count = rows ? PQntuples(rows.get()) : 0;
    jobs.reserve(static_cast<std::size_t>(count));
    for (int row = 0; row < count; ++row) jobs.push_back(job_of(rows.get(), row));
    return jobs;
}

void Taker::end(Lane& lane, const char* command) {
    const Deadline deadline(*lane.connection, options_.patience());
    auto* raw = lane.connection->raw();
    if (PQsendQuery(raw, command) != 1) fail(raw);
    await(raw);
}

// Answers are awaited in the order in which they were asked for, so a batch that waits for a lock of the one before is
// asked for before that one commits, never awaited before it.
int Taker::round(bool last) {
    if (!pending()) {
        if (last) return 0;
        next_ = 0;
        ask(lanes_[0], false);
    }
    auto& lane = lanes_[next_];
    auto& other = lanes_[1 - next_];
    const auto jobs = answer(lane);
    if (!jobs.empty()) spdlog::debug("event=batch_began jobs={} first={}", jobs.size(), jobs.front().id);
    try {
        for (const auto& job : jobs) inline_handler(job.kind)(job);
    } catch (const std::exception& e) {
        spdlog::debug("event=batch_given_back worker={} jobs={} error=\"{}\"", options_.name, jobs.size(), e.what());
        failed_ = true;
        end(lane, "ROLLBACK");
        if (other.asked) next_ = 1 - next_;
        return 0;
    }
    if (!jobs.empty()) injection_point(Point::before_take_commit);
    const bool more = !last && !failed_ && jobs.size() == static_cast<std::size_t>(batch);
    if (more && !other.asked) ask(other, false, mark_of(lane));
    if (more)
        ask(lane, true);
    else
        end(lane, "COMMIT");
    if (!jobs.empty() && !more) injection_point(Point::after_take_commit);
    if (other.asked) next_ = 1 - next_;
    if (!jobs.empty()) spdlog::debug("event=jobs_done jobs={} first={}", jobs.size(), jobs.front().id);
    return static_cast<int>(jobs.size());
}

}  // namespace bourse::workers
