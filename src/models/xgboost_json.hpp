// The reader of XGBoost's files under the name it had while it read JSON alone.
#pragma once

#include "models/xgboost_import.hpp"

namespace bourse::models {

inline Artifact artifact_from_xgboost_json(std::string_view text, const std::vector<std::string>& features,
                                           const nlohmann::json& params, const nlohmann::json& training) {
    return artifact_from_xgboost(text, features, params, training);
}

}  // namespace bourse::models
