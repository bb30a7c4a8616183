#include "factors/derived_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

constexpr std::int64_t no_time = std::numeric_limits<std::int64_t>::max();

double median_of(std::vector<double>& values) {
    std::sort(values.begin(), values.end());
    return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

// Of the values that are present, in order of time.
double period_value(std::vector<double>& values, const std::string& function) {
    if (function == "count") return static_cast<double>(values.size());
    if (values.empty()) return nan_value;
    if (function == "first") return values.front();
    if (function == "last") return values.back();
    if (function == "min") return *std::min_element(values.begin(), values.end());
    if (function == "max") return *std::max_element(values.begin(), values.end());
    if (function == "median") return median_of(values);
    double sum = 0;
    for (const double value : values) sum += value;
    return function == "sum" ? sum : sum / static_cast<double>(values.size());
}

}  // namespace

std::vector<std::size_t> rows_at_same_time(const Series& own, const Series& other, const Calendar& calendar,
                                           bool gaps_too) {
    std::vector<std::size_t> rows(own.rows(), no_row);
    for (std::size_t i = 0; i < own.rows(); ++i) {
        std::int64_t ts = own.ts_us[i];
        if (calendar.is_holiday(ts)) continue;
        // What decides is the calendar, not whether the row is there: the bars of today come later.
        while (calendar.close(ts) > own.available_us[i]) {
            const std::int64_t earlier = calendar.before(ts, 1);
            if (earlier >= ts) break;  // there is none
            ts = earlier;
        }
        if (calendar.close(ts) > own.available_us[i]) continue;
        const auto begin = other.ts_us.begin();
        const auto at = std::lower_bound(begin + static_cast<std::ptrdiff_t>(other.first),
                                         begin + static_cast<std::ptrdiff_t>(other.last), ts);
        const auto row = static_cast<std::size_t>(at - begin);
        if (row < other.last && *at == ts && (gaps_too || other.has_bar[row])) rows[i] = row - other.first;
    }
    return rows;
}

std::vector<std::size_t> newest_closed_rows(const Series& own, const Frequency& own_frequency, const Series& other,
                                            const Frequency& other_frequency, const Calendar& calendar) {
    std::vector<std::size_t> rows(own.rows(), no_row);
    std::size_t next = other.first, newest = no_row;
    const bool longer = other_frequency.step_us > own_frequency.step_us;
    for (std::size_t i = 0; i < own.rows(); ++i) {
        const std::int64_t known = own.available_us[i];
        for (; next < other.last && other.available_us[next] <= known; ++next)
            if (other.has_bar[next]) newest = next;
        if (newest == no_row) continue;
        const bool counts = longer ? calendar.closed_after(other.ts_us[newest], known) < 3
                                   : other.available_us[newest] > known - own_frequency.step_us;
        if (counts) rows[i] = newest - other.first;
    }
    return rows;
}

void take_rows(std::span<const std::size_t> rows, std::span<const double> values, std::vector<double>& to) {
    for (std::size_t i = 0; i < rows.size(); ++i) to[i] = rows[i] == no_row ? nan_value : values[rows[i]];
}

void take_periods(const Series& own, const Series& rows, std::span<const double> values, const Calendar& periods,
                  const std::string& function, std::vector<double>& to) {
    std::size_t next = rows.first;
    double newest = nan_value;
    // The period that is put together, and what it has so far.
    std::int64_t period = no_time, closes = no_time;
    std::vector<double> present_values;
    bool any = false;
    double pending = nan_value;
    std::int64_t pending_closes = no_time;
    for (std::size_t i = 0; i < own.rows(); ++i) {
        const std::int64_t known = own.available_us[i];
        while (next < rows.last && rows.available_us[next] <= known) {
            const auto its = periods.position_holding(rows.ts_us[next], rows.available_us[next]);
            if (!any || its != period) {
                if (any) pending = period_value(present_values, function), pending_closes = closes;
                if (any && pending_closes <= known) newest = pending;
                period = its;
                closes = periods.close(its);
                present_values.clear();
                any = true;
            }
            const double value = values[next - rows.first];
            if (present(value)) present_values.push_back(value);
            ++next;
        }
        if (any && closes <= known) {
            auto copy = present_values;
            newest = period_value(copy, function);
        }
        to[i] = newest;
    }
}

CrossSections::CrossSections(const Panel& panel, std::size_t members, std::size_t inputs) : members_(members) {
    for (const auto& series : panel.series) times_.insert(times_.end(), series.ts_us.begin(), series.ts_us.end());
    std::sort(times_.begin(), times_.end());
    times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
    known_.assign(times_.size() * members_, no_time);
    values_.assign(inputs, std::vector<double>(known_.size(), nan_value));
    results_.assign(known_.size(), nan_value);
}

void CrossSections::add(std::size_t member, const Series& series, std::span<const double> values) {
    const std::size_t rows = series.last - series.first;
    std::size_t time = 0;
    for (std::size_t r = 0; r < rows; ++r) {
        const std::size_t row = series.first + r;
        while (time < times_.size() && times_[time] < series.ts_us[row]) ++time;
        if (time == times_.size()) return;
        if (times_[time] != series.ts_us[row] || !series.member[row] || !series.has_bar[row]) continue;
        known_[at(time, member)] = series.available_us[row];
        for (std::size_t input = 0; input < values_.size(); ++input)
            values_[input][at(time, member)] = values[input * rows + r];
    }
}

void CrossSections::evaluate(const Operator& op, std::span<const int> arguments, const CheckInterrupts& interrupts) {
    std::vector<std::size_t> members;
    std::vector<std::int64_t> closes;
    std::vector<std::vector<double>> columns(arguments.size());
    std::vector<std::span<const double>> inputs(arguments.size());
    std::vector<double> out;
    Work work(interrupts);
    for (std::size_t time = 0; time < times_.size(); ++time) {
        closes.clear();
        for (std::size_t m = 0; m < members_; ++m)
            if (known_[at(time, m)] != no_time) closes.push_back(known_[at(time, m)]);
        std::sort(closes.begin(), closes.end());
        closes.erase(std::unique(closes.begin(), closes.end()), closes.end());
        for (const std::int64_t close : closes) {
            members.clear();
            for (std::size_t m = 0; m < members_; ++m)
                if (known_[at(time, m)] <= close) members.push_back(m);
            for (std::size_t a = 0; a < arguments.size(); ++a) {
                columns[a].clear();
                for (const auto m : members)
                    columns[a].push_back(values_[static_cast<std::size_t>(arguments[a])][at(time, m)]);
                inputs[a] = columns[a];
            }
            out.assign(members.size(), nan_value);
            op.across({inputs, out});
            for (std::size_t i = 0; i < members.size(); ++i)
                if (known_[at(time, members[i])] == close) results_[at(time, members[i])] = out[i];
            work.done(members.size() * (8 + arguments.size() * arguments.size()));
        }
    }
}

void CrossSections::take(const Series& own, std::ptrdiff_t member, std::vector<double>& to) const {
    std::size_t time = 0;
    for (std::size_t i = 0; i < own.rows(); ++i) {
        while (times_[time] < own.ts_us[i]) ++time;
        to[i] = member < 0 ? nan_value : results_[at(time, static_cast<std::size_t>(member))];
    }
}

}  // namespace bourse::factors
