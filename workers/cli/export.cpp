// bourse export: what is stored, into files.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "workers/cli/command.hpp"
#include "workers/cli/console.hpp"
#include "core/error.hpp"
#include "workers/cli/export/feature_export.hpp"
#include "workers/cli/export/qlib_export.hpp"

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

void run_qlib(const Common& common, const QlibExport& request) {
    workers::Connection connection(common.db, "bourse export");
    const auto outcome = export_qlib(connection, request);
    if (common.json) {
        const nlohmann::ordered_json told{
            {"folder", request.to},   {"instruments", outcome.instruments}, {"sessions", outcome.sessions},
            {"files", outcome.files}, {"size_bytes", outcome.size_bytes},   {"seconds", outcome.seconds}};
        std::printf("%s\n", told.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
        return;
    }
    std::printf("%s: %s instruments on %s sessions, %s files, %s in %.1f s\n", request.to.c_str(),
                format_count(outcome.instruments).c_str(), format_count(outcome.sessions).c_str(),
                format_count(outcome.files).c_str(), format_size(outcome.size_bytes).c_str(), outcome.seconds);
}

// `bourse export --format qlib DIR`: the options of the command itself, without a word after it.
void add_qlib(CLI::App& command, Common& common) {
    auto request = std::make_shared<QlibExport>();
    auto format = std::make_shared<std::string>();
    command.add_option("DIR", request->to, "folder of the Qlib data set to write; must not be there, or empty");
    command.add_option("--format", *format, "qlib: bars as a Qlib data set")->check(CLI::IsMember({"qlib"}));
    command.add_option("--freq", request->freq, "frequency of the bars")->capture_default_str();
    command.add_option("--universe", request->universe, "only instruments that were ever members, and this membership");
    command.add_option("--symbols", request->symbols, "only these instruments, separated by commas")->delimiter(',');
    command.add_option("--calendar", request->calendar, "only instruments of this calendar: a data set has one");
    command.add_option("--time-zone", request->time_zone, "zone of times below a day (default: the calendar's)");
    command.add_flag("--csv", request->csv, "one CSV an instrument, as qlib's dump_bin reads them, instead of bins");
    command.add_flag("--traded-volume", request->traded_volume, "volume as traded, not divided by the factor");
    command.callback([&command, request, format, &common] {
        if (!command.get_subcommands().empty()) return;
        if (format->empty() || request->to.empty())
            throw CLI::ParseError("say what to export: features SET --to FILE, or --format qlib DIR",
                                  CLI::ExitCodes::RequiredError);
        run_qlib(common, *request);
    });
}

}  // namespace

void add_export(CLI::App& app, Common& common) {
    auto* command =
        app.add_subcommand("export", "write stored features to a Parquet or CSV file, bars as a Qlib data set");
    command->require_subcommand(0, 1);
    add_qlib(*command, common);
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
