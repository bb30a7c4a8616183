// Random trees as the tensors of both kinds of forest, and rows that lie on their thresholds: for tests that compare
// two ways of evaluating them.
#pragma once

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "models/forest.hpp"
#include "models/golden.hpp"
#include "models/light_forest.hpp"

namespace bourse::models::random_trees {

inline constexpr std::size_t width = 7;

// Nodes of one random tree, as the tensors have them.
struct Tensors {
    std::vector<std::uint32_t> tree_nodes, tree_output, feature, category_node, category_count, category;
    std::vector<std::int32_t> left, right;
    std::vector<float> value, cover;
    std::vector<std::uint8_t> flags;

    // Feature 0 has many thresholds, feature 1 few, feature 2 the special ones.
    float threshold(std::size_t f, std::mt19937& random) const {
        constexpr float inf = std::numeric_limits<float>::infinity();
        const float special[] = {0.0f, -0.0f, 1.0f, -inf, inf, 1e-45f, std::numeric_limits<float>::max()};
        if (f == 2) return special[random() % 7];
        const unsigned choices = f == 0 ? 2000 : f == 1 ? 3 : 100;
        return static_cast<float>(random() % choices) / 16.0f - 2.0f;
    }

    void grow(std::size_t levels, bool categories, std::uint32_t outputs, std::mt19937& random) {
        const auto first = left.size();
        std::vector<std::size_t> level{0};
        for (std::size_t at = 0; at < level.size(); ++at) {
            const bool leaf = level[at] == levels || (at > 0 && random() % 8 == 0);
            const auto f = random() % width;
            const bool categorical = !leaf && categories && random() % 20 == 0;
            left.push_back(leaf ? -1 : static_cast<std::int32_t>(level.size()));
            right.push_back(leaf ? -1 : static_cast<std::int32_t>(level.size() + 1));
            feature.push_back(leaf ? 0 : static_cast<std::uint32_t>(f));
            value.push_back(leaf ? std::normal_distribution<float>()(random) : categorical ? 0 : threshold(f, random));
            flags.push_back(static_cast<std::uint8_t>((!leaf && random() % 2 ? Forest::default_left : 0) |
                                                      (categorical ? Forest::categorical : 0)));
            cover.push_back(static_cast<float>(random() % 9));
            if (categorical) {
                category_node.push_back(static_cast<std::uint32_t>(first + at));
                category_count.push_back(2);
                category.insert(category.end(), {1, 3});
            }
            if (!leaf) level.insert(level.end(), 2, level[at] + 1);
        }
        tree_nodes.push_back(static_cast<std::uint32_t>(level.size()));
        tree_output.push_back(random() % outputs);
    }

    // The same trees as LightGBM's, their inner nodes and leaves in the order in which they stand here.
    Artifact light_artifact(std::mt19937& random) const {
        std::vector<std::uint32_t> tree_leaves, node_feature, node_count, leaf_count, category_words, sets;
        std::vector<std::int32_t> node_left, node_right;
        std::vector<double> threshold, leaf_value;
        std::vector<std::uint8_t> decision;
        std::vector<std::uint32_t> categorical_nodes;
        for (std::size_t tree = 0, first = 0; tree < tree_nodes.size(); first += tree_nodes[tree++]) {
            std::vector<std::int32_t> number;  // inner node, or ~leaf
            std::int32_t inner = 0, leaves = 0;
            for (std::size_t at = first; at < first + tree_nodes[tree]; ++at)
                number.push_back(left[at] < 0 ? ~leaves++ : inner++);
            tree_leaves.push_back(static_cast<std::uint32_t>(leaves));
            for (std::size_t at = first; at < first + tree_nodes[tree]; ++at) {
                if (left[at] < 0) {
                    leaf_value.push_back(static_cast<double>(value[at]) / 3);
                    leaf_count.push_back(1 + static_cast<std::uint32_t>(random() % 9));
                    continue;
                }
                const bool categories = flags[at] & Forest::categorical;
                if (categories) {
                    categorical_nodes.push_back(static_cast<std::uint32_t>(node_feature.size()));
                    category_words.push_back(1);
                    sets.push_back(static_cast<std::uint32_t>(random()));
                }
                node_feature.push_back(feature[at]);
                node_count.push_back(2);
                threshold.push_back(categories ? 0 : static_cast<double>(value[at]));
                decision.push_back(static_cast<std::uint8_t>((categories ? LightForest::categorical : 0) |
                                                             (random() % 2 ? LightForest::default_left : 0) |
                                                             (random() % 3) << 2));
                node_left.push_back(number[static_cast<std::size_t>(left[at])]);
                node_right.push_back(number[static_cast<std::size_t>(right[at])]);
            }
        }
        Artifact a;
        a.kind = LightForest::kind;
        a.objective = "regression";
        a.outputs = 1;
        for (std::size_t j = 0; j < width; ++j) a.features.push_back("f" + std::to_string(j));
        const auto put = [&a](const char* name, const auto& values) {
            a.put(name, std::span<const typename std::decay_t<decltype(values)>::value_type>(values));
        };
        put("tree_leaves", tree_leaves);
        put("node_feature", node_feature);
        put("node_threshold", threshold);
        put("node_decision", decision);
        put("node_left", node_left);
        put("node_right", node_right);
        put("node_count", node_count);
        put("leaf_count", leaf_count);
        put("leaf_value", leaf_value);
        put("category_node", categorical_nodes);
        put("category_words", category_words);
        put("category_set", sets);
        return a;
    }

    // Weights of dart.
    std::vector<float> weights(std::mt19937& random) const {
        std::vector<float> all(tree_nodes.size());
        for (auto& weight : all) weight = static_cast<float>(1 + random() % 8) / 8;
        return all;
    }

    Artifact artifact(std::uint32_t outputs) const {
        Artifact a;
        a.kind = Forest::kind;
        a.objective = outputs > 1 ? "multi:softprob" : "reg:squarederror";
        a.outputs = outputs;
        for (std::size_t j = 0; j < width; ++j) a.features.push_back("f" + std::to_string(j));
        const auto put = [&a](const char* name, const auto& values) {
            a.put(name, std::span<const typename std::decay_t<decltype(values)>::value_type>(values));
        };
        put("tree_nodes", tree_nodes);
        put("tree_output", tree_output);
        put("node_left", left);
        put("node_right", right);
        put("node_feature", feature);
        put("node_value", value);
        put("node_flags", flags);
        put("node_cover", cover);
        put("category_node", category_node);
        put("category_count", category_count);
        put("category", category);
        put("base_margin", std::vector<float>(outputs, 0.5f));
        return a;
    }
};

inline std::vector<float> rows(std::size_t count, std::mt19937& random) {
    constexpr float inf = std::numeric_limits<float>::infinity();
    const float special[] = {std::nanf(""), inf, -inf, 0.0f, -0.0f, 1e-45f, -1e-45f, std::numeric_limits<float>::max()};
    std::vector<float> values(count * width);
    for (auto& x : values)  // most of them exactly on thresholds
        x = random() % 6 == 0 ? special[random() % 8] : static_cast<float>(random() % 4000) / 32.0f - 2.0f;
    return values;
}

}  // namespace bourse::models::random_trees
