// bourse synthesize: writes the bars of a seeded market with a planted signal.
#include <cstdio>
#include <fstream>
#include <iostream>

#include "core/error.hpp"
#include "market/synthetic.hpp"
#include "workers/cli/command.hpp"

namespace bourse::cli {
namespace {

void write_csv(std::ostream& out, const market::SyntheticOptions& options) {
    out << "date,symbol,open,high,low,close,volume\n";
    market::synthesize_market(options, [&out](const market::SyntheticBar& bar) {
        char line[160];
        std::snprintf(line, sizeof line, "%s,%s,%.2f,%.2f,%.2f,%.2f,%.0f\n", bar.date.c_str(), bar.symbol.c_str(),
                      bar.open, bar.high, bar.low, bar.close, bar.volume);
        out << line;
    });
    out.flush();
    if (!out) throw Error(ErrorKind::unreadable_file, "the bars could not be written", "is the disk full?");
}

}  // namespace

void add_synthesize(CLI::App& app, Common&) {
    auto* command =
        app.add_subcommand("synthesize", "write daily bars of a seeded market with a planted signal, as CSV");
    auto options = std::make_shared<market::SyntheticOptions>();
    auto file = std::make_shared<std::string>();
    command->add_option("--to", *file, "file to write (default: standard output)");
    command->add_option("--instruments", options->instruments, "number of symbols")->capture_default_str();
    command->add_option("--days", options->days, "number of weekdays")->capture_default_str();
    command->add_option("--seed", options->seed, "same seed, same market")->capture_default_str();
    command->add_option("--ic", options->attainable_ic, "information coefficient that the best possible model reaches")
        ->capture_default_str();
    command->callback([options, file] {
        if (file->empty()) return write_csv(std::cout, *options);
        std::ofstream out(*file);
        if (!out) throw Error(ErrorKind::unreadable_file, "cannot write " + *file);
        write_csv(out, *options);
    });
}

}  // namespace bourse::cli
