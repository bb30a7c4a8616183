#include "models/lightgbm_import.hpp"

#include <limits>
#include <type_traits>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/light_forest.hpp"
#include "models/lightgbm_file.hpp"
#include "models/signature.hpp"

namespace bourse::models {
namespace {

[[noreturn]] void corrupt(const std::string& problem) {
    throw Error(ErrorKind::corrupt_artifact, "LightGBM model: " + problem);
}

// Appends integers that must fit their tensor.
template <class T>
void append(std::vector<T>& out, const std::vector<std::int64_t>& values, const char* what) {
    for (const auto value : values) {
        if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max())
            corrupt(std::string(what) + " is " + std::to_string(value));
        out.push_back(static_cast<T>(value));
    }
}

void append(std::vector<double>& out, const std::vector<double>& values) {
    out.insert(out.end(), values.begin(), values.end());
}

template <class... Arrays>
void expect_length(std::size_t n, const char* what, const Arrays&... arrays) {
    if (((arrays.size() != n) || ...)) corrupt(std::string(what) + " of a tree differ in length from its num_leaves");
}

// The tensors of light_forest.hpp, tree after tree.
class Tensors {
public:
    void append_tree(const LightTreeText& tree) {
        if (tree.leaves < 1 || tree.leaves > std::numeric_limits<std::int32_t>::max())
            corrupt("num_leaves is " + std::to_string(tree.leaves));
        const auto leaves = static_cast<std::size_t>(tree.leaves), nodes = leaves - 1;
        expect_length(leaves, "the leaves", tree.leaf_value);
        if (nodes > 0)
            expect_length(nodes, "the nodes", tree.feature, tree.threshold, tree.decision, tree.left, tree.right);
        const auto first = static_cast<std::uint32_t>(feature_.size());
        tree_leaves_.push_back(static_cast<std::uint32_t>(leaves));
        append(leaf_value_, tree.leaf_value);
        append_counts(leaf_count_, tree.leaf_count, leaves, "leaf_count");
        append_linear(tree, leaves);
        if (nodes == 0) return;  // what other arrays hold then says nothing
        append(feature_, tree.feature, "split_feature");
        append(left_, tree.left, "left_child");
        append(right_, tree.right, "right_child");
        append(decision_, tree.decision, "decision_type");
        append_counts(node_count_, tree.node_count, nodes, "internal_count");
        check_sets(tree);
        free_words_ = tree.set_words.size();
        for (std::size_t i = 0; i < nodes; ++i) {
            const bool categorical = tree.decision[i] & LightForest::categorical;
            threshold_.push_back(categorical ? 0 : tree.threshold[i]);
            if (categorical) append_set(tree, tree.threshold[i], first + static_cast<std::uint32_t>(i));
        }
    }

    void put_into(Artifact& artifact) const {
        put(artifact, "tree_leaves", tree_leaves_);
        put(artifact, "node_feature", feature_);
        put(artifact, "node_threshold", threshold_);
        put(artifact, "node_decision", decision_);
        put(artifact, "node_left", left_);
        put(artifact, "node_right", right_);
        put(artifact, "node_count", node_count_);
        put(artifact, "leaf_count", leaf_count_);
        put(artifact, "leaf_value", leaf_value_);
        put(artifact, "category_node", category_node_);
        put(artifact, "category_words", category_words_);
        put(artifact, "category_set", category_set_);
        if (!any_linear_) return;
        put(artifact, "tree_linear", linear_);
        put(artifact, "leaf_constant", constant_);
        put(artifact, "leaf_terms", terms_);
        put(artifact, "term_feature", term_feature_);
        put(artifact, "term_weight", term_weight_);
    }

private:
    template <class T>
    static void put(Artifact& artifact, const char* name, const std::vector<T>& values) {
        artifact.put(name, std::span<const T>(values));
    }

    static void append_counts(std::vector<std::uint32_t>& out, const std::vector<std::int64_t>& counts, std::size_t n,
                              const char* what) {
        if (!counts.empty()) expect_length(n, what, counts);
        append(out, counts, what);
        if (counts.empty()) out.resize(out.size() + n);
    }

    void append_linear(const LightTreeText& tree, std::size_t leaves) {
        if (tree.linear != 0 && tree.linear != 1) corrupt("is_linear is " + std::to_string(tree.linear));
        linear_.push_back(static_cast<std::uint8_t>(tree.linear));
        if (tree.linear == 0) {
            constant_.resize(constant_.size() + leaves);
            terms_.resize(terms_.size() + leaves);
            return;
        }
        any_linear_ = true;
        if (!tree.leaf_constant) corrupt("a linear tree has no leaf_const");
        expect_length(leaves, "the linear leaves", *tree.leaf_constant, tree.leaf_terms);
        if (tree.term_feature.size() != tree.term_weight.size())
            corrupt("leaf_features and leaf_coeff differ in length");
        append(constant_, *tree.leaf_constant);
        append(terms_, tree.leaf_terms, "num_features");
        append(term_feature_, tree.term_feature, "leaf_features");
        append(term_weight_, tree.term_weight);
        std::uint64_t total = 0;
        for (const auto count : tree.leaf_terms) total += static_cast<std::uint64_t>(count);  // each fits uint32
        if (total != tree.term_feature.size()) corrupt("num_features does not count leaf_features");
    }

    static void check_sets(const LightTreeText& tree) {
        if (tree.sets < 0) corrupt("num_cat is " + std::to_string(tree.sets));
        if (tree.sets == 0) return;
        const auto& bounds = tree.set_bounds;
        if (bounds.size() != static_cast<std::uint64_t>(tree.sets) + 1 || bounds.front() != 0 ||
            bounds.back() != static_cast<std::int64_t>(tree.set_words.size()))
            corrupt("cat_boundaries do not cover cat_threshold");
        for (std::size_t i = 0; i + 1 < bounds.size(); ++i)
            if (bounds[i] > bounds[i + 1]) corrupt("cat_boundaries decrease");
    }

    // A set belongs to one node, so that a small text cannot become a large artifact.
    void append_set(const LightTreeText& tree, double threshold, std::uint32_t node) {
        if (!(threshold >= 0 && threshold < static_cast<double>(tree.sets)))
            corrupt("a node tests category set " + std::to_string(threshold) + " of " + std::to_string(tree.sets));
        const auto set = static_cast<std::size_t>(threshold);
        const auto begin = static_cast<std::size_t>(tree.set_bounds[set]);
        const auto end = static_cast<std::size_t>(tree.set_bounds[set + 1]);
        const std::vector<std::int64_t> words(tree.set_words.begin() + static_cast<std::ptrdiff_t>(begin),
                                              tree.set_words.begin() + static_cast<std::ptrdiff_t>(end));
        if (words.size() > free_words_) corrupt("the category sets of a tree are used more than once");
        free_words_ -= words.size();
        category_node_.push_back(node);
        category_words_.push_back(static_cast<std::uint32_t>(words.size()));
        append(category_set_, words, "cat_threshold");
    }

    std::vector<std::uint32_t> tree_leaves_, feature_, node_count_, leaf_count_;
    std::vector<double> threshold_, leaf_value_, constant_, term_weight_;
    std::vector<std::uint8_t> decision_, linear_;
    std::vector<std::int32_t> left_, right_;
    std::vector<std::uint32_t> category_node_, category_words_, category_set_, terms_, term_feature_;
    std::size_t free_words_ = 0;  // of the tree's sets, not yet taken by a node
    bool any_linear_ = false;
};

// A list of lists of labels; null for anything else, "null" included.
nlohmann::json labels_of(const std::string& text) {
    auto labels = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!labels.is_array()) return nullptr;
    for (const auto& column : labels) {
        if (!column.is_array()) return nullptr;
        for (const auto& label : column)
            if (!label.is_primitive()) return nullptr;
    }
    return labels;
}

}  // namespace

Artifact artifact_from_lightgbm(std::string_view text, const std::vector<std::string>& features,
                                const nlohmann::json& params, const nlohmann::json& training) {
    const LightModelText model = read_lightgbm_file(text);
    if (model.version != "v3" && model.version != "v4")
        corrupt("format version \"" + model.version.substr(0, 40) + "\", expected v3 or v4");
    Artifact artifact;
    artifact.kind = LightForest::kind;
    artifact.objective = model.objective;
    if (!lightgbm_objective(model.objective))
        throw Error(ErrorKind::invalid_argument,
                    "LightGBM model: objective \"" + model.objective.substr(0, 60) + "\" is not known",
                    "docs/reference/models.md lists the objectives");
    if (model.highest_feature > static_cast<std::int64_t>(max_features))
        throw Error(ErrorKind::too_large, "LightGBM model: more than " + std::to_string(max_features) + " features");
    if (static_cast<std::int64_t>(model.names.size()) != model.highest_feature + 1)
        corrupt(std::to_string(model.names.size()) + " feature names, max_feature_idx is " +
                std::to_string(model.highest_feature));
    put_signature(artifact, model.highest_feature + 1, model.names, features, "LightGBM");
    put_outputs(artifact, model.outputs, "LightGBM");

    Tensors tensors;
    for (std::size_t i = 0; i < model.trees.size(); ++i) naming_tree(i, [&] { tensors.append_tree(model.trees[i]); });
    tensors.put_into(artifact);
    if (model.average) artifact.put("average", std::span<const std::uint8_t>(std::vector<std::uint8_t>{1}));

    artifact.params = params;
    artifact.training = training;
    artifact.training["lightgbm_version"] = model.version;
    if (auto labels = labels_of(model.pandas_categories); labels.is_array())
        artifact.training["pandas_categorical"] = std::move(labels);
    make_evaluator(artifact);  // what we hand out is what predict accepts
    return artifact;
}

}  // namespace bourse::models
