// Rolling order statistics: Med, Quantile, Rank by a sorted window, O(log n) to find; Mad, which reads its window.
#include <algorithm>
#include <cmath>
#include <vector>

#include "factors/operators/families.hpp"
#include "factors/operators/sorted_window.hpp"
#include "factors/operators/rolling.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

// Calls emit(row, window sorted so far) for every row.
template <class Emit>
void sorted_rows(const Frame& frame, Emit emit) {
    const auto window = static_cast<std::size_t>(frame.params[0]);
    const Column x = frame.inputs[0];
    SortedWindow sorted(x, frame.rows, window == 0 ? frame.rows : std::min(window, frame.rows), frame.work);
    for (std::size_t i = 0; i < frame.rows; ++i) {
        if (window != 0 && i >= window && present(x[i - window])) sorted.remove(i - window);
        if (present(x[i])) sorted.insert(i);
        emit(i, sorted);
        frame.work.done(16);
    }
}

// Linear interpolation at position q·(n-1), as numpy and pandas.
double quantile(const SortedWindow& sorted, double q) {
    if (sorted.size() == 0) return nan_value;
    const double at = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const double low = sorted.kth(below);
    if (static_cast<double>(below) == at) return low;
    return low + (sorted.kth(below + 1) - low) * (at - static_cast<double>(below));
}

void rolling_quantile(const Frame& frame) {
    sorted_rows(frame,
                [&](std::size_t i, const SortedWindow& sorted) { frame.out[i] = quantile(sorted, frame.params[1]); });
}

void rolling_median(const Frame& frame) {
    if (is_fraction(frame.params[0])) return exponential_mean(frame, frame.params[0]);
    sorted_rows(frame, [&](std::size_t i, const SortedWindow& sorted) { frame.out[i] = quantile(sorted, 0.5); });
}

void rolling_rank(const Frame& frame) {
    sorted_rows(frame, [&](std::size_t i, const SortedWindow& sorted) {
        const double newest = frame.inputs[0][i];
        if (!present(newest)) {
            frame.out[i] = nan_value;
            return;
        }
        const auto [less, equal] = sorted.less_and_equal(i);
        frame.out[i] =
            (static_cast<double>(less) + (static_cast<double>(equal) + 1) / 2) / static_cast<double>(sorted.size());
    });
}

// Mean absolute deviation from the window's mean. Reads the window for every row: O(N).
void rolling_mad(const Frame& frame) {
    const auto window = static_cast<std::size_t>(frame.params[0]);
    const Column x = frame.inputs[0];
    for (std::size_t i = 0; i < frame.rows; ++i) {
        const std::size_t start = window != 0 && i + 1 > window ? i + 1 - window : 0;
        double n = 0, mean = 0, deviation = 0;
        for (std::size_t r = start; r <= i; ++r)
            if (present(x[r])) n += 1, mean += (x[r] - mean) / n;
        for (std::size_t r = start; r <= i; ++r)
            if (present(x[r])) deviation += std::fabs(x[r] - mean);
        frame.out[i] = n > 0 ? deviation / n : nan_value;
        frame.work.done((i - start + 1) * 4);
    }
}

}  // namespace

std::vector<Operator> order_operators() {
    const auto whole = refuse_window(1, false, false), fractions = refuse_window(1, false, true);
    const std::string skip = "missing values are skipped; missing when the window has none left";
    const auto median = window_operator("Med", "median of the last N rows", skip, fractions, rolling_median, false);
    auto q = window_operator("Quantile", "quantile of the last N rows, linear interpolation", skip, whole,
                             rolling_quantile, false);
    q.params.push_back({"q", nan_value, 0, 1, false});
    const auto rank = window_operator(
        "Rank", "rank of the newest value among the last N rows, ties averaged, divided by their number: (0, 1]",
        "missing values are skipped; missing where the newest is", whole, rolling_rank, false);
    const auto mad = window_operator("Mad", "mean absolute deviation from the mean of the last N rows; O(N) a row",
                                     skip, whole, rolling_mad, false);
    std::vector<Operator> all{median, q, rank, mad};
    give_lane_forms(all, {{"Med", LaneForm::med}, {"Quantile", LaneForm::quantile}, {"Rank", LaneForm::rank}});
    return all;
}

}  // namespace bourse::factors
