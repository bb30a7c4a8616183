// Signals and anchored averages against their definitions, written out anew bar by bar.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "indicators/series.hpp"

namespace bourse::indicators::testing {
namespace {

using Column = std::vector<double>;

// Small whole numbers, so that equal values and crossings are many.
Bars dice(std::size_t n) {
    std::mt19937_64 random(5);
    Bars bars;
    for (std::size_t t = 0; t < n; ++t) {
        for (const char* name : {"price", "price0", "price1", "low"})
            bars[name].push_back(static_cast<double>(random() % 7) + 10);
        bars["high"].push_back(bars["low"][t] + static_cast<double>(random() % 5));
        bars["close"].push_back(bars["low"][t]);
        bars["volume"].push_back(static_cast<double>(random() % 9));
        bars["condition"].push_back(random() % 6 == 0);
        bars["anchor"].push_back(random() % 11 == 0);
        bars["session"].push_back(static_cast<double>(t / 13));
    }
    return bars;
}

constexpr std::size_t rows = 500;

Column only(const char* name, const std::vector<double>& params, const Bars& bars) {
    return run(*find(name), params, bars).begin()->second;
}

void expect_equal(const Column& ours, const Column& wanted) {
    for (std::size_t t = 0; t < rows; ++t)
        ASSERT_TRUE(std::isnan(wanted[t]) ? std::isnan(ours[t]) : std::fabs(ours[t] - wanted[t]) < 1e-9)
            << "row " << t << ": " << ours[t] << ", wanted " << wanted[t];
}

TEST(Signals, Cross) {
    const Bars bars = dice(rows);
    const Column &a = bars.at("price0"), &b = bars.at("price1");
    Column over(rows, missing), under(rows, missing);
    for (std::size_t t = 1; t < rows; ++t) {
        over[t] = a[t - 1] <= b[t - 1] && a[t] > b[t];
        under[t] = a[t - 1] >= b[t - 1] && a[t] < b[t];
    }
    expect_equal(only("crossover", {}, bars), over);
    expect_equal(only("crossunder", {}, bars), under);
}

TEST(Signals, StayAboveAndBelow) {
    const Bars bars = dice(rows);
    const Column &a = bars.at("price0"), &b = bars.at("price1");
    for (const std::size_t bars_needed : {std::size_t{1}, std::size_t{3}}) {
        Column above(rows, missing), below(rows, missing);
        for (std::size_t t = bars_needed - 1; t < rows; ++t) {
            above[t] = below[t] = 1;
            for (std::size_t k = 0; k < bars_needed; ++k) {
                if (!(a[t - k] > b[t - k])) above[t] = 0;
                if (!(a[t - k] < b[t - k])) below[t] = 0;
            }
        }
        expect_equal(only("above", {static_cast<double>(bars_needed)}, bars), above);
        expect_equal(only("below", {static_cast<double>(bars_needed)}, bars), below);
    }
}

TEST(Signals, LookBackToTheLastTimeAConditionWasTrue) {
    const Bars bars = dice(rows);
    Column since(rows, missing), highest(rows, missing), lowest(rows, missing);
    for (std::size_t t = 0; t < rows; ++t)
        for (std::size_t k = 0; k <= t && std::isnan(since[t]); ++k)
            if (bars.at("condition")[t - k] != 0) {
                since[t] = static_cast<double>(k);
                const auto from = bars.at("price").begin() + static_cast<std::ptrdiff_t>(t - k);
                const auto to = bars.at("price").begin() + static_cast<std::ptrdiff_t>(t) + 1;
                highest[t] = *std::max_element(from, to);
                lowest[t] = *std::min_element(from, to);
            }
    expect_equal(only("bars_since", {}, bars), since);
    expect_equal(only("highest_since", {}, bars), highest);
    expect_equal(only("lowest_since", {}, bars), lowest);
}

double vwap_of(const Bars& bars, std::size_t from, std::size_t to) {
    double flow = 0, volume = 0;
    for (std::size_t t = from; t <= to; ++t) {
        const double price = (bars.at("high")[t] + bars.at("low")[t] + bars.at("close")[t]) / 3;
        flow += price * bars.at("volume")[t];
        volume += bars.at("volume")[t];
    }
    return volume == 0 ? missing : flow / volume;
}

TEST(Vwap, StartsWithTheSessionAndWithTheAnchor) {
    const Bars bars = dice(rows);
    Column session(rows, missing), anchored(rows, missing);
    std::size_t anchor = rows;
    for (std::size_t t = 0; t < rows; ++t) {
        session[t] = vwap_of(bars, t / 13 * 13, t);
        if (bars.at("anchor")[t] != 0) anchor = t;
        if (anchor < rows) anchored[t] = vwap_of(bars, anchor, t);
    }
    expect_equal(only("vwap_session", {}, bars), session);
    expect_equal(only("vwap_anchored", {}, bars), anchored);
}

// Swings of two bars to the left and one to the right.
TEST(Divergence, ComparesConfirmedSwings) {
    const Bars bars = dice(rows);
    const Column &price = bars.at("price0"), &oscillator = bars.at("price1");
    const auto swing = [&](std::size_t t, double side) {
        return side * price[t] > side * price[t - 1] && side * price[t] > side * price[t - 2] &&
               side * price[t] > side * price[t + 1];
    };
    Column regular(rows, missing), hidden(rows, missing);
    for (std::size_t t = 3; t < rows; ++t) {
        regular[t] = hidden[t] = 0;
        for (const double side : {-1.0, 1.0}) {  // lows, then highs
            if (!swing(t - 1, side)) continue;
            std::size_t before = t - 2;
            while (before >= 2 && !swing(before, side)) --before;
            if (before < 2 || t - 1 - before > 12) continue;
            const double moved = side * (price[t - 1] - price[before]);
            const double swung = side * (oscillator[t - 1] - oscillator[before]);
            if (moved > 0 && swung < 0) regular[t] = -side;
            if (moved < 0 && swung > 0) hidden[t] = -side;
        }
    }
    const auto ours = run(*find("divergence"), {2, 1, 12}, bars);
    expect_equal(ours.at("regular"), regular);
    expect_equal(ours.at("hidden"), hidden);
    EXPECT_GT(std::ranges::count(regular, 1.0), 5);
    EXPECT_GT(std::ranges::count(hidden, -1.0), 5);
}

}  // namespace
}  // namespace bourse::indicators::testing
