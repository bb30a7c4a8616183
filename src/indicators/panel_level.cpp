// The kernels in lanes. Compiled once for each instruction set, with BOURSE_LEVEL its name and BOURSE_WIDTH the doubles
// of its registers. Level has no linkage, and so has nothing that is made of it: a function that other files have too
// could be taken from here by the linker, for machines that cannot run it (tests/support/no_shared_functions_test.sh
// looks).
#include "indicators/panel_level.hpp"

#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#if BOURSE_WIDTH > 2
#include <immintrin.h>
#endif

#include "indicators.inc"

namespace bourse::indicators {
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
};

using V = Lanes<Level>;
using Part = Level::Part;

constexpr int width = V::width;
constexpr std::size_t block = 32;  // bars that are turned at a time

// part[lane][bar] <-> part[bar][lane] of a width x width square: swaps ever smaller off-diagonal squares.
template <int step, std::size_t... at>
void swap_squares(Part& a, Part& b, std::index_sequence<at...>) noexcept {
    const Part low =
        __builtin_shufflevector(a, b, ((at & step) ? width + static_cast<int>(at) - step : static_cast<int>(at))...);
    b = __builtin_shufflevector(a, b, ((at & step) ? width + static_cast<int>(at) : static_cast<int>(at) + step)...);
    a = low;
}

template <int step = width / 2>
void transpose(Part* square) noexcept {
    if constexpr (step > 0) {
        for (int i = 0; i < width; ++i)
            if ((i & step) == 0)
                swap_squares<step>(square[i], square[i + step],
                                   std::make_index_sequence<static_cast<std::size_t>(width)>());
        transpose<step / 2>(square);
    }
}

// `block` bars of the lanes' columns into bars.
void turn_in(const double* const* columns, V* bars) noexcept {
    for (int k = 0; k < V::parts; ++k)
        for (std::size_t t = 0; t < block; t += width) {
            Part square[width];
            for (int i = 0; i < width; ++i) std::memcpy(&square[i], columns[k * width + i] + t, sizeof(Part));
            transpose(square);
            for (int i = 0; i < width; ++i) bars[t + static_cast<std::size_t>(i)].part[k] = square[i];
        }
}

// And back; what is not finite becomes NaN.
void turn_out(const V* bars, double* const* columns) noexcept {
    const Part nan = std::numeric_limits<double>::quiet_NaN() - Part{};
    for (int k = 0; k < V::parts; ++k)
        for (std::size_t t = 0; t < block; t += width) {
            Part square[width];
            for (int i = 0; i < width; ++i) {
                const Part x = bars[t + static_cast<std::size_t>(i)].part[k];
                square[i] = x - x == Part{} ? x : nan;
            }
            transpose(square);
            for (int i = 0; i < width; ++i) std::memcpy(columns[k * width + i] + t, &square[i], sizeof(Part));
        }
}

// The columns of one block: pointers into the series while they last, then into a padded copy.
struct Staging {
    double values[lane_count][block];
};

template <class Kernel, std::size_t inputs, std::size_t outputs>
__attribute__((flatten)) bool run_lanes(const double* params, std::size_t count, const LaneGroup& group) {
    Kernel kernel(std::span<const double>(params, count));
    std::size_t most = 0;
    for (const std::size_t rows : group.rows) most = rows > most ? rows : most;
    V in[inputs][block], out[outputs][block];
    Staging staging;
    V broken;  // 0 in every lane as long as all is finite, then NaN
    for (std::size_t first = 0; first < most; first += block) {
        if (*group.interrupts) (*group.interrupts)();
        const double* from[lane_count];
        for (std::size_t i = 0; i < inputs; ++i) {
            for (std::size_t lane = 0; lane < lane_count; ++lane) {
                const std::size_t rows = group.rows[lane];
                if (first + block <= rows) {
                    from[lane] = group.in[i][lane] + first;
                    continue;
                }
                const std::size_t left = first < rows ? rows - first : 0;
                for (std::size_t t = 0; t < block; ++t)
                    staging.values[lane][t] = t < left ? group.in[i][lane][first + t] : 1.0;
                from[lane] = staging.values[lane];
            }
            turn_in(from, in[i]);
        }
        for (std::size_t t = 0; t < block; ++t) {
            V bar[inputs], values[outputs];
            for (std::size_t i = 0; i < inputs; ++i) {
                bar[i] = in[i][t];
                broken += bar[i] - bar[i];
            }
            for (std::size_t j = 0; j < outputs; ++j) values[j] = std::numeric_limits<double>::quiet_NaN();
            kernel.step(bar, values);
            for (std::size_t j = 0; j < outputs; ++j) out[j][t] = values[j];
        }
        for (std::size_t j = 0; j < outputs; ++j) {
            double* to[lane_count];
            for (std::size_t lane = 0; lane < lane_count; ++lane)
                to[lane] = first + block <= group.rows[lane] ? group.out[j][lane] + first : staging.values[lane];
            turn_out(out[j], to);
            for (std::size_t lane = 0; lane < lane_count; ++lane) {
                const std::size_t rows = group.rows[lane];
                if (first + block <= rows || first >= rows) continue;
                std::memcpy(group.out[j][lane] + first, staging.values[lane], (rows - first) * sizeof(double));
            }
        }
    }
    for (int part = 0; part < V::parts; ++part)
        for (int lane = 0; lane < width; ++lane)
            if (broken.part[part][lane] != 0) return false;
    return true;
}

// A kernel is written for lanes if it is a template over the kind of number.
template <class Kernel>
constexpr LaneRun lane_run = nullptr;
template <template <class> class Kernel>
constexpr LaneRun lane_run<Kernel<double>> =
    run_lanes<Kernel<V>, Kernel<double>::info.inputs.size(), Kernel<double>::info.outputs.size()>;

#define RUN(name, Kernel) lane_run<Kernel>,
constexpr LaneRun runs[] = {BOURSE_INDICATORS(RUN)};
#undef RUN

constexpr LaneLevel level{runs};

}  // namespace

#define BOURSE_JOINED(a, b) a##b
#define BOURSE_NAMED(a, b) BOURSE_JOINED(a, b)
const LaneLevel& BOURSE_NAMED(lane_level_, BOURSE_LEVEL)() { return level; }

}  // namespace bourse::indicators
