// The fields of a LightGBM model file (text, versions v3 and v4) that a prediction depends on, as they stand there:
// read, not checked. What must hold between them is checked where they are converted (lightgbm_import.cpp).
// Source: LightGBM 4.7, src/boosting/gbdt_model_text.cpp, src/io/tree.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bourse::models {

struct LightTreeText {
    std::int64_t leaves = 0, sets = 0, linear = 0;
    std::vector<std::int64_t> feature, decision, left, right, node_count, leaf_count;
    std::vector<double> threshold, leaf_value;
    std::vector<std::int64_t> set_bounds, set_words;
    std::optional<std::vector<double>> leaf_constant;
    std::vector<double> term_weight;
    std::vector<std::int64_t> leaf_terms, term_feature;
};

struct LightModelText {
    std::string version, objective;  // objective "" where the file has none
    std::int64_t outputs = 1;        // num_tree_per_iteration
    std::int64_t highest_feature = -1;
    bool average = false;
    std::vector<std::string> names;
    std::vector<LightTreeText> trees;
    std::string pandas_categories;  // JSON, "" where the file has none
};

// Lines end with LF or CRLF; unknown keys are ignored, a key given twice counts the last time; what follows the trees
// is optional. Error(corrupt_artifact) with the line's number for a text that is not of that shape.
LightModelText read_lightgbm_file(std::string_view text);

}  // namespace bourse::models
