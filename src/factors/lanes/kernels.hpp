// What the code that is compiled once for each instruction set (level.cpp) gives the evaluator: operators over tiles of
// sixteen series, one in each lane.
//
// A tile column holds value [row * lane_count + lane]. The kernels have the bits of the operators' form for one series.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "factors/operators/operator.hpp"
#include "indicators/lanes.hpp"

namespace bourse::factors {

using indicators::lane_count;

// A value that a kernel writes.
struct LaneOutput {
    LaneForm form;
    double param;  // Quantile's q, EMA's alpha
    double* to;
    float* single = nullptr;  // of the operators that look at one row, instead of `to`: rounded
};

struct LaneCall {
    std::size_t rows;
    const std::uint8_t* levels;           // of the boundary before each row
    std::array<const double*, 2> in;      // tile columns, aligned to 64 bytes
    std::array<bool, 2> constant;         // in[i] is one double for all
    std::size_t window;                   // at least 1, at most longest_lane_window; 0: all rows so far
    std::span<const LaneOutput> outputs;  // of one family (family_of)
};
inline constexpr std::size_t longest_lane_window = 256;

// Nodes of one family with equal inputs and windows share a call: what they keep of a window is the same.
enum class LaneFamily : unsigned char {
    none,
    rowwise,
    sums,
    moments,
    regression,
    pair,
    order,
    highest,
    lowest,
    exponential
};
constexpr LaneFamily family_of(LaneForm form) noexcept {
    switch (form) {
        case LaneForm::none:
        case LaneForm::shift:
        case LaneForm::each_row:
            return LaneFamily::none;
        case LaneForm::sum:
            return LaneFamily::sums;
        case LaneForm::mean:
        case LaneForm::std:
        case LaneForm::var:
            return LaneFamily::moments;
        case LaneForm::slope:
        case LaneForm::rsquare:
        case LaneForm::resi:
            return LaneFamily::regression;
        case LaneForm::corr:
        case LaneForm::cov:
            return LaneFamily::pair;
        case LaneForm::quantile:
        case LaneForm::med:
        case LaneForm::rank:
            return LaneFamily::order;
        case LaneForm::max:
        case LaneForm::idxmax:
            return LaneFamily::highest;
        case LaneForm::min:
        case LaneForm::idxmin:
            return LaneFamily::lowest;
        case LaneForm::ema:
            return LaneFamily::exponential;
        default:
            return LaneFamily::rowwise;
    }
}

// One instruction set's functions.
struct LaneKernels {
    void (*run)(LaneFamily family, const LaneCall& call);
    // Rows of sixteen series into a tile column and back: series[lane] + row. Null series: NaN in, nothing out.
    void (*turn_in)(const double* const* series, std::size_t rows, double* tile);
    // Rows [first, first + rows) of values[(column * stride + row) * lane_count + lane], every NaN the same, become
    // to[lane][row * columns + column], rows counted from 0. Null to: nothing.
    void (*turn_out)(const float* values, std::size_t stride, std::size_t first, std::size_t rows, std::size_t columns,
                     float* const* to);
    void (*to_single)(const double* tile, std::size_t count, float* values);
};

const LaneKernels& lane_kernels_portable();
#ifdef BOURSE_WIDE_LANES
const LaneKernels& lane_kernels_avx2();
const LaneKernels& lane_kernels_avx512();
#endif

}  // namespace bourse::factors
