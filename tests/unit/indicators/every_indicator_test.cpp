// What must hold for each indicator of the list: a new one is covered by its line there.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <set>

#include "core/error.hpp"
#include "indicators/series.hpp"

namespace bourse::indicators::testing {
namespace {

using Values = std::map<std::string, std::vector<double>>;

bool same(double a, double b) { return std::isnan(a) ? std::isnan(b) : a == b; }

void expect_same(const Values& a, const Values& b, std::size_t rows) {
    for (const auto& [name, column] : a)
        for (std::size_t t = 0; t < rows; ++t) ASSERT_TRUE(same(column[t], b.at(name)[t])) << name << " row " << t;
}

// A walk of valid bars: high >= open, close >= low > 0, volume >= 0; some bars, not the first, are flat and without
// volume.
Bars walk(std::size_t n, double price, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> move(0, 0.02);
    std::uniform_real_distribution<double> unit(0, 1);
    Bars bars;
    for (std::size_t t = 0; t < n; ++t) {
        const bool flat = t > 0 && unit(random) < 0.05;
        const double open = price, close = flat ? open : open * std::exp(move(random));
        const double wick = flat ? 0 : 0.01 * unit(random);
        bars["open"].push_back(open);
        bars["high"].push_back(std::max(open, close) * (1 + wick));
        bars["low"].push_back(std::min(open, close) * (1 - wick));
        bars["close"].push_back(close);
        bars["volume"].push_back(flat ? 0 : std::floor(1e6 * unit(random)));
        price = close;
    }
    return with_derived(bars);
}

Bars constant(std::size_t n, double price) {
    Bars bars;
    for (const char* name : {"open", "high", "low", "close"}) bars[name].assign(n, price);
    bars["volume"].assign(n, 1000);
    return with_derived(bars);
}

Bars head(Bars bars, std::size_t n) {
    for (auto& [name, column] : bars) column.resize(n);
    return bars;
}

std::vector<double> random_params(const Info& info, std::mt19937_64& random) {
    std::vector<double> params;
    for (const Param& param : info.params) {
        if (param.average)
            params.push_back(static_cast<double>(random() % 14));
        else if (param.integer)
            params.push_back(param.choices.size() > 0 ? static_cast<double>(random() % param.choices.size())
                                                      : std::max(param.lowest, static_cast<double>(1 + random() % 30)));
        else
            params.push_back(std::clamp(static_cast<double>(random() % 400) / 100, param.lowest, param.highest));
    }
    return params;
}

// Functions of the number itself, whatever its unit; Renko's brick has the unit of the prices.
const std::set<std::string> has_no_unit{
    "linearreg_angle", "acos", "asin", "atan", "ceil", "cos",  "cosh", "exp", "floor", "ln",
    "log10",           "sin",  "sinh", "sqrt", "tan",  "tanh", "renko"};
// They count bars or sum up, are undefined or overflow there, or start at 0 and approach the price (the Hilbert
// family).
const std::set<std::string> moves_on_a_constant{
    "cumsum", "maxindex",    "minindex",   "minmaxindex", "acos",    "asin",         "exp",    "cosh",       "sinh",
    "mama",   "ht_dcperiod", "ht_dcphase", "ht_phasor",   "ht_sine", "ht_trendmode", "sarext", "bars_since", "fisher"};

class EveryIndicator : public ::testing::TestWithParam<std::string> {
protected:
    const Entry& entry() const { return *find(GetParam()); }
    const Info& info() const { return *entry().info; }
};

TEST_P(EveryIndicator, DescribesItself) {
    for (const auto text : {info().family, info().summary, info().formula, info().source, info().gap_rule})
        EXPECT_FALSE(text.empty());
    EXPECT_GE(info().inputs.size(), 1U);
    EXPECT_GE(info().outputs.size(), 1U);
    EXPECT_NO_THROW(check_params(info(), defaults(info())));
    const std::vector<std::string_view> order{"price", "price0", "price1", "periods", "open",   "high",
                                              "low",   "close",  "volume", "session", "anchor", "condition"};
    std::size_t before = 0;
    for (const auto input : info().inputs) {
        const auto at = static_cast<std::size_t>(std::ranges::find(order, input) - order.begin());
        ASSERT_LT(at, order.size()) << input;
        EXPECT_GE(at, before) << "inputs go open, high, low, close, volume";
        before = at;
    }
}

// Random series and parameters: the same up to every cut, so nothing looks ahead; lookback() says the warm-up.
TEST_P(EveryIndicator, PrefixGivesSamePrefixAndWarmUpIsLookback) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 200; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        const std::size_t n = 1 + random() % 300;
        const Bars bars = walk(n, std::vector<double>{1e-8, 1, 1e5}[random() % 3], random());
        const auto params = random_params(info(), random);
        const Values whole = run(entry(), params, bars);
        const std::size_t cut = 1 + random() % n;
        expect_same(run(entry(), params, head(bars, cut)), whole, cut);
        const auto warm_up = static_cast<std::size_t>(entry().lookback(params));
        for (const auto& [name, column] : whole)
            for (std::size_t t = 0; t < (info().undefined.empty() ? n : std::min(n, warm_up)); ++t)
                ASSERT_EQ(std::isnan(column[t]), t < warm_up) << name << " row " << t;
    }
}

// A bar with a gap in any one input gives no value, and the others are as if it had never been.
TEST_P(EveryIndicator, SkipsGaps) {
    std::mt19937_64 random(11);
    const double broken[] = {std::nan(""), HUGE_VAL, -HUGE_VAL};
    for (int round = 0; round < 100; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        const std::size_t n = 1 + random() % 200;
        const Bars bars = walk(n, 100, random());
        Bars gappy, kept;
        std::vector<bool> gap(n);
        for (std::size_t t = 0; t < n; ++t) {
            gap[t] = random() % 4 == 0;
            const auto hit = info().inputs[random() % info().inputs.size()];
            for (const auto& [name, column] : bars) {
                gappy[name].push_back(gap[t] && name == hit ? broken[random() % 3] : column[t]);
                if (!gap[t]) kept[name].push_back(column[t]);
            }
        }
        for (const auto& [name, column] : bars) kept[name];
        const auto params = random_params(info(), random);
        const Values with = run(entry(), params, gappy), without = run(entry(), params, kept);
        for (const auto& [name, column] : with) {
            std::size_t at = 0;
            for (std::size_t t = 0; t < n; ++t) {
                const double expected = gap[t] ? missing : without.at(name)[at++];
                ASSERT_TRUE(same(column[t], expected)) << name << " row " << t;
            }
        }
    }
}

TEST_P(EveryIndicator, HasNoValueWithoutBars) {
    Bars bars = constant(50, 1);
    for (auto& [name, column] : bars) column.assign(50, missing);
    for (const auto& [name, column] : run(entry(), defaults(info()), bars))
        for (const double value : column) EXPECT_TRUE(std::isnan(value));
    for (const auto& [name, column] : run(entry(), defaults(info()), constant(0, 1))) EXPECT_TRUE(column.empty());
    const int warm_up = entry().lookback(defaults(info()));
    for (const auto& [name, column] : run(entry(), defaults(info()), constant(1, 1)))
        EXPECT_TRUE(!info().undefined.empty() || std::isnan(column[0]) == (warm_up > 0));
}

// Prices that never move: finite, and after the warm-up the same value for ever (volume sums aside).
TEST_P(EveryIndicator, StaysPutOnAConstantSeries) {
    if (moves_on_a_constant.contains(GetParam())) return;
    for (const double price : {0.1, 1e-8, 1e5}) {
        const auto warm_up = static_cast<std::size_t>(entry().lookback(defaults(info())));
        for (const auto& [name, column] : run(entry(), defaults(info()), constant(warm_up + 500, price))) {
            double first = missing;
            for (std::size_t t = warm_up; t < column.size(); ++t) {
                if (std::isnan(column[t]) && !info().undefined.empty()) continue;
                ASSERT_TRUE(std::isfinite(column[t])) << name << " row " << t;
                if (std::isnan(first)) first = column[t];
                ASSERT_NEAR(column[t], first, 1e-12 * std::max(price, std::fabs(first))) << name << " row " << t;
            }
        }
    }
}

// Prices in another unit: every output is either in that unit, in its square, or free of it.
TEST_P(EveryIndicator, ScalesWithThePrices) {
    if (has_no_unit.contains(GetParam())) return;
    const Bars bars = walk(300, 100, 3);
    const Values base = run(entry(), defaults(info()), bars);
    for (const double scale : {std::ldexp(1.0, -33), std::ldexp(1.0, 10)}) {  // powers of two: no rounding of their own
        Bars scaled = bars;
        for (const char* name : {"open", "high", "low", "close", "price", "price0", "price1"})
            for (double& x : scaled[name]) x *= scale;
        for (const auto& [name, column] : run(entry(), defaults(info()), scaled)) {
            int power = -1;
            for (int candidate = 0; candidate <= 2 && power < 0; ++candidate) {
                bool fits = true;
                for (std::size_t t = 0; t < column.size() && fits; ++t) {
                    const double expected = base.at(name)[t] * std::pow(scale, candidate);
                    fits = std::isnan(column[t]) ? std::isnan(expected)
                                                 : std::fabs(column[t] - expected) <= 1e-12 * std::fabs(expected);
                }
                if (fits) power = candidate;
            }
            EXPECT_GE(power, 0) << name << " at scale " << scale;
        }
    }
}

TEST_P(EveryIndicator, RefusesParametersOutsideTheirRange) {
    for (std::size_t i = 0; i < info().params.size(); ++i) {
        const Param& param = info().params[i];
        std::vector<double> wrong{missing};
        if (param.average)
            wrong.insert(wrong.end(), {-1, 14, 0.5});
        else
            wrong.insert(wrong.end(), {param.lowest * (param.lowest < 0 ? 2 : 1) - 1, param.highest * 2});
        if (param.integer) wrong.push_back(param.fallback + 0.5);
        for (const double value : wrong) {
            auto params = defaults(info());
            params[i] = value;
            try {
                check_params(info(), params);
                ADD_FAILURE() << param.name << " = " << value << " was accepted";
            } catch (const Error& error) {
                EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
                EXPECT_NE(std::string(error.what()).find(param.name), std::string::npos) << error.what();
            }
        }
    }
    auto more = defaults(info());
    more.push_back(1);
    EXPECT_THROW(check_params(info(), more), Error);
}

// Any bits: negative prices, high below low, 1e308, denormals, gaps. No value is infinite, equal input gives equal
// bits.
TEST_P(EveryIndicator, SurvivesAnyInput) {
    std::mt19937_64 random(13);
    for (int round = 0; round < 100; ++round) {
        const std::size_t n = random() % 200;
        Bars bars;
        for (const char* name : {"open", "high", "low", "close", "volume", "price", "price0", "price1", "periods",
                                 "session", "anchor", "condition"})
            for (std::size_t t = 0; t < n; ++t)
                bars[name].push_back(random() % 2 ? std::bit_cast<double>(random())
                                                  : static_cast<double>(random() % 3));
        for (const char* name : {"open", "high", "low", "close", "volume", "price", "price0", "price1", "periods",
                                 "session", "anchor", "condition"})
            bars[name];
        const auto params = random_params(info(), random);
        const Values values = run(entry(), params, bars);
        for (const auto& [name, column] : values)
            for (const double value : column) ASSERT_FALSE(std::isinf(value)) << name;
        expect_same(run(entry(), params, bars), values, n);
    }
}

// The longest windows work and cost no more memory than they say.
TEST_P(EveryIndicator, TakesTheLongestPeriods) {
    std::vector<double> params;
    for (const Param& param : info().params)
        params.push_back(param.integer && !param.average ? param.highest : param.fallback);
    for (const auto& [name, column] : run(entry(), params, walk(50, 100, 5)))
        for (std::size_t t = 0; t < column.size(); ++t)
            EXPECT_TRUE(!info().undefined.empty() ||
                        std::isnan(column[t]) == (entry().lookback(params) > static_cast<int>(t)));
}

std::vector<std::string> every_name() {
    std::vector<std::string> result;
    for (const Entry& entry : catalogue()) result.emplace_back(entry.info->name);
    return result;
}

INSTANTIATE_TEST_SUITE_P(List, EveryIndicator, ::testing::ValuesIn(every_name()),
                         [](const auto& row) { return row.param; });

TEST(Catalogue, FindsByName) {
    ASSERT_NE(find("rsi"), nullptr);
    EXPECT_EQ(find("rsi")->info->name, "rsi");
    EXPECT_EQ(find("rsj"), nullptr);
}

TEST(Catalogue, CanBeInterrupted) {
    const Bars bars = walk(10'000, 100, 1);
    std::vector<double> out(10'000);
    const std::vector<std::span<const double>> in{bars.at("close")};
    const std::vector<std::span<double>> outs{out};
    int calls = 0;
    EXPECT_THROW(find("sma")->run(std::vector<double>{10}, in, outs,
                                  [&] {
                                      if (++calls == 2) throw Error(ErrorKind::cancelled, "cancelled");
                                  }),
                 Error);
}

}  // namespace
}  // namespace bourse::indicators::testing
