// Job kind resign_artifacts: {"model": reference} checks stored artifacts and replaces the signatures of those that
// pass by this worker's; all in the transaction that completes the job. For the rotation of keys.
#include "workers/task/artifacts/stored_artifact.hpp"
#include "workers/task/handler.hpp"

namespace bourse::workers {
namespace {

struct Outcome {
    const StoredVersion* version;
    std::optional<Problem> problem;
    std::optional<Signed> signature;  // neither: it has this worker's signature already
};

}  // namespace

void handle_resign_artifacts(const Job& job, Context& context) {
    const auto interrupts = context.interrupts();
    std::vector<StoredVersion> versions;
    {
        pqxx::transaction<pqxx::read_committed, pqxx::read_only> tx(context.database(), "artifacts");
        versions = stored_versions(tx, model_argument(job.args));
    }
    std::vector<Outcome> outcomes;
    std::optional<signing::PublicKey> own_key;  // known after the first signature
    for (const auto& version : versions) {
        context.progress("sign", static_cast<double>(outcomes.size()) / static_cast<double>(versions.size()),
                         version.model + ":" + std::to_string(version.version));
        Outcome outcome{&version, {}, {}};
        if (!own_key || version.public_key != own_key || !version.revoked.empty()) {
            std::vector<std::byte> bytes;
            {
                pqxx::transaction<pqxx::read_committed, pqxx::read_only> tx(context.database(), "artifact");
                outcome.problem = examine(tx, version, interrupts, bytes);
            }
            if (!outcome.problem) {
                const auto made = context.sign(version.model, bytes);
                own_key = made.public_key;
                if (version.public_key != own_key) outcome.signature = made;
            }
        }
        outcomes.push_back(outcome);
    }
    pqxx::work tx(context.database(), "signatures");
    int refused = 0, made = 0;
    for (const auto& [version, problem, signature] : outcomes) {
        if (problem) {
            ++refused;
            tx.exec_params("SELECT bourse.record_artifact_check($1, $2, $3, $4)", job.id, version->model_version_id,
                           problem->sqlstate, problem->reason);
        } else if (signature) {
            ++made;
            tx.exec_params("SELECT bourse.replace_signature($1, $2, $3, $4)", job.id, version->model_version_id,
                           pqxx::binarystring(signature->signature.data(), signature->signature.size()),
                           pqxx::binarystring(signature->public_key.data(), signature->public_key.size()));
        }
    }
    context.complete(tx, {{"checked", versions.size()}, {"signed", made}, {"refused", refused}});
    tx.commit();
}

}  // namespace bourse::workers
