// The kernels in lanes. Compiled once for each instruction set, with BOURSE_LEVEL its name and BOURSE_WIDTH the doubles
// of its registers. Level has no linkage, and so has nothing that is made of it: a function that other files have too
// could be taken from here by the linker, for machines that cannot run it (tests/support/no_shared_functions_test.sh
// looks).
#include <bit>
#include <cstring>
#include <limits>
#include <vector>

#if BOURSE_WIDTH > 2
#include <immintrin.h>
#endif

#include "factors/lanes/kernels.hpp"
#include "factors/operators/moments_state.hpp"
#include "factors/operators/rolling.hpp"

namespace bourse::factors {
namespace {

struct Level {
    static constexpr int width = BOURSE_WIDTH;
    using Part = double __attribute__((vector_size(8 * BOURSE_WIDTH)));
    using Bits = std::int64_t __attribute__((vector_size(8 * BOURSE_WIDTH)));
    static Part root(const Part& x) noexcept {
#if BOURSE_WIDTH == 8
        return _mm512_maskz_sqrt_pd(static_cast<__mmask8>(-1), x);  // GCC 12 warns of the plain one
#elif BOURSE_WIDTH == 4
        return _mm256_sqrt_pd(x);
#else
        return Part{__builtin_sqrt(x[0]), __builtin_sqrt(x[1])};
#endif
    }
    // a < b ? a : b and a > b ? a : b.
    static Part smaller(const Part& a, const Part& b) noexcept {
#if BOURSE_WIDTH == 8
        return _mm512_maskz_min_pd(static_cast<__mmask8>(-1), a, b);
#elif BOURSE_WIDTH == 4
        return _mm256_min_pd(a, b);
#else
        return a < b ? a : b;
#endif
    }
    static Part larger(const Part& a, const Part& b) noexcept {
#if BOURSE_WIDTH == 8
        return _mm512_maskz_max_pd(static_cast<__mmask8>(-1), a, b);
#elif BOURSE_WIDTH == 4
        return _mm256_max_pd(a, b);
#else
        return a > b ? a : b;
#endif
    }
};

using V = indicators::Lanes<Level>;
using Mask = V::Mask;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr auto lanes = static_cast<std::size_t>(lane_count);

V load(const double* tile, std::size_t row) noexcept {
    V x;
    for (int k = 0; k < V::parts; ++k) std::memcpy(&x.part[k], tile + row * lanes + k * V::width, sizeof(V::Part));
    return x;
}
void store(double* tile, std::size_t row, const V& x) noexcept {
    for (int k = 0; k < V::parts; ++k) std::memcpy(tile + row * lanes + k * V::width, &x.part[k], sizeof(V::Part));
}
Mask is_present(const V& x) noexcept { return x - x == V(0.0); }

bool is_present(double x) noexcept { return x - x == 0; }

// Of the rows of tile columns: in some lanes a value is missing (or infinite) where others have one?
bool is_uneven(const LaneCall& call) noexcept {
    Mask uneven = V(0.0) != V(0.0);
    for (const double* tile : call.in) {
        if (tile == nullptr) continue;
        for (std::size_t i = 0; i < call.rows; ++i) {
            const Mask here = is_present(load(tile, i));
            uneven = uneven | (is_present(tile[i * lanes]) ? !here : here);
        }
    }
    const V marked = select(uneven, V(1.0), V(0.0));
    double sum = 0;
    for (int k = 0; k < V::parts; ++k)
        for (int j = 0; j < V::width; ++j) sum += marked.part[k][j];
    return sum > 0;
}

#include "factors/lanes/elementwise.inc"
#include "factors/lanes/exponential.inc"
#include "factors/lanes/extremes.inc"
#include "factors/lanes/moments.inc"
#include "factors/lanes/order.inc"
#include "factors/lanes/turn.inc"

void run(LaneFamily family, const LaneCall& call) {
    switch (family) {
        case LaneFamily::rowwise:
            return run_elementwise(call);
        case LaneFamily::sums:
            return run_sums(call);
        case LaneFamily::moments:
            return run_moments(call);
        case LaneFamily::regression:
            return run_regression(call);
        case LaneFamily::pair:
            return run_pair(call);
        case LaneFamily::order:
            return run_order(call);
        case LaneFamily::highest:
            return run_extreme<true>(call);
        case LaneFamily::lowest:
            return run_extreme<false>(call);
        case LaneFamily::exponential:
            return run_exponential(call);
        case LaneFamily::none:
            break;
    }
}

constexpr LaneKernels kernels{run, turn_in, turn_out, to_single};

}  // namespace

#define BOURSE_JOINED(a, b) a##b
#define BOURSE_NAMED(a, b) BOURSE_JOINED(a, b)
const LaneKernels& BOURSE_NAMED(lane_kernels_, BOURSE_LEVEL)() { return kernels; }

}  // namespace bourse::factors
