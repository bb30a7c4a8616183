// bourse report: one self-contained page about a run.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "workers/cli/command.hpp"
#include "workers/cli/console.hpp"
#include "workers/cli/report/report_data.hpp"
#include "workers/cli/report/sections.hpp"

namespace bourse::cli {
namespace {

// All or nothing: a full disk leaves the old file.
void write_file(const std::string& path, const std::string& content) {
    const std::string part = path + ".part";
    errno = 0;
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    file << content;
    file.close();
    std::error_code error;
    if (file) std::filesystem::rename(part, path, error);
    if (file && !error) return;
    const std::string reason = error ? error.message() : std::strerror(errno);
    std::filesystem::remove(part, error);
    throw Error(ErrorKind::invalid_argument, "cannot write \"" + path + "\": " + reason, "choose another --to");
}

}  // namespace

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
