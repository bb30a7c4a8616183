// One subcommand of `bourse`: a file with one function, and one line in CMakeLists.txt.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace bourse::cli {

// What every subcommand shares; filled in by the options of the main program.
struct Common {
    std::string db;     // libpq conninfo; empty: libpq's own variables
    bool json = false;  // print tables as JSON
};

// Adds the subcommand to `app`. Its callback throws bourse::Error or pqxx errors; main prints them with their hint
// and ends with 1 (2 for usage errors). One that has said itself what is wrong throws CLI::RuntimeError(1).
using AddCommand = void (*)(CLI::App& app, Common& common);

}  // namespace bourse::cli
