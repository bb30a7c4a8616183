// bourse verify-artifacts: checks what models predict with.
#include <memory>

#include "workers/cli/artifact_job.hpp"

namespace bourse::cli {

void add_verify_artifacts(CLI::App& app, Common& common) {
    auto* command = app.add_subcommand(
        "verify-artifacts",
        "have a worker read, hash, parse and check the signature of stored artifacts; ends with 1 when one is refused");
    auto model = std::make_shared<std::string>();
    command->add_option(
        "model", *model,
        "a version (momentum:7, momentum@staging) or a model's name for all of its (default: all models)");
    command->callback([model, &common] { run_artifact_job("bourse.verify_artifacts", *model, common); });
}

}  // namespace bourse::cli
