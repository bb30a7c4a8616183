// bourse migrate: makes a database what this program needs.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "workers/cli/command.hpp"
#include "workers/cli/migrator.hpp"

namespace bourse::cli {
namespace {

const char* name_of(StepState state) {
    switch (state) {
        case StepState::applied:
            return "applied";
        case StepState::pending:
            return "pending";
        case StepState::changed:
            return "changed";
        case StepState::unknown:
            return "unknown";
    }
    return "?";
}

void print(const std::vector<Step>& steps, bool json, bool only_open) {
    auto rows = nlohmann::json::array();
    for (const auto& step : steps) {
        if (only_open && step.state == StepState::applied) continue;
        if (json)
            rows.push_back({{"kind", step.kind},
                            {"name", step.name},
                            {"state", name_of(step.state)},
                            {"applied_at", step.applied_at}});
        else
            std::printf("%-9s  %-32s  %-8s  %s\n", step.kind.c_str(), step.name.c_str(), name_of(step.state),
                        step.applied_at.c_str());
    }
    if (json) std::printf("%s\n", rows.dump(2).c_str());
}

}  // namespace

void add_migrate(CLI::App& app, Common& common) {
    struct Options {
        bool status = false, dry_run = false, roles = false;
    };
    auto* command = app.add_subcommand("migrate", "bring the database to the state this program needs");
    auto options = std::make_shared<Options>();
    auto* status = command->add_flag("--status", options->status,
                                     "list migrations and sql files with their state, change nothing");
    auto* dry_run = command->add_flag("--dry-run", options->dry_run, "list what would be applied, change nothing");
    command->add_flag("--roles", options->roles, "make the cluster-wide roles only")
        ->excludes(status)
        ->excludes(dry_run);
    status->excludes(dry_run);
    command->callback([options, &common] {
        workers::Connection connection(common.db, "bourse migrate");
        Migrator migrator(connection);
        if (options->roles) return migrator.make_roles();
        if (options->status || options->dry_run) return print(migrator.status(), common.json, options->dry_run);
        const int applied = migrator.apply([](const std::string& line) { std::printf("%s\n", line.c_str()); });
        std::printf(applied ? "%d steps applied\n" : "nothing to do: the database fits this program\n", applied);
    });
}

}  // namespace bourse::cli
