// Many rows through a tree at once, six levels at a time: the layout that the kernels share.
//
// Every value becomes a byte, the number of its feature's thresholds that it reaches; a test of a tree is then one
// comparison of bytes for 64 rows, which gives a mask of 64 bits (1: right). The six turns of every row follow from
// selecting, level by level, among the bytes that the tests of a level compare (or, in the portable kernel, among the
// masks of all 63 tests), and the six turns number one of 64 exits: a leaf, or a node that the row is walked on from.
// Every kernel finds the same exits and adds the same leaves in the same order as a walk: sums have its bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bourse::models {

inline constexpr std::size_t bit_rows = 512;  // rows of a block
inline constexpr std::size_t bit_part = 128;  // rows whose bytes stand together: those of some 300 columns fit a core's
                                              // nearest cache, which every tree reads from again
inline constexpr std::size_t bit_words = 8;   // words of a mask
inline constexpr std::size_t bit_levels = 6;
inline constexpr std::size_t bit_tests = 63;  // of a complete tree; the children of n are 2n+1 (left) and 2n+2
inline constexpr std::size_t bit_exits = 64;  // by the turns, the first the highest bit
inline constexpr std::size_t bit_cuts = 254;  // thresholds of a column; 255 is a missing value
inline constexpr std::size_t bit_group = 16;  // features that are turned into columns at a time

using Mask = std::uint64_t[bit_words];  // one bit a row

enum class MissingAs : std::uint8_t {
    nan,          // NaN is missing
    nan_or_zero,  // so is zero
    nothing,      // NaN is zero
};

// Up to 254 ascending values of one feature from which a test turns right; a feature that has more stands in several
// columns. Unused places are NaN, which no value reaches.
template <class T>
struct alignas(64) BitColumn {
    T pivots[16];  // every sixteenth cut
    T cuts[264];   // eight can be read from each
    std::uint32_t feature;
    MissingAs missing;
};

// A column of values in float32. Their keys number the values roughly and in order, so that all but those whose key is
// a cut's are told by comparing 16 bits.
struct alignas(64) FloatColumn {
    BitColumn<float> exact;
    std::uint16_t keys[8][32];  // cut 8 g + j in [j][g]; 65,535, which no value has, behind the last
    std::uint8_t starts[1024];  // how many cuts have keys below 64 times the index
    float scale, offset;        // key of x: scale × x + offset rounded to the nearest integer, 0 to 65,534
    bool by_keys;               // whether they tell the cuts apart
    bool by_starts;             // whether no 64 keys have more than eight cuts
    bool dust;                  // values within ±1e-35f are zero, as LightGBM has it
};

// The bytes of a column stand in one or two places: a missing value is 0 (left in every test) in the first and 255
// (right in every test) in the second. The bytes of a part's rows stand together, those of the next part `stride` on.
struct BitPlaces {
    std::uint8_t *left, *right;  // of the first part; null: not wanted
    std::size_t stride;
};

struct BitTests {
    std::uint32_t bytes[bit_tests];  // where those that the test compares begin in a part: a multiple of bit_part
    std::uint8_t cut[bit_tests];     // right when the byte is above; 255: never
};

// What the exits of a tree stand for, and the same byte by byte: byte k of entry e is planes[k][e].
template <class E>
struct alignas(64) BitTable {
    E entries[bit_exits];
    std::uint8_t planes[sizeof(E)][bit_exits];
};

// Matrices are row-major. All pointers but those to rows are aligned to 64 bytes.
struct BitKernel {
    const char* name;
    // Up to bit_group features of `count` rows, side by side, to columns[bit_group][bit_rows].
    void (*turn)(const float* rows, std::size_t width, std::size_t features, std::size_t count, float* columns);
    // Bytes of `count` values, 0 behind them to the end of their part. values[bit_rows] are all there to be read.
    void (*bin)(const FloatColumn& column, const float* values, std::size_t count, BitPlaces places);
    // In float64; values within ±1e-35f are zero, as LightGBM has it.
    void (*bin_wide)(const BitColumn<double>& column, const double* rows, std::size_t width, std::size_t count,
                     BitPlaces places);
    // Masks of the tests in a block whose parts are `stride` bytes apart; masks[bit_tests] is cleared.
    void (*test)(const BitTests& tests, const std::uint8_t* bytes, std::size_t stride, Mask* masks);
    // Of one part: adds the tree's leaf of each row to sums[bit_part].
    void (*add)(const BitTests& tests, const std::uint8_t* part, const BitTable<float>& leaves, float* sums);
    void (*add_wide)(const BitTests& tests, const std::uint8_t* part, const BitTable<double>& leaves, double* sums);
    // The exit of each row of one part, found[bit_part].
    void (*find)(const BitTests& tests, const std::uint8_t* part, const BitTable<std::uint32_t>& exits,
                 std::uint32_t* found);
};

// Those of other instruction sets are null where the compiler or processor has them not.
const BitKernel& portable_bit_kernel() noexcept;
const BitKernel* avx2_bit_kernel() noexcept;
const BitKernel* avx512_bit_kernel() noexcept;
const BitKernel& best_bit_kernel() noexcept;

}  // namespace bourse::models
