// Rolling Corr and Cov of two columns.
#include <cmath>

#include "factors/operators/families.hpp"
#include "factors/operators/moments_state.hpp"
#include "factors/operators/rolling.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

// Pairs of which both are present; for strict_qlib also each column by itself.
struct PairState {
    PairMoments both;
    TwoMoments x, y;
};
PairState merge(const PairState& a, const PairState& b) {
    return {merge(a.both, b.both), merge(a.x, b.x), merge(a.y, b.y)};
}

template <class Value>
auto rolling_pair(Value value) {
    return [value](const Frame& frame) {
        const Column x = frame.inputs[0], y = frame.inputs[1];
        const bool alone = frame.rules.strict_qlib;
        slide<PairState>(
            frame, static_cast<std::size_t>(frame.params[0]),
            [x, y, alone](PairState& state, std::size_t row, std::size_t) {
                const bool has_x = present(x[row]), has_y = present(y[row]);
                if (has_x && has_y) state.both.add(x[row], y[row]);
                if (alone && has_x) state.x.add(x[row]);
                if (alone && has_y) state.y.add(y[row]);
            },
            [&](std::size_t i, std::size_t, std::size_t, const PairState& state) {
                frame.out[i] = value(state, frame);
            });
    };
}

// Qlib's absolute limit on raw units: a standard deviation within 2e-5 of 0.
bool nearly_constant(const TwoMoments& m) { return m.n >= 2 && std::sqrt(m.m2 / (m.n - 1)) <= 2e-5; }

double corr(const PairState& s, const Frame& frame) {
    if (frame.rules.strict_qlib && frame.params[0] > 0 && (nearly_constant(s.x) || nearly_constant(s.y)))
        return nan_value;
    if (s.both.n < 2 || s.both.xx == 0 || s.both.yy == 0) return nan_value;
    return s.both.xy / (std::sqrt(s.both.xx) * std::sqrt(s.both.yy));
}

double cov(const PairState& s, const Frame&) { return s.both.n < 2 ? nan_value : s.both.xy / (s.both.n - 1); }

}  // namespace

std::vector<Operator> pairs_operators() {
    Operator c;
    c.name = "Corr";
    c.inputs = {"x", "y"};
    c.params = {window_parameter()};
    c.summary = "correlation of x and y over the last N rows";
    c.missing =
        "rows where either is missing are skipped; missing below two pairs or where x or y is constant "
        "(strict_qlib: where a standard deviation is within 2e-5 of 0)";
    c.refuse = refuse_window(1, false, false);
    c.reach = window_reach;
    c.resumes = true;
    c.evaluate = rolling_pair(corr);
    Operator v = c;
    v.name = "Cov";
    v.summary = "sample covariance (n - 1) of x and y over the last N rows";
    v.missing = "rows where either is missing are skipped; missing below two pairs";
    v.evaluate = rolling_pair(cov);
    std::vector<Operator> all{c, v};
    give_lane_forms(all, {{"Corr", LaneForm::corr}, {"Cov", LaneForm::cov}});
    return all;
}

}  // namespace bourse::factors
