// How values that were computed elsewhere come to the rows of a series: by time, and never before they are known.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/interrupt.hpp"
#include "factors/calendar.hpp"
#include "factors/operators/operator.hpp"
#include "factors/panel.hpp"

namespace bourse::factors {

inline constexpr std::size_t no_row = static_cast<std::size_t>(-1);

// Rows without a bar do not count: a row that is there because the instrument goes on tells of the future.

// For every row of `own` the row of `other` (counted from other.first) at the same ts; where that closes later than
// `own`'s, at the newest position of the other's calendar that does not. no_row where `other` has no bar there.
// `gaps_too`: Qlib's rule, rows without a bar count.
std::vector<std::size_t> rows_at_same_time(const Series& own, const Series& other, const Calendar& calendar,
                                           bool gaps_too);

// For every row of `own` the newest bar of `other`, a series of another frequency, that is closed when it is. A shorter
// bar must close within the own one; a longer bar counts until three more of its calendar are closed.
std::vector<std::size_t> newest_closed_rows(const Series& own, const Frequency& own_frequency, const Series& other,
                                            const Frequency& other_frequency, const Calendar& calendar);

void take_rows(std::span<const std::size_t> rows, std::span<const double> values, std::vector<double>& to);

// For every row of `own` the function of the values of the newest period that is closed when it is. `values` stand at
// rows first .. last of `rows`, which has the same frequency.
void take_periods(const Series& own, const Series& rows, std::span<const double> values, const Calendar& periods,
                  const std::string& function, std::vector<double>& to);

// Values of all members at the times of a panel's rows.
class CrossSections {
public:
    CrossSections(const Panel& panel, std::size_t members, std::size_t inputs);

    // values[input * rows + row], rows first .. last of the series of member `member`.
    void add(std::size_t member, const Series& series, std::span<const double> values);
    // At every time once for each closing time among the members: with those that are known by then.
    void evaluate(const Operator& op, std::span<const int> arguments, const CheckInterrupts& interrupts);
    // The results of one member at the rows of its series; member < 0: none.
    void take(const Series& own, std::ptrdiff_t member, std::vector<double>& to) const;

private:
    std::size_t at(std::size_t time, std::size_t member) const { return time * members_ + member; }

    std::vector<std::int64_t> times_;
    std::size_t members_;
    std::vector<std::int64_t> known_;          // [time, member] when its bar is closed; no_time: no bar, or no member
    std::vector<std::vector<double>> values_;  // [input][time, member]
    std::vector<double> results_;              // [time, member]
};

}  // namespace bourse::factors
