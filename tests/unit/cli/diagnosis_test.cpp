// Every fault that bourse doctor knows, one at a time, on facts that are otherwise healthy.
#include "workers/cli/diagnosis.hpp"

#include <algorithm>

#include <gtest/gtest.h>

using namespace bourse::cli;
using nlohmann::json;

namespace {

json healthy_basics() {
    return {{"database", "d"},   {"server", "15.14"},        {"server_version", 150014},
            {"timezone", "UTC"}, {"encoding", "UTF8"},       {"extension_installed", "1"},
            {"program", "1"},    {"pending", json::array()}, {"unknown", json::array()}};
}

json healthy_content() {
    return {
        {"workers",
         {{{"worker", "w1"}, {"host", "h1"}, {"version", "1"}, {"kinds", json::array()}, {"heartbeat_age_s", 1.5}}}},
        {"waiting", json::array()},
        {"paused", json::array()},
        {"schedules", json::array()},
        {"paused_jobs", json::array()},
        {"stragglers", json::array()},
        {"running", json::array()},
        {"dead", json::array()},
        {"loads",
         {{{"age_s", 60.0},
           {"state", "loaded"},
           {"rows_rejected", 0},
           {"rows_read", 10},
           {"source", "f"},
           {"data_version_id", 1}}}},
        {"feature_sets",
         {{{"name", "basic"}, {"version", 1}, {"materialized", true}, {"dirty_age_s", nullptr}, {"dirty_rows", 0}}}}};
}

json healthy_server() {
    return {{"roles_missing", json::array()},  {"member", true},   {"fsync", "on"},
            {"full_page_writes", "on"},        {"connections", 5}, {"max_connections", 100},
            {"idle_in_transaction_s", nullptr}};
}

// The one check that is not ok; fails the test when there are none or several.
Check only_fault(const std::vector<Check>& checks) {
    const auto bad = [](const Check& c) { return c.verdict != Verdict::ok; };
    EXPECT_EQ(std::count_if(checks.begin(), checks.end(), bad), 1);
    const auto found = std::find_if(checks.begin(), checks.end(), bad);
    return found == checks.end() ? Check{} : *found;
}

void expect_fault(const std::vector<Check>& checks, Verdict verdict, const std::string& finding,
                  const std::string& advice) {
    const auto fault = only_fault(checks);
    EXPECT_EQ(fault.verdict, verdict);
    EXPECT_NE(fault.finding.find(finding), std::string::npos) << fault.finding;
    EXPECT_NE(fault.advice.find(advice), std::string::npos) << fault.advice;
}

}  // namespace

TEST(Doctor, FindsNothingWhenAllIsWell) {
    for (const auto& checks : {examine_basics(healthy_basics()), examine_content(healthy_content(), "1", {}),
                               examine_server(healthy_server())}) {
        EXPECT_FALSE(checks.empty());
        for (const auto& check : checks) EXPECT_EQ(check.verdict, Verdict::ok) << check.finding;
    }
}

TEST(Doctor, FindsPausedJobsAndRowsThatNoWeekHasTaken) {
    auto content = healthy_content();
    content["paused_jobs"] = {{{"job_id", 7}, {"kind", "train"}, {"paused_by", "ada"}, {"age_s", 7200.0}}};
    expect_fault(examine_content(content, "1", {}), Verdict::warn,
                 "1; the first, job 7 (train), was paused by ada 2 h ago", "SELECT bourse.resume(7)");
    content = healthy_content();
    content["stragglers"] = {{{"name", "job_log"}, {"rows", 1}}};
    expect_fault(examine_content(content, "1", {}), Verdict::warn, "1 row lies in the default partition of job_log",
                 "a running worker");
    content["stragglers"][0]["rows"] = 20'000;
    expect_fault(examine_content(content, "1", {}), Verdict::warn, "20,000 rows lie in the default partition",
                 "job_maintain(1000000000)");
    content["stragglers"][0]["rows"] = 100'001;
    expect_fault(examine_content(content, "1", {}), Verdict::warn, "more than 100,000 rows lie", "quiet");
}

TEST(Doctor, FindsSchedulesThatMakeNoJobs) {
    const json fine = {{"name", "nightly"}, {"state", "active"},  {"error", nullptr},
                       {"due_s", 60.0},     {"calendar", "XNYS"}, {"last_session", "2026-12-31"},
                       {"ends_soon", false}};
    auto content = healthy_content();
    content["schedules"] = {fine};
    for (const auto& check : examine_content(content, "1", {})) EXPECT_EQ(check.verdict, Verdict::ok) << check.finding;
    auto& schedule = content["schedules"][0];
    schedule["ends_soon"] = true;
    expect_fault(examine_content(content, "1", {}), Verdict::warn,
                 "schedule nightly ends with the sessions of XNYS on 2026-12-31", "bourse calendars load XNYS");
    schedule["state"] = "paused";
    for (const auto& check : examine_content(content, "1", {})) EXPECT_EQ(check.verdict, Verdict::ok) << check.finding;
    schedule["state"] = "late";
    schedule["due_s"] = -180.0;
    expect_fault(examine_content(content, "1", {}), Verdict::fail, "schedule nightly was due 3 min ago",
                 "bourse worker");
    schedule["state"] = "broken";
    schedule["error"] = "its owner is gone\nand more";
    expect_fault(examine_content(content, "1", {}), Verdict::fail, "schedule nightly makes no jobs: its owner is gone",
                 "tried again");
}

TEST(Doctor, JudgesTheDatabase) {
    auto facts = healthy_basics();
    facts["server_version"] = 140010;
    expect_fault(examine_basics(facts), Verdict::fail, "too old", "PostgreSQL 15");
    facts = healthy_basics();
    facts["extension_installed"] = nullptr;
    expect_fault(examine_basics(facts), Verdict::fail, "not in this database", "bourse migrate");
    facts["extension_installed"] = "0.9";
    expect_fault(examine_basics(facts), Verdict::fail, "0.9", "make install");
    facts = healthy_basics();
    facts["pending"] = {"migration 0009_x", "sql a/b"};
    expect_fault(examine_basics(facts), Verdict::fail, "2 pending, the first is migration 0009_x", "bourse migrate");
    facts["unknown"] = {"migration 9999_y"};
    expect_fault(examine_basics(facts), Verdict::fail, "newer than this program", "newer program");
    facts = healthy_basics();
    facts["timezone"] = "Asia/Shanghai";
    expect_fault(examine_basics(facts), Verdict::warn, "Asia/Shanghai", "ALTER DATABASE \"d\"");
}

TEST(Doctor, JudgesWorkersAndJobs) {
    auto facts = healthy_content();
    facts["workers"] = json::array();
    expect_fault(examine_content(facts, "1", {}), Verdict::warn, "no worker is running; nothing is due",
                 "bourse worker");
    facts["waiting"] = {{{"kind", "train"}, {"jobs", 3}, {"oldest_age_s", 5.0}, {"oldest_job_id", 7}}};
    expect_fault(examine_content(facts, "1", {}), Verdict::fail, "while 3 jobs are due", "bourse worker");
    facts = healthy_content();
    facts["waiting"] = {{{"kind", "train"}, {"jobs", 3}, {"oldest_age_s", 5.0}, {"oldest_job_id", 7}}};
    facts["workers"][0]["kinds"] = {"noop"};
    expect_fault(examine_content(facts, "1", {}), Verdict::fail, "no running worker takes this kind", "--kinds train");
    facts["workers"][0]["kinds"] = {"noop", "train"};
    for (const auto& check : examine_content(facts, "1", {})) EXPECT_EQ(check.verdict, Verdict::ok) << check.finding;
    facts = healthy_content();
    facts["workers"].push_back(
        {{"worker", "w2"}, {"host", "h1"}, {"version", "1"}, {"kinds", json::array()}, {"heartbeat_age_s", 120.0}});
    expect_fault(examine_content(facts, "1", {}), Verdict::warn, "w2 was silent for 2 min", "lease");
    facts["workers"][1]["heartbeat_age_s"] = 1.0;
    facts["workers"][1]["version"] = "0.9";
    expect_fault(examine_content(facts, "1", {}), Verdict::warn, "w2 is of version 0.9", "same version on h1");
    facts = healthy_content();
    facts["running"] = {{{"job_id", 9}, {"worker", "gone"}, {"lease_over_s", 90.0}}};
    expect_fault(examine_content(facts, "1", {}), Verdict::fail, "job 9 is held by gone", "bourse worker");
    facts = healthy_content();
    facts["paused"] = {{{"queue", "night"}, {"paused_by", "ann"}, {"age_s", 60.0}, {"jobs", 0}}};
    for (const auto& check : examine_content(facts, "1", {})) EXPECT_EQ(check.verdict, Verdict::ok) << check.finding;
    facts["paused"][0]["jobs"] = 4;
    expect_fault(examine_content(facts, "1", {}), Verdict::warn, "4 jobs held in queue night, paused by ann",
                 "bourse.resume('night')");
    facts = healthy_content();
    facts["dead"] = {{{"job_id", 4}, {"kind", "train"}, {"last_error", "too little data\nmore"}}};
    expect_fault(examine_content(facts, "1", {}), Verdict::warn, "job 4 (train): too little data", "bourse.retry(4)");
}

TEST(Doctor, JudgesData) {
    auto facts = healthy_content();
    facts["loads"] = json::array();
    expect_fault(examine_content(facts, "1", {}), Verdict::warn, "no bars", "bourse import");
    facts = healthy_content();
    facts["loads"][0]["rows_rejected"] = 2;
    expect_fault(examine_content(facts, "1", {}), Verdict::warn, "2 of 10 rows", "data_version_id = 1");
    facts["loads"][0]["state"] = "refused";
    facts["loads"][0]["reason"] = "30 % bad rows";
    expect_fault(examine_content(facts, "1", {}), Verdict::warn, "refused: 30 % bad rows", "bourse_bi.reject");
    facts = healthy_content();
    facts["feature_sets"][0]["dirty_age_s"] = 601.0;
    facts["feature_sets"][0]["dirty_rows"] = 12;
    expect_fault(examine_content(facts, "1", {}), Verdict::warn, "basic:1 has waited 10 min",
                 "refresh_features('basic:1')");
    for (const auto& check : examine_content(facts, "1", {.dirty_minutes = 11}))
        EXPECT_EQ(check.verdict, Verdict::ok) << check.finding;
    facts["feature_sets"][0]["materialized"] = false;
    for (const auto& check : examine_content(facts, "1", {})) EXPECT_EQ(check.verdict, Verdict::ok) << check.finding;
}

TEST(Doctor, JudgesTheServersSettings) {
    auto facts = healthy_server();
    facts["roles_missing"] = {"bourse_admin"};
    expect_fault(examine_server(facts), Verdict::fail, "missing: bourse_admin", "--roles");
    facts = healthy_server();
    facts["member"] = false;
    expect_fault(examine_server(facts), Verdict::fail, "member of none", "GRANT");
    facts = healthy_server();
    facts["fsync"] = "off";
    expect_fault(examine_server(facts), Verdict::warn, "fsync is off", "ALTER SYSTEM");
    facts = healthy_server();
    facts["connections"] = 91;
    expect_fault(examine_server(facts), Verdict::warn, "91 of 100", "max_connections");
    facts = healthy_server();
    facts["idle_in_transaction_s"] = 7200.0;
    expect_fault(examine_server(facts), Verdict::warn, "2 h", "idle_in_transaction_session_timeout");
}
