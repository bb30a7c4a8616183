// Trees evaluated by masks against the same trees walked row by row: equal bits, with every kernel of this processor.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stdexcept>

#include "models/bit_trees.hpp"
#include "models/forest.hpp"
#include "models/light_forest.hpp"
#include "models/random_trees.hpp"

namespace bourse::models {
namespace {

using random_trees::Tensors;
using random_trees::width;

std::vector<float> random_rows(std::size_t count, std::mt19937& random) { return random_trees::rows(count, random); }

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

// The exits of the first `count` rows of a block.
void find(auto& block, std::size_t tree, std::size_t count, std::uint32_t* found) {
    for (std::size_t part = 0; part * bit_part < count; ++part) block.find(tree, part, found + part * bit_part);
}

// Of rows in T or in float32, which are binned in other ways: every kernel finds the exits of walks, and adds the
// leaves where all exits are leaves.
template <class T, class Trees>
void compare_with_walks(const Trees& forest, std::mt19937& random) {
    const BitTrees<T> trees(forest, {});
    ASSERT_EQ(trees.size(), forest.trees());
    for (const auto* kernel : kernels()) {
        SCOPED_TRACE(kernel->name);
        typename BitTrees<T>::Block block(trees, *kernel);
        for (const std::size_t count : {1u, 64u, 300u, 512u, 17u, 512u}) {
            const auto floats = random_rows(count, random);
            const std::vector<T> rows(floats.begin(), floats.end());
            if (count == 512 || count == 17)
                block.take(floats.data(), width, count);
            else
                block.take(rows.data(), width, count);
            for (std::size_t tree = 0; tree < forest.trees(); ++tree) {
                const auto& made = trees.tree(tree);
                alignas(64) std::uint32_t found[bit_rows];
                alignas(64) T sums[bit_rows];
                std::fill_n(sums, bit_rows, T{0.1f});
                find(block, tree, count, found);
                for (std::size_t part = 0; made.whole() && part * bit_part < count; ++part)
                    block.add(tree, part, sums + part * bit_part);
                for (std::size_t i = 0; i < count; ++i) {
                    const T* row = rows.data() + i * width;
                    const auto leaf = walked(forest, forest.root(tree), row);
                    if (made.levels == 0) {
                        ASSERT_EQ(walked(forest, found[i], row), leaf) << "tree " << tree << ", row " << i;
                    }
                    if (made.ends) {
                        ASSERT_EQ(found[i], leaf) << "tree " << tree << ", row " << i;
                    }
                    if (made.whole()) {
                        ASSERT_EQ(sums[i], T{0.1f} + forest.leaf_value(tree, leaf)) << "tree " << tree << ", row " << i;
                    }
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

std::uint32_t levels_of(const Forest& forest, std::uint32_t node) {
    const auto left = forest.left_child(node);
    return left == 0 ? 0 : 1 + std::max(levels_of(forest, left), levels_of(forest, left + 1));
}

// Below the sixth level, rows walk over bytes; where a tree has categories, or a forest too many thresholds for that,
// they are walked on by the forest. Whatever the way, a block has the bits of single rows.
TEST(BitTrees, DeepTreesAreWalkedByBytesWhereTheirThresholdsAllow) {
    std::mt19937 random(13);
    for (const std::uint32_t outputs : {1u, 2u})
        for (const bool many : {false, true}) {
            Tensors tensors;
            for (std::size_t tree = 0; tree < 6; ++tree) tensors.grow(tree == 0 ? 3 : 14, tree == 1, outputs, random);
            if (many)
                for (std::size_t node = 0; node < tensors.left.size(); ++node)
                    if (tensors.left[node] >= 0) tensors.value[node] = static_cast<float>(node) / 128 - 2;
            const Forest forest(tensors.artifact(outputs));
            const LightForest light(tensors.light_artifact(random));
            int deep = 0;
            for (std::size_t tree = 0; tree < 6; ++tree) {
                const auto levels = levels_of(forest, forest.root(tree));
                const std::uint32_t below = !many && tree != 1 && levels > bit_levels ? levels - bit_levels : 0;
                EXPECT_EQ(forest.bit_trees({})->tree(tree).levels, below) << "tree " << tree;
                EXPECT_EQ(light.bit_trees({})->tree(tree).levels, below) << "tree " << tree;
                if (tree != 1) {
                    EXPECT_EQ(forest.bit_trees({})->tree(tree).ends, levels <= bit_levels) << "tree " << tree;
                }
                deep += below > 0;
            }
            EXPECT_EQ(deep > 0, !many);
            if (!many && outputs == 1) {
                compare_with_walks<float>(forest, random);
                compare_with_walks<double>(light, random);
            }
            const auto rows = random_rows(600, random);
            std::vector<float> block(600 * outputs), single(600 * outputs);
            forest.margins(rows, 600, block, {});
            for (std::size_t i = 0; i < 600; ++i)
                forest.margins(std::span(rows).subspan(i * width, width), 1,
                               std::span(single).subspan(i * outputs, outputs), {});
            expect_equal(block, single, many ? "many thresholds" : "few thresholds");
        }
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
        std::vector<double> of_floats(count);
        forest.margins(std::span<const float>(floats), count, std::span(of_floats), {});
        for (std::size_t i = 0; i < count; ++i) {
            double single = 0;
            ASSERT_EQ(golden::bits(of_floats[i]), golden::bits(block[i])) << "row " << i << " of " << count;
            forest.margins(std::span(rows).subspan(i * width, width), 1, std::span(&single, 1), {});
            ASSERT_EQ(golden::bits(block[i]), golden::bits(single)) << "row " << i << " of " << count;
        }
    }
}

// Thresholds of every density, and values on them, beside them and far from them: what float32 kernels tell by keys.
TEST(BitTrees, EveryKernelBinsAsTheDefinitionSays) {
    std::mt19937 random(12);
    constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    for (const float scale : {1e-38f, 1e-3f, 1.0f, 1e20f}) {
        Tensors tensors;
        for (std::size_t tree = 0; tree < 40; ++tree) {
            const auto first = tensors.left.size();
            tensors.grow(6, false, 1, random);
            for (auto node = first; node < tensors.left.size(); ++node)
                if (tensors.left[node] >= 0)
                    tensors.value[node] = tensors.feature[node] == 0 ? scale * static_cast<float>(random() % 1000)
                                          : tensors.feature[node] == 1
                                              ? scale * (5 + 1e-6f * static_cast<float>(random() % 50))
                                              : std::ldexp(scale, static_cast<int>(random() % 40) - 20);
        }
        std::vector<float> rows(512 * width);
        const float special[] = {nan, inf, -inf, 0, -0.0f, 1e-35f, -1e-35f, 1e-45f, 3e38f, -3e38f};
        for (auto& x : rows) {
            x = random() % 4 == 0 ? special[random() % 10] : tensors.value[random() % tensors.value.size()];
            if (random() % 3 == 0) x = std::nextafter(x, random() % 2 ? inf : -inf);
        }
        const LightForest light(tensors.light_artifact(random));
        const Forest forest(tensors.artifact(1));
        const BitTrees<float> trees(forest, {});
        const BitTrees<double> light_trees(light, {});
        alignas(64) std::uint32_t found[bit_rows];
        for (const auto* kernel : kernels()) {
            SCOPED_TRACE(kernel->name);
            BitTrees<float>::Block block(trees, *kernel);
            BitTrees<double>::Block light_block(light_trees, *kernel);
            block.take(rows.data(), width, 512);
            light_block.take(rows.data(), width, 512);
            for (std::size_t tree = 0; tree < forest.trees(); ++tree) {
                find(block, tree, 512, found);
                for (std::size_t i = 0; i < 512; ++i)
                    ASSERT_EQ(found[i], walked(forest, forest.root(tree), &rows[i * width])) << scale << ", row " << i;
                find(light_block, tree, 512, found);
                for (std::size_t i = 0; i < 512; ++i)
                    ASSERT_EQ(found[i], walked(light, light.root(tree), &rows[i * width])) << scale << ", row " << i;
            }
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
