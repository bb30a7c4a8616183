// What panel.cpp asks of the code that is compiled once for each instruction set (panel_level.cpp).
#pragma once

#include <cstddef>

#include "indicators/lanes.hpp"

namespace bourse::indicators {

// A kernel for sixteen series, bar by bar: a bar of an input or output is lane_count doubles.
struct LaneKernel {
    void* (*start)(const double* params, std::size_t count);  // settled params (SettledParams); throws bad_alloc
    // in[i] and out[j] hold `bars` bars that follow on the last ones, which still stand before in[i]; outputs that are
    // not finite become NaN.
    void (*step)(void* state, const double* const* in, double* const* out, std::size_t bars);
    void (*stop)(void* state);
};

inline constexpr std::size_t lane_block = 32;  // bars that are turned at a time

// One instruction set's functions.
struct LaneLevel {
    const LaneKernel* kernels;  // in the order of catalogue(); start is null where the kernel is not written for lanes
    // lane_block values of each of sixteen columns into lane_block bars, and back.
    void (*turn_in)(const double* const* columns, double* bars);
    void (*turn_out)(const double* bars, double* const* columns);
};

const LaneLevel& lane_level_portable();
#ifdef BOURSE_WIDE_LANES
const LaneLevel& lane_level_avx2();
const LaneLevel& lane_level_avx512();
#endif

}  // namespace bourse::indicators
