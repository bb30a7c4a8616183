// Slope, Rsquare, Resi: least squares of x on the row number. Missing rows are dropped, their positions stay empty.
#include <cmath>

#include "factors/operators/families.hpp"
#include "factors/operators/moments_state.hpp"
#include "factors/operators/rolling.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

// Value(state, position of the newest row, its value, frame).
template <class Value>
auto regression(Value value) {
    return [value](const Frame& frame) {
        const Column x = frame.inputs[0];
        bool poisoned = false;  // Qlib's running sums never recover from an infinity
        slide<PairMoments>(
            frame, static_cast<std::size_t>(frame.params[0]),
            [x](PairMoments& state, std::size_t row, std::size_t origin) {
                if (present(x[row])) state.add(position(row, origin), x[row]);
            },
            [&](std::size_t i, std::size_t, std::size_t origin, const PairMoments& state) {
                poisoned = poisoned || (frame.rules.strict_qlib && std::isinf(x[i]));
                frame.out[i] = poisoned || state.n < 2 ? nan_value : value(state, position(i, origin), x[i], frame);
            });
    };
}

double slope(const PairMoments& m, double, double, const Frame&) { return m.xy / m.xx; }

double rsquare(const PairMoments& m, double, double, const Frame& frame) {
    if (frame.rules.strict_qlib && frame.params[0] > 0 && std::sqrt(m.yy / (m.n - 1)) <= 2e-5) return nan_value;
    if (m.yy == 0) return nan_value;
    return (m.xy / m.xx) * (m.xy / m.yy);
}

double resi(const PairMoments& m, double at, double newest, const Frame&) {
    return present(newest) ? newest - (m.y + m.xy / m.xx * (at - m.x)) : nan_value;
}

}  // namespace

std::vector<Operator> regression_operators() {
    const Operator s = window_operator("Slope", "slope a row of the least-squares line through the last N rows",
                                       "missing values are dropped, their positions stay; missing below two values",
                                       refuse_window(1, false, false), regression(slope));
    Operator r = s;
    r.name = "Rsquare";
    r.summary = "share of the variance that the least-squares line through the last N rows explains";
    r.missing += " or for a constant window (strict_qlib: a standard deviation within 2e-5 of 0)";
    r.evaluate = regression(rsquare);
    Operator d = s;
    d.name = "Resi";
    d.summary = "newest value minus the least-squares line through the last N rows";
    d.missing += " or where the newest is missing";
    d.evaluate = regression(resi);
    std::vector<Operator> all{s, r, d};
    give_lane_forms(all, {{"Slope", LaneForm::slope}, {"Rsquare", LaneForm::rsquare}, {"Resi", LaneForm::resi}});
    return all;
}

}  // namespace bourse::factors
