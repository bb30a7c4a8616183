// Job kind verify_artifacts: {"model": reference} reads and checks stored artifacts as a backend would, and writes what
// it found to the audit log in the transaction that completes the job.
#include "workers/task/artifacts/stored_artifact.hpp"
#include "workers/task/handler.hpp"

namespace bourse::workers {

void handle_verify_artifacts(const Job& job, Context& context) {
    const auto interrupts = context.interrupts();
    std::vector<StoredVersion> versions;
    std::vector<std::optional<Problem>> found;
    {
        pqxx::transaction<pqxx::read_committed, pqxx::read_only> tx(context.database(), "artifacts");
        versions = stored_versions(tx, model_argument(job.args));
    }
    for (const auto& version : versions) {
        context.progress("verify", static_cast<double>(found.size()) / static_cast<double>(versions.size()),
                         version.model + ":" + std::to_string(version.version));
        pqxx::transaction<pqxx::read_committed, pqxx::read_only> tx(context.database(), "artifact");
        std::vector<std::byte> bytes;
        found.push_back(examine(tx, version, interrupts, bytes));
    }
    pqxx::work tx(context.database(), "findings");
    int refused = 0;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const auto& problem = found[i];
        refused += problem ? 1 : 0;
        tx.exec_params("SELECT bourse.record_artifact_check($1, $2, $3, $4)", job.id, versions[i].model_version_id,
                       problem ? problem->sqlstate.c_str() : nullptr, problem ? problem->reason.c_str() : nullptr);
    }
    context.complete(tx, {{"checked", versions.size()}, {"refused", refused}});
    tx.commit();
}

}  // namespace bourse::workers
