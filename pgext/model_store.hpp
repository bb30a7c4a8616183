// Models by reference: resolved under the caller's rights and snapshot, loaded once a session.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "models/evaluator.hpp"
#include "pgext/boundary.hpp"

namespace bourse::pg {

struct ModelVersion {
    std::int64_t version_id = 0;
    std::string name;
    int version = 0;
    int feature_set_id = 0;  // 0: none
    std::int64_t artifact_id = 0;
    std::int64_t size_bytes = 0;
    std::array<unsigned char, 32> sha256{};

    std::string label() const { return name + ":" + std::to_string(version); }
};

struct LoadedModel {
    ModelVersion version;
    std::shared_ptr<const models::Evaluator> evaluator;
};

// The version that `reference` means for the current user under the active snapshot, loaded. Resolving runs with the
// caller's rights (SELECT on the registry, which bourse_reader has); only then are the chunks read, whose table is
// granted to nobody. The bytes must have the recorded sha256. Loaded models stay in the session, least recently used
// first out, within bourse.model_cache_mb.
// Errors: unknown_model, corrupt_artifact, too_large, unavailable, and the server's 42501.
LoadedModel find_model(const std::string& reference);

// What a call site remembers between rows: the model of one reference under one snapshot.
class ModelCallSite {
public:
    // The call site of this FmgrInfo, made on first use.
    static ModelCallSite& of(FunctionCallInfo fcinfo);

    // As find_model, but looks again only when reference or snapshot differ from the last call's.
    const LoadedModel& get(const text* reference);

private:
    // Two snapshots with equal keys see the same rows.
    struct SnapshotKey {
        LocalTransactionId transaction;
        CommandId command;
        TransactionId xmin, xmax;
        uint32 xcnt;
        int32 subxcnt;
        uint64 completions;  // 0 in parallel workers, which keep one snapshot all along
        uint64 running;      // hash of the transactions in progress
        bool operator==(const SnapshotKey&) const = default;
    };
    static SnapshotKey active_snapshot();

    std::string reference_;
    SnapshotKey snapshot_{};
    std::optional<LoadedModel> model_;
};

}  // namespace bourse::pg
