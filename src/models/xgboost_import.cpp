#include "models/xgboost_import.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/forest.hpp"
#include "models/linear.hpp"
#include "models/signature.hpp"
#include "models/xgboost_header.hpp"
#include "models/xgboost_file.hpp"

namespace bourse::models {
namespace {

constexpr std::int64_t category_limit = 1 << 24;

[[noreturn]] void corrupt(const std::string& problem) { corrupt_xgboost(problem); }

// The node tensors of forest.hpp, tree after tree.
struct ForestTensors {
    std::vector<std::uint32_t> tree_nodes, tree_output, feature, category_node, category_count, category;
    std::vector<std::int32_t> left, right;
    std::vector<float> value, cover;
    std::vector<std::uint8_t> flags;

    void put_into(Artifact& artifact) const {
        artifact.put("tree_nodes", std::span<const std::uint32_t>(tree_nodes));
        artifact.put("tree_output", std::span<const std::uint32_t>(tree_output));
        artifact.put("node_left", std::span<const std::int32_t>(left));
        artifact.put("node_right", std::span<const std::int32_t>(right));
        artifact.put("node_feature", std::span<const std::uint32_t>(feature));
        artifact.put("node_value", std::span<const float>(value));
        artifact.put("node_flags", std::span<const std::uint8_t>(flags));
        artifact.put("node_cover", std::span<const float>(cover));
        artifact.put("category_node", std::span<const std::uint32_t>(category_node));
        artifact.put("category_count", std::span<const std::uint32_t>(category_count));
        artifact.put("category", std::span<const std::uint32_t>(category));
    }
};

// Nodes that the root reaches; a child out of range, a lone child, a second parent or a cycle is refused.
std::vector<bool> reachable(const TreeText& tree, std::int64_t count) {
    std::vector<bool> seen(static_cast<std::size_t>(count));
    std::vector<std::int64_t> open{0};
    seen[0] = true;
    while (!open.empty()) {
        const auto node = static_cast<std::size_t>(open.back());
        open.pop_back();
        if (tree.left[node] == -1 && tree.right[node] == -1) continue;
        for (const auto child : {tree.left[node], tree.right[node]}) {
            if (child < 1 || child >= count)
                corrupt("node " + std::to_string(node) + " has child " + std::to_string(child) + " in a tree of " +
                        std::to_string(count) + " nodes");
            if (seen[static_cast<std::size_t>(child)])
                corrupt("node " + std::to_string(child) + " has two parents or is its own ancestor");
            seen[static_cast<std::size_t>(child)] = true;
            open.push_back(child);
        }
    }
    return seen;
}

void append_categories(const TreeText& tree, std::size_t entry, ForestTensors& out) {
    const auto begin = tree.category_begin[entry], size = tree.category_size[entry];
    const auto total = static_cast<std::int64_t>(tree.categories.size());
    if (begin < 0 || size < 0 || begin > total || size > total - begin) corrupt("a category set ends beyond its list");
    std::vector<std::uint32_t> set;
    for (std::int64_t i = begin; i < begin + size; ++i) {
        const auto category = tree.categories[static_cast<std::size_t>(i)];
        if (category < 0 || category >= category_limit)
            corrupt("category " + std::to_string(category) + " is outside 0 to 2^24 - 1");
        set.push_back(static_cast<std::uint32_t>(category));
    }
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    out.category_count.push_back(static_cast<std::uint32_t>(set.size()));
    out.category.insert(out.category.end(), set.begin(), set.end());
}

void append_tree(const TreeText& tree, std::size_t features, ForestTensors& out) {
    if (tree.leaf_size > 1)
        throw Error(ErrorKind::unavailable, "XGBoost model: trees with vector leaves cannot be evaluated",
                    "train with multi_strategy=one_output_per_tree");
    if (!tree.num_nodes || *tree.num_nodes < 1) corrupt("a tree has no node");
    const auto count = *tree.num_nodes;
    const auto n = static_cast<std::size_t>(count);
    if (tree.left.size() != n || tree.right.size() != n || tree.feature.size() != n || tree.value.size() != n ||
        tree.default_left.size() != n || tree.cover.size() != n ||
        (!tree.split_type.empty() && tree.split_type.size() != n))
        corrupt("the arrays of a tree differ in length from its num_nodes " + std::to_string(n));
    if (tree.category_begin.size() != tree.category_nodes.size() ||
        tree.category_size.size() != tree.category_nodes.size())
        corrupt("the category arrays of a tree differ in length");
    // XGBoost's sets do not overlap in their list; if they could, a small text would become a large artifact.
    std::size_t listed = tree.categories.size();
    for (const auto size : tree.category_size) {
        if (size < 0 || static_cast<std::uint64_t>(size) > listed)
            corrupt("the category sets of a tree are larger than their list");
        listed -= static_cast<std::size_t>(size);
    }
    const auto live = reachable(tree, count);
    std::vector<std::pair<std::int64_t, std::size_t>> sets;  // node, its entry in the category arrays
    for (std::size_t i = 0; i < tree.category_nodes.size(); ++i) sets.emplace_back(tree.category_nodes[i], i);
    std::sort(sets.begin(), sets.end());
    if (std::adjacent_find(sets.begin(), sets.end(), [](const auto& a, const auto& b) { return a.first == b.first; }) !=
        sets.end())
        corrupt("a node has two category sets");

    const auto first = static_cast<std::uint32_t>(out.left.size());
    for (std::size_t i = 0; i < n; ++i) {
        const bool inner = live[i] && tree.left[i] != -1;
        const bool categorical = inner && !tree.split_type.empty() && tree.split_type[i] == 1;
        if (inner && !tree.split_type.empty() && tree.split_type[i] != 0 && !categorical)
            corrupt("split_type " + std::to_string(tree.split_type[i]));
        if (inner && (tree.feature[i] < 0 || tree.feature[i] >= static_cast<std::int64_t>(features)))
            corrupt("a node tests feature " + std::to_string(tree.feature[i]) + " of " + std::to_string(features));
        if (inner && tree.default_left[i] != 0 && tree.default_left[i] != 1)
            corrupt("default_left " + std::to_string(tree.default_left[i]));
        if (live[i] && !categorical && !std::isfinite(tree.value[i])) corrupt("a threshold or leaf is not finite");
        out.left.push_back(inner ? static_cast<std::int32_t>(tree.left[i]) : -1);
        out.right.push_back(inner ? static_cast<std::int32_t>(tree.right[i]) : -1);
        out.feature.push_back(inner ? static_cast<std::uint32_t>(tree.feature[i]) : 0);
        out.value.push_back(live[i] && !categorical ? tree.value[i] : 0.0f);
        const float cover = std::isnan(tree.cover[i]) ? std::numeric_limits<float>::quiet_NaN() : tree.cover[i];  // one
        out.cover.push_back(live[i] ? cover : 0.0f);
        out.flags.push_back(static_cast<std::uint8_t>((inner && tree.default_left[i] ? Forest::default_left : 0) |
                                                      (categorical ? Forest::categorical : 0)));
        if (!categorical) continue;
        const auto found =
            std::lower_bound(sets.begin(), sets.end(), std::pair(static_cast<std::int64_t>(i), std::size_t{0}));
        if (found == sets.end() || found->first != static_cast<std::int64_t>(i))
            corrupt("categorical node " + std::to_string(i) + " has no set");
        out.category_node.push_back(first + static_cast<std::uint32_t>(i));
        append_categories(tree, found->second, out);
    }
    out.tree_nodes.push_back(static_cast<std::uint32_t>(n));
}

void put_forest(const ModelText& model, Artifact& artifact) {
    artifact.kind = Forest::kind;
    if (model.num_trees && *model.num_trees != static_cast<std::int64_t>(model.trees.size()))
        corrupt("num_trees is " + std::to_string(*model.num_trees) + ", the file holds " +
                std::to_string(model.trees.size()));
    if (model.tree_info.size() != model.trees.size()) corrupt("tree_info has not one entry per tree");
    if (model.round_ends) {
        const auto& ends = *model.round_ends;
        if (ends.empty() || ends.front() != 0 || !std::is_sorted(ends.begin(), ends.end()) ||
            ends.back() != static_cast<std::int64_t>(model.trees.size()))
            corrupt("iteration_indptr does not count the trees");
    }
    ForestTensors tensors;
    for (std::size_t i = 0; i < model.trees.size(); ++i)
        naming_tree(i, [&] { append_tree(model.trees[i], artifact.features.size(), tensors); });
    for (const auto output : model.tree_info) {
        if (output < 0 || output >= artifact.outputs)
            corrupt("a tree adds to output " + std::to_string(output) + " of " + std::to_string(artifact.outputs));
        tensors.tree_output.push_back(static_cast<std::uint32_t>(output));
    }
    tensors.put_into(artifact);
    if (model.booster != "dart") return;
    if (!model.weight_drop || model.weight_drop->size() != model.trees.size())
        corrupt("weight_drop has not one entry per tree");
    for (const auto weight : *model.weight_drop)
        if (!std::isfinite(weight)) corrupt("a tree's weight is not finite");
    artifact.put("tree_weight", std::span<const float>(*model.weight_drop));
}

void put_linear(const ModelText& model, Artifact& artifact) {
    artifact.kind = Linear::kind;
    const std::size_t width = artifact.features.size(), groups = artifact.outputs;
    if (!model.weights || model.weights->size() != (width + 1) * groups)
        corrupt("weights has not (features + 1) x outputs entries");
    for (const auto weight : *model.weights)
        if (!std::isfinite(weight)) corrupt("a weight is not finite");
    const std::span<const float> all(*model.weights);
    artifact.put("weights", all.first(width * groups), {width, groups});
    artifact.put("bias", all.last(groups));
}

}  // namespace

Artifact artifact_from_xgboost(std::string_view file, const std::vector<std::string>& features,
                               const nlohmann::json& params, const nlohmann::json& training) {
    const ModelText model = read_xgboost_file(file);
    Artifact artifact = make_xgboost_header(model, features);
    if (model.booster == "gbtree" || model.booster == "dart")
        put_forest(model, artifact);
    else if (model.booster == "gblinear")
        put_linear(model, artifact);
    else
        corrupt("booster \"" + model.booster.substr(0, 40) + "\", expected gbtree, dart or gblinear");
    artifact.params = params;
    artifact.training = training;
    describe_xgboost_training(model, artifact);
    make_evaluator(artifact);  // what we hand out is what predict accepts
    return artifact;
}

}  // namespace bourse::models
