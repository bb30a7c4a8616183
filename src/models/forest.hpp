// Tree ensembles as XGBoost evaluates them (gbtree, dart), any depth.
//
// Tensors (n nodes, t trees, s categorical nodes; node numbers are those of XGBoost's file, per tree from 0)
//   tree_nodes   uint32[t]    nodes of each tree; its nodes follow those of the tree before
//   tree_output  uint32[t]    which margin the tree adds to
//   tree_weight  float32[t]   dart only: factor of its leaves
//   base_margin  float32[outputs]
//   node_left, node_right  int32[n]   children, -1 in both = leaf; unreachable nodes are leaves
//   node_feature uint32[n]    feature of the test; 0 at leaves
//   node_value   float32[n]   threshold, or the leaf's value
//   node_flags   uint8[n]     1: a missing value goes left, 2: categorical
//   node_cover   float32[n]   sum of hessians in training, for explanations
//   category_node uint32[s]   categorical nodes by their number over all trees, ascending
//   category_count uint32[s]  sizes of their sets
//   category     uint32[Σ]    the sets one after the other, each ascending
//
// Margin  base_margin, then + leaf (× weight) tree by tree in file order, float32 after each step.
// Test    missing -> the default side; numeric: left iff x < threshold; categorical: x below 0 or >= 2^24 -> left, else
//         the integer part in the set -> right, not in it -> left.
// Source  XGBoost 1.7, src/predictor/cpu_predictor.cc, include/xgboost/tree_model.h, src/common/categorical.h.
#pragma once

#include "models/bit_sums.hpp"
#include "models/evaluator.hpp"
#include "models/walk_abreast.hpp"

namespace bourse::models {

class Forest final : public Evaluator {
public:
    static constexpr std::string_view kind = "xgboost-forest";
    static constexpr std::uint8_t default_left = 1;
    static constexpr std::uint8_t categorical = 2;

    explicit Forest(const Artifact& artifact, const CheckInterrupts& interrupts = {});

    std::size_t trees() const noexcept { return roots_.size(); }
    static constexpr bool linear() noexcept { return false; }

    // As margins(), from the base margin with trees first <= tree < end alone, in file order. A round of XGBoost's
    // iteration_range is num_parallel_tree × outputs trees.
    void margins_of_trees(std::span<const float> rows, std::size_t count, std::size_t first, std::size_t end,
                          std::span<float> margins) const;

    // The leaf that a row ends in, by the number it has in its tree's file.
    std::uint32_t leaf_number(std::size_t tree, std::span<const float> row) const;

    // The trees as they are walked: nodes are numbered over all trees, only those that a root reaches.
    std::size_t nodes() const noexcept { return nodes_.size(); }
    std::uint32_t root(std::size_t tree) const { return roots_[tree]; }
    std::uint32_t output(std::size_t tree) const { return outputs_of_[tree]; }
    std::uint32_t left_child(std::uint32_t node) const { return nodes_[node].child; }  // 0 at a leaf; right is the next
    std::uint32_t feature(std::uint32_t node) const { return nodes_[node].feature; }
    float threshold(std::uint32_t node) const { return nodes_[node].value; }
    // Nothing at a categorical node, or where no value goes left.
    std::optional<BitTest<float>> bit_test(std::uint32_t node) const;
    // The trees as masks evaluate them, made when first asked for; null: this forest is walked.
    const BitTrees<float>* bit_trees(const CheckInterrupts& interrupts) const {
        return by_masks_.trees(*this, interrupts);
    }
    std::uint32_t number(std::uint32_t node) const { return numbers_[node]; }  // in its tree's file
    bool goes_left(std::uint32_t node, double x) const noexcept {
        return !goes_right(nodes_[node], static_cast<float>(x));
    }
    // What a leaf adds: with its tree's weight.
    float leaf_value(std::size_t tree, std::uint32_t leaf) const {
        return weights_.empty() ? nodes_[leaf].value : nodes_[leaf].value * weights_[tree];
    }

private:
    // Reachable nodes only, siblings side by side: the right child stands behind the left one.
    struct Node {
        float value;            // threshold, leaf value, or nothing at a categorical node
        std::uint32_t feature;  // of the test
        std::uint32_t child;    // left child; 0 = leaf
        std::uint32_t set;      // highest bit: missing goes left; the rest: 0 or, at a categorical node, its set + 1
    };
    struct Layout;  // reads and checks the tensors

    void append_tree(const Layout& in, std::uint32_t first, std::uint32_t count, const CheckInterrupts& interrupts);

    bool goes_right(const Node& node, float x) const noexcept;
    std::uint32_t leaf(std::uint32_t root, const float* row) const noexcept;
    void leaves_abreast(std::size_t tree, const float* rows, std::uint32_t* at) const noexcept;
    void add(std::size_t tree, std::uint32_t leaf, float& margin) const noexcept;
    std::size_t rows_per_block() const noexcept override {
        return ByMasks<float>::fits(*this) ? bit_rows_a_call : Evaluator::rows_per_block();
    }
    void block(const float* rows, std::size_t count, float* margins, const CheckInterrupts& interrupts) const override {
        add_trees(rows, count, 0, roots_.size(), margins, interrupts);
    }
    void add_trees(const float* rows, std::size_t count, std::size_t first, std::size_t end, float* margins,
                   const CheckInterrupts& interrupts) const;
    void walk_row(const float* row, std::size_t first, std::size_t end, float* margins) const;
    void walk_trees(const float* rows, std::size_t count, std::size_t first, std::size_t end, float* margins) const;

    ByMasks<float> by_masks_;
    Lazy<AbreastTrees> abreast_;  // for single rows, and trees of more levels
    std::vector<Node> nodes_;
    std::vector<std::uint32_t> numbers_;  // of nodes_ in their tree's file
    std::vector<std::uint32_t> roots_;
    std::vector<std::uint32_t> depths_;  // of trees that several rows walk abreast; 0: one row at a time
    std::vector<std::uint32_t> outputs_of_;
    std::vector<float> weights_;  // empty: all 1, not multiplied
    std::vector<float> base_margin_;
    std::vector<std::uint32_t> set_begin_;
    std::vector<std::uint32_t> categories_;
};

}  // namespace bourse::models
