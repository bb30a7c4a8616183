// bourse report: one self-contained page about a run, or about the features of a set.
#include <cstdio>

#include <pqxx/pqxx>

#include "workers/cli/command.hpp"
#include "workers/cli/console.hpp"
#include "workers/cli/output_file.hpp"
#include "workers/cli/report/factors_page.hpp"
#include "workers/cli/report/report_data.hpp"
#include "workers/cli/report/sections.hpp"

namespace bourse::cli {
namespace {

void write_page(const std::string& to, const std::string& html) {
    write_file(to, html);
    std::printf("%s: %s\n", to.c_str(), format_size(static_cast<std::int64_t>(html.size())).c_str());
}

struct FactorOptions {
    std::string set, to, universe = "all", from, until, label, options = "{}";
};

nlohmann::json read_factors(workers::Connection& connection, const FactorOptions& options) {
    const auto given = [](const std::string& text) { return text.empty() ? nullptr : text.c_str(); };
    pqxx::read_transaction tx(connection);
    const auto rows = tx.exec_params(
        R"(SELECT jsonb_build_object('set', (SELECT jsonb_build_object('name', s.name, 'version', s.version, 'freq', s.freq) FROM bourse.find_feature_set($1) AS s),
               'universe', $2::text, 'from_ts', $3::timestamptz, 'to_ts', $4::timestamptz, 'label', $5::text,
               'horizons', bourse.factor_report_options($6::jsonb) -> 'horizons',
               'rows', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]')
                        FROM bourse.factor_report($1, $2, $3::timestamptz, $4::timestamptz, label => $5, options => $6::jsonb) AS r)))",
        options.set, options.universe, given(options.from), given(options.until), given(options.label),
        options.options);
    return nlohmann::json::parse(rows[0][0].c_str());
}

void add_factors(CLI::App& report, Common& common) {
    auto options = std::make_shared<FactorOptions>();
    auto* command = report.add_subcommand("factors", "write the page about how well a set's features order returns");
    command->add_option("SET", options->set, "feature set, as alpha158 or mine:2")->required();
    command->add_option("--to", options->to, "file to write")->required();
    command->add_option("--universe", options->universe, "whose bars count")->capture_default_str();
    command->add_option("--from", options->from, "first time of rows");
    command->add_option("--until", options->until, "rows are before this time");
    command->add_option("--label", options->label, "expression instead of the return over the first horizon");
    command
        ->add_option("--options", options->options,
                     "JSON: horizons, quantiles, cluster_correlation, max_correlation, choose")
        ->capture_default_str();
    command->callback([options, &common] {
        workers::Connection connection(common.db, "bourse report");
        write_page(options->to, report::factors_page(read_factors(connection, *options)));
    });
}

}  // namespace

void add_report(CLI::App& app, Common& common) {
    struct Options {
        std::int64_t run = 0;
        std::string to;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("report", "write one self-contained HTML page about a run, or about features");
    auto* run = command->add_option("RUN", options->run, "id of the run, as bourse.train returned it")
                    ->check(CLI::PositiveNumber);
    auto* to = command->add_option("--to", options->to, "file to write");
    add_factors(*command, common);
    command->callback([=, &common] {
        if (!command->get_subcommands().empty()) return;
        for (auto* needed : {run, to})
            if (needed->empty()) throw CLI::RequiredError(needed->get_name());
        workers::Connection connection(common.db, "bourse report");
        write_page(options->to, report::page(report::read_report(connection, options->run)));
    });
}

}  // namespace bourse::cli
