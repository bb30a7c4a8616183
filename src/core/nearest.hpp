// "Did you mean": the known name nearest to a mistyped one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace bourse {

// The entry of `known` with the smallest edit distance to `name`, ignoring case; empty when none is within
// a third of the name's length (at least 2 edits).
std::string nearest(std::string_view name, std::span<const std::string> known);

}  // namespace bourse
