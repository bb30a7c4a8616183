// Runs a plan over a panel, one series at a time; double inside.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/interrupt.hpp"
#include "core/unset.hpp"
#include "factors/panel.hpp"
#include "factors/plan.hpp"
#include "factors/resumption.hpp"

namespace bourse::factors {

// Where a run begins, and what it keeps for later ones.
struct Carry {
    const Resumption* resumption = nullptr;  // of the plan, and possible
    const Checkpoint* from = nullptr;        // the series begins with its base; null: with its first row
    // What a run fills in: rows before the bases of the checkpoints that it keeps, ascending, and these.
    std::vector<std::uint64_t> keep = {};
    std::vector<Checkpoint> kept = {};
};

// Keeps its buffers from one series to the next: peak memory is the graph's width times one series.
class Evaluator {
public:
    // Errors: bad_expression when the panel lacks a field of the plan.
    Evaluator(const Plan& plan, const Panel& panel);

    // Rows [first, last) of a series of the panel: out[c * (last - first) + r] is expression c at row first + r; every
    // missing value is the same NaN.
    // The rows that windows reach beside the range are read where the series has them.
    // `carry`: of a plan that reads everything before; `first` must be right then (Resumption::rows).
    // `given`, without a carry: by node, its column over all rows of the series, where it is known already
    // (SideBySide); null elsewhere.
    void run(const Series& series, std::size_t first, std::size_t last, std::vector<double>& out,
             const CheckInterrupts& interrupts, Carry* carry = nullptr, std::span<const double* const> given = {});

    // Called after each node of a run.
    void watch(std::function<void(std::size_t node)> after_node) { after_node_ = std::move(after_node); }

private:
    double* buffer(std::size_t node, std::size_t rows);
    void remember(const Frame& frame, std::size_t node, Carry& carry) const;

    const Plan& plan_;
    std::vector<int> field_of_;  // plan field -> panel field
    std::vector<int> last_use_;  // node -> the last node that reads it
    std::vector<std::vector<double>> free_, used_;
    std::function<void(std::size_t)> after_node_;
};

// Takes the asked rows of a series (its place in Panel::series) as they are stored: float32, row after row.
using TakeRows = std::function<void(std::size_t series, std::span<const float> rows)>;
// All asked rows of all series, each series once, in no order of series. Computed side by side where it pays
// (lanes/lane_evaluator.hpp), with the bits of Evaluator. Peak memory: the rows of sixteen series.
void evaluate(const Plan& plan, const Panel& panel, const TakeRows& take, const CheckInterrupts& interrupts = {});

// The same as one matrix.
struct FeatureMatrix {
    struct Row {
        std::uint32_t series;
        std::uint32_t row;
    };
    std::size_t columns = 0;
    std::vector<Row> rows;      // series after series, oldest first
    UnsetVector<float> values;  // [row * columns + column]
};
FeatureMatrix evaluate(const Plan& plan, const Panel& panel, const CheckInterrupts& interrupts = {});
// Into the memory of an earlier one.
void evaluate(const Plan& plan, const Panel& panel, FeatureMatrix& matrix, const CheckInterrupts& interrupts);

}  // namespace bourse::factors
