// Definitions of the cross-sectional operators; see definitions.hpp.
#pragma once

#include "factors/reference/definitions.hpp"

namespace bourse::factors::reference {

// Errors: invalid_argument for an operator that has no definition here.
Expected across_members(Market& market, const Expression& expression, const std::vector<const Values*>& inputs,
                        std::size_t instrument, std::size_t row);

}  // namespace bourse::factors::reference
