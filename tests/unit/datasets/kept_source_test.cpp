// A kept source gives what its source gives, whatever was asked of it before and however little it may keep.
#include "datasets/kept_source.hpp"

#include <gtest/gtest.h>

#include "factors/memory_source.hpp"

namespace bourse::datasets {
namespace {

using factors::Bar;
using factors::Span;

using Times = std::map<std::int32_t, std::multiset<std::int64_t>>;

Times times_of(factors::MarketSource& source, std::span<const Span> spans) {
    Times times;
    source.bars("1d", spans, [&](std::int32_t id, std::span<const Bar> some) {
        for (const Bar& bar : some) times[id].insert(bar.ts_us);
    });
    return times;
}

TEST(KeptSource, GivesWhatItsSourceGives) {
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    for (int round = 0; round < 300; ++round) {
        factors::test::MemorySource source;
        for (std::int32_t id = 1; id <= 5; ++id)
            for (std::int64_t ts = 0; ts < 40; ++ts)
                if (random() % 4 != 0) source.add("1d", id, ts, static_cast<double>(random() % 100));
        constexpr std::size_t limits[] = {0, 30 * sizeof(Bar), std::size_t{1} << 20};
        KeptSource kept(source, limits[random() % 3]);
        for (int call = 0; call < 6; ++call) {
            kept.keep_bars(random() % 2 == 0);
            std::vector<Span> spans;
            for (std::int32_t id = 1; id <= 5; ++id)
                for (auto some = random() % 8; some < 3; ++some) {  // mostly none, sometimes several
                    const auto from = static_cast<std::int64_t>(random() % 40);
                    spans.push_back({id, from, from + static_cast<std::int64_t>(random() % 40)});
                }
            EXPECT_EQ(times_of(kept, spans), times_of(source, spans)) << "round " << round << ", call " << call;
        }
    }
}

// What was read while it was told to keep it is not read again; more than it may keep is.
TEST(KeptSource, ReadsOnceWhatItMayKeep) {
    factors::test::MemorySource source;
    for (std::int64_t ts = 0; ts < 100; ++ts) source.add("1d", 1, ts, 1);
    const std::vector<Span> all{{1, 0, 100}}, some{{1, 10, 20}};
    for (const std::size_t limit : {std::size_t{100}, std::size_t{99}}) {
        KeptSource kept(source, limit * sizeof(Bar));
        kept.keep_bars(true);
        EXPECT_EQ(times_of(kept, all).at(1).size(), 100U);
        factors::test::MemorySource before = source;
        source.stored.clear();
        EXPECT_EQ(times_of(kept, some).empty(), limit < 100);
        source = before;
    }
}

}  // namespace
}  // namespace bourse::datasets
