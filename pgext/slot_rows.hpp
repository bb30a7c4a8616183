// Rows of a query as the executor makes them, without a copy of each: for those that are read by the million.
#pragma once

#include <functional>
#include <string>

#include "pgext/boundary.hpp"

namespace bourse::pg {

// Columns of one row from 0; valid within the call.
using TakeSlot = std::function<void(const Datum* values, const bool* nulls)>;

// Runs a read-only query in our own text, within an SPI connection; arguments are $1 and so on. What `take` throws ends
// the query and is thrown on; an interrupt within `take` is taken as it is elsewhere.
void slot_rows(const std::string& query, const TakeSlot& take, ParamListInfo arguments = nullptr);

}  // namespace bourse::pg
