// P and PRef against Qlib's documented records and the values that Qlib's own tests expect of them, and against their
// definition, computed from scratch at every row.
#include <gtest/gtest.h>

#include <optional>

#include "factors/memory_source.hpp"
#include "factors/refused.hpp"

namespace bourse::factors {
namespace {

using namespace test;

// Days since 1970 of a date (proleptic Gregorian).
int date(int y, int m, int d) {
    const int a = (14 - m) / 12, year = y + 4800 - a, month = m + 12 * a - 3;
    return d + (153 * month + 2) / 5 + 365 * year + year / 4 - year / 100 + year / 400 - 32045 - 2440588;
}
int date(int yyyymmdd) { return date(yyyymmdd / 10000, yyyymmdd / 100 % 100, yyyymmdd % 100); }

void publish(MemorySource& source, const std::string& field, int yyyymmdd, int period, double value) {
    source.published[field][1].push_back({0, period, day(date(yyyymmdd)), value});
}

// Bars on weekdays, and roewa_q of SH600519 from 2017 on as docs/advanced/PIT.rst of Qlib prints it.
MemorySource moutai() {
    MemorySource source;
    source.listed = {{1, "SH600519", ""}};
    for (int d = date(20180102); d <= date(20191101); ++d)
        if ((d + 3) % 7 < 5) source.add("1d", 1, day(d), 100);
    const struct {
        int published, period;
        double value;
    } records[] = {{20170415, 201604, 0.244385},   {20170425, 201701, 0.080614},   {20170728, 201702, 0.15151},
                   {20171026, 201703, 0.25416601}, {20180328, 201704, 0.32954201}, {20180428, 201801, 0.088887},
                   {20180802, 201802, 0.170563},   {20181029, 201803, 0.25522},    {20190329, 201804, 0.34464401},
                   {20190425, 201901, 0.094737},   {20190713, 201902, 0.},         {20190718, 201902, 0.175322},
                   {20191016, 201903, 0.25581899}};
    for (const auto& r : records) publish(source, "roewa_q", r.published, r.period, r.value);
    return source;
}

TEST(Statements, ValuesOfQlibsOwnTests) {
    auto source = moutai();
    for (const bool strict : {false, true}) {
        Question question;
        question.rules.strict_qlib = strict;
        const auto answer = ask(source,
                                {"P($$roewa_q)", "P(Mean($$ROEWA_q,2))", "P(Ref($$roewa_q,1))",
                                 "PRef($$roewa_q,201902)", "P(PFeature('roewa_q'))"},
                                question);
        const auto at = [&](int yyyymmdd, std::size_t column) { return answer.at(1, day(date(yyyymmdd)), column); };
        const struct {
            int on;
            double value;
        } expected[] = {{20181026, 0.170563}, {20181029, 0.255220}, {20190328, 0.255220}, {20190329, 0.344644},
                        {20190425, 0.094737}, {20190712, 0.094737}, {20190715, 0},        {20190717, 0},
                        {20190718, 0.175322}, {20191016, 0.255819}};
        for (const auto& e : expected) {
            EXPECT_NEAR(at(e.on, 0), e.value, 1e-6) << e.on;
            EXPECT_EQ(at(e.on, 4), at(e.on, 0)) << e.on;
        }
        EXPECT_NEAR(at(20190715, 1), 0.047369, 1e-6);
        EXPECT_NEAR(at(20190718, 1), 0.135029, 1e-6);
        EXPECT_NEAR(at(20190715, 2), 0.094737, 1e-6);
        EXPECT_TRUE(std::isnan(at(20190712, 3)));
        EXPECT_NEAR(at(20190715, 3), 0, 1e-12);
        EXPECT_NEAR(at(20190719, 3), 0.175322, 1e-6);
        EXPECT_NEAR(at(20191031, 3), 0.175322, 1e-6);
    }
}

// Windows over one period: Qlib loads no other; by default they reach back.
TEST(Statements, WindowsOfPRef) {
    auto source = moutai();
    const std::vector<std::string> expressions{"PRef(Mean($$roewa_q,2),201902)"};
    Question strict;
    strict.rules.strict_qlib = true;
    EXPECT_NEAR(ask(source, expressions).at(1, day(date(20190718))), 0.135029, 1e-6);
    EXPECT_NEAR(ask(source, expressions, strict).at(1, day(date(20190718))), 0.175322, 1e-6);
}

TEST(Statements, WhatIsRefusedAndWhere) {
    EXPECT_EQ(error_of("$close/$$roe_q"), "position 8: $$roe_q stands outside of P and PRef");
    EXPECT_EQ(error_of("Mask($$roe_q,'X')"), "position 6: $$roe_q stands outside of P and PRef");
    EXPECT_EQ(error_of("P($close)"), "position 1: P reads fields of statements alone, found $close");
    EXPECT_EQ(error_of("P($$roe_q+$close)"), "position 1: P reads fields of statements alone, found $close");
    EXPECT_EQ(error_of("P($$roe)"), "position 3: \"$$roe\" is no name of a statement's field");
    EXPECT_EQ(error_of("P($$)"), "position 5: expected the name of a field after \"$$\", found \")\"");
    EXPECT_EQ(error_of("P(Ref($$roe_q,-1))"), "position 1: P cannot look ahead: periods to come are not published");
    EXPECT_EQ(error_of("P(P($$roe_q))"), "position 1: P cannot stand inside P");
    EXPECT_EQ(error_of("P(CSRank($$roe_q))"), "position 1: CSRank cannot stand inside P");
    EXPECT_EQ(error_of("P($$roe_q/$$roe_a)"), "position 1: P reads quarterly and annual fields");
    EXPECT_EQ(error_of("PRef($$roe_q,2019)"), "position 1: PRef: 2019 is no period of a quarterly field");
    EXPECT_EQ(error_of("PRef($$roe_a,201901)"), "position 1: PRef: 201901 is no period of an annual field");
    EXPECT_EQ(error_of("PRef($$roe_q,201905)"),
              "position 14: PRef: period must be a year, or a year and its quarter as in 201902, found 201905");
    EXPECT_EQ(error_of("P(5)"), "position 3: P expects a series as x, found the number 5");
    auto source = moutai();
    try {
        ask(source, {"P($$roewb_q)"});
        FAIL() << "no error";
    } catch (const Error& e) {
        EXPECT_STREQ(e.what(), "position 3: unknown field \"$$roewb_q\"");
        EXPECT_EQ(e.hint(), "did you mean \"$$roewa_q\"?");
    }
}

struct Published {
    int period;
    std::int64_t known_us;
    double value;
};
using History = std::vector<Published>;

// The newest revision of every period that was published before a time; nothing else.
std::map<int, double> known_before(const History& history, std::int64_t us) {
    std::map<int, std::pair<std::int64_t, double>> newest;
    for (const auto& one : history)
        if (one.known_us < us) {
            auto& seen = newest.try_emplace(one.period, one.known_us, one.value).first->second;
            if (one.known_us >= seen.first) seen = {one.known_us, one.value};
        }
    std::map<int, double> values;
    for (const auto& [period, seen] : newest) values[period] = seen.second;
    return values;
}

int quarter_before(int period, int n) {
    for (; n > 0; --n) period = period % 100 == 1 ? period - 97 : period - 1;
    return period;
}

double value_or_nan(const std::map<int, double>& values, int period) {
    const auto found = values.find(period);
    return found == values.end() ? std::nan("") : found->second;
}

// Mean over the last n quarters up to `newest`, missing ones skipped; no further back than the oldest there is.
double mean(const std::map<int, double>& values, int newest, int n) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < n; ++i)
        if (const double v = value_or_nan(values, quarter_before(newest, i)); !std::isnan(v)) sum += v, ++count;
    return count ? sum / count : std::nan("");
}

bool equal(double a, double b) {
    return (std::isnan(a) && std::isnan(b)) || std::fabs(a - b) <= 1e-12 * (1 + std::fabs(b));
}

// Late, revised, withdrawn and missing statements, published in any order and at any hour.
TEST(Statements, EveryRowIsWhatItsDefinitionSays) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    std::size_t compared = 0, present = 0;
    for (int trial = 0; trial < 100; ++trial) {
        MemorySource source;
        source.listed = {{1, "AAA", trial % 2 ? "24x7" : ""}};
        for (int d = 0; d < 300; ++d)
            if (random() % 4) source.add("1d", 1, day(19000 + d), 10 + static_cast<double>(random() % 10));
        std::map<std::string, History> histories;
        for (const char* field : {"x_q", "y_q"})
            for (auto n = 1 + random() % 25; n > 0; --n) {
                const int quarter = static_cast<int>(random() % 12);
                const Published one{202000 + quarter / 4 * 100 + quarter % 4 + 1,
                                    day(18990 + static_cast<int>(random() % 290)) +
                                        static_cast<std::int64_t>(random() % 24) * 3600'000'000LL,
                                    random() % 9 ? static_cast<double>(random() % 100) : std::nan("")};
                auto& history = histories[field];
                if (std::any_of(history.begin(), history.end(), [&](const Published& other) {
                        return other.period == one.period && other.known_us == one.known_us;
                    }))
                    continue;
                history.push_back(one);
                source.published[field][1].push_back({0, one.period, one.known_us, one.value});
            }
        const auto answer = ask(source, {"P($$x_q)", "P(Mean($$x_q,4))", "P($$x_q-Ref($$x_q,1))", "P($$x_q*$$y_q)",
                                         "PRef($$y_q,202103)", "$close+P($$y_q)", "Mean(P($$x_q),1)"});
        for (const auto& [key, row] : answer.rows) {
            const auto x = known_before(histories["x_q"], row.available_us);
            const auto y = known_before(histories["y_q"], row.available_us);
            std::vector<double> expected(7, std::nan(""));
            if (!x.empty()) {
                const int newest = x.rbegin()->first;
                expected[0] = expected[6] = value_or_nan(x, newest);
                expected[1] = mean(x, newest, 4);
                expected[2] = value_or_nan(x, newest) - value_or_nan(x, quarter_before(newest, 1));
            }
            if (!x.empty() || !y.empty()) {
                const int newest = std::max(x.empty() ? 0 : x.rbegin()->first, y.empty() ? 0 : y.rbegin()->first);
                expected[3] = value_or_nan(x, newest) * value_or_nan(y, newest);
            }
            expected[4] = value_or_nan(y, 202103);
            const auto bar = source.stored["1d"][1].find(key.second);
            if (!y.empty() && bar != source.stored["1d"][1].end())
                expected[5] = bar->second.close + value_or_nan(y, y.rbegin()->first);
            for (std::size_t c = 0; c < expected.size(); ++c, ++compared) {
                ASSERT_TRUE(equal(row.values[c], expected[c]))
                    << "trial " << trial << " column " << c << " day " << key.second / day_us << ": " << row.values[c]
                    << " " << expected[c];
                present += !std::isnan(expected[c]);
            }
        }
    }
    EXPECT_GT(present, compared / 4);
}

// Of another instrument, across all, at another frequency.
TEST(Statements, InsideOtherOperators) {
    auto source = moutai();
    source.listed.push_back({2, "OTHER", ""});
    for (const auto& [ts, bar] : std::map(source.stored["1d"][1])) source.add("1d", 2, ts, 5);
    source.published["roewa_q"][2] = {{0, 201801, day(date(20180601)), 0.5}};
    const auto answer = ask(source, {"Mask(P($$roewa_q),'SH600519')", "CSRank(P($$roewa_q))", "P($$roewa_q)@1w"});
    const auto on = day(date(20190715));
    EXPECT_EQ(answer.at(2, on, 0), 0);
    EXPECT_EQ(answer.at(1, on, 1), 0.5);
    EXPECT_EQ(answer.at(2, on, 1), 1);
    EXPECT_NEAR(answer.at(1, on, 2), 0, 1e-12) << "the week before ends after the publication of 2019-07-13";
    EXPECT_NEAR(answer.at(1, day(date(20190711)), 2), 0.094737, 1e-6);
}

}  // namespace
}  // namespace bourse::factors
