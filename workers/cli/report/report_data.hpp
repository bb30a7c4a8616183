// Everything a report shows, read in one REPEATABLE READ transaction.
#pragma once

#include <cstdint>

#include <nlohmann/json.hpp>

#include "workers/common/connection.hpp"

namespace bourse::cli::report {

// {run, version | null, feature_set | null, metrics: [{span, metric, value}], curves: [{span, metric, step, value}],
//  days: [{day, periods, names, ic, rank_ic, group_sums: [5], group_periods: [5]}], importance: [{feature, kind,
//  value}], drift | null, data_versions, lineage, log}. Missing values are null; NaN and infinite ones are strings.
// days: per date, from predictions of span 'test' with a known outcome; a period with fewer than five names or without
// variance has no IC; groups are fifths by prediction, 1 the lowest.
// Throws Error(invalid_argument) for a run that does not exist.
nlohmann::json read_report(workers::Connection& connection, std::int64_t run_id);

}  // namespace bourse::cli::report
