// Earlier and later rows.
#include "factors/operators/families.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

// N > 0: N rows ago; N < 0: -N rows later, which is look-ahead.
Reach shift_reach(std::span<const double> params, const Rules&) {
    const int n = static_cast<int>(params[0]);
    return {n > 0 ? n : 0, n < 0 ? -n : 0};
}

// Qlib's Delta claims one row less than it reads, and no look-ahead: its first row of a query is missing.
Reach delta_reach(std::span<const double> params, const Rules& rules) {
    if (!rules.strict_qlib) return shift_reach(params, rules);
    const int n = static_cast<int>(params[0]);
    return {n > 0 ? n - 1 : 0, 0};
}

double shifted(const Frame& frame, std::size_t i, int n) {
    if (n > 0) return i >= static_cast<std::size_t>(n) ? frame.inputs[0][i - static_cast<std::size_t>(n)] : nan_value;
    const auto ahead = static_cast<std::size_t>(-n);
    return ahead < frame.rows && i < frame.rows - ahead ? frame.inputs[0][i + ahead] : nan_value;
}

// N = 0 is the row itself; in Qlib the first value that was loaded.
void ref(const Frame& frame) {
    const int n = static_cast<int>(frame.params[0]);
    const bool first = n == 0 && frame.rules.strict_qlib;
    for (std::size_t i = 0; i < frame.rows; ++i) frame.out[i] = first ? frame.inputs[0][0] : shifted(frame, i, n);
    frame.work.done(frame.rows);
}

void delta(const Frame& frame) {
    const int n = static_cast<int>(frame.params[0]);
    const bool first = n == 0 && frame.rules.strict_qlib;
    for (std::size_t i = 0; i < frame.rows; ++i)
        frame.out[i] = frame.inputs[0][i] - (first ? frame.inputs[0][0] : shifted(frame, i, n));
    frame.work.done(frame.rows);
}

Parameter rows_parameter() { return {"N", nan_value, -largest_window, largest_window, true}; }

}  // namespace

std::vector<Operator> shift_operators() {
    Operator r;
    r.name = "Ref";
    r.inputs = {"x"};
    r.params = {rows_parameter()};
    r.summary = "x of N rows ago; N < 0: of rows to come (labels only)";
    r.missing = "missing where there is no such row; N = 0 is x itself (strict_qlib: the first value loaded)";
    r.keeps_single = true;
    r.reach = shift_reach;
    r.evaluate = ref;
    Operator d = r;
    d.name = "Delta";
    d.summary = "x minus x of N rows ago; N < 0: minus x of rows to come";
    d.missing = "missing where there is no such row; N = 0 gives 0 (strict_qlib: x minus the first value loaded)";
    d.reach = delta_reach;
    d.evaluate = delta;
    std::vector<Operator> all{r, d};
    give_lane_forms(all, {{"Ref", LaneForm::shift}, {"Delta", LaneForm::shift}});
    return all;
}

}  // namespace bourse::factors
