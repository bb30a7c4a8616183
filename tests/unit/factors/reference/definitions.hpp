// What every operator of the language is, computed from scratch for one row: the window is taken, the definition
// applied in long double. Slow and plain on purpose; nothing of src/factors/operators is used.
#pragma once

#include "factors/reference/expression.hpp"
#include "factors/reference/random_market.hpp"

namespace bourse::factors::reference {

// What a row should be, and how far an answer in double may be from it.
struct Expected {
    long double value = 0;      // NaN: missing
    long double tolerance = 0;  // absolute
    bool compared =
        true;  // false: rounding alone decides (see not_compared() in definitions.cpp), or beyond double's squares
};

// Values of one expression: by instrument (in order of Market::daily), then by row.
using Values = std::vector<std::vector<double>>;

// The value of `expression` (a call or a field) at a row, from the values of its inputs.
Expected expected(Market& market, const Expression& expression, const std::vector<const Values*>& inputs,
                  std::size_t instrument, std::size_t row);

}  // namespace bourse::factors::reference
