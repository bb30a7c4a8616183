// WMA and EMA, Qlib's. (The indicators' own moving averages have other names in expressions: see indicators.cpp.)
#include <cmath>

#include "factors/operators/families.hpp"
#include "factors/operators/rolling.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

// Sums of values and of value × position, and of the positions themselves, counted from the origin.
struct WeightedState {
    double n = 0, sum = 0, weighted = 0, positions = 0;
};
WeightedState merge(const WeightedState& a, const WeightedState& b) {
    return {a.n + b.n, a.sum + b.sum, a.weighted + b.weighted, a.positions + b.positions};
}

// Weights 1 .. n, newest n, over the rows of the (maybe shorter) window.
void wma(const Frame& frame) {
    const Column x = frame.inputs[0];
    slide<WeightedState>(
        frame, static_cast<std::size_t>(frame.params[0]),
        [x](WeightedState& s, std::size_t row, std::size_t origin) {
            if (!present(x[row])) return;
            const double at = position(row, origin);
            s.n += 1;
            s.sum += x[row];
            s.weighted += at * x[row];
            s.positions += at;
        },
        [&](std::size_t i, std::size_t start, std::size_t origin, const WeightedState& s) {
            if (s.n == 0) {
                frame.out[i] = nan_value;
                return;
            }
            const double first = position(origin, start) + 1;  // weight of the origin
            const double sum = s.weighted + first * s.sum;
            if (frame.rules.strict_qlib) {  // the mean, not the sum, of weight × value (Qlib issue 1993)
                const double rows = static_cast<double>(i - start + 1);
                frame.out[i] = sum / (rows * (rows + 1) / 2) / s.n;
            } else {
                frame.out[i] = sum / (s.positions + first * s.n);
            }
        });
}

// N = 0, in Qlib only: over all n rows so far, alpha 2/(1+n), weights normalised over missing rows too.
void expanding_ema(const Frame& frame) {
    const Column x = frame.inputs[0];
    for (std::size_t i = 0; i < frame.rows; ++i) {
        const double decay = 1 - 2 / (2 + static_cast<double>(i));
        double sum = 0, weights = 0, weight = 1;
        for (std::size_t age = 0; age <= i; ++age) {
            if (present(x[i - age])) sum += weight * x[i - age];
            weights += weight;
            weight *= decay;
        }
        frame.out[i] = sum / weights;
        frame.work.done(i);
    }
}

void ema(const Frame& frame) {
    const double n = frame.params[0];
    if (n == 0)
        expanding_ema(frame);
    else
        exponential_mean(frame, ema_alpha(n));
}

// The whole history: Qlib's own reach of N-1 rows makes the value depend on where the query starts.
Reach ema_reach(std::span<const double> params, const Rules& rules) {
    if (!rules.strict_qlib) return {unbounded, 0};
    return is_fraction(params[0]) || params[0] == 0 ? window_reach(params, rules) : rows_back(params[0] - 1);
}

std::string refuse_ema(std::span<const double> params, const Rules& rules) {
    if (params[0] == 0 && !rules.strict_qlib) return "N must be a span of at least 1 row, or an alpha between 0 and 1";
    return {};
}

}  // namespace

std::vector<Operator> weighted_operators() {
    Operator w;
    w.name = "WMA";
    w.inputs = {"x"};
    w.params = {window_parameter()};
    w.summary = "mean of the last N rows with weights 1 .. N, the newest the heaviest";
    w.missing =
        "missing values are skipped with their weight (strict_qlib: Qlib's value, which is divided by the count once "
        "more)";
    w.refuse = refuse_window(1, false, false);
    w.reach = window_reach;
    w.evaluate = wma;
    w.resumes = true;
    Operator e = w;
    e.name = "EMA";
    e.summary =
        "exponential mean over the whole history: span N >= 1 (alpha = 2/(N+1)) or alpha = N for 0 < N < 1; adjusted "
        "weights, "
        "as pandas ewm(adjust=True)";
    e.missing = "a missing row keeps the value and decays the weights; missing before the first value";
    e.refuse = refuse_ema;
    e.reach = ema_reach;
    e.evaluate = ema;
    e.lane_form = LaneForm::ema;
    return {w, e};
}

}  // namespace bourse::factors
