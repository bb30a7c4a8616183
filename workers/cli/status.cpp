// bourse status: what there is and what is going on, on one screen.
#include <cstdio>

#include "workers/cli/command.hpp"
#include "workers/cli/console.hpp"
#include "workers/cli/overview.hpp"

namespace bourse::cli {
namespace {

using nlohmann::json;

std::string text(const json& value) {
    if (value.is_null()) return "–";
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string age(const json& value) {
    if (value.is_null()) return "–";
    return value.get<double>() < 0 ? "now" : format_age(value.get<double>()) + " ago";
}

// A path keeps its end.
std::string source(const json& value) {
    constexpr std::size_t width = 48;
    const std::string whole = text(value), name = whole.substr(whole.rfind('/') + 1);
    return display_width(whole) <= width ? whole : shorten("…/" + name, width);
}

std::string count(const json& value) { return value.is_null() ? "–" : format_count(value.get<std::int64_t>()); }

std::string number(const json& value, int digits) {
    return value.is_null() ? "–" : format_number(value.get<double>(), digits);
}

void print_table(const char* title, const TextTable& table, const char* when_empty) {
    std::printf("\n%s\n", title);
    if (table.empty())
        std::printf("  %s\n", when_empty);
    else
        table.print(stdout, "  ");
}

void print_basics(const json& basics) {
    std::printf("database   %s as %s, %s, time zone %s\n", text(basics["database"]).c_str(),
                text(basics["user"]).c_str(), format_size(basics["size_bytes"].get<std::int64_t>()).c_str(),
                text(basics["timezone"]).c_str());
    std::printf("server     PostgreSQL %s\n", text(basics["server"]).c_str());
    std::printf("program    %s, extension %s\n", text(basics["program"]).c_str(),
                text(basics["extension_installed"]).c_str());
    const auto pending = basics["pending"].size(), unknown = basics["unknown"].size();
    if (unknown)
        std::printf("migrations the database is newer than this program: it has %s\n",
                    text(basics["unknown"][0]).c_str());
    else if (pending)
        std::printf("migrations %zu pending: run bourse migrate\n", pending);
    else
        std::printf("migrations up to date\n");
}

// 1.2 of 4
std::string load_of(const json& worker) {
    if (worker["load"].is_null() || worker["cpus"].is_null()) return "";
    return number(worker["load"], 1) + " of " + text(worker["cpus"]);
}

std::string memory_of(const json& worker) {
    if (worker["memory_used_mb"].is_null() || worker["memory_total_mb"].is_null()) return "";
    return format_number(100 * worker["memory_used_mb"].get<double>() / worker["memory_total_mb"].get<double>(), 0) +
           " %";
}

void print_workers(const json& workers) {
    TextTable table({"worker", "host", ">pid", ">slots", ">busy", "kinds", ">load", ">memory", "heartbeat"});
    for (const auto& w : workers) {
        std::string kinds;
        for (const auto& kind : w["kinds"]) kinds += (kinds.empty() ? "" : ",") + kind.get<std::string>();
        const bool alive = w["heartbeat_age_s"].get<double>() <= heartbeat_limit_s;
        table.add({text(w["worker"]), text(w["host"]), text(w["pid"]), text(w["slots"]), text(w["running"]),
                   kinds.empty() ? "all" : shorten(kinds, 40), load_of(w), memory_of(w),
                   age(w["heartbeat_age_s"]) + (alive ? "" : ", taken for dead")});
    }
    print_table("Workers", table, "none running; start one with: bourse worker");
}

void print_jobs(const json& content) {
    TextTable table({"kind", "state", ">jobs", ""});
    for (const auto& j : content["jobs"]) table.add({text(j["kind"]), text(j["state"]), count(j["jobs"])});
    for (const auto& j : content["finished"])
        table.add({text(j["kind"]), text(j["state"]), count(j["jobs"]), "last 24 h"});
    print_table("Jobs", table, "none");
    for (const auto& w : content["waiting"])
        std::printf("  due: %s %s, the oldest (job %s) for %s\n", count(w["jobs"]).c_str(), text(w["kind"]).c_str(),
                    text(w["oldest_job_id"]).c_str(), format_age(w["oldest_age_s"].get<double>()).c_str());
    TextTable runs({">run", "model", "algorithm", "state", "stage", ">done", "round"});
    for (const auto& r : content["runs"])
        runs.add(
            {text(r["run_id"]), text(r["model"]), text(r["algorithm"]), text(r["state"]), text(r["stage"]),
             r["progress_ratio"].is_null() ? "–" : format_number(100 * r["progress_ratio"].get<double>(), 0) + " %",
             r["round"].is_null() ? "" : text(r["round"]) + " of " + text(r["rounds"])});
    if (!runs.empty()) print_table("Runs", runs, "");
}

void print_schedules(const json& schedules) {
    TextTable table({"schedule", "when", "calendar", "kind", "state", "next", "last job"});
    for (const auto& s : schedules) {
        const bool soon = !s["due_s"].is_null();
        const double due_s = soon ? s["due_s"].get<double>() : 0;
        table.add({text(s["name"]), shorten(text(s["spec"]), 24), text(s["calendar"]), text(s["kind"]),
                   text(s["state"]),
                   !soon       ? "–"
                   : due_s > 0 ? "in " + format_age(due_s)
                               : age(json(-due_s)),
                   text(s["last_job_state"])});
    }
    if (table.empty()) return;
    print_table("Schedules", table, "");
    for (const auto& s : schedules)
        if (s["state"] == "broken")
            std::printf("  broken: %s: %s\n", text(s["name"]).c_str(), shorten(text(s["error"]), 160).c_str());
}

void print_data(const json& content) {
    TextTable loads({"loaded", "source", "state", ">read", ">new", ">changed", ">rejected"});
    for (const auto& l : content["loads"])
        loads.add({age(l["age_s"]), source(l["source"]), text(l["state"]), count(l["rows_read"]),
                   count(l["rows_loaded"]), count(l["rows_changed"]), count(l["rows_rejected"])});
    print_table("Last loads", loads, "none; load bars with: bourse import FILE");

    TextTable sets({"feature set", "freq", ">features", "stored", "newest bar", "refreshed", ">dirty", "since"});
    for (const auto& s : content["feature_sets"])
        sets.add({text(s["name"]) + ":" + text(s["version"]), text(s["freq"]), count(s["features"]),
                  s["materialized"].get<bool>() ? "yes" : "no", text(s["newest_ts"]).substr(0, 10),
                  age(s["refreshed_age_s"]), count(s["dirty_rows"]),
                  s["dirty_age_s"].is_null() ? "" : age(s["dirty_age_s"])});
    print_table("Feature sets", sets, "none");
}

void print_models(const json& models) {
    TextTable table({"model", "stage", "algorithm", "feature set", ">run", ">test RankIC", "made"});
    for (const auto& m : models)
        table.add({text(m["model"]) + ":" + text(m["version"]), text(m["stage"]), text(m["algorithm"]),
                   text(m["feature_set"]), text(m["run_id"]), number(m["rank_ic"], 4), age(m["age_s"])});
    print_table("Newest model versions", table,
                "none; train one with: SELECT bourse.train('name', feature_set => 'basic')");
}

}  // namespace

void add_status(CLI::App& app, Common& common) {
    auto* command = app.add_subcommand("status", "show database, workers, jobs, loads, feature sets and models");
    command->callback([&common] {
        workers::Connection connection(common.db, "bourse status");
        json basics = read_basics(connection);
        const bool fits = basics["pending"].empty() && basics["unknown"].empty();
        if (common.json) {
            if (fits) basics.update(read_content(connection));
            std::printf("%s\n", basics.dump(2).c_str());
            return;
        }
        print_basics(basics);
        if (!fits) return;
        const json content = read_content(connection);
        print_workers(content["workers"]);
        print_jobs(content);
        print_schedules(content["schedules"]);
        print_data(content);
        print_models(content["models"]);
    });
}

}  // namespace bourse::cli
