// Artifacts as the database keeps them: which there are, their bytes, and what is wrong with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/interrupt.hpp"
#include "signing/artifact_signature.hpp"
#include "workers/common/connection.hpp"

namespace bourse::workers {

struct StoredFile {
    std::int64_t artifact_id = 0;
    signing::ArtifactIdentity recorded;
};

struct StoredVersion {
    std::int64_t model_version_id = 0;
    std::string model;
    int version = 0;
    StoredFile artifact;
    std::optional<StoredFile> native;
    std::optional<signing::Signature> signature;
    std::optional<signing::PublicKey> public_key;
    std::string revoked;  // why; empty: it is not
};

// In the order of model and version. `model`: as bourse.artifacts_to_check takes it.
std::vector<StoredVersion> stored_versions(pqxx::transaction_base& tx, const std::optional<std::string>& model);

struct Problem {
    std::string sqlstate;  // what a backend would say
    std::string reason;
};

// From the columns artifact_id, size_bytes and sha256 of bourse.artifact.
StoredFile stored_file(const pqxx::field& id, const pqxx::field& size, const pqxx::field& sha256);

// Reads the file whole and hashes it. Error(corrupt_artifact) for bytes that are not those recorded, Error(too_large).
std::vector<std::byte> read_file(pqxx::transaction_base& tx, const StoredFile& file, const CheckInterrupts& interrupts);

// Every check that a backend makes, and those of the native file; nothing: all is well. `bytes` gets the artifact.
std::optional<Problem> examine(pqxx::transaction_base& tx, const StoredVersion& version,
                               const CheckInterrupts& interrupts, std::vector<std::byte>& bytes);

// The argument {"model": reference} of both kinds of job. Error(unknown_option), Error(invalid_argument).
std::optional<std::string> model_argument(const nlohmann::json& args);

}  // namespace bourse::workers
