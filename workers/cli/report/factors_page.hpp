// The page about a feature set: bourse.factor_report as charts and tables.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace bourse::cli::report {

// `data`: set (name, version, freq), universe, from_ts, to_ts, label, horizons, rows (bourse.factor_report's, as
// objects). At most 2 MB whatever it holds: of more than 700 features the best 700 by |RankICIR| are listed.
std::string factors_page(const nlohmann::json& data);

}  // namespace bourse::cli::report
