// bourse resign: signs stored artifacts anew, for the rotation of keys.
#include <memory>

#include "workers/cli/artifact_job.hpp"

namespace bourse::cli {

void add_resign(CLI::App& app, Common& common) {
    auto* command = app.add_subcommand(
        "resign", "have a worker check stored artifacts and sign them with its key; prints what it did");
    auto model = std::make_shared<std::string>();
    command->add_option(
        "model", *model,
        "a version (momentum:7, momentum@staging) or a model's name for all of its (default: all models)");
    command->callback([model, &common] { run_artifact_job("bourse.resign_artifacts", *model, common); });
}

}  // namespace bourse::cli
