// bourse doctor: what is wrong, and what to do about it. Ends with 1 when a check fails.
#include "workers/cli/diagnosis.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "workers/cli/command.hpp"
#include "workers/cli/overview.hpp"

namespace bourse::cli {
namespace {

using nlohmann::json;

constexpr const char* server_sql = R"(
SELECT jsonb_build_object(
    'roles_missing', (SELECT coalesce(jsonb_agg(name ORDER BY name), '[]')
                      FROM unnest(ARRAY['bourse_reader', 'bourse_researcher', 'bourse_operator', 'bourse_approver', 'bourse_worker',
                                        'bourse_admin']) AS name
                      WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)),
    'member', EXISTS (SELECT FROM pg_roles WHERE rolname IN ('bourse_reader', 'bourse_worker', 'bourse_approver') AND pg_has_role(oid, 'member')),
    'fsync', current_setting('fsync'), 'full_page_writes', current_setting('full_page_writes'),
    'max_connections', current_setting('max_connections')::int,
    'connections', (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
    'idle_in_transaction_s', (SELECT extract(epoch FROM max(now() - state_change)) FROM pg_stat_activity
                              WHERE datname = current_database() AND state LIKE 'idle in transaction%'))
)";

const char* name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::ok:
            return "OK";
        case Verdict::warn:
            return "WARN";
        case Verdict::fail:
            return "FAIL";
    }
    return "?";
}

json read_server(workers::Connection& connection) {
    pqxx::nontransaction tx(connection);
    return json::parse(tx.exec(server_sql)[0][0].c_str());
}

void print(const std::vector<Check>& checks, bool as_json) {
    if (as_json) {
        auto rows = json::array();
        for (const auto& c : checks)
            rows.push_back(
                {{"verdict", name_of(c.verdict)}, {"check", c.name}, {"finding", c.finding}, {"advice", c.advice}});
        std::printf("%s\n", rows.dump(2).c_str());
        return;
    }
    for (const auto& c : checks) {
        std::printf("%-4s  %-12s  %s\n", name_of(c.verdict), c.name.c_str(), c.finding.c_str());
        if (!c.advice.empty()) std::printf("%20s> %s\n", "", c.advice.c_str());
    }
    const auto number = [&checks](Verdict v) {
        return std::count_if(checks.begin(), checks.end(), [v](const Check& c) { return c.verdict == v; });
    };
    std::printf("\n%td ok, %td to look at, %td failed\n", number(Verdict::ok), number(Verdict::warn),
                number(Verdict::fail));
}

std::vector<Check> examine(const std::string& db, const DoctorLimits& limits) {
    std::vector<Check> checks;
    const auto append = [&checks](std::vector<Check> more) {
        std::move(more.begin(), more.end(), std::back_inserter(checks));
    };
    workers::Connection connection(db, "bourse doctor");
    const json basics = read_basics(connection);
    append(examine_basics(basics));
    append(examine_server(read_server(connection)));
    if (basics["pending"].empty() && basics["unknown"].empty())
        append(examine_content(read_content(connection), basics["program"], limits));
    return checks;
}

}  // namespace

void add_doctor(CLI::App& app, Common& common) {
    auto limits = std::make_shared<DoctorLimits>();
    auto* command = app.add_subcommand(
        "doctor", "check server, database, workers, jobs and data; say what is wrong and what to do");
    command
        ->add_option("--dirty-minutes", limits->dirty_minutes, "how long a stored feature set may wait for its refresh")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command->callback([limits, &common] {
        const auto checks = examine(common.db, *limits);
        print(checks, common.json);
        const bool failed =
            std::any_of(checks.begin(), checks.end(), [](const Check& c) { return c.verdict == Verdict::fail; });
        if (failed) throw CLI::RuntimeError(1);
    });
}

}  // namespace bourse::cli
