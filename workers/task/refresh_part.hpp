// One part of a refresh: computes some instruments of a stored set and stores them in one transaction; of a set with
// cross-sections all of them, piece by piece of the time, each piece in a transaction of its own.
#pragma once

#include "factors/evaluate.hpp"
#include "factors/panel_reader.hpp"
#include "workers/task/dirty_ranges.hpp"
#include "workers/task/feature_refresh.hpp"
#include "workers/task/panel_reader.hpp"

namespace bourse::workers {

// Makes the temporary tables that parts go through; once a session.
void make_refresh_tables(Connection& connection);

// Computes the rows that these ranges move, and in one transaction replaces the stored ones, deletes the ranges and
// calls `finish`; with cross-sections in as many as hold about `most_values` values each, of which the last one deletes
// the ranges, and the others note how far they are done. `source` is the reader's. What was done is added to `result`.
// `progress`: share of this part, rows.
void refresh_part(Connection& connection, const factors::Plan& plan, factors::PanelReader& reader,
                  DatabaseSource& source, int feature_set_id, const DirtyRanges::Part& part, std::int64_t most_values,
                  RefreshResult& result, const CheckInterrupts& interrupts,
                  const std::function<void(double share)>& progress,
                  const std::function<void(pqxx::transaction_base&)>& finish);

}  // namespace bourse::workers
