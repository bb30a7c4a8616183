// Folds: what is held out is never met by a label window of what is learned from.
#include "datasets/folds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "core/error.hpp"

namespace bourse::datasets {
namespace {

using nlohmann::json;

constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::int64_t first_day = 18'262 * day_us;  // 2020-01-01

std::vector<std::int64_t> days(std::size_t n) {
    std::vector<std::int64_t> ts;
    for (std::size_t i = 0; i < n; ++i) ts.push_back(first_day + static_cast<std::int64_t>(i) * day_us);
    return ts;
}

std::vector<FoldRange> ranges_of(const std::vector<FoldRange>& all, int fold) {
    std::vector<FoldRange> some;
    std::copy_if(all.begin(), all.end(), std::back_inserter(some), [&](const FoldRange& r) { return r.fold == fold; });
    return some;
}

json random_split(std::mt19937& random) {
    const auto pick = [&](int low, int high) {
        return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
    };
    json split;
    switch (random() % 4) {
        case 0:
            split = {{"kind", "holdout"}, {"train", 0.5}, {"valid", 0.25}};
            break;
        case 1:
            split = {{"kind", "walk_forward"}, {"folds", pick(1, 6)}};
            if (random() % 2) split["train_bars"] = pick(20, 100);
            if (random() % 2) split["valid_bars"] = pick(0, 10);
            break;
        case 2:
            split = {{"kind", "purged_kfold"}, {"folds", pick(2, 8)}};
            break;
        default:
            split = {{"kind", "combinatorial"}, {"groups", pick(3, 7)}, {"test_groups", pick(1, 2)}};
    }
    if (random() % 2) split["embargo_bars"] = pick(0, 12);
    return split;
}

// 300 random splits over rows whose labels look unevenly far ahead, as those of suspended instruments do. The oracle
// compares every pair of rows by the definition: windows [ts, label_end] of train must not meet those held out.
TEST(Folds, NoLabelWindowOfTrainMeetsWhatIsHeldOut) {
    std::mt19937 random(11);
    std::size_t kept = 0, purged = 0, folds = 0;
    for (int trial = 0; trial < 300; ++trial) {
        const std::size_t n = 70 + random() % 80;
        const auto times = days(n);
        const json split = random_split(random);
        const auto plan = read_fold_plan(split);
        const int horizon = static_cast<int>(random() % 8);
        const auto ranges = plan_folds(plan, times, horizon);
        std::vector<std::int64_t> ts, end;
        for (std::size_t i = 0; i < n; ++i)
            for (int name = 0; name < 2; ++name) {
                ts.push_back(times[i]);
                end.push_back(times[std::min(n - 1, i + static_cast<std::size_t>(horizon) + random() % 4)]);
            }
        for (int fold = 1; fold <= ranges.back().fold; ++fold) {
            ++folds;
            std::vector<Span> part;
            const auto span = assign_rows(plan, ranges_of(ranges, fold), ts, end, &part);
            for (std::size_t i = 0; i < ts.size(); ++i) {
                ASSERT_TRUE(span[i] == part[i] || span[i] == Span::purged);
                if (part[i] == Span::test) {
                    ASSERT_EQ(span[i], Span::test) << "nothing is taken out of test";
                }
                kept += span[i] != Span::purged;
                purged += span[i] == Span::purged && part[i] != Span::purged;
            }
            for (std::size_t i = 0; i < ts.size(); ++i)
                for (std::size_t k = 0; k < ts.size(); ++k) {
                    if (span[i] >= part[k] || span[i] == Span::purged || part[k] == Span::purged) continue;
                    ASSERT_TRUE(end[i] < ts[k] || ts[i] > end[k])
                        << split.dump() << " fold " << fold << ": rows " << i << " and " << k;
                }
        }
    }
    EXPECT_GT(kept, 100'000u);
    EXPECT_GT(purged, 1'000u);
    EXPECT_GT(folds, 1'000u);
}

// So many timestamps lie between train and each held-out part, on both sides.
TEST(Folds, EmbargoIsAGapOfTimestamps) {
    std::mt19937 random(12);
    for (int trial = 0; trial < 100; ++trial) {
        const std::size_t n = 150;
        const auto ts = days(n);
        const int embargo = static_cast<int>(random() % 10), horizon = static_cast<int>(random() % 4);
        const auto plan = read_fold_plan({{"kind", "purged_kfold"}, {"folds", 4}, {"embargo_bars", embargo}});
        std::vector<std::int64_t> end;
        for (std::size_t i = 0; i < n; ++i) end.push_back(ts[std::min(n - 1, i + static_cast<std::size_t>(horizon))]);
        const auto ranges = plan_folds(plan, ts, horizon);
        for (int fold = 1; fold <= 4; ++fold) {
            const auto span = assign_rows(plan, ranges_of(ranges, fold), ts, end);
            const auto first = std::find(span.begin(), span.end(), Span::test) - span.begin();
            const auto last =
                n - 1 - static_cast<std::size_t>(std::find(span.rbegin(), span.rend(), Span::test) - span.rbegin());
            for (std::size_t i = 0; i < n; ++i) {
                if (span[i] == Span::test) continue;
                const bool before = static_cast<std::ptrdiff_t>(i) < first;
                const auto gap = before ? static_cast<std::size_t>(first) - i : i - last;
                const std::size_t needed =
                    static_cast<std::size_t>(before ? std::max(embargo + horizon, 0) : horizon + embargo);
                EXPECT_EQ(span[i] == Span::train, gap > needed)
                    << "fold " << fold << " row " << i << " embargo " << embargo;
            }
        }
    }
}

TEST(Folds, WalkForwardByDefault) {
    const auto plan = read_fold_plan(json::object());
    const auto times = days(100);
    const auto ranges = plan_folds(plan, times, 2);
    ASSERT_EQ(ranges.size(), 15u);
    EXPECT_EQ(ranges[0].timestamps, 40u);  // train, valid, test of fold 1: a tenth each to test and to validate on
    EXPECT_EQ(ranges[1].from, times[40]);
    EXPECT_EQ(ranges[2].from, times[50]);
    EXPECT_EQ(ranges[2].to, times[60]);
    EXPECT_EQ(ranges[12].timestamps, 80u);
    EXPECT_EQ(ranges[14].to, times[99] + 1);
    std::set<std::int64_t> tested;
    for (const auto& range : ranges)
        if (range.part == Span::test) {
            EXPECT_TRUE(tested.insert(range.from).second);
        }
    EXPECT_EQ(tested.size(), 5u);
}

TEST(Folds, CombinatorialTestsEveryGroupEquallyOften) {
    const auto plan = read_fold_plan({{"kind", "combinatorial"}, {"groups", 6}, {"test_groups", 2}});
    const auto times = days(120);
    const auto ranges = plan_folds(plan, times, 1);
    EXPECT_EQ(ranges.back().fold, 15);
    std::vector<int> tested(6, 0);
    for (const auto& range : ranges)
        if (range.part == Span::test)
            for (std::size_t i = 0; i < times.size(); i += 20)
                tested[i / 20] += times[i] >= range.from && times[i] < range.to;
    EXPECT_EQ(tested, std::vector<int>(6, 5));
}

std::string refusal(const json& split, std::size_t n, int horizon) {
    try {
        plan_folds(read_fold_plan(split), days(n), horizon);
    } catch (const Error& e) {
        return std::string(e.what()) + " | " + e.detail() + " | " + e.hint();
    }
    return "accepted";
}

TEST(Folds, OverlapIsRefusedWithItsDates) {
    const json dates{{"train", {"2020-01-01", "2020-02-01"}},
                     {"valid", {"2020-02-01", "2020-02-11"}},
                     {"test", {"2020-02-11", "2020-02-21"}},
                     {"embargo_bars", 0}};
    EXPECT_EQ(refusal(dates, 60, 3), "accepted");
    json less = dates;
    less["purge_bars"] = 1;
    const auto text = refusal(less, 60, 3);
    EXPECT_NE(text.find("label windows of train at 2020-01-29 and 2020-01-30 meet valid, 2020-02-01 to 2020-02-10"),
              std::string::npos)
        << text;
    less["allow_overlap"] = true;
    EXPECT_EQ(refusal(less, 60, 3), "accepted");
    json both = dates;
    both["train"] = {"2020-01-01", "2020-02-03"};
    EXPECT_NE(refusal(both, 60, 3).find("train and valid both hold 2020-02-01 and 2020-02-02"), std::string::npos)
        << refusal(both, 60, 3);
    json outside = dates;
    outside["test"] = {"2021-01-01", "2021-02-01"};
    EXPECT_NE(refusal(outside, 60, 3).find("none of them in test, 2021-01-01 to 2021-02-01"), std::string::npos);
}

TEST(Folds, RefusesWhatMakesNoSplit) {
    for (const char* odd : {"[]", "null", R"({"kind": "kfold"})", R"({"folds": 0})", R"({"folds": "5"})",
                            R"({"fold": 5})", R"({"kind": "purged_kfold", "folds": 1})",
                            R"({"kind": "combinatorial", "test_groups": 6})", R"({"train": ["2020-01-01"]})",
                            R"({"train": ["2020-02-01", "2020-01-01"]})", R"({"train": ["2020-01-01", "2020-13-01"]})",
                            R"({"train": ["2020-01-01", "tomorrow"]})", R"({"valid": ["2020-01-01", "2020-02-01"]})",
                            R"({"train": 0.5, "folds": 3})", R"({"allow_overlap": 1})", R"({"embargo_bars": -1})"})
        EXPECT_NE(refusal(json::parse(odd), 100, 1), "accepted") << odd;
    EXPECT_NE(refusal({{"test_bars", 30}}, 100, 1).find("leave none to train on"), std::string::npos);
    EXPECT_NE(refusal({{"kind", "purged_kfold"}, {"folds", 9}}, 5, 1).find("9 groups"), std::string::npos);
}

TEST(ReadFoldPlan, SurvivesItsOwnOutput) {
    std::mt19937 random(3);
    for (int trial = 0; trial < 50; ++trial) {
        const auto once = to_json(read_fold_plan(random_split(random)));
        EXPECT_EQ(to_json(read_fold_plan(once)), once);
    }
    const auto dates = to_json(read_fold_plan({{"train", {"2020-01-01", "2020-02-01T09:30:00Z"}}}));
    EXPECT_EQ(to_json(read_fold_plan(dates)), dates);
    EXPECT_EQ(dates["train"][1], "2020-02-01 09:30:00");
}

}  // namespace
}  // namespace bourse::datasets
