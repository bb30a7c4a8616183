// Rows that walk down the lower levels of deep trees side by side: the walk of one row is a chain of loads that wait
// for each other, sixteen of them hide each other's waiting. Without branches but the one that ends the walk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace bourse::models {

class Forest;

class AbreastTrees {
public:
    static std::size_t bytes_for(std::size_t nodes) noexcept { return nodes * sizeof(Node); }

    explicit AbreastTrees(const Forest& forest);

    // Every row goes on from its node, at[count], to a leaf, or to a node with another test than that of a threshold.
    // A width of 0: one row, in as many trees as there are nodes.
    void walk(const float* rows, std::size_t width, std::size_t count, std::uint32_t* at) const noexcept;

private:
    struct Node {
        float right_from;       // NaN, which no value reaches, where walks end
        std::uint32_t feature;  // highest bit: a missing value goes right
        std::uint32_t child;    // the left one; the node itself where walks end
    };
    template <std::size_t Rows>
    void walk_together(const float* rows, std::size_t width, std::uint32_t* at) const noexcept;

    std::vector<Node> nodes_;  // numbered as in the forest
};

}  // namespace bourse::models
