// Qlib's operators for bars within a day (qlib.contrib.ops.high_freq): what belongs to a session, and what fills or
// cuts a series. IsNull, IsInf and Select, which look at one row, are with the others of their kind.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "factors/operators/families.hpp"
#include "factors/operators/memory.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

constexpr int minutes_a_day = 1440;

// A session's rows at most, bars of a minute being the shortest.
Reach session_so_far(std::span<const double>, const Rules&) { return {minutes_a_day - 1, 0}; }
Reach rest_of_session(std::span<const double>, const Rules&) { return {minutes_a_day - 1, minutes_a_day - 1}; }

// inputs: x, day, minute; params: start, end, granularity.
void day_cumsum(const Frame& frame) {
    const Column x = frame.inputs[0], day = frame.inputs[1], minute = frame.inputs[2];
    const double step = frame.params[2];
    const double first = std::floor(frame.params[0] / step), last = std::floor(frame.params[1] / step);
    double sum = 0;
    for (std::size_t i = 0; i < frame.rows; ++i) {
        if (i == 0 || day[i] != day[i - 1]) sum = 0;
        const double at = std::floor(minute[i] / step);
        if (at < first || at > last)
            frame.out[i] = 0;
        else
            frame.out[i] = std::isnan(x[i]) ? nan_value : sum += x[i];
    }
    frame.work.done(frame.rows);
}

// inputs: x, day. The newest value of the session, for all of its rows; a row without a day stands alone.
void day_last(const Frame& frame) {
    const Column x = frame.inputs[0], day = frame.inputs[1];
    for (std::size_t begin = 0, end = 0; begin < frame.rows; begin = end) {
        double last = x[begin];
        for (end = begin + 1; end < frame.rows && day[end] == day[begin]; ++end)
            if (!std::isnan(x[end])) last = x[end];
        std::fill(frame.out + begin, frame.out + end, last);
    }
    frame.work.done(frame.rows);
}

// inputs: x, day.
void date(const Frame& frame) {
    for (std::size_t i = 0; i < frame.rows; ++i) frame.out[i] = frame.inputs[1][i];
    frame.work.done(frame.rows);
}

// In Qlib from the query's start on.
Reach all_before(std::span<const double>, const Rules& rules) { return {rules.strict_qlib ? 0 : unbounded, 0}; }

void fill_forward(const Frame& frame) {
    struct State {
        double value = nan_value;
    } state;
    Remembered remembered(frame, state);
    for (std::size_t i = 0; i < frame.rows; ++i) {
        remembered.before(i);
        if (!std::isnan(frame.inputs[0][i])) state.value = frame.inputs[0][i];
        frame.out[i] = state.value;
    }
    remembered.finish();
    frame.work.done(frame.rows);
}

constexpr auto farthest = static_cast<int>(largest_window);
Reach rows_to_come(std::span<const double>, const Rules& rules) { return {0, rules.strict_qlib ? 0 : farthest}; }

// Not farther than it says, however many rows there are: the value hangs on nothing else.
void fill_backward(const Frame& frame) {
    std::size_t from = frame.rows;  // the next row with a value; rows: none
    for (std::size_t i = frame.rows; i-- > 0;) {
        if (!std::isnan(frame.inputs[0][i])) from = i;
        frame.out[i] = from < frame.rows && from - i <= farthest ? frame.inputs[0][from] : nan_value;
    }
    frame.work.done(frame.rows);
}

Reach cut_reach(std::span<const double> params, const Rules&) {
    return {static_cast<int>(params[0]), static_cast<int>(-params[1])};
}

// A row with so many before and so many after it is read with them; one that has fewer stands at an end of the series.
void cut(const Frame& frame) {
    const auto left = static_cast<std::size_t>(frame.params[0]), right = static_cast<std::size_t>(-frame.params[1]);
    for (std::size_t i = 0; i < frame.rows; ++i)
        frame.out[i] = i >= left && frame.rows - i > right ? frame.inputs[0][i] : nan_value;
    frame.work.done(frame.rows);
}

Operator of_series(std::string name, std::string summary, std::string missing, std::vector<std::string> clocks,
                   std::function<Reach(std::span<const double>, const Rules&)> reach,
                   std::function<void(const Frame&)> evaluate) {
    Operator op;
    op.name = std::move(name);
    op.inputs = {"x"};
    op.clocks = std::move(clocks);
    op.summary = std::move(summary);
    op.missing = std::move(missing);
    op.keeps_single = true;
    op.reach = std::move(reach);
    op.evaluate = std::move(evaluate);
    return op;
}

}  // namespace

std::optional<int> trading_minute(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == text.npos) return {};
    const auto number = [](std::string_view digits) {
        int value = -1;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        const bool whole = error == std::errc() && end == digits.data() + digits.size() && digits.size() <= 2;
        return whole && digits[0] != '-' ? value : -1;
    };
    const int hour = number(text.substr(0, colon)), minute = number(text.substr(colon + 1));
    if (hour < 0 || minute < 0 || minute > 59) return {};
    const int of_day = 60 * hour + minute;
    if (of_day >= 9 * 60 + 30 && of_day < 11 * 60 + 30) return of_day - (9 * 60 + 30);
    if (of_day >= 13 * 60 && of_day < 15 * 60) return of_day - 13 * 60 + 120;
    return {};
}

std::vector<Operator> contrib_operators() {
    const std::string day(clock_day), minute(clock_minute);
    std::vector<Operator> all;
    all.push_back(of_series(
        "DayCumsum",
        "sum of the session's rows so far, from the trading minute `start` to `end`; 0 before and after. Minutes are "
        "numbers, 0 the first after the open, or Qlib's clock: '9:30' .. '11:29' and '13:00' .. '14:59' are 0 .. 239",
        "a missing row is missing and adds nothing", {day, minute}, session_so_far, day_cumsum));
    all.back().params = {{"start", 0, 0, minutes_a_day - 1, true, true},
                         {"end", minutes_a_day - 1, 0, minutes_a_day - 1, true, true},
                         {"granularity", 1, 1, 240, true}};
    all.back().refuse = [](std::span<const double> params, const Rules&) -> std::string {
        if (std::fmod(240, params[2]) != 0) return "granularity must divide 240 minutes";
        if (params[0] > params[1]) return "start must not be after end";
        return {};
    };
    all.push_back(of_series("DayLast", "the session's last value, for all of its rows: looks ahead (labels only)",
                            "missing where the session has no value", {day}, rest_of_session, day_last));
    all.push_back(of_series(
        "Date", "the session's date, as days since 1970-01-01", "never missing", {day},
        [](std::span<const double>, const Rules&) { return Reach{}; }, date));
    all.push_back(of_series("FFillNan", "x, or where it is missing its newest value before",
                            "missing before the first value (strict_qlib: the first since the query's start)", {},
                            all_before, fill_forward));
    all.back().resumes = true;
    all.push_back(of_series("BFillNan",
                            "x, or where it is missing its next value, at most 100000 rows on: looks ahead (labels "
                            "only)",
                            "missing after the last value", {}, rows_to_come, fill_backward));
    all.push_back(of_series("Cut",
                            "x without the first `left` and the last -`right` rows of the series; right < 0 looks "
                            "ahead (labels only)",
                            "missing in, missing out; and what is cut off", {}, cut_reach, cut));
    all.back().params = {{"left", 0, 0, largest_window, true}, {"right", 0, -largest_window, 0, true}};
    return all;
}

}  // namespace bourse::factors
