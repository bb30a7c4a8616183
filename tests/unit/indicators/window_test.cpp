// The window against the plain definition, recomputed for every bar in long double.
#include "indicators/moments.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace bourse::indicators {
namespace {

struct Plain {
    long double sum = 0, weighted = 0, variance = 0, highest = -INFINITY, lowest = INFINITY;
};

Plain plain(const std::vector<double>& x, std::size_t end, std::size_t size) {
    Plain result;
    const std::size_t begin = end < size ? 0 : end - size, count = end - begin;
    for (std::size_t i = begin; i < end; ++i) {
        result.sum += x[i];
        result.weighted += static_cast<long double>(i - begin + 1) * x[i];
        result.highest = std::max<long double>(result.highest, x[i]);
        result.lowest = std::min<long double>(result.lowest, x[i]);
    }
    for (std::size_t i = begin; i < end; ++i) result.variance += std::pow(x[i] - result.sum / count, 2) / count;
    return result;
}

class WindowOf : public ::testing::TestWithParam<std::size_t> {};

TEST_P(WindowOf, AgreesWithTheDefinition) {
    const std::size_t size = GetParam();
    std::mt19937_64 random(size);
    std::normal_distribution<double> normal(1e8, 0.02);  // E[x^2] - E[x]^2 would have no digit left
    Window<Total> sum(size);
    Window<WeightedSum> weighted(size);
    MomentsWindow moments(size);
    Window<Highest> highest(size);
    Window<Lowest> lowest(size);
    std::vector<double> x;
    for (std::size_t t = 0; t < 3 * size + 50; ++t) {
        x.push_back(normal(random));
        sum.push(x[t]);
        weighted.push(x[t]);
        moments.push(x[t]);
        highest.push(x[t]);
        lowest.push(x[t]);
        const Plain expected = plain(x, t + 1, size);
        const auto near = [&](double ours, long double theirs, double relative) {
            ASSERT_NEAR(ours, static_cast<double>(theirs), relative * static_cast<double>(std::fabs(theirs)))
                << "row " << t;
        };
        ASSERT_EQ(sum.full(), t + 1 >= size);
        near(sum.total().sum, expected.sum, 1e-14);
        near(weighted.total().weighted, expected.weighted, 1e-14);
        near(moments.total().mean, expected.sum / std::min(t + 1, size), 1e-14);
        ASSERT_NEAR(moments.total().variance(), static_cast<double>(expected.variance), 1e-6 * 4e-4) << "row " << t;
        ASSERT_EQ(highest.total().value, static_cast<double>(expected.highest));
        ASSERT_EQ(lowest.total().value, static_cast<double>(expected.lowest));
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, WindowOf, ::testing::Values(1, 2, 3, 5, 14, 64, 255, 600));

// A rolling sum that subtracts would keep what a huge value did to its digits.
TEST(Window, ForgetsWhatLeft) {
    Window<Total> sum(10);
    MomentsWindow moments(10);
    for (int t = 0; t < 1000; ++t) {
        const double x = t == 5 ? 1e300 : t % 2;
        sum.push(x);
        moments.push(x);
    }
    EXPECT_EQ(sum.total().sum, 5);
    EXPECT_EQ(moments.total().mean, 0.5);
    EXPECT_DOUBLE_EQ(moments.total().variance(), 0.25);
}

TEST(Delay, GivesTheValueOfSomeBarsAgo) {
    for (const std::size_t bars : {std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
        Delay delay(bars);
        for (std::size_t t = 0; t < 30; ++t) {
            ASSERT_EQ(delay.full(), t >= bars);
            if (delay.full()) {
                ASSERT_EQ(delay.oldest(), static_cast<double>(t - bars));
            }
            delay.push(static_cast<double>(t));
        }
    }
}

}  // namespace
}  // namespace bourse::indicators
