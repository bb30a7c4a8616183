// bourse export features: a stored set into a file, streaming.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workers/common/connection.hpp"

namespace bourse::cli {

struct FeatureExport {
    std::string set;  // x or x:1
    std::string to;   // file; its ending chooses the format
    std::vector<std::string> symbols;
    std::string universe;
    std::string from, until;  // ts: from <= ts < until; anything the server reads as a time; empty: open
};

struct ExportOutcome {
    std::int64_t rows = 0;
    std::int64_t features = 0;
    std::int64_t size_bytes = 0;
    std::int64_t dirty_ranges = 0;  // that waited for a refresh when the export began
    double seconds = 0;
};

// Writes to a file beside `to` and renames it when it is whole: under its name there is never half a file. Rows of one
// snapshot, in order of instrument and ts. Memory is bounded by one block of rows, whatever the set's size.
// Errors: unknown_feature_set; invalid_argument: a set that is not stored, unknown symbols or universe, a file that
// cannot be written; unavailable: Parquet without Arrow; cancelled (SIGINT, SIGTERM).
ExportOutcome export_features(workers::Connection& connection, const FeatureExport& request);

}  // namespace bourse::cli
