// The rows of an as-of join: in memory as long as they fit, else merged from two cursors of the server.
#pragma once

#include <memory>

#include "datasets/asof_block.hpp"
#include "pgext/asof_request.hpp"

namespace bourse::pg {

// Columns of bourse.asof_join's result.
constexpr int asof_columns = 4;

// Reads both sides, within SPI. with_row: whether the spine's rows are wanted, else the first column is NULL. Null
// where they need more memory than bourse.asof_memory_mb.
std::unique_ptr<datasets::AsofBlock> asof_block(const AsofRequest& request, bool with_row);

// The next row of the join; false: there is none. What it gives lives as long as the block.
inline bool next_row(datasets::AsofBlock& block, Datum* values, bool* nulls) noexcept {
    datasets::AsofBlock::Match match;
    if (!block.next(match)) return false;
    values[0] = PointerGetDatum(match.spine);
    nulls[0] = match.spine == nullptr;
    nulls[1] = nulls[2] = nulls[3] = match.newest == nullptr;
    if (!match.newest) return true;
    values[1] = TimestampTzGetDatum(match.newest->ts);
    values[2] = TimestampTzGetDatum(match.newest->at);
    values[3] = PointerGetDatum(match.newest->bytes());
    return true;
}

// The same without a bound on the rows: two cursors in the order of (instrument, time), merged in one pass; memory is
// two rows. What it gives lives within the call.
void merge_asof(const AsofRequest& request, const std::function<void(const Datum* values, const bool* nulls)>& take);

}  // namespace bourse::pg
