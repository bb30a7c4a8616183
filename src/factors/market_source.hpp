// Where a panel's raw rows come from: the database through a backend's SPI, or a worker's COPY BINARY.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "factors/calendar.hpp"
#include "factors/operators/operator.hpp"

namespace bourse::factors {

struct Instrument {
    std::int32_t id = 0;
    std::string symbol;
    std::string calendar;       // empty: none
    std::int64_t first_us = 0;  // its first and last bar of the frequency
    std::int64_t last_us = 0;
};

// One stored bar, raw. Missing volume or amount: NaN.
struct Bar {
    std::int64_t ts_us;
    double open, high, low, close, volume, amount, factor;
};

// A series of an instrument to be read: bars with from <= ts < to.
struct Span {
    std::int32_t instrument_id;
    std::int64_t from_us;
    std::int64_t to_us;
};

// Takes some bars of an instrument; they are gone after the call.
using TakeBars = std::function<void(std::int32_t instrument_id, std::span<const Bar>)>;

// Volume zero or missing and no range: where a calendar has sessions, the bar of a suspended one.
inline bool is_suspended(const Bar& bar) noexcept {
    return !(bar.volume > 0) && bar.open == bar.high && bar.high == bar.low && bar.low == bar.close;
}

inline constexpr std::int64_t beginning_us = -50'000'000'000'000'000;  // of time, as far as bars go
inline constexpr std::int64_t end_of_time_us = 80'000'000'000'000'000;

// Arguments (ids int[], from bigint[], to bigint[]) of the SQL functions panel_rows and panel_series.
std::string span_arguments(std::span<const Span> spans);
// A query of one column float8 that calls the function of a custom operator; missing values are NULL.
std::string call_query(const std::string& function, std::span<const std::span<const double>> columns,
                       std::span<const double> params);
// Refuses a result of another length: invalid_argument.
void check_length(const std::string& function, std::size_t rows, std::size_t expected);
// The text[] argument of panel_statements. Fields' names are words: there is nothing to escape.
std::string field_argument(std::span<const std::string> fields);
// The int[] argument of panel_instruments; no ids: NULL, which means all.
std::string id_argument(std::span<const std::int32_t> ids);

// A value of a fiscal period as it was published: a revision replaces what was published before.
struct Statement {
    std::size_t field;      // index into the fields that were asked for
    std::int32_t period;    // 201902: the second quarter; 2019: the year
    std::int64_t known_us;  // when it was published
    double value;           // NaN: withdrawn
};

class MarketSource {
public:
    virtual ~MarketSource() = default;

    // Instruments that have bars of the frequency, by id. `ids` empty: all of the universe's. Errors: unknown universe.
    virtual std::vector<Instrument> instruments(const std::string& freq, const std::string& universe,
                                                std::span<const std::int32_t> ids) = 0;
    virtual std::vector<Session> sessions(const std::string& calendar) = 0;  // ascending
    // Times at which any instrument of the calendar has a bar, ascending. Empty name: those without a calendar.
    virtual std::vector<std::int64_t> times(const std::string& freq, const std::string& calendar) = 0;
    // In any order: sorting in the database costs more than reading. `each` may not read from the source.
    virtual void bars(const std::string& freq, std::span<const Span> spans, const TakeBars& each) = 0;
    virtual void values(const std::string& freq, const std::string& field, std::span<const Span> spans,
                        const std::function<void(std::int32_t, std::int64_t ts_us, double value)>& each) = 0;
    // Everything published of these fields (lower case, without dollar signs), in any order.
    virtual void statements(std::span<const std::string> fields, std::span<const std::int32_t> ids,
                            const std::function<void(std::int32_t, const Statement&)>& each) = 0;
    // Errors: unknown symbol.
    virtual std::int32_t instrument_id(const std::string& symbol) = 0;
    // Names that may follow a dollar sign at this frequency, the built-in ones among them.
    virtual std::vector<std::string> known_fields(const std::string& freq) = 0;
    // Operators that users registered.
    virtual std::vector<CustomOperator> custom_operators() = 0;
    // Calls the function of one: columns of equal length, then numbers. Errors: its own; a result of another length.
    virtual std::vector<double> call(const std::string& function, std::span<const std::span<const double>> columns,
                                     std::span<const double> params) = 0;
    // Spans of membership, half open.
    virtual void members(const std::string& universe, const std::function<void(const Span&)>& each) = 0;
};

// The calendar of this name for bars in [first, last]. Errors: those of the source.
Calendar read_calendar(MarketSource& source, const Frequency& frequency, const std::string& name, std::int64_t first_us,
                       std::int64_t last_us);

}  // namespace bourse::factors
