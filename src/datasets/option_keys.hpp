// Objects that users type: every key must be one that somebody reads.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace bourse::datasets {

// Throws Error(invalid_argument) when `value` is no JSON object, Error(unknown_option) for a key outside `known`;
// the hint lists the known keys and, where there is one, the nearest. `what` names the object: "split", "params".
void check_keys(const nlohmann::json& value, std::span<const std::string> known, std::string_view what);

}  // namespace bourse::datasets
