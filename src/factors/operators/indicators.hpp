// Which indicator an operator runs.
#pragma once

#include <cstddef>

#include "factors/operators/operator.hpp"
#include "indicators/catalogue.hpp"

namespace bourse::factors {

struct IndicatorOutput {
    const indicators::Entry* entry = nullptr;  // null: the operator is no indicator
    std::size_t output = 0;
};

IndicatorOutput indicator_of(const Operator& op);

}  // namespace bourse::factors
