// bourse export: what is stored, into files.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "workers/cli/command.hpp"
#include "workers/cli/console.hpp"
#include "workers/cli/export/feature_export.hpp"

namespace bourse::cli {
namespace {

void run(const Common& common, const FeatureExport& request) {
    workers::Connection connection(common.db, "bourse export");
    const auto outcome = export_features(connection, request);
    if (outcome.dirty_ranges > 0)
        std::fprintf(stderr, "note: %s ranges of the set were waiting for a refresh\n",
                     format_count(outcome.dirty_ranges).c_str());
    if (common.json) {
        const nlohmann::ordered_json told{{"file", request.to},
                                          {"rows", outcome.rows},
                                          {"features", outcome.features},
                                          {"size_bytes", outcome.size_bytes},
                                          {"dirty_ranges", outcome.dirty_ranges},
                                          {"seconds", outcome.seconds}};
        std::printf("%s\n", told.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
        return;
    }
    std::printf("%s: %s rows of %s features, %s in %.1f s\n", request.to.c_str(), format_count(outcome.rows).c_str(),
                format_count(outcome.features).c_str(), format_size(outcome.size_bytes).c_str(), outcome.seconds);
}

}  // namespace

void add_export(CLI::App& app, Common& common) {
    auto* command = app.add_subcommand("export", "write stored features to a Parquet or CSV file");
    command->require_subcommand(1);
    auto* features = command->add_subcommand(
        "features", "rows of a stored feature set: symbol, ts, available_at, then one column a feature");
    auto request = std::make_shared<FeatureExport>();
    features->add_option("SET", request->set, "feature set, newest version or as name:version")->required();
    features->add_option("--to", request->to, "file to write, .parquet or .csv")->required();
    features->add_option("--symbols", request->symbols, "only these instruments, separated by commas")->delimiter(',');
    features->add_option("--universe", request->universe, "only members of this universe, while they are");
    features->add_option("--from", request->from, "first ts");
    features->add_option("--until", request->until, "rows before this ts");
    features->callback([request, &common] { run(common, *request); });
}

}  // namespace bourse::cli
