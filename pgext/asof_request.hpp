// What a call of bourse.asof_join asks for, and the queries that read both of its sides.
#pragma once

#include <string>
#include <vector>

#include "pgext/boundary.hpp"

namespace bourse::pg {

// Texts are quoted for SQL.
struct AsofRequest {
    std::string spine, symbol_column, ts_column;
    std::string feature_set;
    NullableDatum known_at;  // a timestamptz
    std::uint64_t tolerance_us;

    // symbol, time and, where asked for, the whole row; unordered. A missing symbol or time is NULL.
    std::string spine_query(bool with_row) const;
    // instrument, time and the whole row, in the order of the merge.
    std::string ordered_spine_query() const;
};

// The arguments of bourse.asof_join, the first of this type. Errors: invalid_argument, naming the argument.
AsofRequest asof_request(FunctionCallInfo arguments, Oid spine_type);

// Rows of a set: instrument, available_at, ts, features; $1 of the query is known_at. Within SPI.
class AsofSeries {
public:
    explicit AsofSeries(const AsofRequest& request);
    // In any order; of these instruments, or of all where there are none.
    std::string query(const std::vector<std::int32_t>& instruments) const;
    // In any order, of the instruments with these ids and those in between.
    std::string query(std::int32_t first, std::int32_t last) const;
    // Whether they are stored, so that a part of them is had for a part of the time.
    bool is_stored() const { return stored_; }
    // In the order of the merge.
    std::string ordered_query() const;

private:
    std::string text_;
    const char* instrument_;  // column
    const char* order_;
    bool stored_ = false;
};

}  // namespace bourse::pg
