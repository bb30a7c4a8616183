// Names of an enumeration's values in artifacts: `names` has one for each value, in the order of the values from 0 on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace bourse {

template <class Kind, std::size_t count>
constexpr const char* name_of_kind(const char* const (&names)[count], Kind kind) noexcept {
    return names[static_cast<std::size_t>(kind)];
}

// False: no value has this name, and `kind` is left as it is.
template <class Kind, std::size_t count>
constexpr bool kind_of_name(const char* const (&names)[count], std::string_view name, Kind& kind) noexcept {
    const auto* found = std::find(names, names + count, name);
    if (found == names + count) return false;
    kind = static_cast<Kind>(found - names);
    return true;
}

}  // namespace bourse
