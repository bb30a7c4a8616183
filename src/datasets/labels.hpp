// Labels: an expression over the bars, for the rows that a dataset or a run may use.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "factors/market_source.hpp"

namespace bourse::datasets {

struct LabelRow {
    std::int64_t ts;  // microseconds since 1970
    // Time of the last bar that the label's window holds, of whatever instrument; of a row without a label: ts.
    std::int64_t label_end;
    std::int32_t instrument_id;
    double label;  // finite; NaN: none
};

struct Labels {
    std::vector<LabelRow> rows;     // ordered by (ts, instrument_id)
    int bars_ahead = 0;             // that the expression looks
    std::size_t without_label = 0;  // rows of bars in the universe and span whose label is missing
};

struct LabelRequest {
    std::string expression;
    std::string freq;
    std::string universe;
    std::int64_t from_us = factors::beginning_us, to_us = factors::end_of_time_us;  // rows with from <= ts < to
    int horizon_bars = 0;          // the window ends so many bars after the row, where the expression looks less far
    bool with_unlabelled = false;  // rows without a label are rows
    int bars_before = 0;           // that are read, too: a source may keep them
};

// Rows that have a bar, lie in the span and are members of the universe at their ts. Errors: bad_expression.
Labels read_labels(factors::MarketSource& source, const LabelRequest& request, const CheckInterrupts& interrupts,
                   const Parallel& parallel = {});

}  // namespace bourse::datasets
