// XGBoost's model files, JSON and UBJ, 1.7 to 3.2 -> our artifact.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/artifact.hpp"

namespace bourse::models {

// Reads gbtree, dart and gblinear models with numeric and categorical splits; keys in any order, unknown keys ignored;
// UBJ is told from JSON by its second byte. Equal content gives equal artifacts.
// `features`: names in the order of the matrix it was trained on; empty: the file's own names, or f0, f1, … where it
// has none. `params` and `training` are copied to the header, for people.
// Nothing in the file is trusted: every index, count and length that a prediction depends on is checked, and the
// result passes make_evaluator. Only what a root reaches is kept; dead nodes of pruned trees become leaves of value 0.
// Errors: corrupt_artifact (damaged or inconsistent file), invalid_argument (`features` of another length, unknown
// objective), unavailable (vector leaves: multi_strategy=multi_output_tree), too_large.
Artifact artifact_from_xgboost(std::string_view file, const std::vector<std::string>& features = {},
                               const nlohmann::json& params = nlohmann::json::object(),
                               const nlohmann::json& training = nlohmann::json::object());

}  // namespace bourse::models
