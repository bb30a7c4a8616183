// Rules that the rolling operators share.
#pragma once

#include <cmath>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "factors/operators/memory.hpp"
#include "factors/operators/operator.hpp"

namespace bourse::factors {

inline constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

// pandas counts infinities as missing inside windows, and so do we.
inline bool present(double value) noexcept { return std::isfinite(value); }

inline bool is_fraction(double n) noexcept { return n > 0 && n < 1; }

inline Parameter window_parameter(double lowest = 0) { return {"N", nan_value, lowest, largest_window, false}; }

inline Reach rows_back(double n) { return {n > 0 ? static_cast<int>(n) : 0, 0}; }

// Window of N rows; 0 reads everything (strict: Qlib reads what the query loaded); 0 < N < 1 is an exponential mean.
inline Reach window_reach(std::span<const double> params, const Rules& rules) {
    const double n = params[0];
    if (is_fraction(n))
        return {rules.strict_qlib ? static_cast<int>(std::log(1e-6) / std::log1p(-n)) - 1 : unbounded, 0};
    if (n == 0) return {rules.strict_qlib ? 0 : unbounded, 0};
    return rows_back(n - 1);
}

// For operators with a window of N >= `smallest` rows or 0 for all rows so far; `fractions`: 0 < N < 1 allowed.
inline auto refuse_window(double smallest, bool always_fractions, bool strict_fractions) {
    return [=](std::span<const double> params, const Rules& rules) -> std::string {
        const double n = params[0];
        if (is_fraction(n) && (always_fractions || (strict_fractions && rules.strict_qlib))) return {};
        if (n != std::floor(n)) return "N must be a whole number of rows";
        if (n != 0 && n < smallest)
            return "N must be at least " + std::to_string(static_cast<int>(smallest)) + ", or 0 for all rows so far";
        return {};
    };
}

// By name, of a family's operators.
inline void give_lane_forms(std::vector<Operator>& family,
                            std::initializer_list<std::pair<std::string_view, LaneForm>> forms) {
    for (Operator& op : family)
        for (const auto& [name, form] : forms)
            if (op.name == name) op.lane_form = form;
}

// Operator over a window of N rows of one series. `refuse`: as refuse_window makes it. `resumes`: evaluates through
// slide() or exponential_mean(), which keep what they have seen.
inline Operator window_operator(std::string name, std::string summary, std::string missing,
                                std::function<std::string(std::span<const double>, const Rules&)> refuse,
                                std::function<void(const Frame&)> evaluate, bool resumes = true) {
    Operator op;
    op.name = std::move(name);
    op.inputs = {"x"};
    op.params = {window_parameter()};
    op.summary = std::move(summary);
    op.missing = std::move(missing);
    op.refuse = std::move(refuse);
    op.reach = window_reach;
    op.resumes = resumes;
    op.evaluate = std::move(evaluate);
    return op;
}

// EMA's parameter: a span of rows, or alpha itself.
constexpr double ema_alpha(double n) noexcept { return n < 1 ? n : 2 / (n + 1); }

// Exponentially weighted mean with weights (1-alpha)^age normalised over the values present; a missing row decays the
// weights and carries the value on. As pandas ewm(adjust=True, ignore_na=False).
inline void exponential_mean(const Frame& frame, double alpha) {
    const Column x = frame.inputs[0];
    struct State {
        double mean = nan_value, weight = 1;
    } state;
    auto& [mean, weight] = state;
    Remembered remembered(frame, state);
    for (std::size_t i = 0; i < frame.rows; ++i) {
        remembered.before(i);
        const bool here = present(x[i]);
        if (!std::isnan(mean)) {
            weight *= 1 - alpha;
            if (here) {
                if (mean != x[i]) mean = (weight * mean + x[i]) / (weight + 1);
                weight += 1;
            }
        } else if (here) {
            mean = x[i];
        }
        frame.out[i] = mean;
    }
    remembered.finish();
    frame.work.done(frame.rows * 4);
}

}  // namespace bourse::factors
