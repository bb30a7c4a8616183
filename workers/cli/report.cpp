// bourse report: one self-contained page about a run.
#include <cstdio>

#include "workers/cli/command.hpp"
#include "workers/cli/console.hpp"
#include "workers/cli/output_file.hpp"
#include "workers/cli/report/report_data.hpp"
#include "workers/cli/report/sections.hpp"

namespace bourse::cli {
void add_report(CLI::App& app, Common& common) {
    struct Options {
        std::int64_t run = 0;
        std::string to;
    };
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("report", "write one self-contained HTML page about a run");
    command->add_option("RUN", options->run, "id of the run, as bourse.train returned it")
        ->required()
        ->check(CLI::PositiveNumber);
    command->add_option("--to", options->to, "file to write")->required();
    command->callback([options, &common] {
        workers::Connection connection(common.db, "bourse report");
        const auto html = report::page(report::read_report(connection, options->run));
        write_file(options->to, html);
        std::printf("%s: %s\n", options->to.c_str(), format_size(static_cast<std::int64_t>(html.size())).c_str());
    });
}

}  // namespace bourse::cli
