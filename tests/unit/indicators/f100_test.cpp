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
void PrintTo(const Published& row, std::ostream* out) { *out << row.name << " " << row.output; }

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
                                           Published{"wma", {20}, "wma", 19, 106.71014, 120.6425238},
                                           Published{"bbands", {20, 2, 2, 0}, "upper", 19, 111.10755, 127.5208318},
                                           Published{"bbands", {20, 2, 2, 0}, "lower", 19, 99.796452, 114.1041682},
                                           Published{"macd", {12, 26, 9}, "macd", 33, .37202942, 2.26344385},
                                           Published{"macd", {12, 26, 9}, "signal", 33, .78955234, 1.950365512},
                                           Published{"macd", {12, 26, 9}, "hist", 33, -.41752292, .3130783375},
                                           Published{"atr", {14}, "atr", 14, 2.5257143, 2.744521849},
                                           Published{"roc", {10}, "roc", 10, 8.0230094, 6.458123108},
                                           Published{"obv", {}, "obv", 0, 3008, 146555},
                                           Published{"willr", {14}, "willr", 13, -6.2193126, -4.890510949},
                                           Published{"stoch", {14, 3, 0, 3, 0}, "k", 17, 70.721675, 81.89893436},
                                           Published{"stoch", {14, 3, 0, 3, 0}, "d", 17, 72.692136, 69.9777967},
                                           Published{"kdj", {9, 3, 13, 3, 13}, "k", 12, 89.885027, 82.59339774},
                                           Published{"kdj", {9, 3, 13, 3, 13}, "d", 12, 86.915673, 66.33338365},
                                           Published{"kdj", {9, 3, 13, 3, 13}, "j", 12, 95.823734, 115.1134259},
                                           Published{"cci", {14}, "cci", 13, 125.48604, 144.0111421},
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
