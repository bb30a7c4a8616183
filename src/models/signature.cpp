#include "models/signature.hpp"

#include <set>

#include "core/error.hpp"

namespace bourse::models {

void put_signature(Artifact& artifact, std::int64_t width, const std::vector<std::string>& names,
                   const std::vector<std::string>& given, const std::string& library) {
    if (width < 1) throw Error(ErrorKind::corrupt_artifact, library + " model: it has no feature");
    const auto n = static_cast<std::size_t>(width);
    if (n > max_features)
        throw Error(ErrorKind::too_large,
                    library + " model: " + std::to_string(n) + " features, allowed " + std::to_string(max_features));
    if (!names.empty() && names.size() != n)
        throw Error(ErrorKind::corrupt_artifact, library + " model: " + std::to_string(names.size()) +
                                                     " feature names for " + std::to_string(n) + " features");
    if (!given.empty() && given.size() != n)
        throw Error(ErrorKind::invalid_argument, "the model has " + std::to_string(n) + " features, but " +
                                                     std::to_string(given.size()) + " names were given");
    artifact.features = given.empty() ? names : given;
    for (std::size_t i = artifact.features.size(); i < n; ++i) artifact.features.push_back("f" + std::to_string(i));
    if (std::set<std::string>(artifact.features.begin(), artifact.features.end()).size() != n)
        throw Error(ErrorKind::invalid_argument, library + " model: a feature name stands twice");
}

void put_outputs(Artifact& artifact, std::int64_t outputs, const std::string& library) {
    if (outputs < 1) throw Error(ErrorKind::corrupt_artifact, library + " model: it has no output");
    if (static_cast<std::size_t>(outputs) > max_outputs)
        throw Error(ErrorKind::too_large, library + " model: " + std::to_string(outputs) + " outputs, allowed " +
                                              std::to_string(max_outputs));
    artifact.outputs = static_cast<std::uint32_t>(outputs);
}

}  // namespace bourse::models
