#include "models/native_file.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/lightgbm_import.hpp"
#include "models/ubj_reader.hpp"
#include "models/xgboost_import.hpp"

namespace bourse::models {
namespace {

constexpr const char* remedy =
    "save the model again with the library that trained it, and compare sizes: a transfer may have cut the file";

// What people hand in by mistake, and what to do instead.
struct Foreign {
    std::string_view start, what, hint;
};
constexpr Foreign foreign[] = {
    {"binf", "XGBoost's old binary format", "load it in XGBoost and save_model(\"model.json\")"},
    {"bs64", "XGBoost's old binary format", "load it in XGBoost and save_model(\"model.json\")"},
    {"\x80", "a Python pickle",
     "open it where it was made and save the booster: save_model(\"model.json\") or save_model(\"model.txt\")"},
    {"\x1f\x8b", "gzip", "unpack it first"},
    {"\x28\xb5\x2f\xfd", "zstd", "unpack it first"},
    {"PK\x03\x04", "a zip archive", "unpack it first"},
};

bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

Artifact convert(std::string_view file, std::string_view format, const std::vector<std::string>& features,
                 const nlohmann::json& params, const nlohmann::json& training) {
    if (format == lightgbm_text) return artifact_from_lightgbm(file, features, params, training);
    if (format != own_format) return artifact_from_xgboost(file, features, params, training);
    Artifact artifact = read_artifact(std::as_bytes(std::span(file)));
    if (!features.empty()) {
        if (features.size() != artifact.features.size())
            throw Error(ErrorKind::invalid_argument, "the model has " + std::to_string(artifact.features.size()) +
                                                         " features, but " + std::to_string(features.size()) +
                                                         " names were given");
        artifact.features = features;
    }
    artifact.training.update(training);
    artifact.training.erase("native_sha256");  // the file that it named does not come along
    make_evaluator(artifact);
    return artifact;
}

// Whether a library made the names up: f0, f1, … or Column_0, Column_1, …
bool made_up(const std::vector<std::string>& names) {
    for (const std::string_view stem : {"f", "Column_"}) {
        std::size_t i = 0;
        while (i < names.size() && names[i] == std::string(stem) + std::to_string(i)) ++i;
        if (i == names.size()) return true;
    }
    return false;
}

void require_order(const std::vector<std::string>& own, const std::vector<std::string>& given, bool strict) {
    if (given.empty() || own == given || made_up(own)) return;
    if (!strict && !std::is_permutation(own.begin(), own.end(), given.begin(), given.end())) return;
    const auto [a, b] = std::mismatch(own.begin(), own.end(), given.begin(), given.end());
    throw Error(
        ErrorKind::unknown_feature,
        "feature " + std::to_string(a - own.begin() + 1) + " is \"" + *a + "\" in the file, but \"" + *b +
            "\" was given",
        strict ? "the feature set must have the file's features in its order; or import without it"
               : "give the names in the order in which the model was trained, or leave them out: the file has them");
}

bool is_utf8(const nlohmann::json& value) {
    try {
        value.dump();
        return true;
    } catch (const nlohmann::json::type_error&) {
        return false;
    }
}

// What stands in the header becomes JSON and text of the database.
void require_utf8(const Artifact& artifact) {
    for (std::size_t i = 0; i < artifact.features.size(); ++i)
        if (!is_utf8(artifact.features[i]))
            throw Error(ErrorKind::corrupt_artifact,
                        "the name of feature " + std::to_string(i + 1) + " in the file is not UTF-8",
                        "give the names: features => …");
    const std::pair<const char*, nlohmann::json> rest[] = {{"the objective", artifact.objective},
                                                           {"a type of a feature", artifact.feature_types},
                                                           {"what is said of the training", artifact.training}};
    for (const auto& [what, value] : rest)
        if (!is_utf8(value)) throw Error(ErrorKind::corrupt_artifact, std::string(what) + " in the file is not UTF-8");
}

}  // namespace

std::string_view native_format(std::string_view file) {
    if (file.starts_with(own_format)) return own_format;
    if (file.starts_with("tree\n") || file.starts_with("tree\r\n")) return lightgbm_text;
    if (looks_like_ubj(file)) return xgboost_ubj;
    const auto begin = std::find_if_not(file.begin(), file.end(), is_json_space);
    if (begin != file.end() && *begin == '{') return xgboost_json;
    for (const auto& [start, what, hint] : foreign)
        if (file.starts_with(start))
            throw Error(ErrorKind::corrupt_artifact, "the file is " + std::string(what) + ", not a model file",
                        std::string(hint));
    throw Error(ErrorKind::corrupt_artifact,
                file.empty() ? "the file is empty" : "the file is no model: its first byte starts none of the formats",
                "formats: xgboost-json, xgboost-ubj, lightgbm (text), bourse-model");
}

Artifact artifact_from_native(std::string_view file, std::string_view format, const std::vector<std::string>& features,
                              bool strict, const nlohmann::json& params, const nlohmann::json& training) {
    const auto found = native_format(file);
    if (!format.empty() && format != found)
        throw Error(ErrorKind::corrupt_artifact,
                    "the file is " + std::string(found) + ", not " + std::string(format).substr(0, 40),
                    "leave the format out: it is told by the file's first bytes");
    try {
        if (!features.empty()) require_order(convert(file, found, {}, params, training).features, features, strict);
        auto artifact = convert(file, found, features, params, training);
        require_utf8(artifact);
        return artifact;
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::corrupt_artifact || !e.hint().empty()) throw;
        throw Error(e.kind(), e.what(), remedy, e.detail());
    }
}

}  // namespace bourse::models
