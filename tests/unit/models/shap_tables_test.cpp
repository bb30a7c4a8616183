// SHAP values from tables against the exact way row by row, on random forests; every kernel gives the same bits.
#include <gtest/gtest.h>

#include <cmath>

#include "models/contributions.hpp"
#include "models/random_trees.hpp"
#include "models/shap_tables.hpp"

namespace bourse::models {
namespace {

// Parts of every row near those of the row alone, and their sum near the margin.
void compare(const Artifact& artifact, std::size_t count, std::mt19937& random) {
    const Contributions parts(artifact);
    const std::size_t outputs = artifact.outputs, size = (random_trees::width + 1) * outputs;
    const auto floats = random_trees::rows(count, random);
    const std::vector<double> rows(floats.begin(), floats.end());
    std::vector<double> block(count * size), single(size), margins(count * outputs);
    parts.of_rows(rows, count, block);
    parts.model().margins(rows, count, margins, {});
    for (std::size_t i = 0; i < count; ++i) {
        parts.of_row(std::span(rows).subspan(i * random_trees::width, random_trees::width), single);
        double scale = 1;
        for (const double part : single) scale += std::abs(part);
        for (std::size_t j = 0; j < size; ++j)
            ASSERT_NEAR(block[i * size + j], single[j], 1e-6 * scale) << "row " << i << ", part " << j;
        for (std::size_t k = 0; k < outputs; ++k) {
            double sum = 0;
            for (std::size_t j = 0; j <= random_trees::width; ++j)
                sum += block[i * size + k * (random_trees::width + 1) + j];
            ASSERT_NEAR(sum, margins[i * outputs + k], 1e-5 * scale) << "row " << i << ", output " << k;
        }
    }
}

// Depths from 0 to 8, so that some trees have tables and others not; features that come up again on a way; missing
// values on either side; categories; weights of dart; LightGBM's tests.
TEST(ShapTables, RandomForestsAreNearTheExactWay) {
    std::mt19937 random(21);
    std::size_t cases = 0;
    for (std::size_t deepest = 0; deepest <= 8; ++deepest)
        for (const std::uint32_t outputs : {1u, 3u})
            for (const bool categories : {false, true})
                for (int turn = 0; turn < 4; ++turn) {
                    SCOPED_TRACE("depth " + std::to_string(deepest) + ", case " + std::to_string(turn));
                    random_trees::Tensors trees;
                    for (std::size_t tree = 0; tree < 6; ++tree)
                        trees.grow(random() % (deepest + 1), categories, outputs, random);
                    auto artifact = trees.artifact(outputs);
                    if (turn == 1) artifact.put("tree_weight", std::span<const float>(trees.weights(random)));
                    compare(turn == 2 && outputs == 1 ? trees.light_artifact(random) : artifact, 16 + turn * 21,
                            random);
                    if (HasFatalFailure()) return;
                    ++cases;
                }
    EXPECT_GE(cases, 100u);
}

TEST(ShapTables, BlocksOfEveryLengthAreNearTheExactWay) {
    std::mt19937 random(22);
    random_trees::Tensors trees;
    for (std::size_t tree = 0; tree < 10; ++tree) trees.grow(6, false, 1, random);
    for (const std::size_t count : {1u, 15u, 16u, 64u, 65u, 511u, 512u, 513u, 1030u}) {
        SCOPED_TRACE(count);
        compare(trees.artifact(1), count, random);
    }
}

TEST(ShapTables, EveryKernelGivesTheSameBits) {
    std::mt19937 random(23);
    constexpr std::size_t ways = 40, words = 5, features = 9;
    std::vector<ShapTable> tables(ways * bit_levels);
    for (auto& table : tables)
        for (auto& part : table.parts) part = std::normal_distribution<float>()(random);
    alignas(64) Mask masks[bit_tests + 1] = {};
    for (std::size_t test = 0; test < bit_tests; ++test)
        for (auto& word : masks[test]) word = (std::uint64_t{random()} << 32) | random();
    struct alignas(64) Sums {
        float of_row[features * bit_rows];
    };
    std::vector<Sums> of_kernels;
    for (const auto* kernel : {&portable_shap_kernel(), avx2_shap_kernel(), avx512_shap_kernel()}) {
        if (!kernel) continue;
        auto& sums = of_kernels.emplace_back();
        std::mt19937 same(24);
        for (std::size_t w = 0; w < ways; ++w) {
            ShapWay way{};
            const std::size_t tests = 1 + same() % bit_levels;
            for (std::size_t i = 0; i < bit_levels; ++i)
                way.tests[i] = static_cast<std::uint8_t>(i < tests ? same() % bit_tests : bit_tests);
            way.features = static_cast<std::uint8_t>(1 + same() % bit_levels);
            for (std::size_t f = 0; f < way.features; ++f)
                way.feature[f] = static_cast<std::uint32_t>((w + f) % features);
            way.table = static_cast<std::uint32_t>(w * bit_levels);
            kernel->add(way, tables.data(), masks, words, sums.of_row);
        }
        for (std::size_t i = 0; i < features * bit_rows; ++i) {
            ASSERT_EQ(golden::bits(sums.of_row[i]), golden::bits(of_kernels[0].of_row[i])) << kernel->name << " " << i;
            if (i % bit_rows < 64 * words) continue;
            ASSERT_EQ(sums.of_row[i], 0) << kernel->name << ": a row that was not asked for";
        }
    }
}

// The kernels' definition, written out for one way.
TEST(ShapTables, AKernelAddsTheEntryOfTheRowsTurns) {
    ShapTable tables[2];
    for (std::size_t p = 0; p < shap_patterns; ++p) {
        tables[0].parts[p] = static_cast<float>(p);
        tables[1].parts[p] = static_cast<float>(1000 + p);
    }
    alignas(64) Mask masks[bit_tests + 1] = {};
    for (std::size_t row = 0; row < bit_rows; ++row)
        for (std::size_t test = 0; test < bit_levels; ++test)
            masks[test * 10][row / 64] |= std::uint64_t{row >> test & 1} << (row % 64);
    const ShapWay way{{0, 10, 20, 30, 40, 50}, 2, {3, 1}, 0};
    for (const auto* kernel : {&portable_shap_kernel(), avx2_shap_kernel(), avx512_shap_kernel()}) {
        if (!kernel) continue;
        alignas(64) float sums[4 * bit_rows] = {};
        kernel->add(way, tables, masks, bit_words, sums);
        for (std::size_t row = 0; row < bit_rows; ++row) {
            ASSERT_EQ(sums[3 * bit_rows + row], static_cast<float>(row % 64)) << kernel->name;
            ASSERT_EQ(sums[1 * bit_rows + row], static_cast<float>(1000 + row % 64)) << kernel->name;
            ASSERT_EQ(sums[row], 0) << kernel->name;
        }
    }
}

TEST(ShapTables, RowsCanBeCancelled) {
    std::mt19937 random(25);
    random_trees::Tensors trees;
    for (std::size_t tree = 0; tree < 100; ++tree) trees.grow(4, false, 1, random);
    const Contributions parts(trees.artifact(1));
    const auto floats = random_trees::rows(100, random);
    const std::vector<double> rows(floats.begin(), floats.end());
    std::vector<double> cancelled(100 * (random_trees::width + 1)), whole(cancelled.size()), again(cancelled.size());
    int calls = 0;
    const auto stop_at = [&](int limit) {
        calls = 0;
        return [&calls, limit] {
            if (++calls > limit) throw std::runtime_error("cancelled");
        };
    };
    for (const int limit : {0, 1, 50, 101, 3})
        EXPECT_THROW(parts.of_rows(rows, 100, cancelled, stop_at(limit)), std::runtime_error) << limit;
    parts.of_rows(rows, 100, whole);
    parts.of_rows(rows, 100, again);
    EXPECT_EQ(whole, again);
}

}  // namespace
}  // namespace bourse::models
