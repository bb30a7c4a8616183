// Tree ensembles as LightGBM evaluates them, linear trees included, any depth.
//
// Tensors (t trees, n inner nodes, m leaves, s category sets, each numbered tree after tree; node and leaf numbers are
// those of LightGBM's file, per tree from 0; a tree of l leaves has l - 1 inner nodes)
//   tree_leaves  uint32[t]      leaves of each tree, at least 1
//   node_feature uint32[n]      feature of the test
//   node_threshold float64[n]   threshold; 0 at categorical nodes
//   node_decision uint8[n]      1: categorical, 2: missing goes left, >> 2: missing is 0 nothing, 1 zero, 2 NaN
//   node_left, node_right int32[n]   inner node, or ~leaf
//   node_count, leaf_count uint32    rows in training, for explanations; 0 where the file has none
//   leaf_value   float64[m]
//   category_node uint32[s]     categorical nodes by their number over all trees, ascending
//   category_words uint32[s]    sizes of their sets in words
//   category_set uint32[Σ]      the sets one after the other: category c is bit c % 32 of word c / 32
// and where a tree is linear
//   tree_linear  uint8[t]       1: its leaves are linear
//   leaf_constant float64[m], leaf_terms uint32[m], term_feature uint32[Σ terms], term_weight float64[Σ terms]
// and for random forests
//   average      uint8[1]       1: predictions (not margins) are divided by the number of rounds
// The objective is LightGBM's header line ("binary sigmoid:1"); "" for an objective of the user's own.
//
// Margin  0, then + leaf tree by tree in file order, float64; tree i adds to output i mod outputs. Values within
//         ±1e-35f count as 0 everywhere.
// Test    numeric: NaN is 0 unless missing is NaN; missing -> the default side; left iff x <= threshold.
//         categorical: NaN, below 0 and above int32 -> right; else the integer part in the set -> left, otherwise
//         right.
// Leaf    its value; of a linear tree constant + Σ weight × x in the order of its terms, its value when an x is NaN.
// Source  LightGBM 4.7, include/LightGBM/tree.h, src/boosting/gbdt_prediction.cpp.
#pragma once

#include "models/bit_sums.hpp"
#include "models/evaluator.hpp"

namespace bourse::models {

class LightForest final : public Evaluator {
public:
    static constexpr std::string_view kind = "lightgbm-forest";
    static constexpr std::uint8_t categorical = 1;
    static constexpr std::uint8_t default_left = 2;
    enum class Missing : std::uint8_t { none = 0, zero = 1, nan = 2 };

    explicit LightForest(const Artifact& artifact, const CheckInterrupts& interrupts = {});

    bool wide() const noexcept override { return true; }
    std::size_t trees() const noexcept { return roots_.size(); }

    // As margins(), with trees first <= tree < end alone. A round is as many trees as there are outputs.
    void margins_of_trees(std::span<const double> rows, std::size_t count, std::size_t first, std::size_t end,
                          std::span<double> margins) const;

    // The leaf that a row ends in, by the number it has in its tree's file.
    std::uint32_t leaf_number(std::size_t tree, std::span<const double> row) const;

    // The trees as they are walked: nodes are numbered over all trees.
    std::size_t nodes() const noexcept { return nodes_.size(); }
    std::uint32_t root(std::size_t tree) const { return roots_[tree]; }
    std::uint32_t output(std::size_t tree) const { return static_cast<std::uint32_t>(tree % outputs()); }
    std::uint32_t left_child(std::uint32_t node) const { return nodes_[node].child; }  // 0 at a leaf; right is the next
    std::uint32_t feature(std::uint32_t node) const { return nodes_[node].feature; }   // at a leaf its number
    bool goes_left(std::uint32_t node, double x) const noexcept;
    double leaf_value(std::size_t, std::uint32_t leaf) const { return nodes_[leaf].value; }
    // Nothing at a categorical node.
    std::optional<BitTest<double>> bit_test(std::uint32_t node) const;
    // The trees as masks evaluate them, made when first asked for; null: this forest is walked.
    const BitTrees<double>* bit_trees(const CheckInterrupts& interrupts) const {
        return by_masks_.trees(*this, interrupts);
    }
    bool linear() const noexcept { return !linear_.empty(); }

private:
    // Siblings side by side: the right child stands behind the left one.
    struct Node {
        double value;           // threshold, or the leaf's value
        std::uint32_t feature;  // of the test; at a leaf its number over all trees
        std::uint32_t child;    // left child; 0 = leaf
        std::uint32_t set;      // number of a categorical node's set; at a leaf 1: linear
        std::uint8_t decision;  // as node_decision
    };
    struct Layout;  // reads and checks the tensors

    void append_tree(const Layout& in, std::size_t tree, const CheckInterrupts& interrupts);
    void read_linear(const Artifact& artifact, std::size_t leaves);
    bool test(const Node& node, double x) const noexcept;
    const Node& leaf(std::size_t tree, const double* row) const noexcept;
    double value(const Node& leaf, const double* row) const noexcept;
    std::size_t rows_per_block() const noexcept override {
        return ByMasks<double>::fits(*this) ? bit_rows_a_call : Evaluator::rows_per_block();
    }
    // Rows of float or double.
    template <class Row>
    void add_trees(const Row* rows, std::size_t count, std::size_t first, std::size_t end, double* margins,
                   const CheckInterrupts& interrupts) const;
    template <class Row>
    std::uint32_t walk_on(std::uint32_t node, const Row* row) const noexcept;
    template <class Row>
    void walk_trees(const Row* rows, std::size_t count, std::size_t first, std::size_t end, double* margins) const;
    void block(const float* rows, std::size_t count, float* margins, const CheckInterrupts& interrupts) const override;
    void wide_block(const double* rows, std::size_t count, double* margins,
                    const CheckInterrupts& interrupts) const override {
        add_trees(rows, count, 0, roots_.size(), margins, interrupts);
    }
    void widening_block(const float* rows, std::size_t count, double* margins,
                        const CheckInterrupts& interrupts) const override {
        add_trees(rows, count, 0, roots_.size(), margins, interrupts);
    }

    ByMasks<double> by_masks_;

    std::vector<Node> nodes_;
    std::vector<std::uint32_t> roots_;
    std::vector<std::uint32_t> first_leaf_;  // of each tree, over all trees
    std::vector<std::uint32_t> set_begin_, sets_;
    std::vector<std::uint8_t> linear_;  // of each tree; empty: none is
    std::vector<double> constant_, weight_;
    std::vector<std::uint32_t> term_begin_, term_feature_;
};

}  // namespace bourse::models
