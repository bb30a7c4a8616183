#include <algorithm>

#include "workers/cli/console.hpp"
#include "workers/cli/diagnosis.hpp"
#include "workers/cli/overview.hpp"

namespace bourse::cli {
namespace {

using nlohmann::json;

std::string text(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.is_null() ? "none" : value.dump();
}

std::string first_line(const std::string& message) { return shorten(message.substr(0, message.find('\n')), 160); }

std::string joined(const json& names) {
    std::string line;
    for (const auto& name : names) line += (line.empty() ? "" : ", ") + name.get<std::string>();
    return line;
}

// 1 job, 1,234 jobs
std::string counted(const json& number, const std::string& noun) {
    const auto n = number.get<std::int64_t>();
    return format_count(n) + " " + noun + (n == 1 ? "" : "s");
}

bool alive(const json& worker) { return worker["heartbeat_age_s"].get<double>() <= heartbeat_limit_s; }

bool takes(const json& worker, const std::string& kind) {
    const auto& kinds = worker["kinds"];
    return kinds.empty() || std::any_of(kinds.begin(), kinds.end(), [&](const json& k) { return k == kind; });
}

Check check_workers(const json& content) {
    std::size_t living = 0;
    for (const auto& worker : content["workers"]) living += alive(worker) ? 1 : 0;
    std::int64_t due = 0;
    for (const auto& w : content["waiting"]) due += w["jobs"].get<std::int64_t>();
    if (living) return {Verdict::ok, "workers", std::to_string(living) + " running", {}};
    if (due)
        return {Verdict::fail, "workers",
                "no worker is running while " + counted(due, "job") + (due == 1 ? " is due" : " are due"),
                "start one: bourse worker (or the service bourse-worker)"};
    return {Verdict::warn, "workers", "no worker is running; nothing is due yet", "start one: bourse worker"};
}

void check_versions(const json& content, const std::string& program, std::vector<Check>& checks) {
    for (const auto& worker : content["workers"])
        if (alive(worker) && worker["version"] != program)
            checks.push_back({Verdict::warn, "versions",
                              "worker " + text(worker["worker"]) + " is of version " + text(worker["version"]) +
                                  ", this program " + program,
                              "install the same version on " + text(worker["host"]) + " and start the worker again"});
}

void check_heartbeats(const json& content, std::vector<Check>& checks) {
    for (const auto& worker : content["workers"])
        if (!alive(worker))
            checks.push_back({Verdict::warn, "heartbeat",
                              "worker " + text(worker["worker"]) + " was silent for " +
                                  format_age(worker["heartbeat_age_s"].get<double>()),
                              "it crashed or cannot reach the database; its jobs go to other workers when their lease "
                              "ends. See its log"});
    for (const auto& job : content["running"])
        if (job["lease_over_s"].get<double>() > heartbeat_limit_s)
            checks.push_back({Verdict::fail, "lease",
                              "job " + text(job["job_id"]) + " is held by " + text(job["worker"]) +
                                  " whose lease ended " + format_age(job["lease_over_s"].get<double>()) + " ago",
                              "no running worker takes lost jobs back: start one with bourse worker"});
}

void check_kinds(const json& content, std::vector<Check>& checks) {
    const auto& workers = content["workers"];
    const bool any = std::any_of(workers.begin(), workers.end(), alive);
    for (const auto& waiting : content["waiting"]) {
        const auto kind = waiting["kind"].get<std::string>();
        const bool signs = waiting.value("signs", false);
        const bool taken =
            std::any_of(workers.begin(), workers.end(), [&](const json& w) { return alive(w) && takes(w, kind); });
        if (any && !taken)
            checks.push_back({Verdict::fail, "kinds",
                              counted(waiting["jobs"], "job") + " of kind " + kind +
                                  (waiting["jobs"] == 1 ? " waits" : " wait") +
                                  ", and no running worker " + (signs ? "with a signing key " : "") +
                                  "takes this kind",
                              "start a worker with --kinds " + kind + (signs ? " --signing-key FILE" : "") +
                                  ", or cancel them: SELECT bourse.cancel(" +
                                  text(waiting["oldest_job_id"]) + ")"});
    }
}

void check_paused(const json& content, std::vector<Check>& checks) {
    for (const auto& paused : content["paused"])
        if (paused["jobs"].get<std::int64_t>() > 0)
            checks.push_back({Verdict::warn, "queues",
                              counted(paused["jobs"], "job") + " held in queue " + text(paused["queue"]) +
                                  ", paused by " + text(paused["paused_by"]) + " " +
                                  format_age(paused["age_s"].get<double>()) + " ago",
                              "SELECT bourse.resume('" + text(paused["queue"]) + "')"});
}

void check_schedules(const json& content, std::vector<Check>& checks) {
    const auto before = checks.size();
    for (const auto& schedule : content["schedules"]) {
        const std::string name = "schedule " + text(schedule["name"]);
        if (schedule["state"] == "broken")
            checks.push_back({Verdict::fail, "schedules",
                              name + " makes no jobs: " + first_line(text(schedule["error"])),
                              "remove the cause; it is tried again every minute, and when sessions are loaded"});
        else if (schedule["state"] == "late")
            checks.push_back({Verdict::fail, "schedules",
                              name + " was due " + format_age(-schedule["due_s"].get<double>()) +
                                  " ago and nobody has looked after it",
                              "any running worker does: start one with bourse worker"});
        else if (schedule["state"] == "active" && schedule["ends_soon"].get<bool>())
            checks.push_back({Verdict::warn, "schedules",
                              name + " ends with the sessions of " + text(schedule["calendar"]) + " on " +
                                  text(schedule["last_session"]),
                              "load later ones: bourse calendars load " + text(schedule["calendar"]) + " --file FILE"});
    }
    if (checks.size() == before && !content["schedules"].empty())
        checks.push_back(
            {Verdict::ok, "schedules", std::to_string(content["schedules"].size()) + ", none is broken", {}});
}

void check_paused_jobs(const json& content, std::vector<Check>& checks) {
    const auto& paused = content["paused_jobs"];
    if (paused.empty()) return;
    const auto& first = paused[0];
    checks.push_back({Verdict::warn, "paused jobs",
                      (paused.size() == 20 ? "20 or more" : std::to_string(paused.size())) + "; the first, job " +
                          text(first["job_id"]) + " (" + text(first["kind"]) + "), was paused by " +
                          text(first["paused_by"]) + " " + format_age(first["age_s"].get<double>()) + " ago",
                      "SELECT bourse.resume(" + text(first["job_id"]) + ")"});
}

// What no week's partition has taken: workers move up to 10,000 rows a week by themselves.
void check_stragglers(const json& content, std::vector<Check>& checks) {
    for (const auto& table : content["stragglers"]) {
        const auto rows = table["rows"].get<std::int64_t>();
        checks.push_back(
            {Verdict::warn, "history",
             (rows > 100'000 ? "more than 100,000" : counted(table["rows"], "row")) + (rows > 100'000 ? " rows" : "") +
                 (rows == 1 ? " lies" : " lie") + " in the default partition of " + text(table["name"]),
             rows > 10'000 ? "when the queue is quiet: SELECT bourse.job_maintain(1000000000), until it is gone"
                           : "a running worker moves it within some minutes; by hand: SELECT bourse.job_maintain()"});
    }
}

Check check_dead(const json& content) {
    const auto& dead = content["dead"];
    if (dead.empty()) return {Verdict::ok, "failed jobs", "none in 7 days", {}};
    const auto& newest = dead[0];
    return {Verdict::warn, "failed jobs",
            (dead.size() == 20 ? "20 or more" : std::to_string(dead.size())) + " in 7 days; the newest, job " +
                text(newest["job_id"]) + " (" + text(newest["kind"]) + "): " + first_line(text(newest["last_error"])),
            "remove the cause, then: SELECT bourse.retry(" + text(newest["job_id"]) +
                "), or bourse.retry_dead() for all; what it said: bourse_bi.job_log"};
}

Check check_loads(const json& content) {
    const auto& loads = content["loads"];
    if (loads.empty()) return {Verdict::warn, "loads", "no bars were loaded yet", "load some: bourse import FILE"};
    const auto& last = loads[0];
    const auto when = format_age(last["age_s"].get<double>()) + " ago";
    if (last["state"] == "refused")
        return {Verdict::warn, "loads",
                "the last file, " + text(last["source"]) + " (" + when +
                    "), was refused: " + first_line(text(last["reason"])),
                "SELECT * FROM bourse_bi.reject ORDER BY last_at DESC shows which rules were broken"};
    const auto rejected = last["rows_rejected"].is_null() ? 0 : last["rows_rejected"].get<std::int64_t>();
    if (rejected)
        return {Verdict::warn, "loads",
                format_count(rejected) + " of " + format_count(last["rows_read"].get<std::int64_t>()) +
                    " rows of the last load were rejected (" + text(last["source"]) + ", " + when + ")",
                "SELECT * FROM bourse_bi.reject WHERE data_version_id = " + text(last["data_version_id"]) +
                    " counts them by rule"};
    return {Verdict::ok, "loads", "the last one " + when + " without rejects", {}};
}

void check_sets(const json& content, const DoctorLimits& limits, std::vector<Check>& checks) {
    const auto before = checks.size();
    std::size_t stored = 0;
    for (const auto& set : content["feature_sets"]) {
        if (!set["materialized"].get<bool>()) continue;
        ++stored;
        if (set["dirty_age_s"].is_null() || set["dirty_age_s"].get<double>() <= 60 * limits.dirty_minutes) continue;
        const auto name = text(set["name"]) + ":" + text(set["version"]);
        checks.push_back(
            {Verdict::warn, "features",
             "feature set " + name + " has waited " + format_age(set["dirty_age_s"].get<double>()) +
                 " for the refresh of " + counted(set["dirty_rows"], "range"),
             "check that a worker takes refresh_features; by hand: SELECT bourse.refresh_features('" + name + "')"});
    }
    if (checks.size() == before)
        checks.push_back({Verdict::ok, "features", std::to_string(stored) + " stored sets, all fresh", {}});
}

}  // namespace

std::vector<Check> examine_basics(const json& basics) {
    std::vector<Check> checks;
    const auto server = text(basics["server"]);
    if (basics["server_version"].get<int>() >= 150000)
        checks.push_back({Verdict::ok, "server", "PostgreSQL " + server, {}});
    else
        checks.push_back(
            {Verdict::fail, "server", "PostgreSQL " + server + " is too old", "Bourse needs PostgreSQL 15 or newer"});
    if (basics["extension_installed"].is_null())
        checks.push_back({Verdict::fail, "extension", "the extension bourse is not in this database",
                          "run bourse migrate; when that misses its files: make install on the server's machine"});
    else if (basics["extension_installed"] != basics["program"])
        checks.push_back(
            {Verdict::fail, "extension",
             "the extension is " + text(basics["extension_installed"]) + ", this program " + text(basics["program"]),
             "make install on the server's machine, then bourse migrate"});
    else
        checks.push_back({Verdict::ok, "extension", "version " + text(basics["extension_installed"]), {}});
    if (!basics["unknown"].empty())
        checks.push_back({Verdict::fail, "migrations",
                          "the database is newer than this program: it has " + joined(basics["unknown"]),
                          "install the newer program"});
    else if (!basics["pending"].empty())
        checks.push_back(
            {Verdict::fail, "migrations",
             std::to_string(basics["pending"].size()) + " pending, the first is " + text(basics["pending"][0]),
             "run bourse migrate"});
    else
        checks.push_back({Verdict::ok, "migrations", "up to date", {}});
    if (basics["timezone"] == "UTC")
        checks.push_back({Verdict::ok, "time zone", "UTC", {}});
    else
        checks.push_back(
            {Verdict::warn, "time zone", "the database's is " + text(basics["timezone"]),
             "ALTER DATABASE \"" + text(basics["database"]) + "\" SET timezone = 'UTC': daily bars carry 00:00 UTC"});
    if (basics["encoding"] != "UTF8")
        checks.push_back({Verdict::warn, "encoding", "the database's is " + text(basics["encoding"]),
                          "make a database with ENCODING 'UTF8'"});
    return checks;
}

std::vector<Check> examine_content(const json& content, const std::string& program, const DoctorLimits& limits) {
    std::vector<Check> checks{check_workers(content)};
    check_heartbeats(content, checks);
    check_versions(content, program, checks);
    check_kinds(content, checks);
    check_paused(content, checks);
    check_paused_jobs(content, checks);
    check_stragglers(content, checks);
    check_schedules(content, checks);
    checks.push_back(check_dead(content));
    checks.push_back(check_loads(content));
    check_sets(content, limits, checks);
    return checks;
}

std::vector<Check> examine_server(const json& server) {
    std::vector<Check> checks;
    if (!server["roles_missing"].empty())
        checks.push_back({Verdict::fail, "roles", "missing: " + joined(server["roles_missing"]),
                          "run bourse migrate --roles, then bourse migrate"});
    else if (!server["member"].get<bool>())
        checks.push_back({Verdict::fail, "roles", "you are a member of none of Bourse's roles",
                          "ask an administrator: GRANT bourse_researcher TO you"});
    else
        checks.push_back({Verdict::ok, "roles", "all there", {}});
    for (const char* name : {"fsync", "full_page_writes"})
        if (server[name] != "on")
            checks.push_back({Verdict::warn, "settings",
                              std::string(name) + " is off: a crash of the machine can destroy the database",
                              "ALTER SYSTEM SET " + std::string(name) + " = on (off is for throw-away test clusters)"});
    const auto used = server["connections"].get<int>(), most = server["max_connections"].get<int>();
    if (10 * used > 9 * most)
        checks.push_back({Verdict::warn, "settings",
                          std::to_string(used) + " of " + std::to_string(most) + " connections are used",
                          "raise max_connections or run fewer worker slots"});
    const auto idle = server["idle_in_transaction_s"].is_null() ? 0 : server["idle_in_transaction_s"].get<double>();
    if (idle > 3600)
        checks.push_back(
            {Verdict::warn, "transactions", "a session has been idle in a transaction for " + format_age(idle),
             "it keeps dead rows alive: set idle_in_transaction_session_timeout, or end it with pg_terminate_backend"});
    if (checks.size() == 1) checks.push_back({Verdict::ok, "settings", "safe", {}});
    return checks;
}

}  // namespace bourse::cli
