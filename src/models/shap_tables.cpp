#include "models/shap_tables.hpp"

#include <algorithm>
#include <cmath>

namespace bourse::models {
namespace {

// A test on the way to a leaf.
struct Step {
    std::uint8_t test;
    std::uint32_t feature;
    double share[2];  // of the left and the right child
    bool right;       // the way turns
};

// Whether every tree has at most six levels, and how many of its inner nodes have a leaf: those end ways.
struct Extent {
    bool shallow = true;
    std::size_t ways = 0;
};
Extent extent_of(std::span<const ShapNode> nodes, std::uint32_t node, std::size_t level = 0) {
    const auto left = nodes[node].left;
    if (left == 0) return {};
    if (level == bit_levels) return {false, 0};
    Extent sum{true, nodes[left].left == 0 || nodes[left + 1].left == 0};
    for (const auto child : {left, left + 1}) {
        const auto below = extent_of(nodes, child, level + 1);
        sum.shallow = sum.shallow && below.shallow;
        sum.ways += below.ways;
    }
    return sum;
}

// What a leaf adds to each of the features on its way, for every set of them that the row passes.
class LeafParts {
public:
    LeafParts(std::span<const double> unknown, double value) : features_(unknown.size()) {
        const double reach = std::sqrt(0.6) / 2;
        const double points[] = {0.5 - reach, 0.5, 0.5 + reach}, weights[] = {5.0 / 18, 8.0 / 18, 5.0 / 18};
        for (std::size_t passed = 0; passed < std::size_t{1} << features_; ++passed)
            for (std::size_t point = 0; point < 3; ++point) {
                double factor[bit_levels], before = value * weights[point];
                for (std::size_t q = 0; q < features_; ++q)
                    factor[q] = unknown[q] * (1 - points[point]) + (passed >> q & 1 ? points[point] : 0);
                double behind[bit_levels + 1];
                behind[features_] = 1;
                for (std::size_t q = features_; q-- > 0;) behind[q] = behind[q + 1] * factor[q];
                for (std::size_t k = 0; k < features_; ++k) {
                    parts_[k][passed] += ((passed >> k & 1 ? 1 : 0) - unknown[k]) * before * behind[k + 1];
                    before *= factor[k];
                }
            }
    }
    double of(std::size_t feature, std::size_t passed) const { return parts_[feature][passed]; }

private:
    std::size_t features_;
    double parts_[bit_levels][shap_patterns] = {};
};

}  // namespace

class ShapTables::Builder {
public:
    Builder(std::span<const ShapNode> nodes, ShapTables& out) : nodes_(nodes), out_(out) {}

    // The node is test `at`; steps_ has the tests above it.
    void descend(std::uint32_t node, std::size_t at) {
        const auto left = nodes_[node].left;
        const bool leaf[] = {nodes_[left].left == 0, nodes_[left + 1].left == 0};
        steps_.push_back(
            {static_cast<std::uint8_t>(at), nodes_[node].feature, {nodes_[left].share, nodes_[left + 1].share}, false});
        if (leaf[0] || leaf[1]) end(left, leaf);
        for (const bool right : {false, true}) {
            steps_.back().right = right;
            if (!leaf[right]) descend(left + right, 2 * at + 1 + right);
        }
        steps_.pop_back();
    }

private:
    // The way ends at one child of its last test, or at both.
    void end(std::uint32_t left, const bool* leaf) {
        ShapWay way{};
        std::fill(std::begin(way.tests), std::end(way.tests), static_cast<std::uint8_t>(bit_tests));
        std::size_t place[bit_levels];  // of each step's feature
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            way.tests[i] = steps_[i].test;
            auto* known = way.feature + way.features;
            place[i] = static_cast<std::size_t>(std::find(way.feature, known, steps_[i].feature) - way.feature);
            if (place[i] == way.features) way.feature[way.features++] = steps_[i].feature;
        }
        double sums[bit_levels][shap_patterns] = {};
        for (const bool right : {false, true}) {
            if (!leaf[right]) continue;
            steps_.back().right = right;
            add_leaf(nodes_[left + right].value, place, way.features, sums);
        }
        way.table = static_cast<std::uint32_t>(out_.tables_.size());
        out_.ways_.push_back(way);
        for (std::size_t k = 0; k < way.features; ++k) {
            auto& table = out_.tables_.emplace_back();
            for (std::size_t p = 0; p < shap_patterns; ++p) table.parts[p] = static_cast<float>(sums[k][p]);
        }
    }

    void add_leaf(double value, const std::size_t* place, std::size_t features, double (*sums)[shap_patterns]) const {
        double unknown[bit_levels];
        std::fill_n(unknown, features, 1.0);
        for (std::size_t i = 0; i < steps_.size(); ++i) unknown[place[i]] *= steps_[i].share[steps_[i].right];
        const LeafParts parts({unknown, features}, value);
        for (std::size_t pattern = 0; pattern < std::size_t{1} << steps_.size(); ++pattern) {
            std::size_t passed = (std::size_t{1} << features) - 1;  // features of which the row passes every test
            for (std::size_t i = 0; i < steps_.size(); ++i)
                if ((pattern >> i & 1) != steps_[i].right) passed &= ~(std::size_t{1} << place[i]);
            for (std::size_t k = 0; k < features; ++k) sums[k][pattern] += parts.of(k, passed);
        }
    }

    std::span<const ShapNode> nodes_;
    ShapTables& out_;
    std::vector<Step> steps_;
};

std::size_t ShapTables::bytes_for(std::span<const ShapNode> nodes, std::span<const std::uint32_t> roots) {
    std::size_t ways = 0;
    for (const auto root : roots)
        if (const auto extent = extent_of(nodes, root); extent.shallow) ways += extent.ways;
    return ways * (sizeof(ShapWay) + bit_levels * sizeof(ShapTable));
}

ShapTables::ShapTables(std::span<const ShapNode> nodes, std::span<const std::uint32_t> roots,
                       const CheckInterrupts& interrupts) {
    Builder builder(nodes, *this);
    first_way_.push_back(0);
    for (const auto root : roots) {
        check(interrupts);
        there_.push_back(extent_of(nodes, root).shallow);
        if (there_.back() && nodes[root].left != 0) builder.descend(root, 0);
        first_way_.push_back(ways_.size());
    }
    ways_.shrink_to_fit();
    tables_.shrink_to_fit();
}

}  // namespace bourse::models
