// The distribution of Kolmogorov's one-sample statistic for finite n.
#pragma once

#include <cstdint>

#include "core/interrupt.hpp"

namespace bourse::stats {

// P(D_n >= d), the chance that n uniform draws are at least d away from their law.
// Relative error below 1e-7 up to n = 100,000; above, below 1e-4 for results over 1e-5, then growing (4e-4 at 4e-9).
// Input   n >= 1, any d.   Output  0..1.   Errors  invalid_argument for n < 1 or d = NaN.
// Source  Marsaglia, Tsang, Wang (2003); Pelz, Good (1976); choice of method: Simard, L'Ecuyer (2011).
double kolmogorov_sf(std::int64_t n, double d, const CheckInterrupts& interrupts = {});

}  // namespace bourse::stats
