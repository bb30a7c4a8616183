// What `bourse import` was asked to do.
#pragma once

#include <string>
#include <vector>

#include "market/column_map.hpp"

namespace bourse::cli {

struct ImportOptions {
    std::vector<std::string> files;
    std::string format;  // csv, parquet, qlib (a folder); empty: by the file's name
    std::string symbol, freq, time_zone = "UTC", ts_is = "open", universe, exchange, calendar, on_conflict = "reject";
    market::MapOptions map;
    bool dry_run = false, again = false, strict = false, staged = false;
    double max_reject_ratio = 0.2;
    std::string code_style;      // of a Qlib data set's codes; empty: as they are
    bool traded_volume = false;  // a Qlib data set's volume is not divided by the factor
    int max_gap_days = 15;       // between two sessions of a Qlib calendar
};

}  // namespace bourse::cli
