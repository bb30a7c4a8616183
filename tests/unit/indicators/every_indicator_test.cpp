// What must hold for each indicator of the list: a new one is covered by its line there.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
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

// With other conventions, the profile and the kinds of average are drawn as well.
std::vector<double> random_params(const Info& info, std::mt19937_64& random, bool other_conventions = true) {
    std::vector<double> params;
    for (const Param& param : info.params) {
        if (!other_conventions && (param.average || param.choices.size() > 0))
            params.push_back(param.fallback);
        else if (param.average)
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

// What is a price, and not a difference of prices.
const std::set<std::string> has_levels{"avgprice",
                                       "bbands",
                                       "ceil",
                                       "chandelier",
                                       "dema",
                                       "donchian",
                                       "ema",
                                       "floor",
                                       "ha",
                                       "hma",
                                       "ichimoku",
                                       "kama",
                                       "kc",
                                       "keltner",
                                       "linearreg",
                                       "linearreg_intercept",
                                       "lowest_since",
                                       "highest_since",
                                       "ma",
                                       "mavp",
                                       "max",
                                       "medprice",
                                       "midpoint",
                                       "midprice",
                                       "min",
                                       "minmax",
                                       "percentile",
                                       "pivots",
                                       "renko",
                                       "rma",
                                       "sar",
                                       "sma",
                                       "supertrend",
                                       "t3",
                                       "tdx_sma",
                                       "tema",
                                       "trima",
                                       "tsf",
                                       "typprice",
                                       "vwap",
                                       "vwap_anchored",
                                       "vwap_rolling",
                                       "vwap_session",
                                       "vwma",
                                       "wclprice",
                                       "wma",
                                       "zlema"};
// Ratios of prices, functions of the number itself, and the Hilbert family and SAREXT, which start at 0.
const std::set<std::string> has_no_shift_law{"accbands",     "acos",
                                             "add",          "asin",
                                             "atan",         "beta",
                                             "bias",         "cos",
                                             "cosh",         "coppock",
                                             "cumsum",       "div",
                                             "exp",          "fosc",
                                             "garman_klass", "ht_dcperiod",
                                             "ht_dcphase",   "ht_phasor",
                                             "ht_sine",      "ht_trendline",
                                             "ht_trendmode", "hv",
                                             "ln",           "log10",
                                             "mama",         "mfi",
                                             "mult",         "natr",
                                             "nvi",          "parkinson",
                                             "ppo",          "pvi",
                                             "pvt",          "roc",
                                             "rocp",         "rocr",
                                             "rocr100",      "rogers_satchell",
                                             "sarext",       "sin",
                                             "sinh",         "sqrt",
                                             "sum",          "tan",
                                             "tanh",         "trix",
                                             "vix_fix",      "yang_zhang"};

class EveryIndicator : public ::testing::TestWithParam<std::string> {
protected:
    const Entry& entry() const { return *find(GetParam()); }
    const Info& info() const { return *entry().info; }

    void stays_within_its_bounds() const;
    void knows_no_zero_of_its_own() const;
    void carries_its_state() const;
};

// One process for all three: there are hundreds of indicators.
TEST_P(EveryIndicator, KeepsTheLaws) {
    stays_within_its_bounds();
    knows_no_zero_of_its_own();
    carries_its_state();
}

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

// A series that goes on from a kept state gives the bits of one that was never interrupted, and keeps the same state.
TEST_P(EveryIndicator, GoesOnFromAKeptState) {
    std::mt19937_64 random(17);
    for (int round = 0; round < 60; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        const std::size_t n = 2 + random() % 250, cut = random() % n;
        const Bars bars = walk(n, std::vector<double>{1e-8, 1, 1e5}[random() % 3], random());
        const auto params = random_params(info(), random);
        auto series = entry().start(params), other = entry().start(params);
        std::vector<double> bar(info().inputs.size()), first(info().outputs.size()), second(info().outputs.size());
        std::vector<std::byte> kept;
        for (std::size_t t = 0; t < n; ++t) {
            if (t == cut) {
                StateWriter writer(kept);
                series->state(writer);
                StateReader reader(kept);
                other->state(reader);
                reader.finish();
            }
            for (std::size_t i = 0; i < bar.size(); ++i) {
                const auto name = std::string(info().inputs[i]);
                bar[i] = random() % 20 == 0 ? missing : bars.at(name)[t];
            }
            series->update(bar, first);
            if (t < cut) continue;
            other->update(bar, second);
            for (std::size_t j = 0; j < first.size(); ++j) ASSERT_TRUE(same(first[j], second[j])) << "row " << t;
        }
        const std::span<const std::byte> whole(kept);
        StateReader shorter(whole.first(random() % whole.size()));
        EXPECT_THROW(entry().start(params)->state(shorter), Error);
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

// Prices in another unit, or volumes: every output grows with them as its unit says.
TEST_P(EveryIndicator, ScalesAsItsUnitSays) {
    if (has_no_unit.contains(GetParam())) return;
    const Bars bars = walk(300, 100, 3);
    const Values base = run(entry(), defaults(info()), bars);
    const auto check = [&](std::initializer_list<const char*> inputs, int Unit::*power) {
        for (const double scale : {std::ldexp(1.0, -33), std::ldexp(1.0, 10)}) {  // powers of two are not rounded
            Bars scaled = bars;
            for (const char* name : inputs)
                for (double& x : scaled[name]) x *= scale;
            const Values values = run(entry(), defaults(info()), scaled);
            for (const Output& output : info().outputs) {
                const auto &before = base.at(std::string(output.name)), &after = values.at(std::string(output.name));
                for (std::size_t t = 0; t < after.size(); ++t) {
                    const double expected = before[t] * std::pow(scale, output.unit.*power);
                    ASSERT_EQ(std::isnan(after[t]), std::isnan(expected)) << output.name << " row " << t;
                    if (std::isnan(expected)) continue;
                    ASSERT_LE(std::fabs(after[t] - expected), 1e-12 * std::fabs(expected))
                        << output.name << " row " << t << " is not in " << output.unit.name;
                }
            }
        }
    };
    check({"open", "high", "low", "close", "price", "price0", "price1"}, &Unit::price);
    check({"volume"}, &Unit::volume);
}

// Valid bars and any parameters: no value leaves the bounds that the catalogue states.
void EveryIndicator::stays_within_its_bounds() const {
    std::mt19937_64 random(17);
    for (int round = 0; round < 60; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        Bars bars = walk(400, std::vector<double>{1e-6, 1, 1e5}[random() % 3], random());
        if (info().family == "math transform")
            for (double& x : bars["price"]) x = 2 * std::fmod(x, 1) - 1;
        const Values values = run(entry(), random_params(info(), random, false), bars);
        for (const Output& output : info().outputs) {
            ASSERT_LT(output.lowest, output.highest);
            const bool both = std::isfinite(output.lowest) && std::isfinite(output.highest);
            const double rounding = 1e-9 * (both ? output.highest - output.lowest : std::fabs(output.lowest));
            for (const double value : values.at(std::string(output.name))) {
                if (std::isnan(value)) continue;
                if (std::isfinite(output.lowest)) {
                    ASSERT_GE(value, output.lowest - rounding) << output.name;
                }
                if (std::isfinite(output.highest)) {
                    ASSERT_LE(value, output.highest + rounding) << output.name;
                }
            }
        }
    }
}

// Prices above another zero: levels move with them, what is made of differences stays. Prices in 64ths, so that the
// move itself is not rounded.
void EveryIndicator::knows_no_zero_of_its_own() const {
    if (has_no_shift_law.contains(GetParam())) return;
    const double shift = 1024;
    Bars bars = walk(400, 100, 19);
    for (const char* name : {"open", "high", "low", "close"})
        for (double& x : bars[name]) x = std::round(x * 64) / 64;
    bars = with_derived(bars);
    Bars moved = bars;
    for (const char* name : {"open", "high", "low", "close"})
        for (double& x : moved[name]) x += shift;
    moved = with_derived(moved);
    const Values before = run(entry(), defaults(info()), bars), after = run(entry(), defaults(info()), moved);
    for (const Output& output : info().outputs) {
        const bool level = has_levels.contains(GetParam()) && output.unit.name == unit::price.name;
        const auto &x = before.at(std::string(output.name)), &y = after.at(std::string(output.name));
        for (std::size_t t = 0; t < x.size(); ++t) {
            ASSERT_EQ(std::isnan(x[t]), std::isnan(y[t])) << output.name << " row " << t;
            if (std::isnan(x[t])) continue;
            const double expected = x[t] + (level ? shift : 0);
            ASSERT_NEAR(y[t], expected, 1e-8 * std::max(1.0, std::fabs(x[t]))) << output.name << " row " << t;
        }
    }
}

// A state that was put aside goes on with the bits of the whole series, whatever its original did meanwhile.
void EveryIndicator::carries_its_state() const {
    std::mt19937_64 random(23);
    for (int round = 0; round < 40; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        const std::size_t n = 2 + random() % 200, cut = random() % n;
        const Bars bars = walk(n, 100, random()), other = walk(n, 7, random());
        const auto params = random_params(info(), random);
        const Values whole = run(entry(), params, bars);
        const auto original = entry().start(params);
        std::unique_ptr<Series> carried;
        const auto feed = [&](Series& series, const Bars& from, std::size_t t) {
            std::vector<double> in, out(info().outputs.size());
            for (const auto input : info().inputs) in.push_back(from.at(std::string(input))[t]);
            series.update(in, out);
            return out;
        };
        for (std::size_t t = 0; t < cut; ++t) feed(*original, bars, t);
        carried = original->copy();
        for (std::size_t t = 0; t < n; ++t) feed(*original, other, t);
        for (std::size_t t = cut; t < n; ++t) {
            const auto values = feed(*carried, bars, t);
            for (std::size_t j = 0; j < values.size(); ++j) {
                const double expected = whole.at(std::string(info().outputs[j].name))[t];
                ASSERT_TRUE(same(std::isfinite(values[j]) ? values[j] : missing, expected)) << "row " << t;
            }
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
