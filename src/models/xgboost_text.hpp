// The fields of an XGBoost model file in JSON that a prediction depends on, as they stand there: read, not checked.
// What must hold between them is checked where they are converted (xgboost_json.cpp). Source: XGBoost 1.7,
// doc/model.schema.
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

struct ModelText {
    std::string booster, objective, base_score;
    std::int64_t num_feature = 0, num_class = 0, num_target = 1;
    std::vector<std::string> names, types;  // of features; empty where the file has none
    std::optional<std::int64_t> num_trees;
    std::vector<TreeText> trees;
    std::vector<std::int64_t> tree_info;
    std::optional<std::vector<float>> weight_drop, weights;  // dart; gblinear
    std::vector<std::int64_t> version;
};

// Keys in any order, unknown keys ignored, a key given twice counts the last time. Error(corrupt_artifact) for text
// that is no JSON of that shape.
ModelText read_xgboost_text(std::string_view text);

}  // namespace bourse::models
