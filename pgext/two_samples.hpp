// State of aggregates that need all values of two columns or groups.
#pragma once

#include "pgext/boundary.hpp"

namespace bourse::pg {

// Lives in palloc'd memory of the aggregate's context: plain data, freed with that context.
struct TwoSamples {
    struct Side {
        double* values;
        std::int64_t n;
        std::int64_t capacity;
        std::span<const double> span() const noexcept { return {values, static_cast<std::size_t>(n)}; }
    };
    Side side[2];
    std::int64_t dropped;
};

TwoSamples* new_two_samples(MemoryContext context);

// Error too_large above 134,217,727 values a side (the server's limit of 1 GB a piece).
void append(TwoSamples::Side& side, std::span<const double> values, MemoryContext context);

// The state in argument 0, made when there is none yet. Error when not called as an aggregate.
TwoSamples* transition_state(FunctionCallInfo fcinfo);

// The context of the aggregate that is running. Error when there is none.
MemoryContext aggregate_context(FunctionCallInfo fcinfo);

}  // namespace bourse::pg
