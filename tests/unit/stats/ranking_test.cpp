#include "stats/ranking.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/error.hpp"

namespace bourse::stats {
namespace {

const std::vector<double> p = {.3, .1, .5, .2, .5};
const std::vector<double> r = {.02, -.01, .03, 0, .01};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

TEST(Midranks, TiesShareTheMeanOfTheirRanks) { EXPECT_EQ(midranks(p), (std::vector<double>{3, 1, 4.5, 2, 4.5})); }

TEST(Correlation, MatchesPublishedNumbers) {
    EXPECT_NEAR(*pearson(p, r), .795495129, 5e-10);
    EXPECT_NEAR(*spearman(p, r), .820782682, 5e-10);
}

TEST(Correlation, ConstantOrShortGivesNone) {
    EXPECT_FALSE(pearson(std::vector<double>(7, 0.1), std::vector<double>{1, 2, 3, 4, 5, 6, 7}));
    EXPECT_FALSE(spearman(std::vector<double>{1, 2, 3}, std::vector<double>(3, 0.3)));
    EXPECT_FALSE(pearson(std::vector<double>{1}, std::vector<double>{1}));
    EXPECT_FALSE(pearson({}, {}));
}

TEST(Correlation, LengthsMustAgree) {
    try {
        pearson(std::vector<double>{1, 2}, std::vector<double>{1});
        FAIL() << "no error";
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::invalid_argument);
        EXPECT_STREQ(e.what(), "predictions and outcomes differ in length: 2 and 1");
    }
}

TEST(Correlation, HugeAndTinyScalesAgree) {
    std::vector<double> huge(p), tiny(p);
    for (double& v : huge) v = v * 1e150 + 1e140;
    for (double& v : tiny) v *= 1e-150;
    EXPECT_NEAR(*pearson(huge, r), .795495129, 5e-10);
    EXPECT_NEAR(*pearson(tiny, r), .795495129, 5e-10);
}

TEST(DailyIc, OneDayAfterTheOther) {
    std::vector<std::int64_t> day;
    std::vector<double> prediction, outcome;
    for (std::size_t i = 0; i < p.size();
         ++i)  // rows of two days interleaved; the second has the outcomes reversed in sign
        for (const int d : {20, 10}) {
            day.push_back(d);
            prediction.push_back(p[i]);
            outcome.push_back(d == 10 ? r[i] : -r[i]);
        }
    const auto days = daily_ic(day, prediction, outcome);
    ASSERT_EQ(days.size(), 2u);
    EXPECT_EQ(days[0].day, 10);
    EXPECT_EQ(days[0].names, 5u);
    EXPECT_NEAR(days[0].ic, .795495129, 5e-10);
    EXPECT_EQ(days[1].day, 20);
    EXPECT_NEAR(days[1].rank_ic, -.820782682, 5e-10);
}

TEST(DailyIc, FewNamesMissingAndConstantDaysAreLeftOut) {
    std::vector<std::int64_t> day;
    std::vector<double> prediction, outcome;
    const auto add = [&](std::int64_t d, double x, double y) {
        day.push_back(d);
        prediction.push_back(x);
        outcome.push_back(y);
    };
    for (std::size_t i = 0; i < 5; ++i) {
        add(1, i == 2 ? nan : p[i], r[i]);   // four pairs left
        add(2, p[i], i == 2 ? -inf : r[i]);  // four pairs left
        add(3, 0.7, r[i]);                   // constant prediction
        add(4, p[i], 0);                     // constant outcome
        if (i < 4) add(5, p[i], r[i]);       // four names
        add(6, p[i], r[i]);
    }
    add(6, inf, 1);
    const auto days = daily_ic(day, prediction, outcome);
    ASSERT_EQ(days.size(), 1u);
    EXPECT_EQ(days[0].day, 6);
    EXPECT_EQ(days[0].names, 5u);
    EXPECT_TRUE(daily_ic({}, {}, {}).empty());
    EXPECT_THROW(daily_ic(day, prediction, p), Error);
}

TEST(Summary, MatchesPublishedIcir) {
    const auto summary = summarize(std::vector<double>{.05, .02, -.01, .04, .03});
    EXPECT_EQ(summary.n, 5u);
    EXPECT_NEAR(*summary.mean, .026, 1e-15);
    EXPECT_NEAR(*summary.ratio, 1.12936783, 5e-9);
    EXPECT_NEAR(*summary.ratio * std::sqrt(5.0), 2.52534324, 5e-9);
}

TEST(Summary, ShortOrConstantHasNoRatio) {
    EXPECT_FALSE(summarize(std::span<const double>{}).mean);
    EXPECT_FALSE(summarize(std::vector<double>{.1}).deviation);
    const auto constant = summarize(std::vector<double>(7, .1));
    EXPECT_EQ(*constant.deviation, 0);
    EXPECT_FALSE(constant.ratio);
}

TEST(Summary, OfDaysKeepsBothSeries) {
    const std::vector<DailyIc> days = {{1, .05, .1, 5}, {2, .02, .3, 5}};
    const auto summary = summarize(days);
    EXPECT_DOUBLE_EQ(*summary.ic.mean, .035);
    EXPECT_DOUBLE_EQ(*summary.rank_ic.mean, .2);
}

// Spearman is unchanged by increasing maps of either side, and Pearson by increasing straight lines.
TEST(Correlation, InvariantUnderMaps) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal;
    std::uniform_int_distribution<std::size_t> size(2, 60);
    for (int round = 0; round < 200; ++round) {
        std::vector<double> x(size(random)), y(x.size()), curved(x.size()), straight(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = std::round(4 * normal(random)) / 4;  // with ties
            y[i] = x[i] + normal(random);
            curved[i] = std::exp(x[i]) + x[i];
            straight[i] = 3 * x[i] - 7;
        }
        const auto expected = spearman(x, y);
        const auto mapped = spearman(curved, y);
        ASSERT_EQ(expected.has_value(), mapped.has_value());
        if (!expected) continue;
        EXPECT_DOUBLE_EQ(*expected, *mapped);
        EXPECT_DOUBLE_EQ(*expected, *spearman(y, x));
        EXPECT_NEAR(*pearson(x, y), *pearson(straight, y), 1e-12);
        EXPECT_LE(std::abs(*expected), 1);
    }
}

TEST(DailyIc, CanBeCancelled) {
    const std::vector<std::int64_t> day(200'000, 1);
    const std::vector<double> values(day.begin(), day.end());
    EXPECT_THROW(daily_ic(day, values, values, [] { throw Error(ErrorKind::cancelled, "stop"); }), Error);
}

}  // namespace
}  // namespace bourse::stats
