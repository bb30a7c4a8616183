// Margins of many rows by masks: what the forests of both libraries share.
#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

#include "core/interrupt.hpp"
#include "models/bit_trees.hpp"

namespace bourse::models {

inline constexpr std::size_t fewest_bit_rows = 32;            // fewer are walked
inline constexpr std::size_t most_bit_outputs = 256;          // each keeps a block's sums
inline constexpr std::size_t bit_rows_a_call = 8 * bit_rows;  // share one block's memory
inline constexpr std::size_t trees_a_turn = 128;              // stay in the cache for all parts of a block

// Something made when first asked for: what many rows need, a session that predicts single ones does without. May be
// shared between threads.
template <class T>
class Lazy {
public:
    template <class... Arguments>
    const T& get(const Arguments&... arguments) const {
        const std::lock_guard lock(making_);
        if (!made_) made_ = std::make_unique<const T>(arguments...);
        return *made_;
    }

private:
    mutable std::mutex making_;
    mutable std::unique_ptr<const T> made_;
};

// The trees of a forest as masks evaluate them, where they can. T: what the forest compares and adds in. Trees: a
// forest with trees(), nodes(), features(), outputs(), linear() and what BitTrees asks for.
template <class T>
class ByMasks {
public:
    template <class Trees>
    static bool fits(const Trees& forest) noexcept {
        return !forest.linear() && forest.outputs() <= most_bit_outputs && forest.trees() <= BitTrees<T>::most_trees;
    }
    template <class Trees>
    static std::size_t most_bytes(const Trees& forest) noexcept {
        return fits(forest) ? BitTrees<T>::most_bytes(forest.trees(), forest.nodes(), forest.features().size()) : 0;
    }
    // Made when first asked for; null: the forest is walked.
    template <class Trees>
    const BitTrees<T>* trees(const Trees& forest, const CheckInterrupts& interrupts) const {
        if (!fits(forest)) return nullptr;
        const auto& made = trees_.get(forest, interrupts);
        return made.empty() ? nullptr : &made;
    }

private:
    Lazy<BitTrees<T>> trees_;
};

// Margins of the rows from `base` on with trees first <= tree < end, in file order: for each row the additions of a
// walk in the order of a walk. Row: float, or what the trees compare in. Trees: a forest with output(). walk_on(tree,
// rows, count, nodes, sums) adds the leaves that the rows come to from nodes[count], which are the forest's.
template <class T, class Row, class Trees, class WalkOn>
void margins_by_masks(const Trees& forest, const BitTrees<T>& trees, const std::vector<T>& base, const Row* rows,
                      std::size_t count, std::size_t first, std::size_t end, T* margins,
                      const CheckInterrupts& interrupts, WalkOn&& walk_on) {
    struct alignas(64) Sums {
        T of_row[bit_rows];
    };
    const std::size_t width = forest.features().size(), outputs = base.size();
    std::vector<Sums> sums(outputs);
    alignas(64) std::uint32_t nodes[bit_part];
    typename BitTrees<T>::Block block(trees);
    const auto add = [&](std::size_t tree, const Row* from, std::size_t part, std::size_t own) {
        T* out = sums[forest.output(tree)].of_row + part * bit_part;
        if (trees.tree(tree).whole()) return block.add(tree, part, out);
        block.find(tree, part, nodes);
        walk_on(tree, from + part * bit_part * width, own, nodes, out);
    };
    for (std::size_t done = 0; done < count; done += bit_rows) {
        const Row* from = rows + done * width;
        const std::size_t own = std::min(bit_rows, count - done);
        for (std::size_t k = 0; k < outputs; ++k) std::fill_n(sums[k].of_row, bit_rows, base[k]);
        block.take(from, width, own);
        for (std::size_t group = first; group < end; group += trees_a_turn) {
            check(interrupts);
            for (std::size_t part = 0; part * bit_part < own; ++part)
                for (std::size_t tree = group; tree < std::min(end, group + trees_a_turn); ++tree)
                    add(tree, from, part, std::min(bit_part, own - part * bit_part));
        }
        T* to = margins + done * outputs;
        for (std::size_t i = 0; i < own; ++i)
            for (std::size_t k = 0; k < outputs; ++k) to[i * outputs + k] = sums[k].of_row[i];
    }
}

}  // namespace bourse::models
