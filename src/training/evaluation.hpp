// How good predictions are, in the numbers that runs keep.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/interrupt.hpp"
#include "datasets/matrix.hpp"

namespace bourse::training {

struct Metric {
    std::string_view name;  // of static storage
    double value;           // finite
};

// ic, icir, rank_ic, rank_icir: predictions against outcomes within each timestamp (stats/ranking.hpp), with ic_days,
// the timestamps that counted. rmse, mae: predictions against what was learned (view.labels). hit_ratio: share of
// rows on the same side of `middle` as the label, over rows whose label is not `middle`; 0.5 of labels 0/1, else 0.
// A number that is not defined (too few names, a constant side) is left out.
// predictions, outcomes: one a row of the view.   Source  Qlib, qlib/contrib/eva/alpha.py.
std::vector<Metric> evaluate(const datasets::MatrixView& view, std::span<const double> outcomes,
                             std::span<const float> predictions, double middle, const CheckInterrupts& interrupts = {});

}  // namespace bourse::training
