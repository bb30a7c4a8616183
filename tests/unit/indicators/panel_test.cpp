// The panel form gives the bits of the array form, whatever the instruction set, the lengths and the gaps.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "core/error.hpp"
#include "indicators/panel.hpp"
#include "indicators/series.hpp"

namespace bourse::indicators::testing {
namespace {

// A series that has all that may decide a branch: flat stretches, no volume, prices of any size, zeros, gaps.
Bars any_bars(std::size_t n, std::mt19937_64& random) {
    // Where they are denormal or overflow, lanes must round as double does.
    const double scale = std::vector<double>{1e-310, 1e-8, 1, 1e5, 1e304}[random() % 5];
    const bool gaps = random() % 3 == 0;
    Bars bars;
    for (const char* name : {"open", "high", "low", "close", "volume"}) bars[name];
    double price = 100;
    for (std::size_t t = 0; t < n; ++t) {
        const double open = price;
        if (t / 20 % 3 != 1) price += static_cast<double>(random() % 401) / 100 - 2;
        if (random() % 100 == 0) price = 0;
        const double wick = t / 20 % 3 == 1 ? 0 : static_cast<double>(random() % 100) / 100;
        bars["open"].push_back(scale * open);
        bars["high"].push_back(scale * (std::max(open, price) + wick));
        bars["low"].push_back(scale * (std::min(open, price) - wick));
        bars["close"].push_back(scale * price);
        bars["volume"].push_back(t / 15 % 4 == 1 ? 0 : static_cast<double>(random() % 1000));
    }
    bars = with_derived(bars);
    if (gaps)
        for (auto& [name, column] : bars)
            for (double& x : column)
                if (random() % 20 == 0) x = random() % 2 == 0 ? missing : HUGE_VAL;
    return bars;
}

std::vector<double> some_params(const Info& info, std::mt19937_64& random) {
    std::vector<double> params;
    for (const Param& param : info.params) {
        if (param.average)
            params.push_back(static_cast<double>(random() % 14));
        else if (param.choices.size() > 0)
            params.push_back(static_cast<double>(random() % param.choices.size()));
        else if (param.integer)
            params.push_back(std::max(param.lowest, static_cast<double>(1 + random() % 40)));
        else
            params.push_back(param.fallback);
    }
    return params;
}

// All fields are given to a group, of which the indicator takes its own: gaps of the others do not matter.
void expect_in_groups(const Entry& entry, const std::vector<double>& params, const std::vector<Bars>& panel,
                      const std::vector<Bars>& expected, SimdLevel level) {
    const Info& info = *entry.info;
    for (std::size_t first = 0; first < panel.size(); first += series_side_by_side) {
        const std::size_t count = std::min(series_side_by_side, panel.size() - first);
        std::vector<SeriesGroup::Columns> fields;
        std::vector<std::string> names;
        for (const auto& [name, column] : panel[first]) {
            names.push_back(name);
            auto& columns = fields.emplace_back();
            for (std::size_t s = first; s < first + count; ++s) columns.emplace_back(panel[s].at(name));
        }
        SeriesGroup group(std::move(fields), level);
        std::vector<std::size_t> inputs;
        for (const auto input : info.inputs)
            inputs.push_back(static_cast<std::size_t>(std::ranges::find(names, input) - names.begin()));
        std::vector<std::vector<std::vector<double>>> values(info.outputs.size());
        std::vector<std::vector<std::span<double>>> out(info.outputs.size());
        for (std::size_t j = 0; j < out.size(); ++j)
            for (std::size_t s = first; s < first + count; ++s)
                values[j].emplace_back(panel[s].at("close").size(), 1.5);
        for (std::size_t j = 0; j < out.size(); ++j)
            for (auto& column : values[j]) out[j].emplace_back(column);
        group.run(entry, params, inputs, out, {});
        for (std::size_t s = 0; s < count; ++s)
            for (std::size_t j = 0; j < info.outputs.size(); ++j) {
                const auto& theirs = expected[first + s].at(std::string(info.outputs[j].name));
                for (std::size_t t = 0; t < theirs.size(); ++t) {
                    const double ours = values[j][s][t];
                    ASSERT_TRUE(std::isnan(theirs[t])
                                    ? std::isnan(ours)
                                    : std::bit_cast<std::uint64_t>(ours) == std::bit_cast<std::uint64_t>(theirs[t]))
                        << info.outputs[j].name << " series " << first + s << " row " << t << ": " << ours << ", not "
                        << theirs[t];
                }
            }
    }
}

void expect_the_bits_of_the_array_form(const Entry& entry) {
    const Info& info = *entry.info;
    std::mt19937_64 random(29);
    for (int round = 0; round < 8; ++round) {
        const auto params = round == 0 ? defaults(info) : some_params(info, random);
        if (!runs_in_lanes(entry, params)) continue;
        std::vector<Bars> panel;
        std::vector<Bars> expected;
        const std::size_t count = 1 + random() % 40;
        for (std::size_t s = 0; s < count; ++s) {
            panel.push_back(any_bars(random() % 4 == 0 ? 128 : random() % 200, random));
            expected.push_back(run(entry, params, panel.back()));
        }
        for (const SimdLevel level : simd_levels()) {
            SCOPED_TRACE(std::string(simd_level_names[static_cast<int>(level)]) + ", round " + std::to_string(round));
            expect_in_groups(entry, params, panel, expected, level);
            if (::testing::Test::HasFatalFailure()) return;
        }
    }
}

TEST(Panel, HasTheBitsOfTheArrayForm) {
    for (const Entry& entry : catalogue()) {
        SCOPED_TRACE(entry.info->name);
        expect_the_bits_of_the_array_form(entry);
        if (::testing::Test::HasFatalFailure()) return;
    }
}

TEST(Panel, RunsTheCommonOnesInLanes) {
    for (const char* name :
         {"sma", "ema", "wma",    "dema",    "tema",     "rsi",    "macd",      "bbands", "atr",      "natr", "adx",
          "dx",  "cci", "mfi",    "stoch",   "stochf",   "willr",  "obv",       "ad",     "adosc",    "roc",  "mom",
          "var", "cmo", "stddev", "plus_di", "minus_di", "trange", "linearreg", "sum",    "midpoint", "rocr"})
        EXPECT_TRUE(runs_in_lanes(*find(name), defaults(*find(name)->info))) << name;
    EXPECT_FALSE(runs_in_lanes(*find("sar"), defaults(*find("sar")->info)));
    const Entry& bands = *find("bbands");
    EXPECT_FALSE(runs_in_lanes(bands, std::vector<double>{20, 2, 2, static_cast<double>(AverageKind::kama)}));
}

TEST(Panel, CanBeInterrupted) {
    const std::vector<double> in(10'000, 1);
    std::vector<double> out(10'000);
    SeriesGroup group({{in}});
    int calls = 0;
    EXPECT_THROW(group.run(*find("sma"), std::vector<double>{10}, std::vector<std::size_t>{0},
                           std::vector<std::vector<std::span<double>>>{{out}},
                           [&] {
                               if (++calls == 3) throw Error(ErrorKind::cancelled, "cancelled");
                           }),
                 Error);
    EXPECT_EQ(calls, 3);
}

TEST(Panel, LeavesOutWhatIsNotWanted) {
    std::vector<double> in, hist(100);
    for (int t = 0; t < 100; ++t) in.push_back(100 + std::sin(t));
    SeriesGroup group({{in}});
    const Entry& macd = *find("macd");
    group.run(macd, defaults(*macd.info), std::vector<std::size_t>{0},
              std::vector<std::vector<std::span<double>>>{{}, {}, {hist}}, {});
    const auto theirs = run(macd, defaults(*macd.info),
                            with_derived({{"open", in}, {"high", in}, {"low", in}, {"close", in}, {"volume", in}}));
    EXPECT_EQ(hist.back(), theirs.at("hist").back());
}

TEST(Panel, AlwaysHasPortableCode) { EXPECT_EQ(simd_levels().front(), SimdLevel::portable); }

}  // namespace
}  // namespace bourse::indicators::testing
