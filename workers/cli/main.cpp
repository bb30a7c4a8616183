// bourse: the command line. Each subcommand is a file of this folder.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include <pqxx/pqxx>

#include "core/error.hpp"
#include "workers/cli/command.hpp"

namespace bourse::cli {
#define DECLARE(name, Type) void add_##name(CLI::App& app, Common& common);
#include "cli.inc"
BOURSE_CLI(DECLARE)
#undef DECLARE
}  // namespace bourse::cli

namespace {

void print_error(const char* message, const std::string& detail, const std::string& hint) {
    std::fprintf(stderr, "error: %s\n", message);
    if (!detail.empty()) std::fprintf(stderr, "detail: %s\n", detail.c_str());
    if (!hint.empty()) std::fprintf(stderr, "hint: %s\n", hint.c_str());
}

int run(int argc, char** argv) {
    CLI::App app{"Bourse: PostgreSQL as an MLOps platform for stock and crypto prediction", "bourse"};
    bourse::cli::Common common;
    app.add_option("--db", common.db, "database to use, as a libpq connection string (default: libpq's own variables)")
        ->envname("BOURSE_DB");
    app.add_flag("--json", common.json, "print tables as JSON");
    app.set_version_flag("--version", BOURSE_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
#define ADD(name, Type) bourse::cli::add_##name(app, common);
    BOURSE_CLI(ADD)
#undef ADD
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& e) {
        return app.exit(e);
    } catch (const CLI::RuntimeError& e) {  // a subcommand's own exit status; it has said why
        return e.get_exit_code();
    } catch (const CLI::ParseError& e) {
        app.exit(e);
        return 2;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const bourse::Error& e) {
        print_error(e.what(), e.detail(), e.hint());
    } catch (const pqxx::broken_connection& e) {
        print_error(e.what(), {}, "check --db or BOURSE_DB, and that the server runs");
    } catch (const std::exception& e) {
        print_error(e.what(), {}, {});
    }
    return 1;
}
