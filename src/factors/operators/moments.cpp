// Rolling Mean, Sum, Std, Var, Skew, Kurt, Count.
// Moments are merged (Chan, Golub, LeVeque 1979; Pébay 2008), never taken as differences of power sums:
// a constant window has a variance of exactly 0.
#include <cmath>

#include "factors/operators/families.hpp"
#include "factors/operators/moments_state.hpp"
#include "factors/operators/rolling.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

struct CountState {
    double n = 0;
    void add(double) { n += 1; }
};
CountState merge(const CountState& a, const CountState& b) { return {a.n + b.n}; }

// Third and fourth central moments, Pébay (2008), equations 2.1 and 3.1.
struct FourMoments {
    double n = 0, mean = 0, m2 = 0, m3 = 0, m4 = 0;
    bool varied = false;  // two different values were seen: m2 may underflow, this does not
    void add(double x);
};
FourMoments merge(const FourMoments& a, const FourMoments& b) {
    if (a.n == 0) return b;
    if (b.n == 0) return a;
    const double n = a.n + b.n, d = b.mean - a.mean, dn = d / n, ab = a.n * b.n;
    FourMoments m;
    m.n = n;
    m.mean = a.mean + dn * b.n;
    m.m2 = a.m2 + b.m2 + d * dn * ab;
    m.m3 = a.m3 + b.m3 + d * dn * dn * ab * (a.n - b.n) + 3 * dn * (a.n * b.m2 - b.n * a.m2);
    m.m4 = a.m4 + b.m4 + d * dn * dn * dn * ab * (a.n * a.n - ab + b.n * b.n) +
           6 * dn * dn * (a.n * a.n * b.m2 + b.n * b.n * a.m2) + 4 * dn * (a.n * b.m3 - b.n * a.m3);
    m.varied = a.varied || b.varied || d != 0;
    return m;
}
void FourMoments::add(double x) {
    FourMoments one;
    one.n = 1, one.mean = x;
    *this = merge(*this, one);
}

template <class State, class Value>
auto rolling(Value value) {
    return [value](const Frame& frame) {
        const double n = frame.params[0];
        if (is_fraction(n)) return exponential_mean(frame, n);
        const Column x = frame.inputs[0];
        slide<State>(
            frame, static_cast<std::size_t>(n),
            [x](State& state, std::size_t row, std::size_t) {
                if (present(x[row])) state.add(x[row]);
            },
            [&](std::size_t i, std::size_t, std::size_t, const State& state) {
                frame.out[i] = value(state, frame.rules);
            });
    };
}

double variance(const TwoMoments& m, const Rules&) { return m.n < 2 ? nan_value : m.m2 / (m.n - 1); }

// Qlib (pandas 1 and 2) answers a constant window with 0 and one of tiny absolute variance with missing.
double skew(const FourMoments& m, const Rules& rules) {
    if (m.n < 3) return nan_value;
    if (rules.strict_qlib && !m.varied) return 0;
    if (rules.strict_qlib && m.m2 / m.n <= 1e-14) return nan_value;
    if (!m.varied) return nan_value;
    const double g1 = std::sqrt(m.n) * m.m3 / std::pow(m.m2, 1.5);
    return g1 * std::sqrt(m.n * (m.n - 1)) / (m.n - 2);
}

double kurt(const FourMoments& m, const Rules& rules) {
    if (m.n < 4) return nan_value;
    if (rules.strict_qlib && !m.varied) return -3;
    if (rules.strict_qlib && m.m2 / m.n <= 1e-14) return nan_value;
    if (!m.varied) return nan_value;
    const double n = m.n, g2 = n * m.m4 / (m.m2 * m.m2) - 3;
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6);
}

}  // namespace

std::vector<Operator> moments_operators() {
    const auto fractions = refuse_window(1, false, true);
    const std::string skip = "missing values are skipped; missing when the window has none left";
    std::vector<Operator> all{
        window_operator("Mean", "mean of the last N rows; 0 < N < 1: exponential mean with alpha = N", skip,
                        refuse_window(1, true, true), rolling<MeanState>([](const MeanState& m, const Rules&) {
                            return m.n > 0 ? m.mean : nan_value;
                        })),
        window_operator("Sum", "sum of the last N rows", skip, fractions,
                        rolling<SumState>([](const SumState& s, const Rules&) { return s.n > 0 ? s.sum : nan_value; })),
        window_operator(
            "Std", "sample standard deviation (n - 1); exactly 0 for constants",
            "missing values are skipped; missing below two values", fractions,
            rolling<TwoMoments>([](const TwoMoments& m, const Rules& r) { return std::sqrt(variance(m, r)); })),
        window_operator("Var", "sample variance (n - 1); exactly 0 for constants",
                        "missing values are skipped; missing below two values", fractions,
                        rolling<TwoMoments>(variance)),
        window_operator(
            "Skew", "bias-corrected skewness (G1)",
            "missing values are skipped; missing below three values or for a constant window (strict_qlib: 0)",
            refuse_window(3, false, false), rolling<FourMoments>(skew)),
        window_operator(
            "Kurt", "bias-corrected excess kurtosis (G2)",
            "missing values are skipped; missing below four values or for a constant window (strict_qlib: -3)",
            refuse_window(4, false, false), rolling<FourMoments>(kurt)),
        window_operator("Count", "number of values present in the last N rows", "never missing", fractions,
                        rolling<CountState>([](const CountState& c, const Rules&) { return c.n; })),
    };
    give_lane_forms(all,
                    {{"Mean", LaneForm::mean}, {"Sum", LaneForm::sum}, {"Std", LaneForm::std}, {"Var", LaneForm::var}});
    return all;
}

}  // namespace bourse::factors
