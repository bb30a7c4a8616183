// A column's name for an expression that was given none.
#pragma once

#include <string>
#include <string_view>

namespace bourse::factors {

// Lower case, operators spelt out, cut to 63 bytes (at a character): $close/Ref($close,5)-1 is
// close_over_ref_close_5_minus_1.
std::string feature_name(std::string_view expression);

}  // namespace bourse::factors
