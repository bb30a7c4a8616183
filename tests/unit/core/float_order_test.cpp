#include "core/float_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace bourse {
namespace {

std::vector<float> values_of(std::mt19937& random, std::size_t count, int form) {
    constexpr float inf = std::numeric_limits<float>::infinity();
    const float odd[] = {
        inf, -inf, 0, 1, -1, std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest(), 1e-42F, -1e-42F};
    std::normal_distribution<double> normal(1, 0.02);
    std::vector<float> values(count);
    for (auto& value : values)
        value = form == 0   ? static_cast<float>(normal(random))
                : form == 1 ? static_cast<float>(static_cast<int>(random() % 5) - 2)
                : form == 2
                    ? odd[random() % std::size(odd)]
                    : std::ldexp(static_cast<float>(random() % 2000) - 1000, static_cast<int>(random() % 60) - 30);
    return values;
}

TEST(FloatOrder, IsTheOneOfComparisons) {
    std::mt19937 random(3);
    FloatSorter sorter;
    for (int form = 0; form < 4; ++form)
        for (const std::size_t count : {1, 2, 3, 4, 7, 100, 2049, 5000})
            for (int round = 0; round < 20; ++round) {
                auto values = values_of(random, count, form);
                auto sorted = values;
                std::sort(sorted.begin(), sorted.end());
                sorter.sort(values);
                ASSERT_EQ(values, sorted) << form << " " << count;
            }
    std::vector<float> none;
    sorter.sort(none);
    EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace bourse
