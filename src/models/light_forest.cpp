#include "models/light_forest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/error.hpp"

namespace bourse::models {
namespace {

constexpr std::size_t rows_a_walk = 64;  // their features stay in the cache
constexpr double zero_limit = 1e-35f;    // kZeroThreshold: the float32 nearest to 1e-35

[[noreturn]] void corrupt(const std::string& problem) {
    throw Error(ErrorKind::corrupt_artifact, "model artifact: " + problem);
}

Objective objective_of(const Artifact& artifact) {
    auto objective = lightgbm_objective(artifact.objective);
    if (!objective) corrupt("unknown objective " + artifact.objective.substr(0, 60));
    if (has_classes(*objective) ? artifact.outputs < 2 : artifact.outputs > 1 && !artifact.objective.empty())
        corrupt(std::to_string(artifact.outputs) + " outputs do not fit objective " + artifact.objective.substr(0, 60));
    if (artifact.has("average")) {
        const auto average = artifact.get<std::uint8_t>("average");
        const auto trees = artifact.get<std::uint32_t>("tree_leaves").size();
        if (average.size() != 1 || average[0] != 1 || trees < artifact.outputs) corrupt("average without rounds");
        objective->divisor = static_cast<double>(trees / artifact.outputs);
    }
    return *objective;
}

// Starts of consecutive pieces of these sizes in a tensor of `total` elements, and its end.
std::vector<std::uint32_t> starts(const std::vector<std::uint32_t>& sizes, std::size_t total, const char* what) {
    std::vector<std::uint32_t> begin{0};
    for (const auto size : sizes) {
        if (size > total - begin.back()) corrupt(std::string(what) + " ends beyond its tensor");
        begin.push_back(begin.back() + size);
    }
    if (begin.back() != total) corrupt(std::string(what) + " does not fill its tensor");
    return begin;
}

double without_dust(double x) noexcept { return std::abs(x) <= zero_limit ? 0.0 : x; }

}  // namespace

// The tensors as they stand in the file.
struct LightForest::Layout {
    explicit Layout(const Artifact& artifact)
        : tree_leaves(artifact.get<std::uint32_t>("tree_leaves")),
          feature(artifact.get<std::uint32_t>("node_feature")),
          threshold(artifact.get<double>("node_threshold")),
          decision(artifact.get<std::uint8_t>("node_decision")),
          left(artifact.get<std::int32_t>("node_left")),
          right(artifact.get<std::int32_t>("node_right")),
          leaf_value(artifact.get<double>("leaf_value")),
          category_node(artifact.get<std::uint32_t>("category_node")) {
        const std::size_t n = feature.size(), m = leaf_value.size();
        if (threshold.size() != n || decision.size() != n || left.size() != n || right.size() != n ||
            artifact.get<std::uint32_t>("node_count").size() != n ||
            artifact.get<std::uint32_t>("leaf_count").size() != m)
            corrupt("node tensors differ in length");
        if (m > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) / 2) corrupt("too many nodes");
        std::uint64_t leaves = 0;
        for (const auto count : tree_leaves) {
            if (count == 0) corrupt("a tree has no leaf");
            leaves += count;
        }
        if (leaves != m || leaves - tree_leaves.size() != n)
            corrupt("trees have " + std::to_string(leaves) + " leaves in all, the tensors " + std::to_string(m));
        if (!std::is_sorted(category_node.begin(), category_node.end(), std::less_equal<>()))
            corrupt("categorical nodes are not in ascending order");
        for (const auto value : leaf_value)
            if (!std::isfinite(value)) corrupt("a leaf is not finite");
    }

    // Number of a node's set; the node is numbered over all trees.
    std::uint32_t set_of(std::uint32_t node) const {
        const auto found = std::lower_bound(category_node.begin(), category_node.end(), node);
        if (found == category_node.end() || *found != node) corrupt("a categorical node has no set");
        return static_cast<std::uint32_t>(found - category_node.begin());
    }

    std::vector<std::uint32_t> tree_leaves, feature;
    std::vector<double> threshold;
    std::vector<std::uint8_t> decision;
    std::vector<std::int32_t> left, right;
    std::vector<double> leaf_value;
    std::vector<std::uint32_t> category_node;
};

LightForest::LightForest(const Artifact& artifact, const CheckInterrupts& interrupts)
    : Evaluator(artifact, objective_of(artifact)), sets_(artifact.get<std::uint32_t>("category_set")) {
    const Layout in(artifact);
    const auto words = artifact.get<std::uint32_t>("category_words");
    if (words.size() != in.category_node.size()) corrupt("category tensors differ in length");
    set_begin_ = starts(words, sets_.size(), "a category set");
    if (in.tree_leaves.size() % outputs() != 0)
        corrupt(std::to_string(in.tree_leaves.size()) + " trees are no whole rounds of " + std::to_string(outputs()));
    if (artifact.has("tree_linear")) read_linear(artifact, in.leaf_value.size());
    if (!linear_.empty() && linear_.size() != in.tree_leaves.size()) corrupt("tree tensors differ in length");

    nodes_.reserve(in.feature.size() + in.leaf_value.size());
    std::uint32_t first = 0;
    for (std::size_t tree = 0; tree < in.tree_leaves.size(); ++tree) {
        first_leaf_.push_back(first);
        append_tree(in, tree, interrupts);
        first += in.tree_leaves[tree];
    }
    set_size(sizeof *this + ByMasks<double>::most_bytes(*this) + nodes_.size() * sizeof(Node) +
             sets_.size() * sizeof(std::uint32_t) + roots_.size() * 2 * sizeof(std::uint32_t) +
             constant_.size() * 2 * sizeof(double) + weight_.size() * 2 * sizeof(double));
}

void LightForest::read_linear(const Artifact& artifact, std::size_t leaves) {
    linear_ = artifact.get<std::uint8_t>("tree_linear");
    constant_ = artifact.get<double>("leaf_constant");
    term_feature_ = artifact.get<std::uint32_t>("term_feature");
    weight_ = artifact.get<double>("term_weight");
    const auto terms = artifact.get<std::uint32_t>("leaf_terms");
    if (constant_.size() != leaves || terms.size() != leaves || weight_.size() != term_feature_.size())
        corrupt("linear tensors differ in length");
    term_begin_ = starts(terms, weight_.size(), "a leaf's terms");
    for (const auto feature : term_feature_)
        if (feature >= features().size()) corrupt("a leaf weighs feature " + std::to_string(feature));
    for (const auto* values : {&constant_, &weight_})
        for (const auto value : *values)
            if (!std::isfinite(value)) corrupt("a linear leaf is not finite");
}

// Breadth first; every inner node and leaf of the tree must come up exactly once, so that cycles end here.
void LightForest::append_tree(const Layout& in, std::size_t tree, const CheckInterrupts& interrupts) {
    const std::uint32_t leaves = in.tree_leaves[tree], first_leaf = first_leaf_[tree];
    const std::uint32_t first_node = first_leaf - static_cast<std::uint32_t>(tree);  // a tree has one node fewer
    const auto root = static_cast<std::uint32_t>(nodes_.size());
    const std::size_t size = 2 * static_cast<std::size_t>(leaves) - 1;
    std::vector<bool> seen(size);
    std::vector<std::int32_t> number{leaves > 1 ? 0 : ~0};  // of nodes_ in the file: inner node, or ~leaf
    roots_.push_back(root);
    nodes_.push_back({});
    for (std::uint32_t k = 0; k < number.size(); ++k) {
        if (k % 8192 == 0) check(interrupts);
        const std::int32_t at = number[k];
        const std::uint32_t limit = at < 0 ? leaves : leaves - 1;
        const auto i = static_cast<std::uint32_t>(at < 0 ? ~at : at);
        if (i >= limit)
            corrupt("a node has child " + std::to_string(at) + " in a tree of " + std::to_string(leaves) + " leaves");
        const std::size_t mark = at < 0 ? leaves - 1 + std::size_t{i} : i;
        if (seen[mark]) corrupt("a node or leaf has two parents or is its own ancestor");
        seen[mark] = true;
        Node& node = nodes_[root + k];
        if (at < 0) {
            node = {in.leaf_value[first_leaf + i], first_leaf + i, 0, !linear_.empty() && linear_[tree] == 1, 0};
            continue;
        }
        const std::uint32_t from = first_node + i;
        const auto decision = in.decision[from];
        if (decision >> 2 > 2) corrupt("decision type " + std::to_string(decision));
        if (in.feature[from] >= features().size())
            corrupt("a node tests feature " + std::to_string(in.feature[from]) + " of " +
                    std::to_string(features().size()));
        if (std::isnan(in.threshold[from])) corrupt("a threshold is not a number");  // infinities occur
        node = {in.threshold[from], in.feature[from], static_cast<std::uint32_t>(nodes_.size()),
                decision & categorical ? in.set_of(from) : 0, decision};
        for (const auto child : {in.left[from], in.right[from]}) {
            if (number.size() == size) corrupt("a tree has more nodes than leaves - 1");
            number.push_back(child);
            nodes_.push_back({});
        }
    }
    if (number.size() != size) corrupt("a tree does not reach all of its nodes");
}

inline bool LightForest::test(const Node& node, double x) const noexcept {
    if (node.decision & categorical) {
        if (!(x > -1 && x < 2147483648.0)) return false;  // NaN, too; -0.5 is category 0
        const auto category = static_cast<std::uint32_t>(static_cast<std::int32_t>(x));
        const std::uint32_t word = set_begin_[node.set] + category / 32;
        return word < set_begin_[node.set + 1] && (sets_[word] >> category % 32 & 1);
    }
    const auto missing = static_cast<Missing>(node.decision >> 2);
    if (std::isnan(x)) {
        if (missing == Missing::nan) return node.decision & default_left;
        x = 0;
    }
    if (missing == Missing::zero && x == 0) return node.decision & default_left;
    return x <= node.value;
}

bool LightForest::goes_left(std::uint32_t node, double x) const noexcept { return test(nodes_[node], without_dust(x)); }

inline const LightForest::Node& LightForest::leaf(std::size_t tree, const double* row) const noexcept {
    const Node* node = &nodes_[roots_[tree]];
    while (node->child != 0) node = &nodes_[node->child + !test(*node, row[node->feature])];
    return *node;
}

inline double LightForest::value(const Node& leaf, const double* row) const noexcept {
    if (!leaf.set) return leaf.value;
    double sum = constant_[leaf.feature];
    for (auto term = term_begin_[leaf.feature]; term < term_begin_[leaf.feature + 1]; ++term) {
        const double x = row[term_feature_[term]];
        if (std::isnan(x)) return leaf.value;
        sum += weight_[term] * x;
    }
    return sum;
}

// Masks compare with the first value that goes right: the one behind the threshold.
std::optional<BitTest<double>> LightForest::bit_test(std::uint32_t at) const {
    constexpr double inf = std::numeric_limits<double>::infinity();
    const Node& node = nodes_[at];
    if (node.decision & categorical) return std::nullopt;
    const auto missing = static_cast<Missing>(node.decision >> 2);
    const double right_from =
        node.value == inf ? std::numeric_limits<double>::quiet_NaN() : std::nextafter(node.value, inf);
    return BitTest<double>{node.feature, right_from,
                           missing == Missing::nan    ? MissingAs::nan
                           : missing == Missing::zero ? MissingAs::nan_or_zero
                                                      : MissingAs::nothing,
                           missing != Missing::none && !(node.decision & default_left)};
}

template <class Row>
void LightForest::add_trees(const Row* rows, std::size_t count, std::size_t first, std::size_t end, double* margins,
                            const CheckInterrupts& interrupts) const {
    const std::size_t width = features().size();
    if (count >= fewest_bit_rows)
        if (const auto* trees = bit_trees(interrupts))
            return margins_by_masks(
                *this, *trees, std::vector<double>(outputs()), rows, count, first, end, margins, interrupts,
                [&](std::size_t, const Row* from, std::size_t part, const std::uint32_t* nodes, double* out) {
                    for (std::size_t i = 0; i < part; ++i) out[i] += nodes_[walk_on(nodes[i], from + i * width)].value;
                });
    for (; count > 0; count -= std::min(count, rows_a_walk)) {
        check(interrupts);
        const std::size_t part = std::min(count, rows_a_walk);
        walk_trees(rows, part, first, end, margins);
        rows += part * width;
        margins += part * outputs();
    }
}

template <class Row>
std::uint32_t LightForest::walk_on(std::uint32_t node, const Row* row) const noexcept {
    while (nodes_[node].child != 0) node = nodes_[node].child + !goes_left(node, row[nodes_[node].feature]);
    return node;
}

template <class Row>
void LightForest::walk_trees(const Row* rows, std::size_t count, std::size_t first, std::size_t end,
                             double* margins) const {
    const std::size_t width = features().size();
    std::vector<double> clean(count * width);
    std::transform(rows, rows + clean.size(), clean.begin(), without_dust);
    std::fill_n(margins, count * outputs(), 0.0);
    for (std::size_t tree = first; tree < end; ++tree)
        for (std::size_t i = 0; i < count; ++i) {
            const double* row = clean.data() + i * width;
            margins[i * outputs() + tree % outputs()] += value(leaf(tree, row), row);
        }
}

void LightForest::block(const float* rows, std::size_t count, float* margins, const CheckInterrupts& interrupts) const {
    std::vector<double> sums(count * outputs());
    widening_block(rows, count, sums.data(), interrupts);
    std::transform(sums.begin(), sums.end(), margins, [](double sum) { return static_cast<float>(sum); });
}

void LightForest::margins_of_trees(std::span<const double> rows, std::size_t count, std::size_t first, std::size_t end,
                                   std::span<double> margins) const {
    if (rows.size() != count * features().size() || margins.size() != count * outputs() || first > end ||
        end > roots_.size())
        throw std::logic_error("LightForest::margins_of_trees: a matrix or range of another shape");
    add_trees(rows.data(), count, first, end, margins.data(), {});
}

std::uint32_t LightForest::leaf_number(std::size_t tree, std::span<const double> row) const {
    std::vector<double> clean(row.size());
    std::transform(row.begin(), row.end(), clean.begin(), without_dust);
    return leaf(tree, clean.data()).feature - first_leaf_.at(tree);
}

template void LightForest::add_trees(const float*, std::size_t, std::size_t, std::size_t, double*,
                                     const CheckInterrupts&) const;
template void LightForest::add_trees(const double*, std::size_t, std::size_t, std::size_t, double*,
                                     const CheckInterrupts&) const;

}  // namespace bourse::models
