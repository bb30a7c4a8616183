#include "datasets/asof_block.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace bourse::datasets {
namespace {

struct Row {
    std::uint32_t instrument;
    std::int64_t at, ts;
    std::string bytes;
};

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

// Every pair is looked at: of the rows that count the last by (at, ts), if it is not too old.
const Row* newest(const std::vector<Row>& series, const Row& asked, std::uint64_t tolerance) {
    const Row* found = nullptr;
    for (const Row& row : series) {
        if (row.instrument != asked.instrument || row.at > asked.at) continue;
        if (!found || std::pair(row.at, row.ts) >= std::pair(found->at, found->ts)) found = &row;
    }
    if (!found) return nullptr;
    const __int128 age = static_cast<__int128>(asked.at) - found->at;
    return age <= static_cast<__int128>(tolerance) ? found : nullptr;
}

AsofBlock joined(std::uint32_t instruments, const std::vector<Row>& spine, const std::vector<Row>& series,
                 std::uint64_t tolerance) {
    AsofBlock block(instruments, tolerance);
    for (const Row& row : spine) block.add(row.instrument, row.at, bytes_of(row.bytes));
    block.arrange({});
    for (const Row& row : series) block.offer(row.instrument, row.at, row.ts, bytes_of(row.bytes));
    return block;
}

// Each row of the spine once, by (instrument, at), those without an instrument last, each with its row.
void expect_equals_look_at_pairs(AsofBlock& block, const std::vector<Row>& spine, const std::vector<Row>& series,
                                 std::uint64_t tolerance) {
    std::vector<int> seen(spine.size());
    AsofBlock::Match match;
    const Row* before = nullptr;
    while (block.next(match)) {
        const std::size_t n = std::stoul(reinterpret_cast<const char*>(match.spine));
        ASSERT_LT(n, spine.size());
        ++seen[n];
        const Row& asked = spine[n];
        if (before) {
            ASSERT_LE(before->instrument, asked.instrument);
            if (before->instrument == asked.instrument && asked.instrument != AsofBlock::no_instrument) {
                ASSERT_LE(before->at, asked.at);
            }
        }
        before = &asked;
        const Row* expected = newest(series, asked, tolerance);
        ASSERT_EQ(match.newest != nullptr, expected != nullptr) << "row " << n;
        if (!expected) continue;
        EXPECT_EQ(match.newest->at, expected->at) << "row " << n;
        EXPECT_EQ(match.newest->ts, expected->ts) << "row " << n;
        EXPECT_EQ(std::memcmp(match.newest->bytes(), expected->bytes.data(), expected->bytes.size()), 0);
    }
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<std::ptrdiff_t>(spine.size()));
}

std::int64_t random_time(std::mt19937& random) {
    switch (random() % 40) {
        case 0:
            return std::numeric_limits<std::int64_t>::min();  // -infinity
        case 1:
            return std::numeric_limits<std::int64_t>::max();
        default:
            return static_cast<std::int64_t>(random() % 60) - 20;
    }
}

std::vector<Row> random_rows(std::mt19937& random, std::size_t most, bool spine) {
    std::vector<Row> rows(random() % most);
    for (std::size_t n = 0; n < rows.size(); ++n) {
        const bool unknown = spine && random() % 10 == 0;
        // no two rows of a series have one ts: what each row says is told by its bytes
        rows[n] = {unknown ? AsofBlock::no_instrument : static_cast<std::uint32_t>(random() % 5), random_time(random),
                   static_cast<std::int64_t>(n), std::to_string(n) + '\0' + std::string(random() % 30, 'x')};
    }
    return rows;
}

TEST(AsofBlock, EqualsALookAtEveryPair) {
    std::mt19937 random(8);
    for (int trial = 0; trial < 1000; ++trial) {
        const auto spine = random_rows(random, 60, true);
        auto series = random_rows(random, 60, false);
        if (trial % 3 == 0)
            std::stable_sort(series.begin(), series.end(), [](const Row& a, const Row& b) { return a.at < b.at; });
        const std::uint64_t tolerance = trial % 2 ? random() % 12 : AsofMerge::for_ever;
        auto block = joined(5, spine, series, tolerance);
        expect_equals_look_at_pairs(block, spine, series, tolerance);
        block.rewind();
        expect_equals_look_at_pairs(block, spine, series, tolerance);
        if (HasFatalFailure() || HasNonfatalFailure()) FAIL() << "trial " << trial;
    }
}

// Times that differ in one byte, in some and in all of them, as they are sorted by bytes.
TEST(AsofBlock, OrdersTimesOfEveryWidth) {
    std::mt19937_64 random(9);
    for (int width = 1; width <= 64; width += 7) {
        for (const std::size_t count : {300, 3000}) {
            AsofBlock block(2);
            std::vector<std::int64_t> times(count);
            const auto mask = width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
            for (std::size_t n = 0; n < count; ++n) {
                times[n] = static_cast<std::int64_t>((random() & mask) - (width == 64 ? 0 : mask / 2));
                block.add(1, times[n], std::as_bytes(std::span(&times[n], 1)));
            }
            block.arrange({});
            std::sort(times.begin(), times.end());
            AsofBlock::Match match;
            for (std::size_t n = 0; n < count; ++n) {
                ASSERT_TRUE(block.next(match));
                std::int64_t at = 0;
                std::memcpy(&at, match.spine, sizeof at);
                ASSERT_EQ(at, times[n]) << width << " bits, row " << n;
            }
            EXPECT_FALSE(block.next(match));
        }
    }
}

TEST(AsofBlock, TakesLongAndMissingBytes) {
    const std::string longest(5 << 20, 'y');
    std::vector<Row> spine, series;
    for (int n = 0; n < 6; ++n) {
        spine.push_back({0, n, 0, std::to_string(n) + '\0' + (n % 2 ? longest : "")});
        series.push_back({0, n, n, n % 2 ? longest : "short"});
    }
    auto block = joined(1, spine, series, AsofMerge::for_ever);
    EXPECT_GT(block.bytes(), 6 * longest.size());
    expect_equals_look_at_pairs(block, spine, series, AsofMerge::for_ever);

    AsofBlock bare(1);
    bare.add(0, 7, {});
    bare.arrange({});
    bare.offer(0, 5, 4, bytes_of("five"));
    AsofBlock::Match match;
    ASSERT_TRUE(bare.next(match));
    EXPECT_EQ(match.spine, nullptr);
    ASSERT_NE(match.newest, nullptr);
    EXPECT_EQ(match.newest->at, 5);
    EXPECT_FALSE(bare.next(match));
}

// What is given part by part is what is given at once; a part's rows of the series are forgotten with the next one.
TEST(AsofBlock, GoesThroughInstrumentsInParts) {
    std::mt19937 random(4);
    for (int trial = 0; trial < 100; ++trial) {
        const auto spine = random_rows(random, 80, true), series = random_rows(random, 80, false);
        auto whole = joined(5, spine, series, AsofMerge::for_ever);
        AsofBlock parts(5);
        for (const Row& row : spine) parts.add(row.instrument, row.at, bytes_of(row.bytes));
        parts.arrange({});
        // rows that did not fit after all
        for (const Row& row : series) parts.offer(row.instrument, row.at, row.ts, bytes_of(row.bytes));
        std::size_t rows = 0;
        for (std::uint32_t first = 0, last = 0; first < 5; first = last) {
            last = first + 1 + random() % (5 - first);
            parts.start(first, last);
            for (const Row& row : series)
                if (row.instrument >= first && row.instrument < last)
                    parts.offer(row.instrument, row.at, row.ts, bytes_of(row.bytes));
            AsofBlock::Match match, expected;
            for (; parts.next(match); ++rows) {
                ASSERT_TRUE(whole.next(expected));
                EXPECT_STREQ(reinterpret_cast<const char*>(match.spine), reinterpret_cast<const char*>(expected.spine));
                ASSERT_EQ(match.newest != nullptr, expected.newest != nullptr) << "trial " << trial;
                if (match.newest) {
                    EXPECT_EQ(match.newest->ts, expected.newest->ts);
                }
            }
        }
        EXPECT_EQ(rows, spine.size());
    }
}

TEST(AsofBlock, SaysHowManyInstrumentsFit) {
    AsofBlock block(4);
    for (const std::uint32_t instrument : {0u, 0u, 1u, 3u, 3u, 3u}) block.add(instrument, 5, {});
    block.arrange({});
    EXPECT_EQ(block.fitting(0, 0), 4u);  // nothing is known of the series
    block.offer(0, 1, 1, bytes_of(std::string(1000, 'l')));
    EXPECT_EQ(block.fitting(0, 1'000'000), 4u);
    EXPECT_EQ(block.fitting(0, 1999), 0u);
    EXPECT_EQ(block.fitting(0, 2500), 1u);
    EXPECT_EQ(block.fitting(0, 3500), 3u);
    EXPECT_EQ(block.fitting(1, 1500), 3u);
    EXPECT_EQ(block.fitting(2, 2500), 3u);
}

// Of a series ten times as long as the spine only what a row of the spine can take stays.
TEST(AsofBlock, KeepsNoMoreRowsOfTheSeriesThanOfTheSpine) {
    AsofBlock block(1);
    for (int n = 0; n < 100; ++n) block.add(0, n * 1000, {});
    block.arrange({});
    const std::string features(10'000, 'f');
    for (int n = 0; n < 110'000; ++n) block.offer(0, n, n, bytes_of(features));
    EXPECT_LT(block.bytes(), 110 * features.size() + (16 << 20));
    AsofBlock::Match match;
    for (int n = 0; n < 100; ++n) {
        ASSERT_TRUE(block.next(match));
        ASSERT_NE(match.newest, nullptr);
        EXPECT_EQ(match.newest->at, n * 1000);
    }
}

TEST(AsofBlock, SaysWhatItAsksFor) {
    AsofBlock block(3);
    block.add(2, 50, {});
    block.add(0, 40, {});
    block.add(AsofBlock::no_instrument, 7, {});
    block.arrange({});
    EXPECT_TRUE(block.asks_for(0));
    EXPECT_FALSE(block.asks_for(1));
    EXPECT_TRUE(block.asks_for(2));
    AsofBlock empty(3);
    empty.arrange({});
    AsofBlock::Match match;
    EXPECT_FALSE(empty.next(match));
}

// One instrument with all rows is sorted in pieces that can be stopped, too; a sort's own steps are counted, not timed.
TEST(AsofBlock, CanBeStopped) {
    struct Stopped {};
    const auto filled = [](bool one_instrument) {
        AsofBlock block(2000);
        std::mt19937 random(5);
        for (std::uint32_t n = 0; n < 1'000'000; ++n)
            block.add(one_instrument ? 0 : n % 2000, static_cast<std::int64_t>(random()), {});
        return block;
    };
    for (const bool one_instrument : {true, false}) {
        auto block = filled(one_instrument);
        std::size_t calls = 0;
        block.arrange([&] { ++calls; });
        EXPECT_GE(calls, one_instrument ? 60 : 15);
        std::int64_t last = std::numeric_limits<std::int64_t>::min();
        auto stopped = filled(one_instrument);
        std::size_t left = calls / 2;
        EXPECT_THROW(stopped.arrange([&] {
            if (left-- == 0) throw Stopped();
        }),
                     Stopped);
        // in order: each row of the series is found by the first row of the spine that is not before it
        block.offer(0, last, 0, bytes_of("first"));
        AsofBlock::Match match;
        std::size_t rows = 0;
        while (block.next(match)) rows += match.newest != nullptr;
        EXPECT_EQ(rows, one_instrument ? 1'000'000u : 500u);
    }
}

}  // namespace
}  // namespace bourse::datasets
