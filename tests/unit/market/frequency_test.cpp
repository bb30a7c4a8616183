#include "market/frequency.hpp"

#include <gtest/gtest.h>

namespace bourse::market {
namespace {

constexpr std::int64_t day = 86400000000, hour = day / 24;

TEST(Frequency, ReadsWhatPeopleWrite) {
    const std::pair<const char*, Frequency> cases[] = {
        {"1d", Frequency::d1},  {"day", Frequency::d1}, {"D", Frequency::d1},      {"5min", Frequency::m5},
        {"60m", Frequency::h1}, {"1H", Frequency::h1},  {"4hour", Frequency::h4},  {"240min", Frequency::h4},
        {"1M", Frequency::mo1}, {"1m", Frequency::m1},  {"month", Frequency::mo1}, {"weekly", Frequency::w1}};
    for (const auto& [text, freq] : cases) EXPECT_EQ(parse_frequency(text), freq) << text;
    for (const char* text : {"", "m", "2d", "7h", "3min", "USDT", "99999999999999999999m", "1y"})
        EXPECT_FALSE(parse_frequency(text)) << text;
}

TEST(Frequency, GridAroundTheClock) {
    EXPECT_TRUE(on_grid(Frequency::d1, 0));
    EXPECT_TRUE(on_grid(Frequency::d1, -day));
    EXPECT_FALSE(on_grid(Frequency::d1, hour));
    EXPECT_TRUE(on_grid(Frequency::h4, 8 * hour));
    EXPECT_FALSE(on_grid(Frequency::h4, 9 * hour));
    EXPECT_TRUE(on_grid(Frequency::w1, 4 * day));     // Monday 1970-01-05
    EXPECT_TRUE(on_grid(Frequency::w1, -3 * day));    // Monday 1969-12-29
    EXPECT_FALSE(on_grid(Frequency::w1, 0));          // Thursday
    EXPECT_TRUE(on_grid(Frequency::mo1, 31 * day));   // 1970-02-01
    EXPECT_TRUE(on_grid(Frequency::mo1, -31 * day));  // 1969-12-01
    EXPECT_FALSE(on_grid(Frequency::mo1, 30 * day));
}

TEST(Frequency, OpenIsOneStepBeforeTheClose) {
    EXPECT_EQ(open_of(Frequency::h1, 10 * hour), 9 * hour);
    EXPECT_EQ(open_of(Frequency::mo1, 31 * day), 0);
    EXPECT_EQ(open_of(Frequency::mo1, 59 * day), 31 * day);
}

}  // namespace
}  // namespace bourse::market
