// What the kernels share, compiled once per instruction set: included by *_bits_*.cpp alone. Nothing here may have
// external linkage, nor may it use templates of the library: the linker would keep one instruction set's copy for all.
#pragma once

#include "models/forest_bits.hpp"

namespace bourse::models {
namespace {

#define BOURSE_INLINE inline __attribute__((always_inline))

template <std::size_t Size>
struct Unsigned;
template <>
struct Unsigned<4> {
    using Type = std::uint32_t;
};
template <>
struct Unsigned<8> {
    using Type = std::uint64_t;
};
template <class T>
using UnsignedOf = typename Unsigned<sizeof(T)>::Type;

// The eight bits of a word from `row` % 64 on, one a byte.
BOURSE_INLINE std::uint64_t spread_8(std::uint64_t word, std::size_t row) {
    const std::uint64_t own = (word >> (row % 64) & 255) * 0x0101010101010101 & 0x8040201008040201;
    return (own + 0x7f7f7f7f7f7f7f7f) >> 7 & 0x0101010101010101;  // no byte carries into the next
}

// What a value of a column is compared as. Missing: NaN. Without branches, which missing values would make guesswork.
template <MissingAs Missing, bool Dust, class T>
BOURSE_INLINE T compared(T x) {
    if (!Dust) return x;
    using Bits = UnsignedOf<T>;
    constexpr double zero_limit = 1e-35f;  // LightGBM's kZeroThreshold
    const double size = __builtin_fabs(x);
    const T other = Missing == MissingAs::nan_or_zero ? static_cast<T>(__builtin_nan("")) : T{0};
    const bool kept = Missing == MissingAs::nan ? !(size <= zero_limit) : size > zero_limit;
    Bits bits, other_bits;
    __builtin_memcpy(&bits, &x, sizeof bits);
    __builtin_memcpy(&other_bits, &other, sizeof bits);
    bits = (bits & -Bits{kept}) | (other_bits & (Bits{kept} - 1));
    __builtin_memcpy(&x, &bits, sizeof bits);
    return x;
}

// Where the bytes of the rows of a mask's word stand, in a block whose parts are `stride` bytes apart.
BOURSE_INLINE std::size_t word_at(std::size_t word, std::size_t stride) {
    constexpr std::size_t words = bit_part / 64;
    return word / words * stride + word % words * 64;
}

// Zeros behind `count` rows to the end of their part.
BOURSE_INLINE void clear_rest(std::uint8_t* place, std::size_t stride, std::size_t count) {
    if (place && count % bit_part != 0)
        __builtin_memset(place + count / bit_part * stride + count % bit_part, 0, bit_part - count % bit_part);
}

// Bytes are characters, which may alias anything: what the loop needs stands in variables of its own.
template <MissingAs Missing, bool Dust, bool Left, bool Right, class T, class Reached>
BOURSE_INLINE void fill(const T* values, std::size_t width, std::size_t count, BitPlaces places, Reached reached) {
    for (std::size_t first = 0; first < count; first += bit_part) {
        const std::size_t at = first / bit_part * places.stride,
                          own = count - first < bit_part ? count - first : bit_part;
        std::uint8_t *const left = Left ? places.left + at : nullptr, *const right =
                                                                          Right ? places.right + at : nullptr;
        const T* from = values + first * width;
        for (std::size_t i = 0; i < own; ++i) {
            const T x = compared<Missing, Dust>(from[i * width]);
            const auto byte = static_cast<std::uint8_t>(reached(x));
            if (Left) left[i] = byte;
            if (Right) right[i] = static_cast<std::uint8_t>(byte | -static_cast<unsigned>(x != x));
        }
    }
    clear_rest(places.left, places.stride, count);
    clear_rest(places.right, places.stride, count);
}

template <MissingAs Missing, bool Dust, class T, class Reached>
BOURSE_INLINE void fill(const T* values, std::size_t width, std::size_t count, BitPlaces places, Reached reached) {
    if (places.left && places.right)
        fill<Missing, Dust, true, true>(values, width, count, places, reached);
    else if (places.left)
        fill<Missing, Dust, true, false>(values, width, count, places, reached);
    else if (places.right)
        fill<Missing, Dust, false, true>(values, width, count, places, reached);
}

template <bool Dust, class T, class Reached>
BOURSE_INLINE void fill(MissingAs missing, const T* values, std::size_t width, std::size_t count, BitPlaces places,
                        Reached reached) {
    if (!Dust || missing == MissingAs::nan)
        fill<MissingAs::nan, Dust>(values, width, count, places, reached);
    else if (missing == MissingAs::nan_or_zero)
        fill<MissingAs::nan_or_zero, Dust>(values, width, count, places, reached);
    else
        fill<MissingAs::nothing, Dust>(values, width, count, places, reached);
}

// Writes a column's bytes. reached(x): how many cuts x reaches, 0 for NaN.
template <class Reached>
BOURSE_INLINE void fill_places(const FloatColumn& column, const float* values, std::size_t count, BitPlaces places,
                               Reached reached) {
    if (column.dust)
        fill<true>(column.exact.missing, values, 1, count, places, reached);
    else
        fill<false>(column.exact.missing, values, 1, count, places, reached);
}
template <class Reached>
BOURSE_INLINE void fill_places(const BitColumn<double>& column, const double* rows, std::size_t width,
                               std::size_t count, BitPlaces places, Reached reached) {
    fill<true>(column.missing, rows + column.feature, width, count, places, reached);
}

// The simple way to turn rows into columns.
BOURSE_INLINE void turn_rows(const float* rows, std::size_t width, std::size_t features, std::size_t count,
                             float* columns) {
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t f = 0; f < features; ++f) columns[f * bit_rows + i] = rows[i * width + f];
}

// Of the 2^level tests of a level, the first of which is `first`: what test_of(test) gives for the one that each row
// comes to, chosen by Lanes::select(turn, left, right) for every turn above. The first turns, which are known long
// before, choose first: behind the last one there is a single choice to wait for. A recursion of types, so that
// everything has its place at compile time.
template <class Lanes, std::size_t Choices>
struct Chosen {
    template <class TestOf>
    static BOURSE_INLINE auto of(std::size_t first, std::size_t level, const typename Lanes::Turn* turns,
                                 const TestOf& test_of) {
        const std::size_t other = first + (std::size_t{1} << (level - Choices));
        return Lanes::select(turns[Choices - 1], Chosen<Lanes, Choices - 1>::of(first, level, turns, test_of),
                             Chosen<Lanes, Choices - 1>::of(other, level, turns, test_of));
    }
};
template <class Lanes>
struct Chosen<Lanes, 0> {
    template <class TestOf>
    static BOURSE_INLINE auto of(std::size_t first, std::size_t, const typename Lanes::Turn*, const TestOf& test_of) {
        return test_of(first);
    }
};

// The rows of a register on their way down a tree. Lanes: what a kernel has for registers of bytes, one a row: load,
// sixteen(table, at): entries of a table of 16 by the four lower bits of `at`, turn(values, cuts): which are above (or
// which are not, as `select` has it), below(node, turn): twice the node, and one more where the turn is right.
template <class Lanes>
struct Descent {
    using Bytes = typename Lanes::Bytes;
    const BitTests& tests;
    const std::uint8_t* bytes;               // of the first row
    typename Lanes::Turn turns[bit_levels];  // above the level
    Bytes node = Lanes::zero();              // on its level, by row

    template <std::size_t Level>
    BOURSE_INLINE void step() {
        constexpr std::size_t first = (std::size_t{1} << Level) - 1;
        const Bytes value = Chosen<Lanes, Level>::of(
            first, Level, turns, [this](std::size_t test) { return Lanes::load(bytes + tests.bytes[test]); });
        Bytes cut = Lanes::sixteen(tests.cut + first, node);
        if constexpr (Level == 5) cut = Lanes::select(turns[0], cut, Lanes::sixteen(tests.cut + first + 16, node));
        turns[Level] = Lanes::turn(value, cut);
        node = Lanes::below(node, turns[Level]);
    }
    // Exits of the rows, one a byte.
    BOURSE_INLINE Bytes exits() {
        step<0>();
        step<1>();
        step<2>();
        step<3>();
        step<4>();
        step<5>();
        return node;
    }
};

// Calls visit(first row, exits of a register's rows, one a byte) for the rows of one part.
template <class Lanes, class F>
BOURSE_INLINE void each_exits(const BitTests& tests, const std::uint8_t* part, F&& visit) {
    for (std::size_t row = 0; row < bit_part; row += Lanes::rows) {
        Descent<Lanes> rows{tests, part + row, {}};
        visit(row, rows.exits());
    }
}

}  // namespace
}  // namespace bourse::models
