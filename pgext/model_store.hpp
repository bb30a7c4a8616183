// Models by reference: resolved under the caller's rights and snapshot, loaded once a session.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "models/contributions.hpp"
#include "models/evaluator.hpp"
#include "pgext/boundary.hpp"
#include "pgext/snapshot_key.hpp"
#include "signing/artifact_signature.hpp"

namespace bourse::pg {

struct ModelVersion {
    std::int64_t version_id = 0;
    std::string name;
    int version = 0;
    int feature_set_id = 0;  // 0: none
    std::int64_t artifact_id = 0;
    std::int64_t size_bytes = 0;
    signing::Sha256 sha256{};
    std::optional<signing::Signature> signature;
    std::optional<signing::PublicKey> signed_by;  // empty: by none that the database has ever trusted
    std::string revoked;                          // why the version or its key was revoked; empty: neither was

    std::string label() const { return name + ":" + std::to_string(version); }
};

enum class ModelUse { predict, explain };

struct LoadedModel {
    ModelVersion version;
    std::shared_ptr<const models::Evaluator> evaluator;
    std::shared_ptr<const models::Contributions> explainer;  // may be null where it was not asked for
};

// The version that `reference` means for the current user under the active snapshot, loaded. Resolving runs with the
// caller's rights (SELECT on the registry, which bourse_reader has), once for a user and what a snapshot sees; only
// then are the chunks read, whose table is granted to nobody. The artifact must be signed by a trusted key, for this
// model, and have the recorded sha256; neither the version nor the key may be revoked. Loaded models stay in the
// session, least recently used first out, within bourse.model_cache_mb; what is revoked is looked at again under every
// snapshot, and then dropped. Errors: unknown_model, unsigned_artifact, corrupt_artifact, revoked, too_large,
// unavailable, and the server's 42501. A refused artifact leaves one line in the server's log: model, version,
// SQLSTATE, reason.
LoadedModel find_model(const std::string& reference, ModelUse use = ModelUse::predict);
// The same, `now` being the key of the active snapshot.
LoadedModel find_model(const std::string& reference, const SnapshotKey& now, ModelUse use);

// Calls `body` with the bytes of the version's artifact, after the same checks of right, signature, revocation and
// hash; what `body` refuses is logged likewise.
void with_model_file(const std::string& reference,
                     const std::function<void(const ModelVersion&, std::span<const std::byte>)>& body);

// What a call site remembers between rows: the model of one reference under one snapshot.
class ModelCallSite {
public:
    // The call site of this FmgrInfo, made on first use.
    static ModelCallSite& of(FunctionCallInfo fcinfo, ModelUse use = ModelUse::predict);

    explicit ModelCallSite(ModelUse use = ModelUse::predict) : use_(use) {}

    // As find_model, but looks again only when reference or snapshot differ from the last call's.
    const LoadedModel& get(const text* reference);

private:
    ModelUse use_;
    std::string reference_;
    SnapshotKey snapshot_{};
    std::optional<LoadedModel> model_;
};

}  // namespace bourse::pg
