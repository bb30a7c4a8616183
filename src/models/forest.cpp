#include "models/forest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/error.hpp"

namespace bourse::models {
namespace {

constexpr std::uint32_t category_limit = 1u << 24;  // beyond, float32 has no odd integers
constexpr std::uint32_t missing_left = 1u << 31;    // in Node::set
constexpr std::uint32_t set_mask = missing_left - 1;
constexpr std::size_t rows_a_walk = 64;  // their features stay in the cache while every tree passes over them
constexpr std::size_t rows_abreast = 8;
constexpr std::uint32_t deepest_abreast = 12;  // beyond, most rows end far above the deepest leaf

[[noreturn]] void corrupt(const std::string& problem) {
    throw Error(ErrorKind::corrupt_artifact, "model artifact: " + problem);
}

}  // namespace

// The tensors as they stand in the file.
struct Forest::Layout {
    explicit Layout(const Artifact& artifact)
        : tree_nodes(artifact.get<std::uint32_t>("tree_nodes")),
          left(artifact.get<std::int32_t>("node_left")),
          right(artifact.get<std::int32_t>("node_right")),
          feature(artifact.get<std::uint32_t>("node_feature")),
          value(artifact.get<float>("node_value")),
          flags(artifact.get<std::uint8_t>("node_flags")),
          category_node(artifact.get<std::uint32_t>("category_node")),
          category_count(artifact.get<std::uint32_t>("category_count")) {
        const std::size_t n = left.size();
        if (right.size() != n || feature.size() != n || value.size() != n || flags.size() != n ||
            artifact.get<float>("node_cover").size() != n)
            corrupt("node tensors differ in length");
        std::uint64_t sum = 0;
        for (const auto nodes : tree_nodes) sum += nodes;
        if (sum != n) corrupt("trees have " + std::to_string(sum) + " nodes in all, the tensors " + std::to_string(n));
        if (n >= set_mask) corrupt("too many nodes");
        if (category_count.size() != category_node.size()) corrupt("category tensors differ in length");
        if (!std::is_sorted(category_node.begin(), category_node.end(), std::less_equal<>()))
            corrupt("categorical nodes are not in ascending order");
    }

    // Number of a node's set; the node is numbered over all trees.
    std::uint32_t set_of(std::uint32_t node) const {
        const auto found = std::lower_bound(category_node.begin(), category_node.end(), node);
        if (found == category_node.end() || *found != node) corrupt("a categorical node has no set");
        return static_cast<std::uint32_t>(found - category_node.begin());
    }

    std::vector<std::uint32_t> tree_nodes;
    std::vector<std::int32_t> left, right;
    std::vector<std::uint32_t> feature;
    std::vector<float> value;
    std::vector<std::uint8_t> flags;
    std::vector<std::uint32_t> category_node, category_count;
};

Forest::Forest(const Artifact& artifact, const CheckInterrupts& interrupts)
    : Evaluator(artifact),
      outputs_of_(artifact.get<std::uint32_t>("tree_output")),
      base_margin_(artifact.get<float>("base_margin")),
      categories_(artifact.get<std::uint32_t>("category")) {
    const Layout in(artifact);
    if (artifact.has("tree_weight")) weights_ = artifact.get<float>("tree_weight");
    if (outputs_of_.size() != in.tree_nodes.size() || (!weights_.empty() && weights_.size() != in.tree_nodes.size()))
        corrupt("tree tensors differ in length");
    if (base_margin_.size() != outputs()) corrupt("base_margin has not one entry per output");
    for (const auto output : outputs_of_)
        if (output >= outputs())
            corrupt("a tree adds to output " + std::to_string(output) + " of " + std::to_string(outputs()));

    set_begin_.push_back(0);
    for (const auto count : in.category_count) {
        if (count > categories_.size() - set_begin_.back()) corrupt("a category set ends beyond its tensor");
        const auto* begin = categories_.data() + set_begin_.back();
        if (!std::is_sorted(begin, begin + count, std::less_equal<>())) corrupt("a category set is not ascending");
        set_begin_.push_back(set_begin_.back() + count);
    }
    if (set_begin_.back() != categories_.size()) corrupt("categories without a set");

    nodes_.reserve(in.left.size());
    numbers_.reserve(in.left.size());
    std::uint32_t first = 0;  // of the tree's nodes in the tensors
    for (const auto count : in.tree_nodes) {
        append_tree(in, first, count, interrupts);
        first += count;
    }
    set_size(sizeof *this + ByMasks<float>::most_bytes(*this) + AbreastTrees::bytes_for(nodes_.size()) +
             nodes_.size() * (sizeof(Node) + sizeof(std::uint32_t)) + categories_.size() * sizeof(std::uint32_t) +
             roots_.size() * 4 * sizeof(std::uint32_t));
}

std::optional<BitTest<float>> Forest::bit_test(std::uint32_t at) const {
    const Node& node = nodes_[at];
    if ((node.set & set_mask) != 0 || std::isnan(node.value)) return std::nullopt;
    return BitTest<float>{node.feature, node.value, MissingAs::nan, (node.set & missing_left) == 0};
}

// Breadth first. Every node has one parent and the root none: cycles end here, and no leaf is shared.
void Forest::append_tree(const Layout& in, std::uint32_t first, std::uint32_t count,
                         const CheckInterrupts& interrupts) {
    if (count == 0) corrupt("a tree has no node");
    const auto root = static_cast<std::uint32_t>(nodes_.size());
    roots_.push_back(root);
    nodes_.push_back({});
    numbers_.push_back(0);
    bool numeric = true;
    std::vector<std::uint32_t> depth{0};
    std::vector<bool> reached(count);
    for (std::uint32_t at = root; at < nodes_.size(); ++at) {
        if (at % 8192 == 0) check(interrupts);
        const std::uint32_t node = first + numbers_[at];
        nodes_[at].value = in.value[node];
        nodes_[at].set = in.flags[node] & default_left ? missing_left : 0;
        const auto left = in.left[node], right = in.right[node];
        if (left == -1 && right == -1) continue;
        if (left < 1 || right < 1 || static_cast<std::uint32_t>(left) >= count ||
            static_cast<std::uint32_t>(right) >= count || left == right)
            corrupt("node " + std::to_string(numbers_[at]) + " has children " + std::to_string(left) + " and " +
                    std::to_string(right) + " in a tree of " + std::to_string(count) + " nodes");
        if (in.feature[node] >= features().size())
            corrupt("a node tests feature " + std::to_string(in.feature[node]) + " of " +
                    std::to_string(features().size()));
        nodes_[at].feature = in.feature[node];
        nodes_[at].child = static_cast<std::uint32_t>(nodes_.size());
        if (in.flags[node] & categorical) {
            nodes_[at].set |= in.set_of(node) + 1;
            numeric = false;
        }
        for (const auto child : {left, right}) {
            if (reached[static_cast<std::uint32_t>(child)]) corrupt("a node has two parents or is its own ancestor");
            reached[static_cast<std::uint32_t>(child)] = true;
            nodes_.push_back({});
            numbers_.push_back(static_cast<std::uint32_t>(child));
            depth.push_back(depth[at - root] + 1);
        }
    }
    depths_.push_back(numeric && depth.back() <= deepest_abreast ? depth.back() : 0);
}

bool Forest::goes_right(const Node& node, float x) const noexcept {
    if (std::isnan(x)) return !(node.set & missing_left);
    const std::uint32_t set = node.set & set_mask;
    if (set == 0) return !(x < node.value);
    if (x < 0 || x >= static_cast<float>(category_limit)) return false;
    return std::binary_search(categories_.begin() + set_begin_[set - 1], categories_.begin() + set_begin_[set],
                              static_cast<std::uint32_t>(x));
}

inline std::uint32_t Forest::leaf(std::uint32_t root, const float* row) const noexcept {
    std::uint32_t at = root;
    while (nodes_[at].child != 0) at = nodes_[at].child + goes_right(nodes_[at], row[nodes_[at].feature]);
    return at;
}

// The walk of one row is a chain of dependent loads; several walks side by side hide each other's waiting.
inline void Forest::leaves_abreast(std::size_t tree, const float* rows, std::uint32_t* at) const noexcept {
    const std::size_t width = features().size();
    std::fill_n(at, rows_abreast, roots_[tree]);
    for (std::uint32_t level = 0; level < depths_[tree]; ++level)
        for (std::size_t k = 0; k < rows_abreast; ++k) {
            const Node& node = nodes_[at[k]];
            const float x = rows[k * width + node.feature];
            const bool right = std::isnan(x) ? !(node.set & missing_left) : !(x < node.value);
            at[k] = node.child == 0 ? at[k] : node.child + right;
        }
}

inline void Forest::add(std::size_t tree, std::uint32_t leaf, float& margin) const noexcept {
    margin += leaf_value(tree, leaf);
}

void Forest::add_trees(const float* rows, std::size_t count, std::size_t first, std::size_t end, float* margins,
                       const CheckInterrupts& interrupts) const {
    const std::size_t width = features().size();
    if (count >= fewest_bit_rows)
        if (const auto* trees = bit_trees(interrupts))
            return margins_by_masks(
                *this, *trees, base_margin_, rows, count, first, end, margins, interrupts,
                [&](std::size_t tree, const float* from, std::size_t part, std::uint32_t* nodes, float* out) {
                    abreast_.get(*this).walk(from, width, part, nodes);
                    for (std::size_t i = 0; i < part; ++i) add(tree, leaf(nodes[i], from + i * width), out[i]);
                });
    if (count < rows_abreast) {
        for (std::size_t i = 0; i < count; ++i) walk_row(rows + i * width, first, end, margins + i * outputs());
        return;
    }
    for (; count > 0; count -= std::min(count, rows_a_walk)) {
        check(interrupts);
        const std::size_t part = std::min(count, rows_a_walk);
        walk_trees(rows, part, first, end, margins);
        rows += part * width;
        margins += part * outputs();
    }
}

// Few rows: trees abreast in place of rows.
void Forest::walk_row(const float* row, std::size_t first, std::size_t end, float* margins) const {
    std::copy(base_margin_.begin(), base_margin_.end(), margins);
    constexpr std::size_t together = 64;
    std::uint32_t at[together];
    const auto& trees = abreast_.get(*this);
    for (std::size_t tree = first; tree < end; tree += together) {
        const std::size_t part = std::min(together, end - tree);
        std::copy_n(roots_.data() + tree, part, at);
        trees.walk(row, 0, part, at);
        for (std::size_t k = 0; k < part; ++k) add(tree + k, leaf(at[k], row), margins[outputs_of_[tree + k]]);
    }
}

void Forest::walk_trees(const float* rows, std::size_t count, std::size_t first, std::size_t end,
                        float* margins) const {
    const std::size_t width = features().size();
    const std::size_t groups = outputs();
    for (std::size_t i = 0; i < count; ++i) std::copy(base_margin_.begin(), base_margin_.end(), margins + i * groups);
    for (std::size_t tree = first; tree < end; ++tree) {
        float* out = margins + outputs_of_[tree];
        std::size_t i = 0;
        if (depths_[tree] > 0)
            for (std::uint32_t at[rows_abreast]; i + rows_abreast <= count; i += rows_abreast) {
                leaves_abreast(tree, rows + i * width, at);
                for (std::size_t k = 0; k < rows_abreast; ++k) add(tree, at[k], out[(i + k) * groups]);
            }
        for (; i < count; ++i) add(tree, leaf(roots_[tree], rows + i * width), out[i * groups]);
    }
}

void Forest::margins_of_trees(std::span<const float> rows, std::size_t count, std::size_t first, std::size_t end,
                              std::span<float> margins) const {
    if (rows.size() != count * features().size() || margins.size() != count * outputs() || first > end ||
        end > roots_.size())
        throw std::logic_error("Forest::margins_of_trees: a matrix or range of another shape");
    add_trees(rows.data(), count, first, end, margins.data(), {});
}

std::uint32_t Forest::leaf_number(std::size_t tree, std::span<const float> row) const {
    return numbers_[leaf(roots_.at(tree), row.data())];
}

}  // namespace bourse::models
