// The fields of an XGBoost model file, JSON or UBJ, that a prediction depends on, as they stand there: read, not
// checked. What must hold between them is checked where they are converted (xgboost_import.cpp). Source: XGBoost 1.7,
// doc/model.schema; later versions as
// written by 2.1.4 and 3.2.0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bourse::models {

struct TreeText {
    std::optional<std::int64_t> num_nodes;
    std::int64_t leaf_size = 0;
    std::vector<std::int64_t> left, right, feature, default_left, split_type;
    std::vector<float> value, cover;
    std::vector<std::int64_t> category_nodes, category_begin, category_size, categories;
};

// What a data frame called the categories of one feature (3.1 and later).
struct LabelsText {
    std::optional<std::vector<std::int64_t>> offsets;  // text: values are bytes, label i from offsets[i] to [i + 1]
    std::optional<std::vector<std::int64_t>> values;   // empty where they are no integers
};

struct ModelText {
    std::string booster, objective, base_score;
    std::int64_t num_feature = 0, num_class = 0, num_target = 1;
    std::vector<std::string> names, types;  // of features; empty where the file has none
    std::optional<std::int64_t> num_trees;
    std::int64_t num_parallel_tree = 1;
    std::optional<std::vector<std::int64_t>> round_ends;  // iteration_indptr, 2.0 and later
    std::string best_iteration;                           // an attribute; 1.7 writes it without early stopping, too
    std::vector<LabelsText> labels;
    std::vector<TreeText> trees;
    std::vector<std::int64_t> tree_info;
    std::optional<std::vector<float>> weight_drop, weights;  // dart; gblinear
    std::vector<std::int64_t> version;
};

// Keys in any order, unknown keys ignored, a key given twice counts the last time. UBJ when it
// looks_like_ubj, else JSON. Error(corrupt_artifact) for a text that is neither of that shape.
ModelText read_xgboost_file(std::string_view text);

}  // namespace bourse::models
