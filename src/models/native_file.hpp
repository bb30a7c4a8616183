// Model files of the training libraries, whichever wrote them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/artifact.hpp"

namespace bourse::models {

// Formats that can be imported, by the names that bourse.import_model takes.
inline constexpr std::string_view xgboost_json = "xgboost-json";
inline constexpr std::string_view xgboost_ubj = "xgboost-ubj";
inline constexpr std::string_view lightgbm_text = "lightgbm";
inline constexpr std::string_view own_format = "bourse-model";

// The format of a file by its first bytes. Errors: corrupt_artifact, for a file that is none of these; its hint says
// how to save the model in one that is, where the file looks like something known.
std::string_view native_format(std::string_view file);

// Such a file as an artifact that make_evaluator accepts. `format` empty: by the first bytes; else they must agree.
// `features`: names in the order of the matrix that it was trained on; empty: the file's own, or f0, f1, …
// `strict`: names that the file has must be these; otherwise only their mere rearrangement is refused.
// Errors: corrupt_artifact with the place in the file and a hint, unknown_feature for names that do not fit,
// invalid_argument, unavailable, too_large.
Artifact artifact_from_native(std::string_view file, std::string_view format, const std::vector<std::string>& features,
                              bool strict, const nlohmann::json& params, const nlohmann::json& training);

}  // namespace bourse::models
