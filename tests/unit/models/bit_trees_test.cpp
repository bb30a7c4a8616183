// Trees evaluated by masks against the same trees walked row by row: equal bits, with every kernel of this processor.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "models/bit_trees.hpp"
#include "models/forest.hpp"
#include "models/golden.hpp"
#include "models/light_forest.hpp"

namespace bourse::models {
namespace {

constexpr std::size_t width = 7;

// Nodes of one random tree, as the tensors have them.
struct Tensors {
    std::vector<std::uint32_t> tree_nodes, tree_output, feature, category_node, category_count, category;
    std::vector<std::int32_t> left, right;
    std::vector<float> value, cover;
    std::vector<std::uint8_t> flags;

    // Feature 0 has many thresholds, feature 1 few, feature 2 the special ones.
    float threshold(std::size_t f, std::mt19937& random) const {
        constexpr float inf = std::numeric_limits<float>::infinity();
        const float special[] = {0.0f, -0.0f, 1.0f, -inf, inf, 1e-45f, std::numeric_limits<float>::max()};
        if (f == 2) return special[random() % 7];
        const unsigned choices = f == 0 ? 2000 : f == 1 ? 3 : 100;
        return static_cast<float>(random() % choices) / 16.0f - 2.0f;
    }

    void grow(std::size_t levels, bool categories, std::uint32_t outputs, std::mt19937& random) {
        const auto first = left.size();
        std::vector<std::size_t> level{0};
        for (std::size_t at = 0; at < level.size(); ++at) {
            const bool leaf = level[at] == levels || (at > 0 && random() % 8 == 0);
            const auto f = random() % width;
            const bool categorical = !leaf && categories && random() % 20 == 0;
            left.push_back(leaf ? -1 : static_cast<std::int32_t>(level.size()));
            right.push_back(leaf ? -1 : static_cast<std::int32_t>(level.size() + 1));
            feature.push_back(leaf ? 0 : static_cast<std::uint32_t>(f));
            value.push_back(leaf ? std::normal_distribution<float>()(random) : categorical ? 0 : threshold(f, random));
            flags.push_back(static_cast<std::uint8_t>((!leaf && random() % 2 ? Forest::default_left : 0) |
                                                      (categorical ? Forest::categorical : 0)));
            cover.push_back(1);
            if (categorical) {
                category_node.push_back(static_cast<std::uint32_t>(first + at));
                category_count.push_back(2);
                category.insert(category.end(), {1, 3});
            }
            if (!leaf) level.insert(level.end(), 2, level[at] + 1);
        }
        tree_nodes.push_back(static_cast<std::uint32_t>(level.size()));
        tree_output.push_back(random() % outputs);
    }

    // The same trees as LightGBM's, their inner nodes and leaves in the order in which they stand here.
    Artifact light_artifact(std::mt19937& random) const {
        std::vector<std::uint32_t> tree_leaves, node_feature, node_count, leaf_count, category_words, sets;
        std::vector<std::int32_t> node_left, node_right;
        std::vector<double> threshold, leaf_value;
        std::vector<std::uint8_t> decision;
        std::vector<std::uint32_t> categorical_nodes;
        for (std::size_t tree = 0, first = 0; tree < tree_nodes.size(); first += tree_nodes[tree++]) {
            std::vector<std::int32_t> number;  // inner node, or ~leaf
            std::int32_t inner = 0, leaves = 0;
            for (std::size_t at = first; at < first + tree_nodes[tree]; ++at)
                number.push_back(left[at] < 0 ? ~leaves++ : inner++);
            tree_leaves.push_back(static_cast<std::uint32_t>(leaves));
            for (std::size_t at = first; at < first + tree_nodes[tree]; ++at) {
                if (left[at] < 0) {
                    leaf_value.push_back(static_cast<double>(value[at]) / 3);
                    leaf_count.push_back(1 + static_cast<std::uint32_t>(random() % 9));
                    continue;
                }
                const bool categories = flags[at] & Forest::categorical;
                if (categories) {
                    categorical_nodes.push_back(static_cast<std::uint32_t>(node_feature.size()));
                    category_words.push_back(1);
                    sets.push_back(static_cast<std::uint32_t>(random()));
                }
                node_feature.push_back(feature[at]);
                node_count.push_back(2);
                threshold.push_back(categories ? 0 : static_cast<double>(value[at]));
                decision.push_back(static_cast<std::uint8_t>((categories ? LightForest::categorical : 0) |
                                                             (random() % 2 ? LightForest::default_left : 0) |
                                                             (random() % 3) << 2));
                node_left.push_back(number[static_cast<std::size_t>(left[at])]);
                node_right.push_back(number[static_cast<std::size_t>(right[at])]);
            }
        }
        Artifact a;
        a.kind = LightForest::kind;
        a.objective = "regression";
        a.outputs = 1;
        for (std::size_t j = 0; j < width; ++j) a.features.push_back("f" + std::to_string(j));
        const auto put = [&a](const char* name, const auto& values) {
            a.put(name, std::span<const typename std::decay_t<decltype(values)>::value_type>(values));
        };
        put("tree_leaves", tree_leaves);
        put("node_feature", node_feature);
        put("node_threshold", threshold);
        put("node_decision", decision);
        put("node_left", node_left);
        put("node_right", node_right);
        put("node_count", node_count);
        put("leaf_count", leaf_count);
        put("leaf_value", leaf_value);
        put("category_node", categorical_nodes);
        put("category_words", category_words);
        put("category_set", sets);
        return a;
    }

    Artifact artifact(std::uint32_t outputs) const {
        Artifact a;
        a.kind = Forest::kind;
        a.objective = outputs > 1 ? "multi:softprob" : "reg:squarederror";
        a.outputs = outputs;
        for (std::size_t j = 0; j < width; ++j) a.features.push_back("f" + std::to_string(j));
        const auto put = [&a](const char* name, const auto& values) {
            a.put(name, std::span<const typename std::decay_t<decltype(values)>::value_type>(values));
        };
        put("tree_nodes", tree_nodes);
        put("tree_output", tree_output);
        put("node_left", left);
        put("node_right", right);
        put("node_feature", feature);
        put("node_value", value);
        put("node_flags", flags);
        put("node_cover", cover);
        put("category_node", category_node);
        put("category_count", category_count);
        put("category", category);
        put("base_margin", std::vector<float>(outputs, 0.5f));
        return a;
    }
};

std::vector<float> random_rows(std::size_t count, std::mt19937& random) {
    constexpr float inf = std::numeric_limits<float>::infinity();
    const float special[] = {std::nanf(""), inf, -inf, 0.0f, -0.0f, 1e-45f, -1e-45f, std::numeric_limits<float>::max()};
    std::vector<float> rows(count * width);
    for (auto& x : rows)  // most of them exactly on thresholds
        x = random() % 6 == 0 ? special[random() % 8] : static_cast<float>(random() % 4000) / 32.0f - 2.0f;
    return rows;
}

void expect_equal(const std::vector<float>& a, const std::vector<float>& b, const std::string& what) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        ASSERT_EQ(golden::bits(a[i]), golden::bits(b[i])) << what << ", margin " << i;
}

// Trees of every depth from 0 to 8, some with categories: the kernels take what they can, the rest is walked.
TEST(BitTrees, BlocksHaveTheBitsOfSingleRows) {
    std::mt19937 random(7);
    for (const std::uint32_t outputs : {1u, 3u}) {
        Tensors tensors;
        for (std::size_t tree = 0; tree < 60; ++tree) tensors.grow(tree % 9, tree % 3 == 0, outputs, random);
        const auto model = make_evaluator(tensors.artifact(outputs));
        for (const std::size_t count : {1u, 31u, 32u, 63u, 64u, 65u, 511u, 512u, 513u, 1100u}) {
            const auto rows = random_rows(count, random);
            std::vector<float> block(count * outputs), single(count * outputs);
            model->margins(rows, count, block, {});
            for (std::size_t i = 0; i < count; ++i)
                model->margins(std::span(rows).subspan(i * width, width), 1,
                               std::span(single).subspan(i * outputs, outputs), {});
            expect_equal(block, single, std::to_string(count) + " rows");
        }
    }
}

// Where a row ends: the definition of a walk.
template <class Trees>
std::uint32_t walked(const Trees& forest, std::uint32_t node, const auto* row) {
    while (forest.left_child(node) != 0)
        node = forest.left_child(node) + !forest.goes_left(node, row[forest.feature(node)]);
    return node;
}

std::vector<const BitKernel*> kernels() {
    std::vector<const BitKernel*> all{&portable_bit_kernel()};
    for (const auto* kernel : {avx2_bit_kernel(), avx512_bit_kernel()})
        if (kernel) all.push_back(kernel);
    return all;
}

// Every kernel finds the exits of walks, and adds the leaves where all exits are leaves.
template <class T, class Trees>
void compare_with_walks(const Trees& forest, std::mt19937& random) {
    const BitTrees<T> trees(forest, {});
    ASSERT_EQ(trees.size(), forest.trees());
    for (const auto* kernel : kernels()) {
        SCOPED_TRACE(kernel->name);
        typename BitTrees<T>::Block block(trees, *kernel);
        for (const std::size_t count : {1u, 64u, 300u, 512u}) {
            const auto floats = random_rows(count, random);
            const std::vector<T> rows(floats.begin(), floats.end());
            block.take(rows.data(), width, count);
            for (std::size_t tree = 0; tree < forest.trees(); ++tree) {
                alignas(64) std::uint32_t found[bit_rows];
                block.find(tree, found);
                alignas(64) T sums[bit_rows];
                std::fill_n(sums, bit_rows, T{0.1f});
                if (trees.tree(tree).ends) block.add(tree, sums);
                for (std::size_t i = 0; i < count; ++i) {
                    const T* row = rows.data() + i * width;
                    const auto leaf = walked(forest, forest.root(tree), row);
                    ASSERT_EQ(walked(forest, found[i], row), leaf) << "tree " << tree << ", row " << i;
                    if (!trees.tree(tree).ends) continue;
                    ASSERT_EQ(found[i], leaf) << "tree " << tree << ", row " << i;
                    ASSERT_EQ(sums[i], T{0.1f} + forest.leaf_value(tree, leaf)) << "tree " << tree << ", row " << i;
                }
            }
        }
    }
}

TEST(BitTrees, EveryKernelFindsTheExitsOfWalks) {
    std::mt19937 random(8);
    Tensors tensors;
    for (std::size_t tree = 0; tree < 45; ++tree) tensors.grow(tree % 9, tree % 5 == 0, 1, random);
    compare_with_walks<float>(Forest(tensors.artifact(1)), random);
}

// LightGBM's tests: in float64, zero or NaN missing, or neither.
TEST(BitTrees, EveryKernelFindsTheExitsOfWalksInFloat64) {
    std::mt19937 random(10);
    Tensors tensors;
    for (std::size_t tree = 0; tree < 45; ++tree) tensors.grow(tree % 9, tree % 5 == 0, 1, random);
    const LightForest forest(tensors.light_artifact(random));
    compare_with_walks<double>(forest, random);
    for (const std::size_t count : {32u, 513u, 1100u}) {
        const auto floats = random_rows(count, random);
        const std::vector<double> rows(floats.begin(), floats.end());
        std::vector<double> block(count);
        forest.margins(rows, count, block, {});
        for (std::size_t i = 0; i < count; ++i) {
            double single = 0;
            forest.margins(std::span(rows).subspan(i * width, width), 1, std::span(&single, 1), {});
            ASSERT_EQ(golden::bits(block[i]), golden::bits(single)) << "row " << i << " of " << count;
        }
    }
}

// A cancellation that comes between the trees of a block leaves the forest fit for use.
TEST(BitTrees, PreparationAndBlocksCanBeCancelled) {
    std::mt19937 random(11);
    Tensors tensors;
    for (std::size_t tree = 0; tree < 300; ++tree) tensors.grow(3, false, 1, random);
    const Forest forest(tensors.artifact(1));
    const auto rows = random_rows(600, random);
    std::vector<float> margins(600), wanted(600);
    for (int after = 0; after < 20; ++after) {
        int calls = 0;
        try {
            forest.margins(rows, 600, margins, [&] {
                if (++calls > after) throw std::runtime_error("cancelled");
            });
        } catch (const std::runtime_error&) {
            continue;
        }
        EXPECT_LE(calls, after);
    }
    forest.margins(rows, 600, margins, {});
    for (std::size_t i = 0; i < 600; ++i)
        forest.margins(std::span(rows).subspan(i * width, width), 1, std::span(wanted).subspan(i, 1), {});
    expect_equal(margins, wanted, "after cancellations");
}

TEST(BitTrees, AModelWithoutTestsHasItsLeaves) {
    std::mt19937 random(9);
    Tensors tensors;
    for (std::size_t tree = 0; tree < 3; ++tree) tensors.grow(0, false, 1, random);
    const auto model = make_evaluator(tensors.artifact(1));
    const auto rows = random_rows(100, random);
    std::vector<float> margins(100);
    model->margins(rows, 100, margins, {});
    EXPECT_EQ(margins, std::vector<float>(100, ((0.5f + tensors.value[0]) + tensors.value[1]) + tensors.value[2]));
}

}  // namespace
}  // namespace bourse::models
