// Files of models as the database keeps them: pieces in bourse.artifact_chunk, which is granted to nobody.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "pgext/boundary.hpp"
#include "signing/artifact_signature.hpp"

namespace bourse::pg {

struct StoredFile {
    std::int64_t artifact_id = 0;
    std::int64_t size_bytes = 0;  // at most models::max_artifact_bytes: the caller has checked it
    signing::Sha256 sha256{};
};

// Error(corrupt_artifact) "the artifact of <label> is damaged: <problem>".
[[noreturn]] void throw_tampered(const std::string& label, const std::string& problem);

// The bytes, which have the recorded size and sha256; else Error(corrupt_artifact). Reads below SQL under the active
// snapshot: the caller has checked the current user's right to the model. Cancellable.
std::vector<std::byte> read_stored_file(const StoredFile& file, const std::string& label);

}  // namespace bourse::pg
