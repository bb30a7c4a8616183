// Operators of sessions and of filling, against pyqlib's own (data/make_contrib_golden.py) and on other markets.
#include <gtest/gtest.h>

#include "factors/memory_source.hpp"

namespace bourse::factors {
namespace {

using namespace test;

constexpr std::int64_t minute_us = 60'000'000, hour_us = 60 * minute_us;

std::int64_t shanghai(const std::string& text) {  // "2024-01-04 09:30"
    std::tm tm{};
    tm.tm_year = std::stoi(text.substr(0, 4)) - 1900;
    tm.tm_mon = std::stoi(text.substr(5, 2)) - 1;
    tm.tm_mday = std::stoi(text.substr(8, 2));
    tm.tm_hour = std::stoi(text.substr(11, 2));
    tm.tm_min = std::stoi(text.substr(14, 2));
    return timegm(&tm) * 1'000'000 - 8 * hour_us;
}

struct Golden {
    MemorySource source;
    std::vector<std::string> expressions;
    std::vector<std::int64_t> ts;
    std::vector<std::vector<double>> expected;  // [row][expression]
};

Golden read(const std::string& freq) {
    Golden golden;
    golden.source.listed = {{1, "AAA", "XSHG"}};
    const char* folder = std::getenv("BOURSE_SOURCE");
    if (!folder) return golden;
    const auto rows = read_csv(std::string(folder) + "/tests/unit/factors/data/contrib_" + freq + ".csv");
    golden.expressions.assign(rows.at(0).begin() + 5, rows[0].end());
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const std::int64_t ts = shanghai(rows[i][0]);
        const double open = number(rows[i][1]), close = number(rows[i][2]);
        golden.source.stored[freq][1][ts] = {ts, open, 1000, 1, close, number(rows[i][3]), 1, 1};
        if (!rows[i][4].empty()) golden.source.fields["odd"][1][ts] = number(rows[i][4]);
        golden.ts.push_back(ts);
        golden.expected.emplace_back();
        for (std::size_t c = 5; c < rows[i].size(); ++c) golden.expected.back().push_back(number(rows[i][c]));
        const std::int64_t date = (ts + 8 * hour_us) / day_us * day_us, open_at = date + 90 * minute_us;
        auto& sessions = golden.source.calendars["XSHG"];
        if (sessions.empty() || sessions.back().date_us != date)
            sessions.push_back({date, open_at, date + 7 * hour_us, open_at + 2 * hour_us, date + 5 * hour_us});
    }
    return golden;
}

class Contrib : public ::testing::TestWithParam<const char*> {};

TEST_P(Contrib, EqualsQlib) {
    auto golden = read(GetParam());
    if (golden.ts.empty()) GTEST_SKIP() << "BOURSE_SOURCE is not set";
    ASSERT_EQ(golden.expressions.size(), 13u);
    for (const bool strict : {false, true}) {
        Question question;
        question.freq = GetParam();
        question.rules.strict_qlib = strict;
        const auto answer = ask(golden.source, golden.expressions, question);
        ASSERT_EQ(answer.rows.size(), golden.ts.size());
        for (std::size_t c = 0; c < golden.expressions.size(); ++c)
            for (std::size_t i = 0; i < golden.ts.size(); ++i) {
                const auto want = static_cast<float>(golden.expected[i][c]);
                const auto got = static_cast<float>(answer.at(1, golden.ts[i], c));
                // pandas adds up in float32
                const double off =
                    golden.expressions[c].starts_with("DayCumsum") ? 2e-5 * std::fabs(static_cast<double>(want)) : 0;
                if (std::isnan(want) || std::isinf(want))
                    ASSERT_TRUE(std::isnan(want) ? std::isnan(got) : got == want)
                        << golden.expressions[c] << " row " << i << ": " << got << ", Qlib " << want;
                else
                    ASSERT_NEAR(got, want, off) << golden.expressions[c] << " row " << i;
            }
    }
}

// From whatever row to whatever row, in whatever blocks.
TEST_P(Contrib, PartsEqualTheWhole) {
    auto golden = read(GetParam());
    if (golden.ts.empty()) GTEST_SKIP() << "BOURSE_SOURCE is not set";
    std::mt19937_64 random(4);
    auto expressions = golden.expressions;
    for (const char* nested : {"Mean(DayCumsum($volume),7)", "DayCumsum(Delta(FFillNan($close),1))",
                               "Cut(Mean($close,5),9,-2)", "Std(Cut(FFillNan($close),3),6)", "Date($close)@1d"})
        expressions.emplace_back(nested);
    Question question;
    question.freq = GetParam();
    const auto whole = ask(golden.source, expressions, question);
    for (int trial = 0; trial < 30; ++trial) {
        question.from_us = golden.ts[random() % golden.ts.size()];
        question.to_us = question.from_us + static_cast<std::int64_t>(1 + random() % 600) * minute_us;
        for (const auto& [key, row] : ask(golden.source, expressions, question).rows)
            for (std::size_t c = 0; c < expressions.size(); ++c)
                ASSERT_TRUE(row.values[c] == whole.at(1, key.second, c) ||
                            (std::isnan(row.values[c]) && std::isnan(whole.at(1, key.second, c))))
                    << expressions[c];
    }
}

INSTANTIATE_TEST_SUITE_P(Bars, Contrib, ::testing::Values("1m", "5m"));

std::string error_of(const std::string& expression) {
    try {
        compile(expression);
    } catch (const Error& e) {
        return e.what();
    }
    return "none";
}

TEST(Contrib, WhatIsRefusedAndWhere) {
    EXPECT_EQ(error_of("DayCumsum($volume,'9:30','14:59',1)"), "none");
    EXPECT_EQ(error_of("DayCumsum($volume,'09:30',\"11:29\")"), "none");
    EXPECT_EQ(error_of("DayCumsum($volume,0,389)"), "none");
    for (const char* time :
         {"9:29", "11:30", "12:00", "15:00", "25:00", "9", "", ":", "9:60", "-9:30", "9:3x", "009:30"})
        EXPECT_EQ(error_of("DayCumsum($volume,'" + std::string(time) + "')"),
                  "position 19: DayCumsum: '" + std::string(time) + "' is no time of the session");
    EXPECT_EQ(error_of("DayCumsum($volume,'13:00','10:00')"),
              "position 19: DayCumsum: start must not be after end, found 120");
    EXPECT_EQ(error_of("DayCumsum($volume,0,239,7)"),
              "position 19: DayCumsum: granularity must divide 240 minutes, found 0");
    EXPECT_EQ(error_of("DayCumsum($volume,1440)"),
              "position 19: DayCumsum: start must be a whole number 0 .. 1439, found 1440");
    EXPECT_EQ(error_of("DayCumsum($volume,1.5)"),
              "position 19: DayCumsum: start must be a whole number 0 .. 1439, found 1.500000");
    EXPECT_EQ(error_of("DayCumsum($volume,$close)"),
              "position 19: DayCumsum expects a number as start, found a series");
    EXPECT_EQ(error_of("Cut($close,-1)"), "position 12: Cut: left must be a whole number 0 .. 100000, found -1");
    EXPECT_EQ(error_of("Cut($close,0,1)"), "position 14: Cut: right must be a whole number -100000 .. 0, found 1");
    EXPECT_EQ(error_of("DayLast(5)"), "position 9: DayLast expects a series as x, found the number 5");
    EXPECT_EQ(error_of("P(Date($$eps_q))"), "position 1: P has no sessions inside: its rows are periods");
    EXPECT_EQ(error_of("BFillNan($close)@1w"),
              "position 18: an expression that looks ahead cannot stand inside another frequency");
    EXPECT_EQ(error_of("$@day"), "position 2: expected the name of a field after \"$\", found \"@\"");
}

TEST(Contrib, WhatLooksAheadSaysSo) {
    EXPECT_EQ(compile("DayLast($close)").reach().right, 1439);
    EXPECT_EQ(compile("BFillNan($close)").reach().right, 100000);
    EXPECT_EQ(compile("Cut($close,3,-2)").reach().right, 2);
    for (const char* clean : {"DayCumsum($close)", "FFillNan($close)", "Date($close)", "Cut($close,3)",
                              "Select(IsNull($close),$open)", "IsInf($close)"})
        EXPECT_EQ(compile(clean).reach().right, 0) << clean;
    const Plan plan = compile("DayCumsum($volume,'9:30','14:59')/DayCumsum($volume,0,239)");
    EXPECT_EQ(print(plan, plan.outputs[0]), "Div(DayCumsum($volume,0,239,1),DayCumsum($volume,0,239,1))");
    EXPECT_EQ(plan.nodes[static_cast<std::size_t>(plan.outputs[0])].inputs[0],
              plan.nodes[static_cast<std::size_t>(plan.outputs[0])].inputs[1]);
}

// New York's session ends on the same date in UTC as it begins, Chicago's futures do not; around the clock the day is
// UTC's.
TEST(Contrib, SessionsOfOtherMarkets) {
    MemorySource source;
    source.listed = {{1, "NY", "NY"}, {2, "CME", "CME"}, {3, "BTC", "24x7"}, {4, "X", ""}};
    const int first = 19726;  // 2024-01-04
    for (int d = 0; d < 2; ++d) {
        const std::int64_t date = day(first + d);
        source.calendars["NY"].push_back({date, date + 870 * minute_us, date + 21 * hour_us});
        source.calendars["CME"].push_back({date, date - 1 * hour_us, date + 22 * hour_us});  // from the evening before
    }
    for (int h = -12; h < 50; ++h)
        for (const int id : {1, 2, 3, 4}) {
            const std::int64_t ts = day(first) + h * hour_us + (id == 1 ? 30 * minute_us : 0);
            const bool open =
                id > 2 || std::ranges::any_of(source.calendars[id == 1 ? "NY" : "CME"],
                                              [&](const Session& s) { return ts >= s.open_us && ts < s.close_us; });
            if (open) source.add("1h", id, ts, 10, 1);
        }
    Question question;
    question.freq = "1h";
    const auto answer = ask(source, {"DayCumsum($volume)", "Date($close)", "DayCumsum($volume,120,239)"}, question);
    EXPECT_EQ(answer.at(1, day(first) + 870 * minute_us, 0), 1);
    EXPECT_EQ(answer.at(1, day(first) + 870 * minute_us + 6 * hour_us, 0), 7);
    EXPECT_EQ(answer.at(1, day(first + 1) + 870 * minute_us, 0), 1);
    EXPECT_EQ(answer.at(1, day(first) + 870 * minute_us + 3 * hour_us, 2), 2);  // the third and fourth hour
    EXPECT_EQ(answer.at(1, day(first) + 870 * minute_us + 4 * hour_us, 2), 0);
    EXPECT_EQ(answer.at(2, day(first + 1) - hour_us, 0), 1);  // the session of the day to come has begun
    EXPECT_EQ(answer.at(2, day(first + 1) - hour_us, 1), first + 1);
    EXPECT_EQ(answer.at(2, day(first + 1), 0), 2);
    EXPECT_EQ(answer.at(2, day(first) + 21 * hour_us, 0), 23);
    EXPECT_EQ(answer.at(3, day(first) - hour_us, 1), first - 1);
    EXPECT_EQ(answer.at(3, day(first) + 23 * hour_us, 0), 24);
    EXPECT_EQ(answer.at(4, day(first) + 5 * hour_us, 0), 6);
    EXPECT_EQ(answer.at(4, day(first) + 3 * hour_us, 2), 2);
    // Days are one row each.
    MemorySource daily;
    daily.listed = {{1, "NY", "NY"}};
    daily.calendars["NY"] = source.calendars["NY"];
    daily.add("1d", 1, day(first), 10, 5);
    daily.add("1d", 1, day(first + 1), 10, 6);
    const auto days = ask(daily, {"DayCumsum($volume)", "Date($close)", "DayLast($volume)", "DayCumsum($volume,1)"});
    EXPECT_EQ(days.at(1, day(first + 1), 0), 6);
    EXPECT_EQ(days.at(1, day(first + 1), 1), first + 1);
    EXPECT_EQ(days.at(1, day(first), 2), 5);
    EXPECT_EQ(days.at(1, day(first), 3), 0);
}

}  // namespace
}  // namespace bourse::factors
