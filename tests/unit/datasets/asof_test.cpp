#include "datasets/asof.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace bourse::datasets {
namespace {

// The position in `series` of the row that a merge gives each row of the spine; -1: none.
std::vector<int> merged(const std::vector<AsofKey>& spine, const std::vector<AsofKey>& series, AsofMerge merge) {
    std::vector<int> found;
    int newest = -1, waiting = -1;
    for (const auto& key : spine) {
        while (merge.wants_row(key)) {
            newest = waiting >= 0 ? waiting : newest;
            if (static_cast<std::size_t>(waiting + 1) < series.size()) {
                merge.next(series[static_cast<std::size_t>(++waiting)]);
            } else {
                merge.end();
            }
        }
        found.push_back(merge.matches(key) ? newest : -1);
    }
    return found;
}

// Every pair is looked at: the last row in order whose time is not after the spine's, no older than the tolerance.
TEST(Asof, EqualsALookAtEveryPair) {
    std::mt19937 random(21);
    for (int trial = 0; trial < 500; ++trial) {
        const auto make = [&](std::size_t most) {
            std::vector<AsofKey> keys(random() % most);
            for (auto& key : keys)
                key = {static_cast<std::int32_t>(random() % 4), static_cast<std::int64_t>(random() % 30) - 10};
            std::sort(keys.begin(), keys.end(), [](const AsofKey& a, const AsofKey& b) { return a.comes_before(b); });
            return keys;
        };
        const auto spine = make(40), series = make(40);
        const std::uint64_t tolerance = trial % 2 ? random() % 8 : AsofMerge::for_ever;
        const auto found = merged(spine, series, AsofMerge(tolerance));
        for (std::size_t i = 0; i < spine.size(); ++i) {
            int expected = -1;
            for (std::size_t k = 0; k < series.size(); ++k)
                if (series[k].instrument == spine[i].instrument && series[k].at <= spine[i].at)
                    expected = static_cast<int>(k);
            if (expected >= 0 &&
                static_cast<std::uint64_t>(spine[i].at - series[static_cast<std::size_t>(expected)].at) > tolerance)
                expected = -1;
            ASSERT_EQ(found[i], expected) << "trial " << trial << " row " << i;
        }
    }
}

// Without a tolerance a row counts for ever, however far its time and the spine's are apart.
TEST(Asof, ReachesFromOneEndOfTimeToTheOther) {
    const std::vector<AsofKey> spine = {{0, std::numeric_limits<std::int64_t>::max()}};
    const std::vector<AsofKey> series = {{0, std::numeric_limits<std::int64_t>::min()}};
    EXPECT_EQ(merged(spine, series, AsofMerge()), std::vector<int>{0});
    EXPECT_EQ(merged(spine, series, AsofMerge(std::uint64_t{1} << 63)), std::vector<int>{-1});
}

}  // namespace
}  // namespace bourse::datasets
