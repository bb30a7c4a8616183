// Cron expressions against croniter's local times and Python's zoneinfo (data/make_cron_cases.py), and bad ones.
#include "schedule/slots.hpp"

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "schedule/spec.hpp"

namespace bourse::schedule {
namespace {

// The C library's time zones: neither PostgreSQL's code nor ours.
class SystemZone final : public Zone {
public:
    explicit SystemZone(const std::string& name) {
        setenv("TZ", name.c_str(), 1);
        tzset();
    }
    std::int64_t offset_s(std::int64_t utc_s) const override {
        const time_t at = utc_s;
        tm local{};
        localtime_r(&at, &local);
        return local.tm_gmtoff;
    }
    std::optional<Change> next_change(std::int64_t utc_s) const override {
        constexpr std::int64_t step = 43200;
        for (std::int64_t low = utc_s; low < utc_s + 800 * 86400LL; low += step) {
            if (offset_s(low + step) == offset_s(low)) continue;
            std::int64_t high = low + step;
            while (high - low > 1) {
                const std::int64_t middle = low + (high - low) / 2;
                (offset_s(middle) == offset_s(utc_s) ? low : high) = middle;
            }
            return Change{high, offset_s(high)};
        }
        return std::nullopt;
    }
};

class UtcZone final : public Zone {
public:
    std::int64_t offset_s(std::int64_t) const override { return 0; }
    std::optional<Change> next_change(std::int64_t) const override { return std::nullopt; }
};

std::int64_t instant(const std::string& text) {
    tm t{};
    EXPECT_NE(strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &t), nullptr) << text;
    return timegm(&t);
}

TEST(Cron, EqualsCroniter) {
    std::ifstream file(BOURSE_CRON_CASES);
    std::string line;
    ASSERT_TRUE(std::getline(file, line));
    int cases = 0;
    std::map<std::string, int> zones;
    while (std::getline(file, line)) {
        std::istringstream parts(line);
        std::string spec, zone_name, start, slot;
        std::getline(parts, spec, ';');
        std::getline(parts, zone_name, ';');
        std::getline(parts, start, ';');
        const SystemZone zone(zone_name);
        const Cron cron = parse_cron(spec);
        std::int64_t at = instant(start);
        while (parts >> slot) {
            const auto next = next_slot(cron, zone, at);
            ASSERT_TRUE(next) << line;
            ASSERT_EQ(*next, instant(slot)) << line << "\n after " << at;
            at = *next;
        }
        ++cases;
        ++zones[zone_name];
    }
    EXPECT_GE(cases, 300);
    EXPECT_GE(zones.size(), 8U);
}

TEST(Cron, NamesStandForExpressions) {
    const auto same = [](const char* a, const char* b) {
        const Cron x = parse_cron(a), y = parse_cron(b);
        return x.minutes == y.minutes && x.hours == y.hours && x.days == y.days && x.months == y.months &&
               x.weekdays == y.weekdays && x.starred_days == y.starred_days && x.starred_weekdays == y.starred_weekdays;
    };
    EXPECT_TRUE(same("@hourly", "0 * * * *"));
    EXPECT_TRUE(same(" @DAILY ", "0 0 * * *"));
    EXPECT_TRUE(same("@midnight", "0 0 * * *"));
    EXPECT_TRUE(same("@weekly", "0 0 * * sun"));
    EXPECT_TRUE(same("@monthly", "0 0 1 * *"));
    EXPECT_TRUE(same("@yearly", "@annually"));
    EXPECT_TRUE(same("0 0 * * 7", "0 0 * * 0"));
    EXPECT_TRUE(same("0 0 * * fri-sun", "0 0 * * 0,5,6"));
    EXPECT_TRUE(same("50/5 0 * * *", "50,55 0 * * *"));
    EXPECT_TRUE(same("0\t0  1 jan *", "0 0 1 1 *"));
}

// Every minute of some days, asked one by one, against the search.
void expect_slots_of_days(const Cron& cron, const std::string& text, std::int64_t from_s, int days) {
    const UtcZone zone;
    std::int64_t next = next_slot(cron, zone, from_s - 1).value_or(INT64_MAX);
    for (std::int64_t at = from_s; at < from_s + days * 86400LL; at += 60) {
        const time_t t = at;
        tm utc{};
        gmtime_r(&t, &utc);
        const bool month = (cron.months >> (utc.tm_mon + 1) & 1) != 0, hour = (cron.hours >> utc.tm_hour & 1) != 0,
                   minute = (cron.minutes >> utc.tm_min & 1) != 0;
        const bool due = month && hour && minute &&
                         cron.fits_day(static_cast<unsigned>(utc.tm_mday), static_cast<unsigned>(utc.tm_wday));
        ASSERT_EQ(due, next == at) << text << " at " << at;
        if (due) next = next_slot(cron, zone, at).value_or(INT64_MAX);
    }
}

TEST(Cron, AnyTextIsReadOrRefused) {
    std::mt19937 random(20261121);
    const std::string letters = "0123456789*/,- @mondecsunLW#?";
    const std::vector<std::vector<std::string>> pools{{"*", "*/7", "0", "5,35", "50/3", "59", "1-31/2", "60"},
                                                      {"*", "*/2", "0", "9-17/2", "0-23", "23", "5,22", "24"},
                                                      {"*", "*/2", "1", "27-29", "29", "31", "1-15/7", "0"},
                                                      {"*", "2", "feb,mar", "*/2", "jan-jun", "12", "3", "13"},
                                                      {"*", "mon", "sun-tue", "7", "fri-sun", "*/2", "2,4", "thu"}};
    int read = 0;
    for (int i = 0; i < 4000; ++i) {
        std::string text;
        if (i % 2 == 0)
            for (const auto& pool : pools) text += pool[random() % pool.size()] + " ";
        else
            for (unsigned n = random() % 20; n > 0; --n) text += letters[random() % letters.size()];
        try {
            const Spec spec = parse_spec(text);
            if (!std::holds_alternative<Cron>(spec)) continue;
            if (++read % 4 == 0) expect_slots_of_days(std::get<Cron>(spec), text, instant("2024-02-27T00:00:00Z"), 4);
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::bad_expression) << text;
        }
    }
    EXPECT_GT(read, 500);
}

void expect_refused(const std::string& text, const std::string& message, const std::string& hint = {}) {
    try {
        parse_spec(text);
        ADD_FAILURE() << "accepted: " << text;
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::bad_expression) << text;
        EXPECT_NE(std::string(e.what()).find(message), std::string::npos) << text << ": " << e.what();
        EXPECT_NE(e.hint().find(hint), std::string::npos) << text << ": " << e.hint();
    }
}

TEST(Cron, RefusesWithThePosition) {
    expect_refused("61 * * * *", "minute of the cron expression: 61 is outside 0 to 59 at position 1");
    expect_refused("0 24 * * *", "hour of the cron expression: 24 is outside 0 to 23 at position 3");
    expect_refused("0 0 0 * *", "day of month of the cron expression: 0 is outside 1 to 31 at position 5");
    expect_refused("0 0 * 13 *", "month of the cron expression: 13 is outside 1 to 12 at position 7");
    expect_refused("0 0 * * 8", "day of week of the cron expression: 8 is outside 0 to 7 at position 9");
    expect_refused("0 0 * jna *", "unknown word \"jna\" at position 7", "did you mean jan?");
    expect_refused("0 mon * * *", "unknown word \"mon\" at position 3");
    expect_refused("*/0 * * * *", "step 0 is outside 1 to 59 at position 3");
    expect_refused("*/99999999999 * * * *", "is outside 1 to 59 at position 3");
    expect_refused("30-10 * * * *", "range 30-10 runs backwards at position 1", "two ranges");
    expect_refused("0 0 * * fri-mon", "range fri-mon runs backwards at position 9");
    expect_refused("1,,2 * * * *", "no number but \",2\" at position 3");
    expect_refused("1, * * * *", "a number is missing at position 3");
    expect_refused("1- * * * *", "a number is missing at position 3");
    expect_refused("*/ * * * *", "a number is missing at position 3");
    expect_refused("1;2 * * * *", "unexpected \";2\" at position 2");
    expect_refused("0 0 L * *", "unknown word \"l\" at position 5");
    expect_refused("0 0 ? * *", "no number but \"?\" at position 5");
    expect_refused("-1 * * * *", "no number but \"-1\" at position 1");
    expect_refused("0 0 * *", "a cron expression has 5 fields, this one 4");
    expect_refused("0 0 0 * * *", "has 5 fields, this one 6", "no seconds");
    expect_refused("@dayly", "unknown cron name \"@dayly\"", "did you mean @daily?");
    expect_refused("@reboot", "unknown cron name \"@reboot\"");
    expect_refused("0 0 30 2 *", "no day fits");
    expect_refused("0 0 31 4,6,9,11 *", "no day fits");
    expect_refused("", "the schedule is empty", "30 2 * * mon-fri");
    expect_refused(" \t", "the schedule is empty");
    expect_refused(std::string(201, '*'), "201 bytes, at most 200");
    expect_refused("\xff * * * *", "no number but");
}

TEST(SessionRule, ReadsEventAndOffset) {
    const auto rule = [](const char* text) { return std::get<SessionRule>(parse_spec(text)); };
    EXPECT_EQ(rule("open").event, SessionEvent::open);
    EXPECT_EQ(rule("open").offset_s, 0);
    EXPECT_EQ(rule("close+15m").event, SessionEvent::close);
    EXPECT_EQ(rule("close+15m").offset_s, 900);
    EXPECT_EQ(rule("Close - 1h30m").offset_s, -5400);
    EXPECT_EQ(rule("break_start+0m").event, SessionEvent::break_start);
    EXPECT_EQ(rule(" break_end-45s ").offset_s, -45);
    EXPECT_EQ(rule("open+24h").offset_s, 86400);
    for (const auto event :
         {SessionEvent::open, SessionEvent::close, SessionEvent::break_start, SessionEvent::break_end})
        EXPECT_EQ(rule(name_of(event)).event, event);
}

TEST(SessionRule, RefusesWithThePosition) {
    expect_refused("clsoe+15m", "unknown event \"clsoe\" at position 1", "did you mean close?");
    expect_refused("close 15m", "\"15m\" is no offset at position 7");
    expect_refused("close+", "a duration is missing at position 7");
    expect_refused("close+15", "a unit is missing at position 9", "h, m and s");
    expect_refused("close+15d", "unknown unit \"d\" at position 9");
    expect_refused("close+m", "no number but \"m\" at position 7");
    expect_refused("close+15m!", "no number but \"!\" at position 10");
    expect_refused("close+24h1s", "above 24 hours");
    expect_refused("close+99999999999999999999h", "above 24 hours");
    expect_refused("daily", "unknown event \"daily\" at position 1");
}

}  // namespace
}  // namespace bourse::schedule
