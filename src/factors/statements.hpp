// Statements: values of fiscal periods that are published once and revised later. P(…) and PRef(…) evaluate an
// expression over periods, as they were known at each row. Source: shared spec qlib.md, 1.6.
#pragma once

#include "core/interrupt.hpp"
#include "factors/market_source.hpp"
#include "factors/panel.hpp"
#include "factors/plan.hpp"

namespace bourse::factors {

// Computes the results of a derivation of Elsewhere::statements at every row of the panel, from what was published
// before the row's `available_us`. Its periods are those from the oldest to the newest that any of its fields has by
// then; one without a value is missing.
void take_statements(MarketSource& source, const Derivation& derivation, Panel& panel,
                     const CheckInterrupts& interrupts);

}  // namespace bourse::factors
