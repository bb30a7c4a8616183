// The published numbers of the 100-bar fixture: row and value of the first output, and the value of the last bar.
#include <gtest/gtest.h>

#include <cmath>

#include "indicators/series.hpp"

namespace bourse::indicators::testing {
namespace {

struct Published {
    const char* name;
    std::vector<double> params;
    const char* output;
    std::size_t first_row;
    double first, last;
};

class F100 : public ::testing::TestWithParam<Published> {};

TEST_P(F100, HasThePublishedNumbers) {
    const Published& expected = GetParam();
    const Entry* entry = find(expected.name);
    ASSERT_NE(entry, nullptr);
    const auto values = run(*entry, expected.params, f100()).at(expected.output);
    for (std::size_t t = 0; t < expected.first_row; ++t) EXPECT_TRUE(std::isnan(values[t])) << t;
    EXPECT_NEAR(values[expected.first_row], expected.first, 5e-8 * std::max(100.0, std::fabs(expected.first)));
    EXPECT_NEAR(values[99], expected.last, 5e-10 * std::max(100.0, std::fabs(expected.last)));
}

INSTANTIATE_TEST_SUITE_P(Table, F100,
                         ::testing::Values(Published{"sma", {20}, "sma", 19, 105.452, 120.8125},
                                           Published{"ema", {20}, "ema", 19, 105.452, 119.6925601},
                                           Published{"rsi", {14}, "rsi", 14, 69.869707, 70.49643928}),
                         [](const auto& row) { return std::string(row.param.name) + "_" + row.param.output; });

TEST(F100Series, IsThePublishedOne) {
    const Bars bars = f100();
    EXPECT_EQ(bars.at("open")[1], 99.09);
    EXPECT_EQ(bars.at("high")[50], 111.64);
    EXPECT_EQ(bars.at("low")[99], 123.36);
    EXPECT_EQ(bars.at("close")[99], 126.60);
    EXPECT_EQ(bars.at("volume")[0], 3008);
}

}  // namespace
}  // namespace bourse::indicators::testing
