// The tables of shap_bits.hpp for the trees of a forest, and SHAP values from them.
//
// A leaf of value v is reached by a share z_q of the training rows when feature q of its way is unknown, and by the row
// or not (o_q = 1 or 0) when it is known. It adds to the SHAP value of feature k
//     v (o_k - z_k) Σ_S |S|! (m-1-|S|)! / m! Π_{q in S} o_q Π_{q not in S} z_q   over sets S of the other features
//   = v (o_k - z_k) ∫ Π_{q≠k} (o_q t + z_q (1 - t)) dt   over t from 0 to 1,
// a polynomial of at most five factors: three points of Gauss and Legendre integrate it exactly.
#pragma once

#include <span>
#include <vector>

#include "core/interrupt.hpp"
#include "models/shap_bits.hpp"

namespace bourse::models {

// A node as explanations see it, numbered as in the forest; children stand behind their parents, siblings together.
struct ShapNode {
    std::uint32_t left;     // right is the next; 0 = leaf
    std::uint32_t feature;  // of the test
    double value;           // of a leaf
    double share;           // of the parent's cover
};

class ShapTables {
public:
    static constexpr std::size_t most_bytes = std::size_t{128} << 20;

    // Memory of the tables for these trees, at most; those of more than six levels have none.
    static std::size_t bytes_for(std::span<const ShapNode> nodes, std::span<const std::uint32_t> roots);

    // Float32 tables computed in float64; `interrupts` is called for each tree.
    ShapTables(std::span<const ShapNode> nodes, std::span<const std::uint32_t> roots,
               const CheckInterrupts& interrupts);

    bool has(std::size_t tree) const { return there_[tree]; }

    // Adds the parts of the tree's leaves to sums (see ShapKernel::add). masks: those of the tree's tests.
    void add(std::size_t tree, const ShapKernel& kernel, const Mask* masks, std::size_t words, float* sums) const {
        for (std::size_t way = first_way_[tree]; way < first_way_[tree + 1]; ++way)
            kernel.add(ways_[way], tables_.data(), masks, words, sums);
    }

private:
    class Builder;

    std::vector<bool> there_;             // of each tree
    std::vector<std::size_t> first_way_;  // of each tree, and the end
    std::vector<ShapWay> ways_;
    std::vector<ShapTable> tables_;
};

}  // namespace bourse::models
