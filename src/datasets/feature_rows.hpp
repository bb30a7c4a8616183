// Features of given rows, evaluated block by block.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "datasets/build.hpp"
#include "datasets/labels.hpp"
#include "factors/plan.hpp"

namespace bourse::datasets {

// Calls `each` with the number of a row and its features in float32, for every row that has any; series after series,
// in no order of series, each in order of time. Evaluated side by side where that pays (factors::evaluate). rows:
// ordered by (ts, instrument). wanted: one a row, 0 is left out. plan: of the definition's expressions. Where the watch
// allows it, several series at once: `each` is then called by several threads, never twice for a row.
void evaluate_rows(factors::MarketSource& source, const factors::Plan& plan, const Definition& definition,
                   std::span<const LabelRow> rows, std::span<const std::uint8_t> wanted, const BuildWatch& watch,
                   const std::function<void(std::size_t row, std::span<const float> features)>& each);

}  // namespace bourse::datasets
