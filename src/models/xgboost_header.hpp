// What the header of an artifact takes from an XGBoost model file, whichever booster it holds.
#pragma once

#include <string>
#include <vector>

#include "models/artifact.hpp"
#include "models/xgboost_file.hpp"

namespace bourse::models {

// Error(corrupt_artifact) "XGBoost model: <problem>".
[[noreturn]] void corrupt_xgboost(const std::string& problem);

// Signature, outputs, objective and the margin to start from; kind, tensors and training are left to the caller.
// Arguments and errors as artifact_from_xgboost.
Artifact make_xgboost_header(const ModelText& model, const std::vector<std::string>& features);

// Adds to the artifact's training: xgboost_version; num_parallel_tree above 1; best_iteration, a text, where the file
// has it (prediction uses all rounds); category_labels, one entry per feature: the labels in the order of their
// codes, [] for a numeric feature, null where the file's labels are unusable.
void describe_xgboost_training(const ModelText& model, Artifact& artifact);

}  // namespace bourse::models
