// The kernels in lanes. Compiled once for each instruction set, with BOURSE_LEVEL its name and BOURSE_WIDTH the doubles
// of its registers. Level has no linkage, and so has nothing that is made of it: a function that other files have too
// could be taken from here by the linker, for machines that cannot run it (tests/support/no_shared_functions_test.sh
// looks).
#include "indicators/panel_level.hpp"

#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "indicators.inc"

namespace bourse::indicators {
namespace {

struct Level {
    static constexpr int width = BOURSE_WIDTH;
    using Part = double __attribute__((vector_size(8 * BOURSE_WIDTH)));
    using Bits = std::int64_t __attribute__((vector_size(8 * BOURSE_WIDTH)));

    // larger() and smaller() are the processor's own with the arguments turned about: of equal ones, or if one is NaN,
    // those give the second.
#if BOURSE_WIDTH == 8
    static Part larger(const Part& a, const Part& b) noexcept { return _mm512_maskz_max_pd(all, b, a); }
    static Part smaller(const Part& a, const Part& b) noexcept { return _mm512_maskz_min_pd(all, b, a); }
    static Part root(const Part& x) noexcept { return _mm512_maskz_sqrt_pd(all, x); }
    static Part divided(const Part& x, double by, double inverse) noexcept {
        const Part q = x * inverse, exact = corrected(x, q, by, inverse, _mm512_fnmadd_pd, _mm512_fmadd_pd);
        constexpr int not_normal = 0xBF;
        return _mm512_fpclass_pd_mask(q, not_normal) == 0 ? exact : x / by;
    }
#elif BOURSE_WIDTH == 4
    static Part larger(const Part& a, const Part& b) noexcept { return _mm256_max_pd(b, a); }
    static Part smaller(const Part& a, const Part& b) noexcept { return _mm256_min_pd(b, a); }
    static Part root(const Part& x) noexcept { return _mm256_sqrt_pd(x); }
    static Part divided(const Part& x, double by, double inverse) noexcept {
        const Part q = x * inverse, exact = corrected(x, q, by, inverse, _mm256_fnmadd_pd, _mm256_fmadd_pd);
        const Part size = reinterpret_cast<Part>(reinterpret_cast<Bits>(q) & INT64_MAX);
        const Bits normal = (size >= std::numeric_limits<double>::min()) & (size <= std::numeric_limits<double>::max());
        return _mm256_movemask_pd(reinterpret_cast<Part>(normal)) == 0xF ? exact : x / by;
    }
#else
    static Part larger(const Part& a, const Part& b) noexcept { return a < b ? b : a; }
    static Part smaller(const Part& a, const Part& b) noexcept { return b < a ? b : a; }
    static Part root(const Part& x) noexcept { return Part{__builtin_sqrt(x[0]), __builtin_sqrt(x[1])}; }
    static Part divided(const Part& x, double by, double) noexcept { return x / by; }
#endif

#if BOURSE_WIDTH > 2
private:
#if BOURSE_WIDTH == 8
    static constexpr __mmask8 all = static_cast<__mmask8>(-1);  // GCC 12 warns of the functions without a mask
#endif
    // Division by a whole number (Markstein 1990): q is off by less than 2 units in the last place, what is left of x
    // is exact, and the quotient is no closer to the middle of two doubles than the last step errs. For normal q.
    template <class LessProduct, class PlusProduct>
    static Part corrected(const Part& x, const Part& q, double by, double inverse, LessProduct less, PlusProduct plus) {
        const Part all_by = by - Part{}, all_inverse = inverse - Part{};
        return plus(less(q, all_by, x), all_inverse, q);
    }
#endif
};

using V = Lanes<Level>;
using Part = Level::Part;

constexpr int width = V::width;

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

Part load(const double* from) noexcept {
    Part part;
    std::memcpy(&part, from, sizeof part);
    return part;
}
void store(double* to, const Part& part) noexcept { std::memcpy(to, &part, sizeof part); }

V bar_at(const double* from) noexcept {
    V bar;
#pragma GCC unroll 8
    for (int k = 0; k < V::parts; ++k) bar.part[k] = load(from + k * width);
    return bar;
}
// What is not finite becomes NaN.
void store_finite(double* to, const V& bar) noexcept {
    const V value = select(bar - bar == 0.0, bar, V(std::numeric_limits<double>::quiet_NaN()));
#pragma GCC unroll 8
    for (int k = 0; k < V::parts; ++k) store(to + k * width, value.part[k]);
}

void turn_in(const double* const* columns, double* bars) {
    for (int k = 0; k < V::parts; ++k)
        for (std::size_t t = 0; t < lane_block; t += width) {
            Part square[width];
            for (int i = 0; i < width; ++i) square[i] = load(columns[k * width + i] + t);
            transpose(square);
            for (int i = 0; i < width; ++i)
                store(bars + (t + static_cast<std::size_t>(i)) * lane_count + k * width, square[i]);
        }
}

void turn_out(const double* bars, double* const* columns) {
    for (int k = 0; k < V::parts; ++k)
        for (std::size_t t = 0; t < lane_block; t += width) {
            Part square[width];
            for (int i = 0; i < width; ++i)
                square[i] = load(bars + (t + static_cast<std::size_t>(i)) * lane_count + k * width);
            transpose(square);
            for (int i = 0; i < width; ++i) store(columns[k * width + i] + t, square[i]);
        }
}

template <class Kernel, std::size_t inputs, std::size_t outputs>
struct InLanes {
    static void* start(const double* params, std::size_t count) {
        return new Kernel(std::span<const double>(params, count));
    }
    static void stop(void* state) { delete static_cast<Kernel*>(state); }

    // The state is moved into a variable of its own, which no output can be an alias of.
    __attribute__((flatten)) static void step(void* state, const double* const* in, double* const* out,
                                              std::size_t bars) {
        Kernel kernel(std::move(*static_cast<Kernel*>(state)));
        const V nan = std::numeric_limits<double>::quiet_NaN();
        for (std::size_t t = 0; t < bars; ++t) {
            V bar[inputs], values[outputs];
            for (std::size_t i = 0; i < inputs; ++i) bar[i] = bar_at(in[i] + t * lane_count);
            for (std::size_t j = 0; j < outputs; ++j) values[j] = nan;
            kernel.step(bar, values);
            for (std::size_t j = 0; j < outputs; ++j) store_finite(out[j] + t * lane_count, values[j]);
        }
        *static_cast<Kernel*>(state) = std::move(kernel);
    }
};

// A kernel that sets a bar against an earlier one: that one is read where it stands instead of being kept.
template <class Kernel>
struct Compared {
    struct State {
        std::size_t apart, seen;  // bars
    };
    static void* start(const double* params, std::size_t count) {
        return new State{static_cast<std::size_t>(Kernel::lookback(std::span<const double>(params, count))), 0};
    }
    static void stop(void* state) { delete static_cast<State*>(state); }

    __attribute__((flatten)) static void step(void* state, const double* const* in, double* const* out,
                                              std::size_t bars) {
        State& known = *static_cast<State*>(state);
        const double* now = in[0];
        double* to = out[0];
        const std::size_t back = known.apart * lane_count;
        std::size_t t = 0;
        for (; t < bars && known.seen + t < known.apart; ++t)
            store_finite(to + t * lane_count, V(std::numeric_limits<double>::quiet_NaN()));
        for (; t < bars; ++t)
            store_finite(to + t * lane_count,
                         Kernel::change(bar_at(now + t * lane_count), bar_at(now + t * lane_count - back)));
        known.seen += bars;
    }
};

// A kernel is written for lanes if it is a template over the kind of number.
template <class Kernel>
constexpr LaneKernel in_lanes{nullptr, nullptr, nullptr};
template <template <class> class Kernel>
constexpr LaneKernel in_lanes<Kernel<double>> = [] {
    if constexpr (requires(V bar) { Kernel<V>::change(bar, bar); }) {
        using Laned = Compared<Kernel<V>>;
        return LaneKernel{&Laned::start, &Laned::step, &Laned::stop};
    } else {
        using Laned = InLanes<Kernel<V>, Kernel<double>::info.inputs.size(), Kernel<double>::info.outputs.size()>;
        return LaneKernel{&Laned::start, &Laned::step, &Laned::stop};
    }
}();

#define IN_LANES(name, Kernel) in_lanes<Kernel>,
constexpr LaneKernel kernels[] = {BOURSE_INDICATORS(IN_LANES)};
#undef IN_LANES

constexpr LaneLevel level{kernels, &turn_in, &turn_out};

}  // namespace

#define BOURSE_JOINED(a, b) a##b
#define BOURSE_NAMED(a, b) BOURSE_JOINED(a, b)
const LaneLevel& BOURSE_NAMED(lane_level_, BOURSE_LEVEL)() { return level; }

}  // namespace bourse::indicators
