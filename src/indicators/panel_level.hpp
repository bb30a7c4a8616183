// What panel.cpp asks of the code that is compiled once for each instruction set (panel_level.cpp).
#pragma once

#include <array>
#include <cstddef>

#include "core/interrupt.hpp"
#include "indicators/lanes.hpp"

namespace bourse::indicators {

// Up to sixteen series without a gap: in[i][lane] is input i, rows[lane] bars long; a lane that is not used has none.
struct LaneGroup {
    const std::array<const double*, lane_count>* in;
    const std::array<double*, lane_count>* out;
    std::array<std::size_t, lane_count> rows;
    const CheckInterrupts* interrupts;
};

// `params` are settled (SettledParams), `count` of them. False where an input was not finite: its lane has no values.
using LaneRun = bool (*)(const double* params, std::size_t count, const LaneGroup& group);

// One instruction set's functions.
struct LaneLevel {
    const LaneRun* runs;  // in the order of catalogue(); null where the kernel is not written for lanes
};

const LaneLevel& lane_level_portable();
#ifdef BOURSE_WIDE_LANES
const LaneLevel& lane_level_avx2();
const LaneLevel& lane_level_avx512();
#endif

}  // namespace bourse::indicators
