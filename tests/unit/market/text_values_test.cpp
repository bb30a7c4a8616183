#include "market/text_values.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace bourse::market {
namespace {

// Instants by `date -u -d … +%s`.
constexpr std::int64_t jan_2_2024 = 1704153600000000, minute = 60'000'000, hour = 60 * minute;

TEST(ParseNumber, ReadsNumbers) {
    const std::pair<const char*, double> cases[] = {{"1", 1},       {" 1.5 ", 1.5},      {"+2", 2},
                                                    {"-3e2", -300}, {"1,234.5", 1234.5}, {"12,345,678", 12345678},
                                                    {"1e-400", 0},  {".5", 0.5}};
    for (const auto& [text, value] : cases) {
        const auto parsed = parse_number(text);
        EXPECT_EQ(parsed.kind, TextKind::value) << text;
        EXPECT_DOUBLE_EQ(parsed.value, value) << text;
    }
    EXPECT_TRUE(std::isnan(parse_number("NaN").value));
    EXPECT_TRUE(std::isinf(parse_number("inf").value));
}

TEST(ParseNumber, TellsMissingFromUnreadable) {
    for (const char* text : {"", "  ", "null", "None", "N/A", "-", "--"})
        EXPECT_EQ(parse_number(text).kind, TextKind::missing) << text;
    for (const char* text :
         {"abc", "1.2.3", "1,23", "12,34,5", "1,2345", "0x10", "1 2", "++1", "1e999", "$5", ",", "1,"})
        EXPECT_EQ(parse_number(text).kind, TextKind::unreadable) << text;
}

TEST(ParseTime, ReadsDatesAsLabels) {
    for (const char* text : {"2024-01-02", "2024/01/02", "2024.01.02", "20240102", "1/2/2024", "01/02/2024", "2.1.2024",
                             "2024-1-2", "20240102.0"}) {
        const auto time = parse_time(text);
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(time->us, jan_2_2024) << text;
        EXPECT_TRUE(time->date_only) << text;
        EXPECT_FALSE(time->zoned) << text;
    }
}

TEST(ParseTime, ReadsClocksAndZones) {
    const std::int64_t at = jan_2_2024 + 15 * hour + 30 * minute;
    for (const char* text : {"2024-01-02 15:30", "2024-01-02T15:30:00", "20240102 15:30:00", "20240102153000",
                             "202401021530", "1/2/2024 3:30 PM", "1/2/2024 3:30:00 pm"}) {
        const auto time = parse_time(text);
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(time->us, at) << text;
        EXPECT_FALSE(time->zoned || time->date_only) << text;
    }
    for (const char* text : {"2024-01-02T15:30Z", "2024-01-02 15:30:00 UTC", "2024-01-02 18:30:00+03:00",
                             "2024-01-02 18:30:00+0300", "2024-01-02T10:30-05", "1704209400", "1704209400000",
                             "1704209400000000", "1704209400000000000", "1704209400.0"}) {
        const auto time = parse_time(text);
        ASSERT_TRUE(time) << text;
        EXPECT_EQ(time->us, at) << text;
        EXPECT_TRUE(time->zoned) << text;
    }
    EXPECT_EQ(parse_time("2024-01-02 00:00:00.123456789")->us, jan_2_2024 + 123456);
}

TEST(ParseTime, RefusesWhatIsNoTime) {
    for (const char* text :
         {"", "abc", "2024-13-01", "2024-02-30", "13/13/2024", "2024-01-02 25:00", "2024-01-02 10:61",
          "2024-01-02 10:00 Mars", "2024-01-02x", "20241301", "2024-01", "10:00", "99999999999999999999"})
        EXPECT_FALSE(parse_time(text)) << text;
    EXPECT_FALSE(parse_time(std::string(1000, '1')));
}

TEST(TimeFromInteger, TellsTheUnitByTheSize) {
    EXPECT_EQ(time_from_integer(1704153600)->us, jan_2_2024);
    EXPECT_EQ(time_from_integer(1704153600000)->us, jan_2_2024);
    EXPECT_EQ(time_from_integer(1704153600000000)->us, jan_2_2024);
    EXPECT_EQ(time_from_integer(1704153600000000000)->us, jan_2_2024);
    EXPECT_TRUE(time_from_integer(20240102)->date_only);
    EXPECT_FALSE(time_from_integer(-1));
}

}  // namespace
}  // namespace bourse::market
