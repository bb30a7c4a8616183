// The command `bourse worker` alone, built with injection points (workers/common/injection.hpp).
#include <cstdio>
#include <exception>

#include "workers/cli/command.hpp"

namespace bourse::cli {
void add_worker(CLI::App& app, Common& common);
}

int main(int argc, char** argv) {
    CLI::App app{"bourse worker with injection points", "bourse"};
    bourse::cli::Common common;
    app.add_option("--db", common.db)->envname("BOURSE_DB");
    app.fallthrough();
    bourse::cli::add_worker(app, common);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "error: %s\n", e.what());
        return 1;
    }
    return 0;
}
