// What a row holds, from a model file that may name its features.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "models/artifact.hpp"

namespace bourse::models {

// Sets the artifact's features: `given` when there are any, else the file's own `names`, else f0, f1, …
// library: for messages. Errors: corrupt_artifact (no feature; another number of names), too_large, invalid_argument
// (`given` of another length, a name twice).
void put_signature(Artifact& artifact, std::int64_t width, const std::vector<std::string>& names,
                   const std::vector<std::string>& given, const std::string& library);

// Calls `read`; Error(corrupt_artifact) out of it gains the number that the tree has in its file.
template <class F>
void naming_tree(std::size_t tree, F&& read) {
    try {
        read();
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::corrupt_artifact) throw;
        throw Error(e.kind(), std::string(e.what()) + " (tree " + std::to_string(tree) + ", counted from 0)", e.hint(),
                    e.detail());
    }
}

// The number of outputs. Errors: corrupt_artifact below 1, too_large above max_outputs.
void put_outputs(Artifact& artifact, std::int64_t outputs, const std::string& library);

}  // namespace bourse::models
