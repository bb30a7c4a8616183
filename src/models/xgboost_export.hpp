// Our artifact -> XGBoost's JSON model file.
#pragma once

#include <string>

#include "models/artifact.hpp"

namespace bourse::models {

// A file that XGBoost 1.7 and later load (where base scores differ between outputs: 3.1 and later alone) and that
// predicts with the artifact's margins, bit for bit; artifact_from_xgboost makes the same tensors, names, types,
// outputs and objective of it. What only training used is not in an artifact and written as XGBoost's defaults:
// parameters of the objective, gains and base_weights of inner nodes (0). A base_score is found anew from the base
// margin and may differ from the first file's in its last digits where both give one margin. Numbers are written as
// XGBoost does, "-3.0528268E-2". Errors: those of make_evaluator; unavailable for a kind that is not XGBoost's, and for
// a base margin that no base_score gives.
std::string xgboost_json_from(const Artifact& artifact);

}  // namespace bourse::models
