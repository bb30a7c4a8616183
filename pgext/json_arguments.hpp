// jsonb arguments and results.
#pragma once

#include <nlohmann/json.hpp>

#include "pgext/boundary.hpp"

namespace bourse::pg {

// Errors: invalid_argument for a number that no double holds.
nlohmann::json json_arg(FunctionCallInfo fcinfo, int n);
Datum jsonb_result(const nlohmann::json& value);

}  // namespace bourse::pg
