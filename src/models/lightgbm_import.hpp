// LightGBM's model files (text), 3.3 to 4.7 -> our artifact.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/artifact.hpp"

namespace bourse::models {

// Reads every booster (gbdt, dart, goss, rf), numeric and categorical splits, linear trees, every objective and models
// of an objective of the user's own (margins are then the predictions). Arguments as artifact_from_xgboost; the file's
// names of features cannot hold spaces. `training` gains lightgbm_version ("v3", "v4": of the format) and
// pandas_categorical, where the file has it: the labels of each category column, in the order of the columns.
// Nothing in the file is trusted: the result passes make_evaluator.
// Errors: corrupt_artifact (damaged or inconsistent text), invalid_argument (`features` of another length, unknown
// objective), too_large.
Artifact artifact_from_lightgbm(std::string_view text, const std::vector<std::string>& features = {},
                                const nlohmann::json& params = nlohmann::json::object(),
                                const nlohmann::json& training = nlohmann::json::object());

}  // namespace bourse::models
