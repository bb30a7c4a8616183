// An indicator over many series at once: sixteen of them side by side in the lanes of the processor's registers, the
// bits being those of Entry::run.
//
// It pays from some eight series on. Kernels that are written once for double and for lanes (class SmaOf<V>, using Sma
// = SmaOf<double>) run that way; the others, and those with a kind of average that is not, run series by series.
#pragma once

#include <span>
#include <vector>

#include "indicators/catalogue.hpp"

namespace bourse::indicators {

// One series of the panel: in.size() == info.inputs.size(), out.size() == info.outputs.size(), all columns of one
// length, oldest bar first; NaN and infinities are gaps. Outputs are written as by Entry::run.
struct PanelSeries {
    std::vector<std::span<const double>> in;
    std::vector<std::span<double>> out;
};

// Instruction sets that there is code for, the widest last.
enum class SimdLevel { portable, avx2, avx512 };
inline constexpr const char* simd_level_names[] = {"portable", "avx2", "avx512"};

// The levels that this program has code for and this processor can run.
std::vector<SimdLevel> simd_levels();

// Whether run_panel uses lanes for it. `params` passed check_params.
bool runs_in_lanes(const Entry& entry, std::span<const double> params);

// `params` must have passed check_params. `level` must be one of simd_levels(). Throws what `interrupts` throws and
// bad_alloc.
void run_panel(const Entry& entry, std::span<const double> params, std::span<const PanelSeries> panel,
               const CheckInterrupts& interrupts, SimdLevel level);
void run_panel(const Entry& entry, std::span<const double> params, std::span<const PanelSeries> panel,
               const CheckInterrupts& interrupts);

}  // namespace bourse::indicators
