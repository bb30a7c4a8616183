#include "workers/cli/console.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

using namespace bourse::cli;

TEST(Console, AgesUseTheLargestUnit) {
    EXPECT_EQ(format_age(0), "0 s");
    EXPECT_EQ(format_age(59.2), "59 s");
    EXPECT_EQ(format_age(60), "1 min");
    EXPECT_EQ(format_age(3599), "59 min");
    EXPECT_EQ(format_age(7200), "2 h");
    EXPECT_EQ(format_age(47.9 * 3600), "47 h");
    EXPECT_EQ(format_age(86400.0 * 3), "3 d");
    EXPECT_EQ(format_age(-1), "now");
}

TEST(Console, CountsAreGrouped) {
    EXPECT_EQ(format_count(0), "0");
    EXPECT_EQ(format_count(999), "999");
    EXPECT_EQ(format_count(1000), "1,000");
    EXPECT_EQ(format_count(-1234567), "-1,234,567");
    EXPECT_EQ(format_count(-123), "-123");
    EXPECT_EQ(format_count(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(Console, NumbersLoseTrailingZerosOnly) {
    EXPECT_EQ(format_number(0.05, 4), "0.05");
    EXPECT_EQ(format_number(100, 2), "100");
    EXPECT_EQ(format_number(-0.00001, 3), "0");
    EXPECT_EQ(format_number(1e300, 0).size(), 301u);
    EXPECT_EQ(format_number(std::nan(""), 2), "–");
}

TEST(Console, SizesArePowersOf1024) {
    EXPECT_EQ(format_size(512), "512 B");
    EXPECT_EQ(format_size(1536), "1.5 KB");
    EXPECT_EQ(format_size(20 * 1024 * 1024), "20.0 MB");
    EXPECT_EQ(format_size(200 * 1024 * 1024), "200 MB");
}

TEST(Console, ShortensByCharactersNotBytes) {
    EXPECT_EQ(display_width("贵州茅台"), 4u);
    EXPECT_EQ(shorten("贵州茅台", 4), "贵州茅台");
    EXPECT_EQ(shorten("贵州茅台", 3), "贵州…");
    EXPECT_EQ(shorten("abc", 1), "…");
    EXPECT_EQ(shorten("abc", 0), "");
}
