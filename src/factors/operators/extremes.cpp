// Rolling Max, Min, IdxMax, IdxMin by a queue of candidates: each row enters and leaves once.
#include <deque>

#include "factors/operators/families.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

struct Best {
    std::size_t start;        // first row of the window
    std::size_t row;          // of the first best value
    bool any;                 // a value is present
    std::size_t missing_row;  // first missing row of the window
    bool any_missing;
};

// Beats(newer, older): the newer value makes the older one useless. Ties keep the older: first occurrence wins.
template <class Beats, class Emit>
void best_of_window(const Frame& frame, Beats beats, Emit emit) {
    const auto window = static_cast<std::size_t>(frame.params[0]);
    const Column x = frame.inputs[0];
    std::deque<std::size_t> candidates, missing;
    for (std::size_t i = 0; i < frame.rows; ++i) {
        const std::size_t start = window != 0 && i + 1 > window ? i + 1 - window : 0;
        if (present(x[i])) {
            while (!candidates.empty() && beats(x[i], x[candidates.back()])) candidates.pop_back();
            candidates.push_back(i);
        } else if (missing.empty() || window != 0) {
            missing.push_back(i);
        }
        while (!candidates.empty() && candidates.front() < start) candidates.pop_front();
        while (!missing.empty() && missing.front() < start) missing.pop_front();
        emit(i, Best{start, candidates.empty() ? 0 : candidates.front(), !candidates.empty(),
                     missing.empty() ? 0 : missing.front(), !missing.empty()});
    }
    frame.work.done(frame.rows * 4);
}

template <class Beats>
auto extreme(Beats beats) {
    return [beats](const Frame& frame) {
        if (is_fraction(frame.params[0])) return exponential_mean(frame, frame.params[0]);
        best_of_window(frame, beats, [&](std::size_t i, const Best& best) {
            frame.out[i] = best.any ? frame.inputs[0][best.row] : nan_value;
        });
    };
}

// 1-based position counted from the oldest row of the window. numpy's argmax takes a missing value for the extreme.
template <class Beats>
auto extreme_index(Beats beats) {
    return [beats](const Frame& frame) {
        best_of_window(frame, beats, [&](std::size_t i, const Best& best) {
            const std::size_t row = frame.rules.strict_qlib && best.any_missing ? best.missing_row : best.row;
            frame.out[i] = best.any ? static_cast<double>(row - best.start + 1) : nan_value;
        });
    };
}

}  // namespace

std::vector<Operator> extremes_operators() {
    const auto greater = [](double newer, double older) { return newer > older; };
    const auto less = [](double newer, double older) { return newer < older; };
    const auto whole = refuse_window(1, false, false), fractions = refuse_window(1, false, true);
    const std::string skip = "missing values are skipped; missing when the window has none left";
    const std::string index = skip + " (strict_qlib: the position of the first missing value)";
    std::vector<Operator> all{
        window_operator("Max", "greatest value of the last N rows", skip, fractions, extreme(greater), false),
        window_operator("Min", "least value of the last N rows", skip, fractions, extreme(less), false),
        window_operator("IdxMax", "where the greatest value is: 1 is the oldest row of the window", index, whole,
                        extreme_index(greater), false),
        window_operator("IdxMin", "where the least value is: 1 is the oldest row of the window", index, whole,
                        extreme_index(less), false)};
    give_lane_forms(
        all,
        {{"Max", LaneForm::max}, {"Min", LaneForm::min}, {"IdxMax", LaneForm::idxmax}, {"IdxMin", LaneForm::idxmin}});
    return all;
}

}  // namespace bourse::factors
