#include "market/bar_rule.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace bourse::market {
namespace {

constexpr std::int64_t jan_2_2024 = 1704153600000000, now = 1735689600000000, hour = 3600000000;

RawBar good() {
    RawBar row;
    row.symbol = "AAPL";
    row.freq = "1d";
    row.ts = jan_2_2024;
    row.open = {10, true};
    row.high = {11, true};
    row.low = {9, true};
    row.close = {10.5, true};
    return row;
}

template <class Change>
std::string_view rule_after(Change change) {
    RawBar row = good();
    change(row);
    return broken_rule(row, now);
}

TEST(BarRule, AcceptsWhatIsNoError) {
    EXPECT_EQ(broken_rule(good(), now), "");
    EXPECT_EQ(rule_after([](RawBar& r) { r.volume = {0, true}; }), "");
    EXPECT_EQ(rule_after([](RawBar& r) { r.volume = {std::nan(""), true}; }), "");
    EXPECT_EQ(rule_after([](RawBar& r) { r.open = r.high = r.low = r.close = {10, true}; }), "");
    EXPECT_EQ(rule_after([](RawBar& r) { r.known_at = jan_2_2024; }), "");
    EXPECT_EQ(rule_after([](RawBar& r) { r.symbol = "贵州茅台"; }), "");
}

TEST(BarRule, NamesTheRuleThatIsBroken) {
    const double inf = std::numeric_limits<double>::infinity();
    EXPECT_EQ(rule_after([](RawBar& r) { r.symbol = ""; }), "unknown_symbol");
    EXPECT_EQ(rule_after([](RawBar& r) { r.symbol = "A\nB"; }), "unknown_symbol");
    EXPECT_EQ(
        rule_after([](RawBar& r) { r.symbol = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"; }),
        "unknown_symbol");
    EXPECT_EQ(rule_after([](RawBar& r) { r.freq = "2d"; }), "unknown_frequency");
    EXPECT_EQ(rule_after([](RawBar& r) { r.ts.reset(); }), "missing_value");
    EXPECT_EQ(rule_after([](RawBar& r) { r.low = {}; }), "missing_value");
    EXPECT_EQ(rule_after([](RawBar& r) { r.ts = time_infinity; }), "bad_time");
    EXPECT_EQ(rule_after([](RawBar& r) { r.ts = time_minus_infinity; }), "bad_time");
    EXPECT_EQ(rule_after([](RawBar& r) { r.known_at = jan_2_2024 - 1; }), "bad_time");
    EXPECT_EQ(rule_after([](RawBar& r) { r.close = {std::nan(""), true}; }), "bad_number");
    EXPECT_EQ(rule_after([&](RawBar& r) { r.high = {inf, true}; }), "bad_number");
    EXPECT_EQ(rule_after([&](RawBar& r) { r.volume = {inf, true}; }), "bad_number");
    EXPECT_EQ(rule_after([&](RawBar& r) { r.adj_factor = {std::nan(""), true}; }), "bad_number");
    EXPECT_EQ(rule_after([](RawBar& r) { *r.ts += 1; }), "off_grid");
    EXPECT_EQ(rule_after([](RawBar& r) { *r.ts = now + 24 * hour; }), "future_time");
    EXPECT_EQ(rule_after([](RawBar& r) { r.low = {0, true}; }), "nonpositive_price");
    EXPECT_EQ(rule_after([](RawBar& r) { r.adj_factor = {-1, true}; }), "nonpositive_price");
    EXPECT_EQ(rule_after([](RawBar& r) { r.high = {10.4, true}; }), "high_low_order");
    EXPECT_EQ(rule_after([](RawBar& r) { r.low = {10.2, true}; }), "high_low_order");
    EXPECT_EQ(rule_after([](RawBar& r) { r.volume = {-1, true}; }), "negative_volume");
    EXPECT_EQ(rule_after([](RawBar& r) { r.amount = {-1, true}; }), "negative_volume");
}

TEST(BarRule, SessionsDecideTheGridInsideADayOnly) {
    EXPECT_EQ(rule_after([](RawBar& r) {
                  r.freq = "1h";
                  r.on_session_grid = false;
              }),
              "off_grid");
    EXPECT_EQ(rule_after([](RawBar& r) {
                  r.freq = "1h";
                  *r.ts += hour / 2;
                  r.on_session_grid = true;
              }),
              "");
    EXPECT_EQ(rule_after([](RawBar& r) { r.on_session_grid = false; }), "");
}

}  // namespace
}  // namespace bourse::market
