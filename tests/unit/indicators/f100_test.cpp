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

INSTANTIATE_TEST_SUITE_P(
    Table, F100,
    ::testing::Values(
        Published{"sma", {20}, "sma", 19, 105.452, 120.8125}, Published{"wma", {20}, "wma", 19, 106.71014, 120.6425238},
        Published{"bbands", {20, 2, 2, 0}, "upper", 19, 111.10755, 127.5208318},
        Published{"bbands", {20, 2, 2, 0}, "lower", 19, 99.796452, 114.1041682},
        Published{"macd", {12, 26, 9}, "macd", 33, .37202942, 2.26344385},
        Published{"macd", {12, 26, 9}, "signal", 33, .78955234, 1.950365512},
        Published{"macd", {12, 26, 9}, "hist", 33, -.41752292, .3130783375},
        Published{"atr", {14}, "atr", 14, 2.5257143, 2.744521849},
        Published{"roc", {10}, "roc", 10, 8.0230094, 6.458123108},
        Published{"dema", {10}, "dema", 18, 107.71883, 123.3764492},
        Published{"tema", {10}, "tema", 27, 108.29685, 124.3669163},
        Published{"trima", {10}, "trima", 9, 103.642, 119.1096667},
        Published{"t3", {5, .7}, "t3", 24, 106.0352, 121.3867773},
        Published{"kama", {10}, "kama", 10, 106.22509, 121.5717128},
        Published{"hma", {14}, "hma", 15, 108.81421, 123.3097937},
        Published{"hma", {16}, "hma", 18, 107.97519, 121.5322565},
        Published{"stddev", {20, 1}, "stddev", 19, 2.827774, 3.35416588},
        Published{"var", {20, 1}, "var", 19, 7.996306, 11.25042875},
        Published{"stochf", {14, 3, 0}, "k", 15, 74.175306, 95.10948905},
        Published{"stochf", {14, 3, 0}, "d", 15, 78.46865, 81.89893436}, Published{"mom", {10}, "mom", 10, 7.95, 7.68},
        Published{"apo", {12, 26, 1}, "apo", 25, 1.3160097, 2.263444607},
        Published{"ppo", {12, 26, 1}, "ppo", 25, 1.2441685, 1.905846548},
        Published{"trix", {12}, "trix", 34, .037224399, .2170442984},
        Published{"cmo", {14}, "cmo", 14, 39.739414, 40.99287856},
        Published{"plus_di", {14}, "plus_di", 14, 29.986431, 36.9475961},
        Published{"minus_di", {14}, "minus_di", 14, 13.363916, 15.4492412},
        Published{"dx", {14}, "dx", 14, 38.344595, 41.02987129},
        Published{"adx", {14}, "adx", 27, 34.80638, 28.12967376},
        Published{"adxr", {14}, "adxr", 40, 28.286548, 35.14600227}, Published{"aroon", {14}, "down", 14, 0, 50},
        Published{"aroon", {14}, "up", 14, 92.857143, 100},
        Published{"ultosc", {7, 14, 28}, "ultosc", 28, 56.057586, 72.53499138},
        Published{"ad", {}, "ad", 0, 149.71946, 79408.51558},
        Published{"adosc", {3, 10}, "adosc", 9, 2696.2726, 7669.763272},
        Published{"cmf", {20}, "cmf", 19, .15733976, .1777258954},
        Published{"mfi", {14}, "mfi", 14, 83.724126, 42.42821194},
        Published{"donchian", {20}, "upper", 19, 110.15, 127.27},
        Published{"donchian", {20}, "lower", 19, 97.93, 113.57}, Published{"bop", {}, "bop", 0, -.41176471, .716112532},
        Published{"linearreg_slope", {14}, "linearreg_slope", 13, .75285714, .2902197802},
        Published{"sar", {.02, .2}, "sar", 1, 97.93, 114.7078902},
        Published{"vwap", {}, "vwap", 0, 99.053333, 110.6101772},
        Published{"cmou", {14}, "cmou", 14, 39.739414, 3.360977739},
        Published{"efi", {13}, "efi", 13, 4917.4531, 3262.000389},
        Published{"eri", {13}, "bull", 12, 5.1353846, 6.42297579},
        Published{"eri", {13}, "bear", 12, 2.6253846, 2.51297579}, Published{"obv", {}, "obv", 0, 3008, 146555},
        Published{"willr", {14}, "willr", 13, -6.2193126, -4.890510949},
        Published{"stoch", {14, 3, 0, 3, 0}, "k", 17, 70.721675, 81.89893436},
        Published{"stoch", {14, 3, 0, 3, 0}, "d", 17, 72.692136, 69.9777967},
        Published{"kdj", {9, 3, 13, 3, 13}, "k", 12, 89.885027, 82.59339774},
        Published{"kdj", {9, 3, 13, 3, 13}, "d", 12, 86.915673, 66.33338365},
        Published{"kdj", {9, 3, 13, 3, 13}, "j", 12, 95.823734, 115.1134259},
        Published{"cci", {14}, "cci", 13, 125.48604, 144.0111421},
        Published{"ema", {20}, "ema", 19, 105.452, 119.6925601},
        Published{"ichimoku", {9, 26, 52, 26}, "tenkan", 8, 103.025, 120.42},
        Published{"ichimoku", {9, 26, 52, 26}, "kijun", 25, 104.985, 118.275},
        Published{"ichimoku", {9, 26, 52, 26}, "span_a", 51, 106.36, 108.6825},
        Published{"ichimoku", {9, 26, 52, 26}, "span_b", 77, 104.985, 108.72},
        Published{"volume_rsi", {14}, "volume_rsi", 14, 78.69719, 67.6308816},
        Published{"hv", {20, 252}, "hv", 20, .23071148, .2215891007},
        Published{"vix_fix", {22, 20, 2, 50, .85}, "vix_fix", 21, 5.4483956, 2.559241706},
        Published{"keltner", {20, 10, 2}, "upper", 19, 110.41441, 125.2744241},
        Published{"keltner", {20, 10, 2}, "lower", 19, 100.48959, 114.110696},
        Published{"kc", {20, 10, 2}, "upper", 19, 109.99783, 124.9759059},
        Published{"kc", {20, 10, 2}, "lower", 19, 100.60583, 113.8122943},
        Published{"supertrend", {10, 3}, "supertrend", 10, 98.294, 116.942204},
        Published{"bias", {6}, "bias", 5, 3.2746663, 3.777580436},
        Published{"psy", {12}, "psy", 11 + 1, 75, 66.6666667},
        Published{"kdj", {9, 3, 13, 3, 13, 3}, "k", 8, 62.806673, 82.59339774},
        Published{"kdj", {9, 3, 13, 3, 13, 3}, "d", 8, 54.268891, 66.33338365},
        Published{"kdj", {9, 3, 13, 3, 13, 3}, "j", 8, 79.882237, 115.1134259},
        Published{"kdj", {9, 3, 13, 3, 13, 2}, "k", 8, 88.42002, 82.59339774},
        Published{"kdj", {9, 3, 13, 3, 13, 1}, "k", 0, 52.488688, 82.59339774},
        Published{"macd", {12, 26, 9, 2}, "macd", 33, .41851733, 2.263444607},
        Published{"rsi", {14}, "rsi", 14, 69.869707, 70.49643928}),
    [](const auto& row) {
        return std::string(row.param.name) + "_" + row.param.output + "_" + std::to_string(row.index);
    });

// Published at the last bar only.
TEST(F100Series, HasThePublishedLastValues) {
    const auto last = [](const char* name, const std::vector<double>& params) {
        return run(*find(name), params, f100()).begin()->second[99];
    };
    EXPECT_NEAR(last("parkinson", {20, 252}), .2245732561, 1e-10);
    EXPECT_NEAR(last("garman_klass", {20, 252}), .2253557304, 1e-10);
    EXPECT_NEAR(last("rogers_satchell", {20, 252}), .2200687507, 1e-10);
    EXPECT_NEAR(last("yang_zhang", {20, 252}), .2202807748, 1e-10);
    // profiles: tdx
    EXPECT_NEAR(last("rsi", {14, 1}), 70.51284884, 1e-8);
    EXPECT_NEAR(last("rsi", {6, 1}), 82.512837, 1e-6);
    EXPECT_NEAR(last("atr", {14, 1}), 2.849285714, 1e-9);
    EXPECT_NEAR(last("willr", {14, 1}), 4.890510949, 1e-9);
    const auto stochrsi = run(*find("stochrsi"), {14, 14, 3, 0, 1}, f100());  // tradingview
    EXPECT_NEAR(stochrsi.at("k")[99], 68.43489208, 1e-8);
    EXPECT_NEAR(stochrsi.at("d")[99], 53.04448885, 1e-8);
    EXPECT_TRUE(std::isnan(stochrsi.at("k")[30]) && !std::isnan(stochrsi.at("k")[31]));
    const auto macd = run(*find("macd"), {12, 26, 9, 1}, f100());
    EXPECT_NEAR(macd.at("macd")[99], 2.263910263, 1e-9);
    EXPECT_NEAR(macd.at("signal")[99], 1.951053426, 1e-9);
    EXPECT_NEAR(macd.at("hist")[99], .6257136743, 1e-10);
    EXPECT_NEAR(last("vwap_rolling", {20}), 120.3823161, 1e-7);
    EXPECT_NEAR(last("tdx_sma", {6, 1}), 121.2167741, 1e-7);
}

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
