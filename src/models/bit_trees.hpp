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

// A node below the sixth level, of a walk over the bytes of a block.
struct BitStep {
    std::uint32_t child;  // the left one, the right one is the next; the step itself at a leaf
    std::uint32_t test;   // right when the byte in place test / 256 is above test % 256
};

template <class T>
struct BitTree {
    BitTests tests;
    BitTable<T> leaves;             // what the exits add, where all are leaves
    BitTable<std::uint32_t> exits;  // steps where there are levels below, else nodes of the forest
    std::uint32_t levels;           // of steps below the exits, 0: there are none
    bool ends;                      // all exits are leaves
    bool whole() const noexcept { return ends || levels > 0; }  // the bytes tell every leaf
};

template <class T>
class BitTrees {
public:
    // Trees: a forest with trees(), root(), left_child(), leaf_value(), features() and bit_test(node), an optional
    // BitTest<T>: a node without one is an exit. Without trees when the forest has too many or too many thresholds.
    template <class Trees>
    BitTrees(const Trees& forest, const CheckInterrupts& interrupts);

    // Memory of the trees of such a forest, at most. More than `most_trees` are not taken. The steps of deep trees are
    // left out where their thresholds would take too many columns.
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
        // Of the rows from part × bit_part on: adds the tree's leaf of each to sums[bit_part], aligned to 64 bytes; the
        // tree is whole.
        void add(std::size_t tree, std::size_t part, T* sums);
        // Their exits, found[bit_part], aligned likewise.
        void find(std::size_t tree, std::size_t part, std::uint32_t* found);

    private:
        struct Aligned {
            void operator()(void* p) const noexcept;
        };
        BitPlaces places(std::size_t column) const;
        const std::uint8_t* part(std::size_t number) const { return bytes_.get() + number * trees_.stride(); }

        const BitTrees& trees_;
        const BitKernel& kernel_;
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
    std::vector<BitStep> steps_;
    std::vector<T> step_values_;  // what a leaf among the steps adds

    std::size_t stride() const noexcept { return places_ * bit_part; }  // bytes of a part
};

}  // namespace bourse::models
