#include "datasets/split.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <numeric>
#include <random>

#include "core/error.hpp"

namespace bourse::datasets {
namespace {

using nlohmann::json;

std::vector<std::int64_t> days(std::size_t n) {
    std::vector<std::int64_t> ts(n);
    for (std::size_t i = 0; i < n; ++i) ts[i] = static_cast<std::int64_t>(i) * 10;
    return ts;
}

ErrorKind kind_of(const std::function<void()>& body, std::string* hint = nullptr) {
    try {
        body();
    } catch (const Error& e) {
        if (hint) *hint = e.hint();
        return e.kind();
    }
    ADD_FAILURE() << "nothing was thrown";
    return ErrorKind::internal;
}

TEST(ReadSplit, FillsInWhatIsLeftOut) {
    const auto defaults = read_split(json::object());
    EXPECT_EQ(defaults.train, 0.6);
    EXPECT_EQ(defaults.valid, 0.2);
    EXPECT_EQ(defaults.test, 0.2);
    EXPECT_FALSE(defaults.purge_bars);
    const auto shared = read_split(json{{"train", 0.5}, {"purge_bars", 7}});
    EXPECT_EQ(shared.valid, 0.25);
    EXPECT_EQ(shared.test, 0.25);
    EXPECT_EQ(shared.purge_bars, 7);
    const auto no_test = read_split(json{{"train", 0.8}, {"valid", 0.2}});
    EXPECT_NEAR(no_test.test, 0.0, 1e-12);
}

TEST(ReadSplit, RefusesWhatMakesNoSplit) {
    std::string hint;
    EXPECT_EQ(kind_of([] { read_split(json{{"trian", 0.6}}); }, &hint), ErrorKind::unknown_option);
    EXPECT_NE(hint.find("did you mean \"train\""), std::string::npos) << hint;
    EXPECT_NE(hint.find("purge_bars"), std::string::npos) << hint;
    for (const char* bad : {R"({"train": 1.5})", R"({"train": "0.6"})", R"({"train": 0.6, "valid": 0.2, "test": 0.1})",
                            R"({"train": 0, "valid": 0.5, "test": 0.5})", R"({"train": -0.1})", R"({"purge_bars": -1})",
                            R"({"purge_bars": 1.5})", R"({"train": 0.9, "valid": 0.2})", R"([0.6, 0.2, 0.2])", "null"})
        EXPECT_EQ(kind_of([&] { read_split(json::parse(bad)); }), ErrorKind::invalid_argument) << bad;
}

TEST(ReadSplit, SurvivesItsOwnOutput) {
    const auto once = read_split(json{{"train", 0.5}, {"test", 0.1}, {"purge_bars", 3}});
    const auto twice = read_split(to_json(once));
    EXPECT_EQ(to_json(once), to_json(twice));
}

TEST(TimeSplit, RefusesTooFewTimestamps) {
    EXPECT_EQ(kind_of([] { TimeSplit({}, {}); }), ErrorKind::insufficient_data);
    EXPECT_EQ(kind_of([] { TimeSplit({0}, {}); }), ErrorKind::insufficient_data);
    EXPECT_NO_THROW(TimeSplit({0, 1, 2, 3, 4}, {}));
}

TEST(TimeSplit, OneSpanTakesAll) {
    const TimeSplit split({5}, {1, 0, 0, {}});
    EXPECT_EQ(split.assign(5, 5), Span::train);
    EXPECT_EQ(split.timestamps_in(Span::test), 0u);
}

// Every split matches its ratio, keeps the order of time, and no label of one span reads into the next.
TEST(TimeSplit, HoldsForRandomSplits) {
    std::mt19937 random(7);
    for (int trial = 0; trial < 500; ++trial) {
        const std::size_t n = 20 + random() % 400;
        const double train = 0.2 + 0.6 * static_cast<double>(random() % 1000) / 1000;
        const double valid = (1 - train) * (0.2 + 0.6 * static_cast<double>(random() % 1000) / 1000);
        const SplitOptions options{train, valid, 1 - train - valid, {}};
        std::optional<TimeSplit> made;
        try {
            made.emplace(days(n), options);
        } catch (const Error& e) {
            ASSERT_EQ(e.kind(), ErrorKind::insufficient_data);
            continue;
        }
        const TimeSplit& split = *made;
        const int bars = static_cast<int>(random() % 6);
        std::array<std::size_t, 3> counts{};
        std::array<std::int64_t, 3> latest_read{-1, -1, -1};
        std::array<std::int64_t, 3> earliest{1 << 30, 1 << 30, 1 << 30};
        std::size_t purged = 0;
        for (const auto ts : days(n)) {
            const auto span = static_cast<std::size_t>(split.span_of(ts));
            ASSERT_LT(span, span_count);
            ++counts[span];
            earliest[span] = std::min(earliest[span], ts);
            const auto end = split.ahead(ts, bars);
            ASSERT_EQ(end, std::min<std::int64_t>(ts + 10 * bars, static_cast<std::int64_t>(n - 1) * 10));
            const auto assigned = split.assign(ts, end);
            if (assigned == Span::purged) {
                ++purged;
                ASSERT_NE(split.span_of(ts), Span::test);
            } else {
                ASSERT_EQ(static_cast<std::size_t>(assigned), span);
                latest_read[span] = std::max(latest_read[span], end);
            }
        }
        const std::array<double, 3> ratios{options.train, options.valid, options.test};
        for (std::size_t span = 0; span < 3; ++span) {
            EXPECT_NEAR(static_cast<double>(counts[span]), ratios[span] * static_cast<double>(n), 1.0 + 1e-9);
            EXPECT_EQ(counts[span], split.timestamps_in(static_cast<Span>(span)));
            if (counts[span] > 0) {
                EXPECT_EQ(earliest[span], split.first(static_cast<Span>(span)));
            }
        }
        EXPECT_LT(latest_read[0], earliest[1]);
        EXPECT_LT(latest_read[1], earliest[2]);
        const auto expected = std::min<std::size_t>(bars, counts[0]) + std::min<std::size_t>(bars, counts[1]);
        EXPECT_EQ(purged, expected);
    }
}

}  // namespace
}  // namespace bourse::datasets
