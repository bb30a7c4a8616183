// Bins fixed for ever: every float has one, bins are in order of value, edges hold what they say.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "stats/fixed_bins.hpp"

namespace bourse::stats {
namespace {

float random_float(std::mt19937_64& random) {
    for (;;) {
        const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
        if (std::isfinite(value)) return value;
    }
}

TEST(FixedBins, EveryFiniteValueLiesInsideItsEdges) {
    std::mt19937_64 random(3);
    std::vector<float> values{0.0F,
                              -0.0F,
                              1.0F,
                              -1.0F,
                              1e-45F,
                              -1e-45F,
                              std::numeric_limits<float>::max(),
                              std::numeric_limits<float>::lowest(),
                              std::numeric_limits<float>::min()};
    for (int i = 0; i < 200000; ++i) values.push_back(random_float(random));
    for (const float x : values) {
        const auto bin = fixed_bin(x);
        const auto [from, to] = fixed_bin_edges(bin);
        ASSERT_LE(std::abs(bin), last_fixed_bin);
        if (bin == 0)
            ASSERT_EQ(x, 0);
        else if (bin > 0)
            ASSERT_TRUE(from <= x && x < to) << x << " in " << from << " " << to;
        else
            ASSERT_TRUE(from < x && x <= to) << x << " in " << from << " " << to;
    }
}

TEST(FixedBins, AreInOrderOfValueWithoutGaps) {
    for (std::int32_t bin = 1; bin < last_fixed_bin; ++bin) {
        ASSERT_LT(fixed_bin_edges(bin).from, fixed_bin_edges(bin).to);
        ASSERT_EQ(fixed_bin_edges(bin).to, fixed_bin_edges(bin + 1).from);
        ASSERT_EQ(fixed_bin_edges(-bin).from, -fixed_bin_edges(bin).to);
    }
    EXPECT_TRUE(std::isinf(fixed_bin_edges(last_fixed_bin).to));
    std::mt19937_64 random(4);
    std::vector<float> values;
    for (int i = 0; i < 10000; ++i) values.push_back(random_float(random));
    std::sort(values.begin(), values.end());
    for (std::size_t i = 1; i < values.size(); ++i) ASSERT_LE(fixed_bin(values[i - 1]), fixed_bin(values[i]));
}

TEST(FixedBins, AreAtMostATwentySeventhWide) {  // of normal numbers: 1/32 of their power of 2
    for (float x = 1e-30F; x < 1e30F; x *= 1.37F) {
        const auto [from, to] = fixed_bin_edges(fixed_bin(x));
        EXPECT_LE(to / from, 1 + 1.0 / 32 + 1e-6) << x;
    }
}

TEST(ColumnStatistics, EqualADirectComputation) {
    std::mt19937_64 random(5);
    std::normal_distribution<float> normal(100, 0.01F);
    ColumnStatistics column;
    std::vector<double> values;
    for (int i = 0; i < 5000; ++i) {
        const float x = normal(random);
        values.push_back(x);
        column.add(x);
        if (i % 10 == 0) column.add(std::numeric_limits<float>::quiet_NaN());
        if (i % 50 == 0) column.add(-std::numeric_limits<float>::infinity());
    }
    long double sum = 0, squares = 0;
    for (const double x : values) sum += x;
    const long double mean = sum / static_cast<long double>(values.size());
    for (const double x : values) squares += (x - mean) * (x - mean);
    EXPECT_EQ(column.n, 5000);
    EXPECT_EQ(column.missing, 500);
    EXPECT_EQ(column.infinite, 100);
    EXPECT_NEAR(column.mean, static_cast<double>(mean), 1e-10);
    EXPECT_NEAR(column.m2, static_cast<double>(squares), 1e-9 * static_cast<double>(squares));
    EXPECT_EQ(column.least, *std::min_element(values.begin(), values.end()));
    EXPECT_EQ(column.greatest, *std::max_element(values.begin(), values.end()));
    std::int64_t in_bins = 0;
    for (const auto& [bin, count] : column.bins()) {
        const auto [from, to] = fixed_bin_edges(bin);
        EXPECT_EQ(count, std::count_if(values.begin(), values.end(), [&](double x) { return x >= from && x < to; }));
        in_bins += count;
    }
    EXPECT_EQ(in_bins, 5000);
}

// Parts of any sizes, empty ones among them, put together in any order: counts as if they had been counted at once.
TEST(FixedBins, PartsMergeToTheWhole) {
    std::mt19937_64 random(11);
    std::normal_distribution<float> normal(1, 3);
    for (int trial = 0; trial < 20; ++trial) {
        ColumnStatistics whole;
        MergedStatistics merged;
        for (int part = 0; part < 12; ++part) {
            ColumnStatistics one;
            for (auto left = random() % 200 * (random() % 3); left > 0; --left) {
                const float x = std::ldexp(normal(random), static_cast<int>(random() % 20));
                one.add(x);
                whole.add(x);
            }
            std::vector<std::int16_t> bins;
            std::vector<std::int32_t> counts;
            for (const auto& [bin, count] : one.bins()) bins.push_back(bin), counts.push_back(count);
            merged.add(one.n, one.mean, one.m2, one.least, one.greatest);
            merged.add_bins(bins, counts);
        }
        ASSERT_EQ(merged.n, whole.n);
        if (whole.n == 0) continue;
        const double size = std::max(std::fabs(whole.least), std::fabs(whole.greatest));
        EXPECT_NEAR(merged.mean, whole.mean, 1e-12 * size);
        EXPECT_NEAR(merged.m2, whole.m2, 1e-11 * whole.m2);
        EXPECT_EQ(merged.least, whole.least);
        EXPECT_EQ(merged.greatest, whole.greatest);
        ASSERT_EQ(merged.bins.size(), whole.bins().size());
        std::size_t at = 0;
        for (const auto& [bin, count] : whole.bins()) {
            EXPECT_EQ(merged.bins[at].bin, bin);
            EXPECT_EQ(merged.bins[at++].count, count);
        }
    }
}

}  // namespace
}  // namespace bourse::stats
