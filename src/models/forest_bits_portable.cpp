// The kernel for every processor.
#include "models/forest_bits_kernel.hpp"

namespace bourse::models {
namespace {

// Of 256 ascending cuts, the last ones NaN.
template <class T>
BOURSE_INLINE std::size_t reached_of_256(T x, const T* cuts) {
    std::size_t reached = 0;
    for (std::size_t step = 128; step > 0; step /= 2) reached += step & -std::size_t{x >= cuts[reached + step - 1]};
    return reached;
}

void bin(const FloatColumn& column, const float* values, std::size_t count, BitPlaces places) {
    const float* cuts = column.exact.cuts;
    fill_places(column, values, count, places, [=](float x) { return reached_of_256(x, cuts); });
}
void bin_wide(const BitColumn<double>& column, const double* rows, std::size_t width, std::size_t count,
              BitPlaces places) {
    const double* cuts = column.cuts;
    fill_places(column, rows, width, count, places, [=](double x) { return reached_of_256(x, cuts); });
}

void turn(const float* rows, std::size_t width, std::size_t features, std::size_t count, float* columns) {
    turn_rows(rows, width, features, count, columns);
}

typedef std::uint8_t Bytes __attribute__((vector_size(16)));  // wider ones become single bytes

// Bit i: value i of 16 is above the cut.
BOURSE_INLINE std::uint64_t above(const std::uint8_t* values, Bytes cut) {
    Bytes v;
    __builtin_memcpy(&v, values, sizeof v);
    const Bytes ones = reinterpret_cast<Bytes>(v > cut) & 1;
    std::uint64_t eights[2];
    __builtin_memcpy(eights, &ones, sizeof eights);
    // The product gathers the lowest bits of eight bytes in its highest byte.
    return eights[0] * 0x0102040810204080 >> 56 | eights[1] * 0x0102040810204080 >> 56 << 8;
}

BOURSE_INLINE std::uint64_t above_of_64(const std::uint8_t* values, Bytes cut) {
    return above(values, cut) | above(values + 16, cut) << 16 | above(values + 32, cut) << 32 |
           above(values + 48, cut) << 48;
}

void test(const BitTests& tests, const std::uint8_t* bytes, std::size_t stride, Mask* masks) {
    for (std::size_t n = 0; n < bit_tests; ++n) {
        const Bytes cut = Bytes{} + tests.cut[n];
        const std::uint8_t* values = bytes + tests.bytes[n];
        for (std::size_t word = 0; word < bit_words; ++word)
            masks[n][word] = above_of_64(values + word_at(word, stride), cut);
    }
    for (auto& word : masks[bit_tests]) word = 0;
}

typedef std::uint64_t Masks __attribute__((vector_size(bit_part / 8)));  // the rows of a part, one bit each

struct MaskLanes {
    using Turn = Masks;
    static BOURSE_INLINE Masks select(Masks turn, Masks left, Masks right) { return left ^ (turn & (left ^ right)); }
};

template <std::size_t Level>
BOURSE_INLINE void resolve_turn(const Masks* masks, Masks* turns) {
    turns[Level] = Chosen<MaskLanes, Level>::of((std::size_t{1} << Level) - 1, Level, turns,
                                                [=](std::size_t test) { return masks[test]; });
}

// turns[bit_levels], one mask a level.
BOURSE_INLINE void resolve_turns(const Masks* masks, Masks* turns) {
    resolve_turn<0>(masks, turns);
    resolve_turn<1>(masks, turns);
    resolve_turn<2>(masks, turns);
    resolve_turn<3>(masks, turns);
    resolve_turn<4>(masks, turns);
    resolve_turn<5>(masks, turns);
}

// Calls visit(row, exit of the row) for the rows of one part.
template <class F>
BOURSE_INLINE void each_exit(const BitTests& tests, const std::uint8_t* part, F&& visit) {
    Masks masks[bit_tests], turns[bit_levels];
    for (std::size_t n = 0; n < bit_tests; ++n) {
        const Bytes cut = Bytes{} + tests.cut[n];
        const std::uint8_t* values = part + tests.bytes[n];
        for (std::size_t word = 0; word < bit_part / 64; ++word) masks[n][word] = above_of_64(values + 64 * word, cut);
    }
    resolve_turns(masks, turns);
    for (std::size_t row = 0; row < bit_part; row += 8) {
        std::uint64_t exits = 0;
        for (const auto& level : turns) exits = exits * 2 + spread_8(level[row / 64], row);
        for (std::size_t i = 0; i < 8; ++i) visit(row + i, exits >> (8 * i) & 255);
    }
}

template <class T>
void add(const BitTests& tests, const std::uint8_t* part, const BitTable<T>& leaves, T* sums) {
    each_exit(tests, part, [&](std::size_t i, std::size_t exit) { sums[i] += leaves.entries[exit]; });
}

void find(const BitTests& tests, const std::uint8_t* part, const BitTable<std::uint32_t>& exits, std::uint32_t* found) {
    each_exit(tests, part, [&](std::size_t i, std::size_t exit) { found[i] = exits.entries[exit]; });
}

}  // namespace

const BitKernel& portable_bit_kernel() noexcept {
    static constexpr BitKernel kernel{"portable", turn, bin, bin_wide, test, add<float>, add<double>, find};
    return kernel;
}

}  // namespace bourse::models
