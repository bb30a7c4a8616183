#include "workers/worker/queries.hpp"

#include <unistd.h>

#include "core/error.hpp"
#include "workers/common/injection.hpp"
#include "workers/common/sha256.hpp"
#include "workers/worker/signer.hpp"

namespace bourse::workers {
namespace {

template <class T, class F>
std::string array_literal(const std::vector<T>& items, F text_of) {
    std::string text = "{";
    for (const auto& item : items) text += (text.size() > 1 ? "," : "") + text_of(item);
    return text + "}";
}

std::string array_of(const std::vector<std::string>& names) {
    return array_literal(names, [](const std::string& name) { return '"' + name + '"'; });
}

double seconds(std::chrono::milliseconds time) { return std::chrono::duration<double>(time).count(); }

// Of a row that begins with job_id, kind, args, attempt, owner.
Job job_of(const pqxx::row& row) {
    Job job;
    job.id = row[0].as<std::int64_t>();
    job.kind = row[1].c_str();
    job.args = nlohmann::json::parse(row[2].c_str());
    job.attempt = row[3].as<int>();
    job.owner = row[4].c_str();
    return job;
}

std::string host_name() {
    char name[256] = "unknown";
    gethostname(name, sizeof name - 1);
    return name;
}

}  // namespace

void check_server(Connection& connection) {
    ShortQuery tx(connection);
    const auto row =
        tx->exec1("SELECT pg_is_in_recovery(), to_regprocedure('bourse.job_take(text,text[],int,int,bigint)') IS NOT NULL");
    if (row[0].as<bool>())
        throw Error(ErrorKind::unavailable, "the server is a standby: a worker must write", "connect to the primary");
    if (!row[1].as<bool>()) throw Error(ErrorKind::migration, "the database has no job queue", "run: bourse migrate");
}

bool key_is_trusted(Connection& connection, const Signer& signer) {
    return ShortQuery(connection)
        ->exec_params1(
            "SELECT EXISTS (SELECT FROM bourse.signing_key AS k WHERE k.public_key = decode($1, 'hex') AND "
            "k.revoked_at IS NULL)",
            to_hex(signer.key().public_key()))[0]
        .as<bool>();
}

std::vector<std::string> check_signer(Connection& connection, Options& options, std::vector<std::string>& kinds) {
    options.signing_kinds.clear();
    for (const auto& row : ShortQuery(connection)->exec("SELECT kind FROM bourse.job_kind WHERE signs ORDER BY kind"))
        options.signing_kinds.push_back(row[0].as<std::string>());
    if (options.signer) {
        if (key_is_trusted(connection, *options.signer)) return {};
        const auto& key = options.signer->key();
        throw Error(ErrorKind::invalid_argument, "the database does not trust the signing key \"" + key.name() + "\"",
                    "a bourse_admin runs: SELECT bourse.trust_key('" + key.name() + "', '\\x" +
                        to_hex(key.public_key()) + "'); a key that was revoked must be replaced: bourse keygen");
    }
    std::vector<std::string> left_out;
    for (const auto& kind : options.signing_kinds)
        if (std::erase(kinds, kind) > 0) left_out.push_back(kind);
    return left_out;
}

void register_worker(Connection& connection, const Options& options) {
    injection_point(Point::before_register);
    ShortQuery(connection)
        ->exec_params("SELECT bourse.worker_register($1, $2, $3, $4, $5::text[], $6, $7::jsonb)", options.name,
                      host_name(), getpid(), BOURSE_VERSION, array_of(options.kinds), options.slots,
                      options.offer.text());
    injection_point(Point::after_register);
}

void sleep_worker(Connection& connection, const Options& options) {
    injection_point(Point::before_sleep);
    ShortQuery(connection)->exec_params("SELECT bourse.worker_sleep($1)", options.name);
    injection_point(Point::after_sleep);
}

void stop_worker(Connection& connection, const Options& options) {
    injection_point(Point::before_stop);
    ShortQuery(connection)->exec_params("SELECT bourse.worker_stop($1)", options.name);
    injection_point(Point::after_stop);
}

std::vector<Order> heartbeat(Connection& connection, const Options& options, const std::vector<Attempt>& attempts) {
    injection_point(Point::before_heartbeat);
    const auto jobs = array_literal(attempts, [](const Attempt& a) { return std::to_string(a.job); });
    const auto numbers = array_literal(attempts, [](const Attempt& a) { return std::to_string(a.attempt); });
    const auto rows = ShortQuery(connection)
                          ->exec_params(
                              "SELECT job_id, attempt, action FROM bourse.job_heartbeat($1, $2::bigint[], $3::int[], "
                              "make_interval(secs => $4))",
                              options.name, jobs, numbers, seconds(options.lease));
    std::vector<Order> orders;
    for (const auto& row : rows)
        orders.push_back({{row[0].as<std::int64_t>(), row[1].as<int>()},
                          row[2].as<std::string>() == "cancel" ? StopReason::cancel : StopReason::lost});
    injection_point(Point::after_heartbeat);
    return orders;
}

std::vector<Claimed> claim(Connection& connection, const Options& options, const std::vector<std::string>& kinds,
                           int slots, const Offer* offer) {
    injection_point(Point::before_claim);
    const auto rows =
        ShortQuery(connection)
            ->exec_params(
                "SELECT job_id, kind, args, attempt, owner, timeout_s, memory_mb, resources FROM "
                "bourse.job_claim($1, $2::text[], $3, make_interval(secs => $4), nullif($5, '')::jsonb)",
                options.name, array_of(kinds), slots, seconds(options.lease), offer ? offer->text() : std::string());
    std::vector<Claimed> claimed;
    for (const auto& row : rows) {
        Claimed c;
        c.job = job_of(row);
        c.job.timeout_s = row[5].as<double>(0);
        c.memory_mb = row[6].as<int>();
        c.resources = nlohmann::json::parse(row[7].c_str());
        claimed.push_back(std::move(c));
    }
    injection_point(Point::after_claim);
    return claimed;
}

void complete(Connection& connection, const Job& job) {
    ShortQuery(connection)->exec_params("SELECT bourse.job_complete($1, $2)", job.id, job.attempt);
}

std::string fail(Connection& connection, const Job& job, const std::string& error, bool retryable,
                 const ChildEnd* end) {
    injection_point(Point::before_fail);
    const auto code = end && end->signal == 0 ? std::to_string(end->exit_code) : std::string();
    const auto signal = end && end->signal != 0 ? std::to_string(end->signal) : std::string();
    const auto row =
        ShortQuery(connection)
            ->exec_params1("SELECT bourse.job_fail($1, $2, $3, $4, nullif($5, '')::int, nullif($6, '')::int)", job.id,
                           job.attempt, error, retryable, code, signal);
    injection_point(Point::after_fail);
    return row[0].as<std::string>();
}

void release(Connection& connection, const Job& job, const std::string& reason) {
    injection_point(Point::before_release);
    ShortQuery(connection)->exec_params("SELECT bourse.job_release($1, $2, $3)", job.id, job.attempt, reason);
    injection_point(Point::after_release);
}

std::optional<double> tick(Connection& connection) {
    injection_point(Point::before_tick);
    const auto next = ShortQuery(connection)->exec1("SELECT bourse.job_tick()")[0];
    injection_point(Point::after_tick);
    if (next.is_null()) return std::nullopt;
    return next.as<double>();
}

void enqueue_refresh_jobs(Connection& connection) {
    ShortQuery tx(connection);
    if (tx->exec1("SELECT to_regprocedure('bourse.enqueue_refresh_jobs()') IS NOT NULL")[0].as<bool>())
        tx->exec("SELECT bourse.enqueue_refresh_jobs()");
}

}  // namespace bourse::workers
