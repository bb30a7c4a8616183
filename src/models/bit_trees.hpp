// The trees of a forest in the layout of forest_bits.hpp: the six upper levels of each, as far as their tests are
// comparisons with a threshold. T is what the forest compares and adds in.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "core/interrupt.hpp"
#include "models/forest_bits.hpp"

namespace bourse::models {

// A test that turns right for values x >= right_from; for none when that is NaN.
template <class T>
struct BitTest {
    std::uint32_t feature;
    T right_from;
    MissingAs missing;
    bool missing_right;
};

template <class T>
struct BitTree {
    BitTests tests;
    alignas(64) T leaves[bit_exits];
    alignas(64) std::uint32_t exits[bit_exits];  // nodes of the forest
    bool ends;                                   // all exits are leaves, `leaves` has what they add
};

template <class T>
class BitTrees {
public:
    // Trees: a forest with trees(), root(), left_child(), leaf_value(), features() and bit_test(node), an optional
    // BitTest<T>: a node without one is an exit. Without trees when the forest has too many or too many thresholds.
    template <class Trees>
    BitTrees(const Trees& forest, const CheckInterrupts& interrupts);

    // Memory of the trees of such a forest, at most. More than `most_trees` are not taken.
    static constexpr std::size_t most_trees = 20'000;
    static std::size_t most_bytes(std::size_t trees, std::size_t nodes, std::size_t features) noexcept;

    bool empty() const noexcept { return trees_.empty(); }
    std::size_t size() const noexcept { return trees_.size(); }
    const BitTree<T>& tree(std::size_t i) const { return trees_[i]; }

    // A block of rows as bytes, and the masks of one tree at a time. One may be used again and again.
    class Block {
    public:
        Block(const BitTrees& trees, const BitKernel& kernel = best_bit_kernel());
        const BitKernel& kernel() const noexcept { return kernel_; }
        // At most bit_rows rows of the forest's features: in float32, whatever the forest compares in, or in T.
        void take(const float* rows, std::size_t width, std::size_t count);
        void take(const double* rows, std::size_t width, std::size_t count) requires std::is_same_v<T, double>;
        // Masks of the tree's tests for these rows; masks[bit_tests] is clear. Until the next call.
        const Mask* test(std::size_t tree);
        // Adds the tree's leaf of each row to sums[bit_rows], aligned to 64 bytes; the tree ends.
        void add(std::size_t tree, T* sums);
        // Exit of each row, found[bit_rows], aligned likewise.
        void find(std::size_t tree, std::uint32_t* found);

    private:
        struct Aligned {
            void operator()(void* p) const noexcept;
        };
        const BitTrees& trees_;
        const BitKernel& kernel_;
        BitPlaces places(std::size_t column) const;

        std::unique_ptr<std::uint8_t[], Aligned> bytes_;
        std::unique_ptr<float[], Aligned> columns_;  // of bit_group features
        std::unique_ptr<Mask[], Aligned> masks_;
    };

private:
    template <class Trees>
    class Builder;
    struct Column {
        int left = -1, right = -1;  // places; -1: no test wants them
    };

    std::vector<Column> columns_;  // by feature
    std::vector<FloatColumn> float_columns_;
    std::vector<BitColumn<double>> double_columns_;  // where T is double
    std::size_t places_ = 0;
    std::vector<BitTree<T>> trees_;
};

}  // namespace bourse::models
