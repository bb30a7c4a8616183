// What bourse verify-artifacts and bourse resign share: make a job, wait for it, print what it wrote to the audit log.
#pragma once

#include <string>

#include "workers/cli/command.hpp"

namespace bourse::cli {

// `function`: bourse.verify_artifacts or bourse.resign_artifacts. `model`: empty for all. Throws CLI::RuntimeError(1)
// when an artifact was refused, pqxx errors when the job could not be made or did not succeed.
void run_artifact_job(const std::string& function, const std::string& model, const Common& common);

}  // namespace bourse::cli
