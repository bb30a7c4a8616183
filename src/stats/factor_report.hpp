// How well factors order the returns that follow, day by day.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/interrupt.hpp"
#include "stats/factor_choice.hpp"
#include "stats/inference.hpp"
#include "stats/ranking.hpp"

namespace bourse::stats {

struct FactorOptions {
    std::size_t factors = 0;
    std::vector<int> horizons = {1};  // bars of the returns; the first one is what everything but decay is about
    std::size_t quantiles = 5;        // at least 2
    double joined = 0.7;              // mean |rank correlation| above which factors are one cluster
    double cap = 0.7;                 // |rank correlation| that chosen factors may have
    std::size_t choose = 20;
};

// Factors and returns of one day's names. Missing: NaN or infinite.
struct FactorDay {
    std::span<const std::int32_t> names;               // ascending
    std::span<const float> values;                     // [name * factors + factor]
    std::span<const std::span<const double>> returns;  // of each horizon, by name
};

struct FactorResult {
    double coverage = 0;                   // share of values that are finite
    SeriesSummary ic, rank_ic;             // over days, of the first horizon
    MeanError rank_ic_error;               // Newey-West; lags at least the horizon less one, whose returns overlap
    double adjusted_p = 0;                 // Benjamini-Hochberg over the factors
    std::vector<double> decay;             // mean RankIC of each horizon
    double autocorrelation = 0;            // mean Pearson correlation of a day's values with the day's before
    double turnover = 0;                   // share of the top quantile that was not in it the day before, mean
    std::vector<double> quantile_returns;  // mean over days of each quantile's mean return, lowest values first
    MeanError spread;                      // top less bottom quantile, Newey-West as above
    double monotonicity = 0;               // Spearman correlation of quantile and mean return
    std::size_t cluster = 0;
    std::size_t nearest = no_place;  // the factor with the greatest |rank correlation|
    double nearest_correlation = 0;
    std::size_t chosen = no_place;   // place in the choice by |RankICIR| under the cap
    std::size_t forward = no_place;  // place in the forward selection
};

// Days in order of time. Quantiles are Qlib's: int(n/quantiles) names at either end, of equal values the first rows;
// the rest is split evenly. A day counts for a factor with at least min_names_per_day finite pairs, neither side
// constant. Memory: factors × days × (horizons + 5) numbers, and factors² for correlations.
class FactorReport {
public:
    explicit FactorReport(FactorOptions options);
    void add(const FactorDay& day, const CheckInterrupts& interrupts = {});
    // One for each factor; NaN where nothing can be said.
    std::vector<FactorResult> finish();
    std::size_t days() const noexcept { return days_; }
    // Mean rank correlations of the factors, so far.
    Correlations correlations() const;

private:
    struct Factor {
        std::size_t values = 0, present = 0;
        std::vector<double> ic, spread, autocorrelation, turnover;
        std::vector<std::vector<double>> rank_ic;  // by horizon
        std::vector<double> quantile_sums;
        std::size_t quantile_days = 0;
        std::vector<std::int32_t> top;  // of the day before, ascending
        std::vector<float> before;      // its values of the day before, by name of names_
    };
    struct Pairs;
    void measure(Factor& factor, std::size_t at, const FactorDay& day, const CheckInterrupts& interrupts);
    void quantiles(Factor& factor, const Pairs& pairs);
    void compare_with_before(Factor& factor, std::size_t at, const FactorDay& day);
    void correlate(const FactorDay& day);

    FactorOptions options_;
    std::vector<Factor> factors_;
    std::vector<std::int32_t> names_;                // of the day before
    std::vector<std::vector<double>> return_ranks_;  // of this day, where all are finite
    std::vector<double> sums_;                       // [a * factors + b] of rank correlations, a < b
    std::vector<std::uint32_t> counts_;
    std::size_t days_ = 0, until_correlation_ = 0;
};

}  // namespace bourse::stats
