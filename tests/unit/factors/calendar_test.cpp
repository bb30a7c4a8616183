// Positions of a calendar, from one to another and beyond both ends.
#include "factors/calendar.hpp"

#include <gtest/gtest.h>

#include "factors/support.hpp"

namespace bourse::factors {
namespace {

using test::day_us;

constexpr std::int64_t monday = 18631 * day_us, hour_us = day_us / 24;  // 2021-01-04

// Without sessions: days 0, 1, 4 and 9 after the Monday.
Calendar of_times() {
    const std::vector<std::int64_t> times{monday, monday + day_us, monday + 4 * day_us, monday + 9 * day_us};
    return {"", parse_frequency("1d"), {}, times};
}

TEST(Calendar, BeforeAndAfterCountPositionsAndStopAtTheEnds) {
    const Calendar calendar = of_times();
    const std::int64_t last = monday + 9 * day_us;
    EXPECT_EQ(calendar.before(monday + 4 * day_us, 1), monday + day_us);
    EXPECT_EQ(calendar.before(monday + 3 * day_us, 1), monday + day_us);  // of the first position at or after it
    EXPECT_EQ(calendar.before(monday + 4 * day_us, 2), monday);
    EXPECT_EQ(calendar.before(monday + 4 * day_us, 3), monday);  // there are fewer
    EXPECT_EQ(calendar.before(monday, 5), monday);
    EXPECT_EQ(calendar.before(monday - day_us, 1), monday - day_us);  // never later than asked
    EXPECT_EQ(calendar.after(monday, 1), monday + day_us);
    EXPECT_EQ(calendar.after(monday + 2 * day_us, 0), monday + 4 * day_us);
    EXPECT_EQ(calendar.after(monday, 99), last);
    EXPECT_EQ(calendar.after(last + day_us, 1), last + day_us);
}

// Asked with nothing to go back, behind the last position, there is no position to look at.
TEST(Calendar, NoRowBeforeATimeIsTheTimeItself) {
    const Calendar calendar = of_times();
    const std::int64_t last = monday + 9 * day_us;
    for (const std::int64_t ts : {monday - day_us, monday, monday + 3 * day_us, last, last + 1, last + 1000 * day_us})
        EXPECT_EQ(calendar.before(ts, 0), ts) << (ts - monday) / day_us;
    EXPECT_EQ(calendar.before(last + 1, 1), last);
    EXPECT_EQ(calendar.before(last + 1, 4), monday);
    EXPECT_EQ(calendar.before(last + 1, 5), monday);
    const Calendar empty("", parse_frequency("1d"), {}, {});
    for (const std::size_t count : {0u, 1u, 7u}) {
        EXPECT_EQ(empty.before(monday, count), monday);
        EXPECT_EQ(empty.after(monday, count), monday);
    }
    EXPECT_TRUE(empty.positions(monday - 9 * day_us, monday).empty());
    EXPECT_EQ(empty.close(monday), monday + day_us);
}

TEST(Calendar, SessionsReplaceTimesWhereTheyAreLoaded) {
    std::vector<Session> sessions;
    for (const int d : {0, 1, 4})
        sessions.push_back({monday + d * day_us, monday + d * day_us + hour_us, monday + d * day_us + 7 * hour_us});
    const std::vector<std::int64_t> times{monday - 3 * day_us, monday + 2 * day_us, monday + 8 * day_us};
    const Calendar calendar("X", parse_frequency("1d"), sessions, times);
    EXPECT_EQ(calendar.positions(monday - 10 * day_us, monday + 10 * day_us),
              (std::vector<std::int64_t>{monday - 3 * day_us, monday, monday + day_us, monday + 4 * day_us,
                                         monday + 8 * day_us}));
    EXPECT_TRUE(calendar.is_holiday(monday + 2 * day_us));
    EXPECT_FALSE(calendar.is_holiday(monday + 8 * day_us));
    EXPECT_EQ(calendar.close(monday + day_us), monday + day_us + 7 * hour_us);
    EXPECT_EQ(calendar.close(monday + 8 * day_us), monday + 9 * day_us);
    EXPECT_EQ(calendar.before(monday + 4 * day_us, 3), monday - 3 * day_us);
}

TEST(Calendar, AroundTheClockEveryStepIsAPosition) {
    const Calendar calendar("24x7", parse_frequency("1h"), {}, {});
    EXPECT_EQ(calendar.before(monday + hour_us / 2, 2), monday - 2 * hour_us);
    EXPECT_EQ(calendar.before(monday, 0), monday);
    EXPECT_EQ(calendar.after(monday, 2), monday + 3 * hour_us);
    EXPECT_EQ(calendar.positions(monday + 1, monday + 3 * hour_us).size(), 3u);
    EXPECT_EQ(calendar.closed_after(monday, monday + 9 * hour_us), 3u);
}

}  // namespace
}  // namespace bourse::factors
