// Other instruments, other frequencies, cross-sections: what they read, and that none of it comes from the future.
#include <gtest/gtest.h>

#include <cstring>

#include "factors/derived_rows.hpp"
#include "factors/memory_source.hpp"
#include "factors/refused.hpp"

namespace bourse::factors {
namespace {

using namespace test;

constexpr int monday = 19359;  // 2023-01-02

// Sessions on business days, closing at this hour UTC.
std::vector<Session> sessions(int first, int days, int close_hour) {
    std::vector<Session> all;
    for (int d = first; d < first + days; ++d)
        if ((d - monday) % 7 < 5)
            all.push_back({day(d), day(d) + (close_hour - 6) * 3600'000'000LL, day(d) + close_hour * 3600'000'000LL});
    return all;
}

// AAA closes at 07:00, BBB at 21:00; three weeks of closes 1, 2, 3 … and 101, 102, ….
MemorySource two_markets() {
    MemorySource source;
    source.listed = {{1, "AAA", "EAST"}, {2, "BBB", "WEST"}};
    source.calendars = {{"EAST", sessions(monday, 21, 7)}, {"WEST", sessions(monday, 21, 21)}};
    int n = 0;
    for (const auto& s : source.calendars["EAST"])
        source.add("1d", 1, s.date_us, ++n), source.add("1d", 2, s.date_us, 100 + n);
    return source;
}

TEST(Elsewhere, WhatIsRefusedAndWhere) {
    EXPECT_EQ(error_of("Mask($close)"), "position 1: Mask expects symbol in quotes");
    EXPECT_EQ(error_of("Mask('X',$close)"), "position 10: Mask expects its text last");
    EXPECT_EQ(error_of("ChangeInstrument($close,'X')"), "position 25: ChangeInstrument expects its text first");
    EXPECT_EQ(error_of("Mask($close,'X','Y')"), "position 17: Mask expects no more text, found 'Y'");
    EXPECT_EQ(error_of("Mask($close,'X)"), "position 16: expected the closing ', found the end");
    EXPECT_EQ(error_of("Mask($close,'')"), "position 1: Mask: the text is empty");
    EXPECT_EQ(error_of("Mean($close,'5')"), "position 13: Mean expects no text, found '5'");
    EXPECT_EQ(error_of("'x'+$close"), "position 1: text stands where a series or a number is expected");
    EXPECT_EQ(error_of("$close@2w"), "position 8: unknown frequency '2w'");
    EXPECT_EQ(error_of("$close@"), "position 8: expected a frequency after \"@\", found the end");
    EXPECT_EQ(error_of("5@1w+$close"), "position 1: a number has no frequency");
    EXPECT_EQ(error_of("Ref($close,-1)@1w"),
              "position 16: an expression that looks ahead cannot stand inside another frequency");
    EXPECT_EQ(error_of("TResample($close,'1w','summe')"), "position 1: TResample: unknown function \"summe\"");
    EXPECT_EQ(error_of("TResample($close,'1w')"), "position 1: TResample expects function in quotes");
    EXPECT_EQ(error_of("CSRank(5)"), "position 8: CSRank expects a series as x, found the number 5");
    EXPECT_EQ(error_of("CSNeutralize($close)"), "position 1: CSNeutralize expects 2 to 17 arguments, found 1");
    EXPECT_EQ(error_of("Feature('a b')"), "position 9: \"a b\" is no name of a field");
    EXPECT_EQ(error_of("CSRnak($close)"), "position 1: unknown operator \"CSRnak\"");
    std::string deep = "$close";
    for (int i = 0; i < 300; ++i) deep = "CSRank(" + deep + ")";
    EXPECT_NE(error_of(deep).find("nested deeper"), std::string::npos);
}

TEST(Elsewhere, PlansAreCutWhereTheyLookElsewhere) {
    const Plan plan = compile("Mean(CSRank(Mean($close,20)),5) + Mask(Ref($open,3),'BBB') + Feature('Close')");
    ASSERT_EQ(plan.derivations.size(), 2u);
    EXPECT_EQ(plan.reach().left, 23);        // 19 and 4
    EXPECT_EQ(plan.rows_to_read().left, 4);  // the cross-section reads for itself
    EXPECT_EQ(print(plan, plan.outputs[0]),
              "Add($close,Add(Mask(Ref($open,3),'BBB'),Mean(CSRank(Mean($close,20)),5)))");
    const Plan shared =
        compile(std::vector<std::string>{"CSRank($close)", "CSZScore($close)", "CSRank($open)", "1-CSRank($close)"});
    ASSERT_EQ(shared.derivations.size(), 1u);  // one reading of all members
    EXPECT_EQ(shared.derivations[0].plan->outputs.size(), 2u);
    EXPECT_EQ(shared.derivations[0].results.size(), 3u);
    // A derived field has the same name in every plan, whatever else is in it.
    const Plan other = compile(std::vector<std::string>{"$open*2", "CSRank($close+$open)"});
    EXPECT_EQ(other.derivations[0].results.size(), 1u);
    EXPECT_EQ(print(other, other.outputs[1]),
              print(compile("CSRank($open+$close)"), compile("CSRank($open+$close)").outputs[0]));
    EXPECT_EQ(print(other, other.outputs[1]), "CSRank(Add($close,$open))");
    EXPECT_EQ(compile("Mean($close@1w,4)").reach().left, unbounded);
    EXPECT_EQ(compile("Mask(Ref($close,-2),'BBB')").reach().right, 2);
    const auto on = dependence(compile("CSRank(Mask($close@1mo,'X'),'few')@1w"));
    EXPECT_TRUE(on.on_all);
    EXPECT_EQ(on.symbols, std::vector<std::string>{"X"});
    EXPECT_EQ(on.universes, std::vector<std::string>{"few"});
    EXPECT_EQ(on.frequencies, (std::vector<std::string>{"1mo", "1w"}));
}

TEST(Elsewhere, OtherInstrumentsCountWhenTheirBarIsClosed) {
    auto source = two_markets();
    const auto answer =
        ask(source, {"Mask($close,'BBB')", "ChangeInstrument('AAA',Mean($close,2))", "Mask($close,'AAA')"});
    // BBB's bar of the day closes after AAA's: the day before counts. The other way round it is known.
    EXPECT_TRUE(std::isnan(answer.at(1, day(monday), 0)));
    EXPECT_EQ(answer.at(1, day(monday + 1), 0), 101);
    EXPECT_EQ(answer.at(1, day(monday + 7), 0), 105);  // Friday's
    EXPECT_EQ(answer.at(2, day(monday + 7), 0), 106);
    EXPECT_EQ(answer.at(2, day(monday + 7), 1), 5.5);
    EXPECT_EQ(answer.at(1, day(monday + 7), 2), 6);
    // A day on which it has no row is missing, nothing is carried on.
    source.stored["1d"][1].erase(day(monday + 7));
    source.calendars["EAST"].erase(source.calendars["EAST"].begin() + 5);
    const auto holiday = ask(source, {"Mask($close,'AAA')"});
    EXPECT_TRUE(std::isnan(holiday.at(2, day(monday + 7))));
    EXPECT_EQ(holiday.at(2, day(monday + 8)), 7);
    EXPECT_THROW(ask(source, {"Mask($close,'CCC')"}), Error);
}

TEST(Elsewhere, AWeekIsSeenWhenItIsClosed) {
    auto source = two_markets();
    const auto answer = ask(source, {"$close@1w", "$high@1w-$low@1w", "$volume@1w", "Mean($close,2)@1w", "$open@1w"});
    EXPECT_TRUE(std::isnan(answer.at(1, day(monday + 3))));
    EXPECT_EQ(answer.at(1, day(monday + 4)), 5);     // Friday's bar closes the week
    EXPECT_EQ(answer.at(1, day(monday + 4), 1), 6);  // 6 - 0
    EXPECT_EQ(answer.at(1, day(monday + 4), 2), 5000);
    EXPECT_EQ(answer.at(1, day(monday + 4), 4), 1);
    for (int d = 7; d < 11; ++d) EXPECT_EQ(answer.at(1, day(monday + d)), 5) << d;
    EXPECT_EQ(answer.at(1, day(monday + 11)), 10);
    EXPECT_EQ(answer.at(1, day(monday + 11), 3), 7.5);
    // The last week that is loaded may go on: its end is not known before Monday.
    EXPECT_EQ(answer.at(1, day(monday + 18)), 10);

    // Without sessions a week ends with it.
    source.calendars.clear();
    const auto plain = ask(source, {"$close@1w"});
    EXPECT_TRUE(std::isnan(plain.at(1, day(monday + 4))));
    EXPECT_EQ(plain.at(1, day(monday + 7)), 5);

    // Stored bars of that frequency come first.
    source.add("1w", 1, day(monday), 77);
    const auto stored = ask(source, {"$close@1w"});
    EXPECT_EQ(stored.at(1, day(monday + 7)), 77);
    EXPECT_EQ(stored.at(1, day(monday + 18)), 77);  // until the end of the third week after its start
    EXPECT_EQ(stored.at(2, day(monday + 7)), 105);
}

TEST(Elsewhere, SplitsInsideAWeekDoNotMoveIt) {
    auto source = two_markets();
    auto& bars = source.stored["1d"][1];
    for (auto& [ts, bar] : bars) {
        if (ts < day(monday + 2)) continue;  // from Wednesday on half the price, twice the volume
        for (double* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price /= 2;
        bar.volume *= 2;
        bar.factor = 2;
    }
    const auto answer = ask(source, {"$open@1w", "$high@1w", "$close@1w", "$volume@1w", "$vwap@1w*$volume@1w"});
    const std::vector<double> expected{1, 6, 5, 5000, 15000};
    for (std::size_t c = 0; c < expected.size(); ++c)
        EXPECT_NEAR(answer.at(1, day(monday + 4), c), expected[c], 1e-9) << c;
}

TEST(Elsewhere, ShorterBarsCountWithinTheRow) {
    MemorySource source;
    source.listed = {{1, "BTC", "24x7"}};
    for (int d = 0; d < 4; ++d) source.add("1d", 1, day(monday + d), d);
    for (int h = 0; h < 48; ++h) source.add("1h", 1, day(monday) + h * 3600'000'000LL, 1000 + h);
    const auto answer = ask(source, {"$close@1h", "Mean($close,24)@1h", "$close@1d"});
    EXPECT_EQ(answer.at(1, day(monday)), 1023);
    EXPECT_EQ(answer.at(1, day(monday + 1)), 1047);
    EXPECT_EQ(answer.at(1, day(monday + 1), 1), 1035.5);
    EXPECT_TRUE(std::isnan(answer.at(1, day(monday + 2))));  // no bar of that day
    EXPECT_EQ(answer.at(1, day(monday + 2), 2), 2);
}

TEST(Elsewhere, PeriodsArePutTogether) {
    auto source = two_markets();
    source.stored["1d"][1].erase(day(monday + 8));
    const auto answer = ask(
        source, {"TResample($close,'1w','sum')", "TResample($close,'week','mean')", "TResample($close,'1w','first')",
                 "TResample($close,'1w','last')", "TResample($close,'1w','count')", "TResample($close,'1w','median')",
                 "TResample($close,'1w','max')-TResample($close,'1w','min')", "TResample($close/0,'1w','sum')"});
    const std::vector<double> first{15, 3, 1, 5, 5, 3, 4}, second{33, 8.25, 6, 10, 4, 8.5, 4};  // 7 is missing
    for (std::size_t c = 0; c < first.size(); ++c) {
        EXPECT_TRUE(std::isnan(answer.at(1, day(monday + 3), c)));
        EXPECT_EQ(answer.at(1, day(monday + 4), c), first[c]);
        EXPECT_EQ(answer.at(1, day(monday + 10), c), first[c]);
        EXPECT_EQ(answer.at(1, day(monday + 11), c), second[c]);
    }
    EXPECT_TRUE(std::isnan(answer.at(1, day(monday + 11), 7)));  // infinities are missing
    EXPECT_THROW(ask(source, {"TResample($close,'1h','sum')"}), Error);
}

TEST(Across, EqualsPandasAndNumpy) {
    const char* folder = std::getenv("BOURSE_SOURCE");
    if (!folder) GTEST_SKIP() << "BOURSE_SOURCE is not set";
    const auto rows = read_csv(std::string(folder) + "/tests/unit/factors/data/across.csv");
    ASSERT_EQ(rows.size(), 481u);
    MemorySource source;
    for (int m = 0; m < 40; ++m) source.listed.push_back({m + 1, "M" + std::to_string(m), ""});
    for (std::size_t r = 1; r < rows.size(); ++r) {
        const int id = std::stoi(rows[r][1]) + 1;
        const std::int64_t ts = day(monday + std::stoi(rows[r][0]));
        source.add("1d", id, ts, 1);
        for (std::size_t c = 2; c < 6; ++c)
            if (!rows[r][c].empty()) source.fields[rows[0][c]][id][ts] = number(rows[r][c]);
    }
    const std::vector<std::string> expressions{"CSRank($x)",
                                               "CSZScore($x)",
                                               "CSDemean($x)",
                                               "CSMean($x)",
                                               "CSStd($x)",
                                               "CSNeutralizeGroup($x,$group)",
                                               "CSNeutralize($x,$size)",
                                               "CSNeutralize($x,$size,$beta)"};
    const auto answer = ask(source, expressions);
    std::size_t numbers = 0;
    for (std::size_t r = 1; r < rows.size(); ++r)
        for (std::size_t c = 0; c < expressions.size(); ++c) {
            const double expected = number(rows[r][c + 6]);
            const double got = answer.at(std::stoi(rows[r][1]) + 1, day(monday + std::stoi(rows[r][0])), c);
            if (std::isnan(expected))
                EXPECT_TRUE(std::isnan(got)) << expressions[c] << " row " << r << " " << got;
            else
                EXPECT_NEAR(got, expected, 1e-9 * (1 + std::fabs(expected))) << expressions[c] << " row " << r;
            numbers += !std::isnan(expected);
        }
    EXPECT_GT(numbers, 2500u);
}

TEST(Across, OnlyMembersAndOnlyWhatIsClosed) {
    auto source = two_markets();
    source.listed.push_back({3, "CCC", "WEST"});
    for (const auto& [ts, bar] : std::map(source.stored["1d"][2])) source.add("1d", 3, ts, bar.close + 1000);
    source.universes["few"] = {{1, beginning_us, end_of_time_us}, {3, day(monday + 7), day(monday + 9)}};
    const auto answer = ask(source, {"CSRank($close)", "CSMean($close,'few')", "CSRank($close,'few')"});
    const auto ts = day(monday + 8);  // closes 7, 107, 1107; AAA's is closed before the others
    EXPECT_EQ(answer.at(1, ts), 1);
    EXPECT_DOUBLE_EQ(answer.at(2, ts), 2.0 / 3);
    EXPECT_DOUBLE_EQ(answer.at(3, ts), 1);
    EXPECT_EQ(answer.at(1, ts, 1), 7);
    EXPECT_EQ(answer.at(3, ts, 1), (7 + 1107) / 2.0);
    EXPECT_TRUE(std::isnan(answer.at(2, ts, 1)));  // no member
    EXPECT_TRUE(std::isnan(answer.at(3, day(monday + 9), 2)));
    // The universe of a query is its members' when none is named.
    const auto asked = ask(source, {"CSRank($close)"}, {.universe = "few"});
    EXPECT_EQ(asked.at(3, ts), 1);
    EXPECT_EQ(asked.at(1, ts), 1);
    EXPECT_FALSE(asked.rows.contains({2, ts}));
}

TEST(Across, HardlyAnyDataIsNoError) {
    MemorySource source;
    source.listed = {{1, "AAA", ""}, {2, "BBB", "24x7"}, {3, "CCC", ""}};
    const std::vector<std::string> expressions{"CSRank($close)", "CSZScore($close)",   "CSNeutralize($close,$volume)",
                                               "$close@1w",      "Mask($close,'BBB')", "TResample($close,'1w','count')",
                                               "CSStd($close)"};
    EXPECT_TRUE(ask(source, expressions).rows.empty());  // no bar at all
    source.add("1d", 1, day(monday), 5);
    source.universes["nobody"] = {};
    const auto one = ask(source, expressions);
    ASSERT_EQ(one.rows.size(), 1u);
    EXPECT_EQ(one.at(1, day(monday), 0), 1);
    for (std::size_t c = 1; c < expressions.size(); ++c)
        EXPECT_TRUE(std::isnan(one.at(1, day(monday), c))) << expressions[c];
    EXPECT_TRUE(std::isnan(ask(source, {"CSRank($close,'nobody')"}).at(1, day(monday))));
    for (int d = 1; d < 20; ++d)
        source.add("1d", 1, day(monday + d), d % 2 ? INFINITY : 1e300), source.add("1d", 2, day(monday + d), 1e-300);
    for (const auto& [key, row] : ask(source, expressions).rows)
        EXPECT_FALSE(row.values[0] > 1 || row.values[0] <= 0) << key.second / day_us - monday;
}

TEST(Across, CancellationIsSeen) {
    Panel panel = panel_of({"close"}, {std::vector<double>(300, 1.0)});
    Series& series = panel.series[0];
    series.available_us = series.ts_us;
    series.has_bar.assign(300, 1);
    series.member.assign(300, 1);
    CrossSections sections(panel, 400, 2);
    std::vector<double> values;
    for (int i = 0; i < 600; ++i) values.push_back(i * i % 17);
    for (std::size_t member = 0; member < 400; ++member) sections.add(member, series, values);
    const CheckInterrupts stop = [] { throw Error(ErrorKind::cancelled, "stopped"); };
    EXPECT_THROW(sections.evaluate(*find_operator("CSNeutralize"), std::vector<int>{0, 1}, stop), Error);
}

// ---- random markets ----

MemorySource random_market(std::mt19937_64& random) {
    MemorySource source;
    source.listed = {{1, "AAA", "EAST"}, {2, "BBB", "WEST"}, {3, "CCC", ""}, {4, "DDD", "24x7"}, {5, "EEE", "WEST"}};
    source.calendars = {{"EAST", sessions(monday, 70, 7)}, {"WEST", sessions(monday, 70, 21)}};
    for (const auto& listed : source.listed) {
        double close = 10 + static_cast<double>(random() % 1000);
        const int first = static_cast<int>(random() % 20);
        for (int d = first; d < 70; ++d) {
            const bool weekend = d % 7 > 4;
            if ((weekend && listed.calendar != "24x7") || random() % 10 == 0) continue;
            close *= 0.9 + static_cast<double>(random() % 2001) / 10000;
            source.add("1d", listed.id, day(monday + d), close, static_cast<double>(random() % 5 * 100));
            if (random() % 30 == 0) source.stored["1d"][listed.id][day(monday + d)].factor = 2;
            source.fields["group"][listed.id][day(monday + d)] = static_cast<double>(random() % 2);
        }
    }
    if (random() % 2)  // stored weeks, of any value
        for (int week = 0; week < 10; ++week)
            source.add("1w", 2, day(monday + 7 * week), static_cast<double>(random() % 1000));
    for (int h = 0; h < 24 * 70; ++h)
        if (random() % 3) source.add("1h", 4, day(monday) + h * 3600'000'000LL, static_cast<double>(random() % 1000));
    for (const auto& listed : source.listed)
        for (const char* field : {"x_q", "y_q", "z_a"})
            for (auto n = random() % 12; n > 0; --n) {
                const int year = 2020 + static_cast<int>(random() % 4), quarter = 1 + static_cast<int>(random() % 4);
                source.published[field][listed.id].push_back(
                    {0, field[0] == 'z' ? year : 100 * year + quarter,
                     day(monday - 5 + static_cast<int>(random() % 70)) +
                         static_cast<std::int64_t>(random() % 24) * 3600'000'000LL,
                     static_cast<double>(random() % 1000)});
            }
    source.universes["few"] = {
        {1, beginning_us, day(monday + 40)}, {2, day(monday + 10), end_of_time_us}, {4, beginning_us, end_of_time_us}};
    return source;
}

// Every operator that looks elsewhere, and some inside each other.
std::vector<std::string> looking_elsewhere() {
    return {"Mask($close,'BBB')",
            "ChangeInstrument('AAA',Std($close,5))",
            "$close@1w",
            "Mean($close,3)@1w/$close",
            "$close@1h",
            "EMA($volume,4)@1mo",
            "TResample($close,'1w','sum')",
            "TResample($close,'1mo','median')",
            "CSRank($close)",
            "CSZScore($close/Ref($close,3),'few')",
            "CSDemean($volume)",
            "CSMean($close)",
            "CSStd(Log($close))",
            "CSNeutralizeGroup($close,$group)",
            "CSNeutralize($close,$volume,$open)",
            "Mean(CSRank(Mean($close,3)),4)",
            "CSRank(Mean(CSZScore($close),3))",
            "CSRank($close@1w)",
            "CSRank($close)@1w",
            "Mask(CSRank($close),'DDD')",
            "Peer(RSI_RECENT($close,3,9),'BBB')",
            "If(IsInstrument($close,'BBB')>0,$volume,Peer($close,'CCC'))",
            "Corr($close,Mask($close,'CCC'),6)",
            "Mask($close@1w,'BBB')",
            "RSI(Mask($close,'EEE'),4)",
            "$group@1w",
            "P($$x_q)",
            "P(Mean($$x_q,3)/$$y_q)/$close",
            "PRef($$z_a,2021)",
            "CSRank(P($$y_q))",
            "Mean(Mask(P(Ref($$x_q,1)),'BBB'),3)",
            "P($$x_q)@1w",
            "(Mean($close@1mo,2)-$close)@1w",
            "CSRank(Sums($volume,2))",
            "Sums(Mean($volume,2),3)"};
}

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b)); }

// The bars that are not closed at a time, and what is published after it, changed or left out.
void change_future(MemorySource& source, std::int64_t now, bool leave_out, std::mt19937_64& random) {
    for (auto& [field, instruments] : source.published)
        for (auto& [id, statements] : instruments) {
            if (leave_out) std::erase_if(statements, [&](const Statement& one) { return one.known_us > now; });
            for (auto& one : statements)
                if (one.known_us > now) one.value += 1;
        }
    for (auto& [freq, instruments] : source.stored) {
        const Frequency frequency = parse_frequency(freq);
        for (auto& [id, bars] : instruments) {
            const std::string name = source.listed[static_cast<std::size_t>(id - 1)].calendar;
            const Calendar calendar = read_calendar(source, frequency, name, beginning_us, end_of_time_us);
            std::vector<std::int64_t> later;
            for (const auto& [ts, bar] : bars)
                if (calendar.close(ts) > now) later.push_back(ts);
            for (const auto ts : later) {
                if (leave_out && bars.size() > 1)
                    bars.erase(ts);
                else
                    bars[ts].close *= 0.5 + static_cast<double>(random() % 1000) / 500, bars[ts].volume += 7;
                if (freq == "1d") source.fields["group"][id][ts] += 1;
            }
        }
    }
}

// None is forgotten.
TEST(Elsewhere, EveryOperatorThatLooksElsewhereIsTried) {
    std::string all;
    for (const auto& expression : looking_elsewhere()) all += " " + expression;
    for (const auto& op : operators())
        if (op.elsewhere != Elsewhere::nowhere) {
            EXPECT_TRUE(all.find(" " + op.name + "(") != all.npos || all.find("(" + op.name + "(") != all.npos)
                << op.name;
        }
    EXPECT_NE(all.find("@1w"), all.npos);
}

TEST(Elsewhere, NothingOfTheFutureIsSeen) {
    const auto seed = std::random_device{}();
    std::mt19937_64 random(seed);
    const auto expressions = looking_elsewhere();
    std::size_t compared = 0;
    for (int trial = 0; trial < 100; ++trial) {
        SCOPED_TRACE("seed " + std::to_string(seed) + " trial " + std::to_string(trial));
        auto source = random_market(random);
        const auto before = ask(source, expressions);
        const std::int64_t now = day(monday + 25) + static_cast<std::int64_t>(random() % 40) * day_us +
                                 static_cast<std::int64_t>(random() % 24) * 3600'000'000LL;
        change_future(source, now, trial % 2 == 0, random);
        const auto after = ask(source, expressions);
        for (const auto& [key, row] : before.rows) {
            if (row.available_us > now) continue;
            const auto same = after.rows.find(key);
            if (same == after.rows.end()) continue;  // its bars to come are gone, and the grid ends sooner
            for (std::size_t c = 0; c < expressions.size(); ++c) {
                ++compared;
                ASSERT_TRUE(same_bits(row.values[c], same->second.values[c]))
                    << expressions[c] << " instrument " << key.first << " day " << key.second / day_us - monday
                    << " now " << (now - day(monday)) / 3600'000'000LL << " h: " << row.values[c] << " "
                    << same->second.values[c];
            }
        }
    }
    EXPECT_GT(compared, 100'000u) << "seed " << seed;  // of all: a single market may be small
}

// Where a query starts, how it is cut into blocks, for whom it is asked: the bits stay.
TEST(Elsewhere, PartsEqualTheWhole) {
    const auto seed = std::random_device{}();
    std::mt19937_64 random(seed);
    const auto expressions = looking_elsewhere();
    for (int trial = 0; trial < 100; ++trial) {
        SCOPED_TRACE("seed " + std::to_string(seed) + " trial " + std::to_string(trial));
        auto source = random_market(random);
        const auto whole = ask(source, expressions);
        Question question;
        question.from_us = day(monday + static_cast<int>(random() % 65));
        question.to_us = question.from_us + day(1 + static_cast<int>(random() % 30));
        if (trial % 2) question.instruments = {static_cast<std::int32_t>(1 + random() % 5)};
        if (trial % 3 == 0) question.block_bytes = 2000;
        const auto part = ask(source, expressions, question);
        for (const auto& [key, row] : part.rows)
            for (std::size_t c = 0; c < expressions.size(); ++c)
                ASSERT_TRUE(same_bits(row.values[c], whole.at(key.first, key.second, c)))
                    << expressions[c] << " instrument " << key.first << " day " << key.second / day_us - monday << ": "
                    << row.values[c] << " " << whole.at(key.first, key.second, c);
        // One expression by itself, nothing shared.
        const std::size_t c = random() % expressions.size();
        const auto alone = ask(source, {expressions[c]}, question);
        for (const auto& [key, row] : part.rows)
            ASSERT_TRUE(same_bits(row.values[c], alone.at(key.first, key.second))) << expressions[c];
    }
}

// The test must be able to fail: a row that looks ahead is found out.
TEST(Elsewhere, AnUnfinishedWeekWouldBeNoticed) {
    std::mt19937_64 random(3);
    auto source = random_market(random);
    const auto before = ask(source, {"Ref($close,-1)"});
    change_future(source, day(monday + 30), false, random);
    const auto after = ask(source, {"Ref($close,-1)"});
    std::size_t moved = 0;
    for (const auto& [key, row] : before.rows)
        if (row.available_us <= day(monday + 30)) moved += !same_bits(row.values[0], after.at(key.first, key.second));
    EXPECT_GT(moved, 0u);
}

}  // namespace
}  // namespace bourse::factors
