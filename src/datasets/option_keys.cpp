#include "datasets/option_keys.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace bourse::datasets {

void check_keys(const nlohmann::json& value, std::span<const std::string> known, std::string_view what) {
    if (!value.is_object())
        throw Error(ErrorKind::invalid_argument,
                    std::string(what) + " must be a JSON object, got " + value.type_name());
    for (const auto& [key, unused] : value.items()) {
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        const std::string near = nearest(key, known);
        std::string hint = near.empty() ? "" : "did you mean \"" + near + "\"? ";
        hint += "known keys:";
        for (const auto& name : known) hint += " " + name;
        throw Error(ErrorKind::unknown_option, "unknown key \"" + key + "\" in " + std::string(what), hint);
    }
}

}  // namespace bourse::datasets
