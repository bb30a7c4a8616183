// The families of operators: one function each, one line in CMakeLists.txt.
#pragma once

#include <vector>

#include "factors/operators/operator.hpp"
#include "operators.inc"

namespace bourse::factors {

#define BOURSE_DECLARE_FAMILY(name, type) std::vector<Operator> name##_operators();
BOURSE_OPERATORS(BOURSE_DECLARE_FAMILY)
#undef BOURSE_DECLARE_FAMILY

}  // namespace bourse::factors
