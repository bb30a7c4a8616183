#include "models/walk_abreast.hpp"

#include <limits>

#include "models/forest.hpp"

namespace bourse::models {
namespace {

constexpr std::uint32_t missing_right = 1u << 31;

}  // namespace

AbreastTrees::AbreastTrees(const Forest& forest) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    nodes_.reserve(forest.nodes());
    for (std::uint32_t node = 0; node < forest.nodes(); ++node) {
        const auto left = forest.left_child(node);
        const auto test = left == 0 ? std::nullopt : forest.bit_test(node);
        if (test && test->feature < missing_right)
            nodes_.push_back({test->right_from, test->feature | (test->missing_right ? missing_right : 0), left});
        else
            nodes_.push_back({nan, 0, node});
    }
}

template <std::size_t Rows>
inline void AbreastTrees::walk_together(const float* rows, std::size_t width, std::uint32_t* at) const noexcept {
    std::uint32_t moved;
    do {
        moved = 0;
        for (std::size_t k = 0; k < Rows; ++k) {
            const Node& node = nodes_[at[k]];
            const float x = rows[k * width + (node.feature & ~missing_right)];
            const auto right = static_cast<std::uint32_t>(x >= node.right_from) |
                               (static_cast<std::uint32_t>(x != x) & node.feature >> 31);
            const std::uint32_t next = node.child + right;
            moved |= next ^ at[k];
            at[k] = next;
        }
    } while (moved != 0);
}

void AbreastTrees::walk(const float* rows, std::size_t width, std::size_t count, std::uint32_t* at) const noexcept {
    constexpr std::size_t together = 16;
    std::size_t i = 0;
    for (; i + together <= count; i += together) walk_together<together>(rows + i * width, width, at + i);
    for (; i < count; ++i) walk_together<1>(rows + i * width, width, at + i);
}

}  // namespace bourse::models
