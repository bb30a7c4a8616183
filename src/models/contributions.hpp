// Why a margin is what it is: exact SHAP values of a row, path-dependent for trees, weight × (x - mean) for linear
// models (XGBoost's gblinear knows no means: 0).
//
// Trees   the game's value of a set of features is the mean over the leaves that the row can reach when the other
//         features are unknown: at a test of an unknown feature both ways count by their share of the training data
//         (XGBoost: sum of hessians; LightGBM: rows). Where a node saw no training data both ways count half.
// Pairs   SHAP interaction values of the same game: off the diagonal half the pair's effect, rows sum to the SHAP
// values. Against a background, the value of a set of features is the mean margin over the background's rows with the
// set's
//         features from the row (interventional SHAP); of margins, not of probabilities.
// float64 throughout; XGBoost computes in float32 and differs by its own error, about 1e-6 of the largest value.
// Source  Lundberg, Erion, Lee (2018), Consistent Individualized Feature Attribution for Tree Ensembles, algorithm 2,
//         here leaf by leaf without recursion; interventional: Laberge, Pequignot (2022), Understanding Interventional
//         TreeSHAP, leaf by leaf likewise; XGBoost 1.7, src/predictor/cpu_treeshap.cc, src/gbm/gblinear.cc.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/bit_sums.hpp"
#include "models/evaluator.hpp"
#include "models/shap_tables.hpp"

namespace bourse::models {

class Forest;
class LightForest;
class LinearModel;

class Contributions {
public:
    // Errors: those of make_evaluator; corrupt_artifact for a cover that is negative or not finite; unavailable for
    // LightGBM's linear trees, which have no such values.
    explicit Contributions(const Artifact& artifact, const CheckInterrupts& interrupts = {});
    ~Contributions();

    const Evaluator& model() const noexcept { return *model_; }
    std::size_t size_bytes() const noexcept;  // memory held, about, the evaluator's included

    // One row. out: outputs × (features + 1); of each output the features' parts, then the bias (what a row of which
    // nothing is known gets). Their sum is the margin, up to rounding. NaN = missing. `interrupts` is called per
    // tree, and within deep ones.
    void of_row(std::span<const double> row, std::span<double> out, const CheckInterrupts& interrupts = {}) const;

    // `count` rows. rows: count × features; out: count × what of_row gives. Forests whose trees have at most six levels
    // of tests with thresholds are explained from tables in float32, hundreds of times as fast, within 1e-6 of the
    // largest part; they are made by the first call with 16 rows or more, unless they would take more than 128 MB.
    // `interrupts` is called every 32 trees.
    void of_rows(std::span<const double> rows, std::size_t count, std::span<double> out,
                 const CheckInterrupts& interrupts = {}) const;

    // Interaction values of one row for one output. out: (features + 1)², row-major, the bias last.
    void interactions_of_row(std::span<const double> row, std::size_t output, std::span<double> out,
                             const CheckInterrupts& interrupts = {}) const;

    // One row against a background of `count` rows, at least 1. out: as of_row; the bias is the background's mean
    // margin. `interrupts` is called per row of the background and tree, and within deep ones.
    void of_row_against(std::span<const double> row, std::span<const double> background, std::size_t count,
                        std::span<double> out, const CheckInterrupts& interrupts = {}) const;

private:
    using Node = ShapNode;
    struct Path;
    struct Choices;

    template <class Trees>
    void read_trees(const Trees& trees, const std::vector<double>& covers, const CheckInterrupts& interrupts);
    template <class Trees>
    void explain(const Trees& trees, std::size_t tree, std::span<const double> row, Path& path,
                 std::span<double> out) const;
    template <class Trees, class Leaf>
    void walk(const Trees& trees, std::size_t tree, std::span<const double> row, Path& path, Leaf&& leaf) const;
    template <class Trees>
    void explain_pairs(const Trees& trees, std::size_t tree, std::span<const double> row, Path& path,
                       std::span<double> out) const;
    template <class Trees>
    void compare(const Trees& trees, std::size_t tree, std::span<const double> row, std::span<const double> other,
                 Choices& choices, std::span<double> out) const;
    void start(std::span<double> out) const;  // parts before any tree: the bias alone
    // Adds a tree's parts of many rows, row by row.
    void explain_tree(std::size_t tree, std::span<const double> rows, std::span<double> out,
                      const CheckInterrupts& interrupts) const;
    template <class T, class Trees>
    void explain_rows(const Trees& forest, const BitTrees<T>& masks, const double* rows, std::size_t count, double* out,
                      const CheckInterrupts& interrupts) const;
    void read_linear(const LinearModel& model);
    void explain_linear(std::span<const double> row, std::span<double> out) const;

    std::unique_ptr<const Evaluator> model_;
    const Forest* forest_ = nullptr;      // one of these is the model,
    const LightForest* light_ = nullptr;  // or it is linear
    std::vector<Node> nodes_;             // numbered as in the forest
    std::vector<std::uint32_t> roots_;
    std::size_t table_bytes_ = 0;
    Lazy<ShapTables> tables_;
    std::vector<double> base_;     // margin to start from, of each output; of linear models with their bias
    std::vector<double> bias_;     // of each output
    std::vector<double> weights_;  // linear: features × outputs
    std::vector<double> means_;    // linear: values from which the parts count; missing ones have them
};

}  // namespace bourse::models
