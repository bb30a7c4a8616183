// How well predictions order outcomes: IC, RankIC, ICIR.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/interrupt.hpp"

namespace bourse::stats {

// Fewer names than this on one day give no IC.
inline constexpr std::size_t min_names_per_day = 5;

// Ranks 1..n in the order of `values`; equal values share the mean of their ranks. Values must not be NaN.
std::vector<double> midranks(std::span<const double> values, const CheckInterrupts& interrupts = {});

// Pearson's correlation of finite pairs. Empty for fewer than 2 pairs or when either side is constant.
// Error invalid_argument when the lengths differ.
std::optional<double> pearson(std::span<const double> x, std::span<const double> y);

// Spearman's correlation: Pearson of the midranks. As pearson otherwise.
std::optional<double> spearman(std::span<const double> x, std::span<const double> y,
                               const CheckInterrupts& interrupts = {});

struct DailyIc {
    std::int64_t day;
    double ic;
    double rank_ic;
    std::size_t names;  // pairs that were finite on both sides
};

// IC (Pearson) and RankIC (Spearman) of one day after the other.
// Input   day[i] (any number that is the same for rows of one cross-section), prediction[i], outcome[i]; rows in any
// order;
//         a row whose prediction or outcome is NaN or infinite is left out.
// Output  ascending days; a day with fewer than min_names_per_day pairs or a constant side is left out.
// Errors  invalid_argument when the lengths differ.   Source  Qlib, qlib/contrib/eva/alpha.py, calc_ic.
std::vector<DailyIc> daily_ic(std::span<const std::int64_t> day, std::span<const double> prediction,
                              std::span<const double> outcome, const CheckInterrupts& interrupts = {});

// Mean, standard deviation (ddof 1) and their ratio of a series such as the daily IC.
struct SeriesSummary {
    std::size_t n = 0;
    std::optional<double> mean;       // empty for n = 0
    std::optional<double> deviation;  // empty for n < 2
    std::optional<double> ratio;      // mean / deviation; empty for n < 2 or a constant series
};
SeriesSummary summarize(std::span<const double> series);

struct RankingSummary {
    SeriesSummary ic;       // ic.mean is the IC, ic.ratio the ICIR
    SeriesSummary rank_ic;  // rank_ic.mean is the RankIC, rank_ic.ratio the RankICIR
};
RankingSummary summarize(std::span<const DailyIc> days);

}  // namespace bourse::stats
