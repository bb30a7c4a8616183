// What a row holds, from a model file that may name its features.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/artifact.hpp"

namespace bourse::models {

// Sets the artifact's features: `given` when there are any, else the file's own `names`, else f0, f1, …
// library: for messages. Errors: corrupt_artifact (no feature; another number of names), too_large, invalid_argument
// (`given` of another length, a name twice).
void put_signature(Artifact& artifact, std::int64_t width, const std::vector<std::string>& names,
                   const std::vector<std::string>& given, const std::string& library);

// The number of outputs. Errors: corrupt_artifact below 1, too_large above max_outputs.
void put_outputs(Artifact& artifact, std::int64_t outputs, const std::string& library);

}  // namespace bourse::models
