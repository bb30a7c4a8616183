#include "stats/psi.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/error.hpp"
#include "stats/drift_reference.hpp"

namespace bourse::stats {
namespace {

using Counts = std::vector<std::int64_t>;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

TEST(Psi, MatchesPublishedNumbers) {
    EXPECT_NEAR(psi(Counts{50, 30, 20}, Counts{30, 30, 40}), 0.240794560865187, 1e-14);
    EXPECT_NEAR(psi(Counts{50, 50, 0}, Counts{25, 50, 25}), 2.12851589325297, 1e-13);  // the floor 1e-4
}

TEST(Psi, EmptySidesAndUnequalBins) {
    EXPECT_TRUE(std::isnan(psi(Counts{0, 0}, Counts{1, 2})));
    EXPECT_TRUE(std::isnan(psi(Counts{1, 2}, Counts{0, 0})));
    EXPECT_THROW(psi(Counts{1}, Counts{1, 2}), Error);
    EXPECT_THROW(psi(Counts{1, -1}, Counts{1, 2}), Error);
}

TEST(Psi, NotNegativeAndSymmetric) {
    std::mt19937_64 random(2);
    std::uniform_int_distribution<int> count(0, 30), bins(1, 15);
    for (int round = 0; round < 200; ++round) {
        Counts a(static_cast<std::size_t>(bins(random))), b(a.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            a[i] = count(random);
            b[i] = count(random);
        }
        a[0] += 1;
        b[0] += 1;
        EXPECT_GE(psi(a, b), 0);
        EXPECT_NEAR(psi(a, b), psi(b, a), 1e-12);
        EXPECT_EQ(psi(a, a), 0);
    }
}

TEST(QuantileEdges, LinearBetweenOrderStatistics) {
    // R's quantile(x, type = 7), numpy.quantile's default.
    const std::vector<double> sorted = {1, 2, 2, 3, 4, 5, 6, 7, 8, 10};
    EXPECT_EQ(quantile_edges(sorted, 4), (std::vector<double>{2.25, 4.5, 6.75}));
    EXPECT_EQ(quantile_edges(std::vector<double>{1, 2, 3, 4, 5}, 4), (std::vector<double>{2, 3, 4}));
}

TEST(QuantileEdges, DuplicatesGoAndConstantsKeepThreeBins) {
    EXPECT_EQ(quantile_edges(std::vector<double>{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2}, 10), (std::vector<double>{0, 1}));
    const auto edges = quantile_edges(std::vector<double>{3, 3, 3}, 10);
    EXPECT_EQ(bin_counts(edges, std::vector<double>{2.9, 3, 3, 3.1, nan, inf, -inf}), (Counts{1, 2, 1}));
    EXPECT_TRUE(quantile_edges(std::span<const double>(), 10).empty());
}

TEST(QuantileEdges, RefusesSillyBins) {
    for (const int bins : {-1, 0, 1, 1001}) {
        try {
            quantile_edges(std::vector<double>{1, 2}, bins);
            ADD_FAILURE() << bins << " bins were accepted";
        } catch (const Error& e) {
            EXPECT_EQ(e.what(), "bins must be between 2 and 1000, got " + std::to_string(bins));
        }
    }
}

TEST(QuantileEdges, SurviveTheWholeRangeOfDoubles) {
    const auto edges = quantile_edges(std::vector<double>{-1.7e308, 1.7e308}, 4);
    ASSERT_EQ(edges.size(), 3u);
    EXPECT_NEAR(edges[0] / 1e308, -.85, 1e-12);
    EXPECT_EQ(edges[1], 0);
}

TEST(BinCounts, AnEdgeBelongsToTheBinAbove) {
    EXPECT_EQ(bin_counts(std::vector<double>{1, 2}, std::vector<double>{0, 1, 1.5, 2, 3}), (Counts{1, 2, 2}));
}

TEST(DriftReference, KeepsCountsEdgesAndSample) {
    std::vector<double> column;
    for (int i = 999; i >= 0; --i) column.push_back(i);
    column.insert(column.begin() + 7, {nan, inf, -inf});
    const auto reference = make_drift_reference(column);
    EXPECT_EQ(reference.n, 1000);
    EXPECT_EQ(reference.missing, 3);
    EXPECT_EQ(reference.edges.size(), 9u);
    EXPECT_NEAR(reference.edges[0], 99.9, 1e-9);
    EXPECT_EQ(reference.counts, Counts(10, 100));
    ASSERT_EQ(reference.sample.size(), 1000u);
    EXPECT_EQ(reference.sample.front(), 0);
    EXPECT_EQ(reference.sample.back(), 999);
}

TEST(DriftReference, SampleIsEvenlySpaced) {
    std::vector<double> column(50'000);
    for (std::size_t i = 0; i < column.size(); ++i) column[i] = static_cast<double>(i);
    const auto reference = make_drift_reference(column);
    ASSERT_EQ(reference.sample.size(), max_drift_sample);
    for (std::size_t i = 0; i < reference.sample.size(); ++i)
        ASSERT_EQ(reference.sample[i], static_cast<double>(10 * i + 5));
}

TEST(DriftReference, OfAMatrixColumnIsThatOfTheColumn) {
    const std::vector<float> matrix = {1, 10, 2, NAN, 3, 30};
    std::vector<DriftReference> references;
    const auto keep = [&](std::size_t, DriftReference one) { references.push_back(std::move(one)); };
    each_drift_reference(matrix, 2, keep);
    ASSERT_EQ(references.size(), 2U);
    const auto& first = references[0];
    EXPECT_EQ(first.sample, (std::vector<double>{1, 2, 3}));
    const auto& second = references[1];
    EXPECT_EQ(second.sample, (std::vector<double>{10, 30}));
    EXPECT_EQ(second.missing, 1);
    EXPECT_THROW(each_drift_reference(matrix, 0, keep), Error);
    EXPECT_THROW(each_drift_reference(matrix, 4, keep), Error);
}

TEST(DriftReference, AllMissingIsEmpty) {
    const auto reference = make_drift_reference(std::vector<double>{nan, nan});
    EXPECT_EQ(reference.n, 0);
    EXPECT_EQ(reference.missing, 2);
    EXPECT_TRUE(reference.edges.empty());
    EXPECT_EQ(reference.counts, Counts{0});
    EXPECT_TRUE(reference.sample.empty());
}

// Whatever the data: counts sum to n, edges ascend, no drift gives PSI 0.
TEST(DriftReference, Invariants) {
    std::mt19937_64 random(3);
    std::normal_distribution<double> normal;
    std::uniform_int_distribution<std::size_t> size(1, 400);
    for (int round = 0; round < 200; ++round) {
        std::vector<double> column(size(random));
        for (double& v : column) v = round % 3 == 0 ? std::round(normal(random)) : normal(random);
        const auto reference = make_drift_reference(column);
        std::int64_t total = 0;
        for (const std::int64_t count : reference.counts) total += count;
        EXPECT_EQ(total, reference.n);
        EXPECT_EQ(reference.counts.size(), reference.edges.size() + 1);
        for (std::size_t i = 1; i < reference.edges.size(); ++i) EXPECT_LT(reference.edges[i - 1], reference.edges[i]);
        EXPECT_EQ(psi(reference.counts, bin_counts(reference.edges, column)), 0);
    }
}

}  // namespace
}  // namespace bourse::stats
