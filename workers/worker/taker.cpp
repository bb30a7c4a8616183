#include "workers/worker/taker.hpp"

#include <libpq-fe.h>
#include <spdlog/spdlog.h>

#include "workers/common/injection.hpp"
#include "workers/common/keepalive.hpp"

namespace bourse::workers {
namespace {

constexpr int batch = 2000;  // milliseconds of work: signals and children are not kept waiting
constexpr int few = 10;      // from so many on their order matters

struct Clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

[[noreturn]] void fail(const PGconn* connection) {
    const std::string error = PQerrorMessage(connection);
    if (PQstatus(connection) != CONNECTION_OK) throw pqxx::broken_connection(error);
    throw pqxx::failure(error);
}

void send(PGconn* connection, const std::string& query) {
    if (PQsendQuery(connection, query.c_str()) != 1) fail(connection);
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
    const auto worker = connection.quote(options_.name),
               kinds = "string_to_array(" + connection.quote(kinds_) + ", ',')";
    const std::string columns = "SELECT job_id, kind, args, attempt, owner FROM bourse.";
    const auto take = columns + "job_take(" + worker + ", " + kinds + ", " + std::to_string(batch) + ", ";
    if (pooled_) {
        lane.begin = std::string("BEGIN; ") + give_up_when_silent_sql + "; ";
        lane.take = take;
        return;
    }
    let_server_notice_our_end(connection);
    ShortQuery query(connection);
    query->exec(always_give_up_when_silent_sql);
    query->exec("PREPARE bourse_take(int, bigint) AS " + take + "$1, $2)");
    query->exec("PREPARE bourse_take_few AS " + columns + "job_take_few(" + kinds + ", " + std::to_string(few) + ")");
    query->exec("PREPARE bourse_take_done(bigint[]) AS SELECT bourse.job_take_done(" + worker + ", $1)");
    lane.begin = "BEGIN; ";
    lane.take = "EXECUTE bourse_take(";
}

bool Taker::pending() const noexcept { return lanes_[0].asked || lanes_[1].asked; }

// What the one has waded through the other need not wade through again: a statement that sets its low-water mark, or
// none.
std::string Taker::mark_of(Lane& lane) {
    if (pooled_) return {};
    const Deadline deadline(*lane.connection, options_.patience());
    auto* raw = lane.connection->raw();
    send(raw, "SELECT coalesce(current_setting('bourse.take_mark', true), '')");
    const std::string mark = PQgetvalue(await(raw).get(), 0, 0);
    if (mark.empty()) return {};
    return "SELECT set_config('bourse.take_mark', " + lane.connection->quote(mark) + ", false); ";
}

void Taker::ask(Lane& lane, const std::string& query) {
    send(lane.connection->raw(), query);
    lane.asked = true;
}

void Taker::ask_for_batch(Lane& lane, const std::string& before, const std::string& looked) {
    const bool beside = lanes_[0].asked || lanes_[1].asked;
    ask(lane, before + lane.take + std::to_string(beside ? batch : 0) + ", " + looked + ")");
}

// What is sent before a statement that takes.
std::string Taker::begin(Lane& lane) const {
    if (!lane.connection) connect(lane);
    injection_point(Point::before_take);
    return lane.begin;
}

Taker::Answer Taker::answer(Lane& lane) {
    const Deadline deadline(*lane.connection, options_.patience());
    const auto rows = await(lane.connection->raw());
    lane.asked = false;
    Answer answer;
    const int count = rows ? PQntuples(rows.get()) : 0;
    answer.jobs.reserve(static_cast<std::size_t>(count));
    for (int row = 0; row < count; ++row) {
        if (!PQgetisnull(rows.get(), row, 0)) {
            answer.jobs.push_back(job_of(rows.get(), row));
        } else {
            answer.all = false;
            if (PQgetvalue(rows.get(), row, 2) == std::string_view("true"))
                answer.looked = answer.jobs.empty() ? "0" : std::to_string(answer.jobs.front().id);
        }
    }
    return answer;
}

void Taker::end(Lane& lane, const std::string& command) {
    const Deadline deadline(*lane.connection, options_.patience());
    send(lane.connection->raw(), command);
    await(lane.connection->raw());
}

bool Taker::do_jobs(Lane& lane, const std::vector<Job>& jobs) {
    if (!jobs.empty()) spdlog::debug("event=batch_began jobs={} first={}", jobs.size(), jobs.front().id);
    try {
        for (const auto& job : jobs) inline_handler(job.kind)(job);
    } catch (const std::exception& e) {
        spdlog::debug("event=batch_given_back worker={} jobs={} error=\"{}\"", options_.name, jobs.size(), e.what());
        failed_ = true;
        end(lane, "ROLLBACK");
        return false;
    }
    if (!jobs.empty()) injection_point(Point::before_take_commit);
    return true;
}

int Taker::done(const std::vector<Job>& jobs) {
    if (!jobs.empty()) spdlog::debug("event=jobs_done jobs={} first={}", jobs.size(), jobs.front().id);
    return static_cast<int>(jobs.size());
}

int Taker::complete_few(Lane& lane, const std::vector<Job>& jobs) {
    if (!do_jobs(lane, jobs)) return 0;
    std::string ids;
    for (const auto& job : jobs) ids += (ids.empty() ? "" : ",") + std::to_string(job.id);
    end(lane, "EXECUTE bourse_take_done('{" + ids + "}'); COMMIT");
    injection_point(Point::after_take_commit);
    return done(jobs);
}

// Answers are awaited in the order in which they were asked for, so a batch that waits for a lock of the one before is
// asked for before that one commits, never awaited before it.
int Taker::round(bool last) {
    if (!pending()) {
        if (last) return 0;
        next_ = 0;
        auto& first = lanes_[0];
        if (pooled_) {
            ask_for_batch(first, begin(first));
        } else {
            ask(first, begin(first) + "EXECUTE bourse_take_few");
            const auto found = answer(first);
            if (found.all) return complete_few(first, found.jobs);
            ask_for_batch(first, {}, found.looked);
        }
    }
    auto& lane = lanes_[next_];
    auto& other = lanes_[1 - next_];
    const auto jobs = answer(lane).jobs;
    if (!do_jobs(lane, jobs)) {
        if (other.asked) next_ = 1 - next_;
        return 0;
    }
    const bool more = !last && !failed_ && jobs.size() == static_cast<std::size_t>(batch);
    if (more && !other.asked) {
        const auto before = begin(other);
        ask_for_batch(other, mark_of(lane) + before);
    }
    if (more)
        ask_for_batch(lane, "COMMIT; " + begin(lane));
    else
        end(lane, "COMMIT");
    if (!jobs.empty() && !more) injection_point(Point::after_take_commit);
    if (other.asked) next_ = 1 - next_;
    return done(jobs);
}

}  // namespace bourse::workers
