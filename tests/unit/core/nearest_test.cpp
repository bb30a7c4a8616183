#include "core/nearest.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bourse {
namespace {

const std::vector<std::string> names{"close", "volume", "max_depth", "learning_rate"};

TEST(Nearest, FindsATypo) {
    EXPECT_EQ(nearest("clsoe", names), "close");
    EXPECT_EQ(nearest("maxdepth", names), "max_depth");
    EXPECT_EQ(nearest("LEARNING_RATE", names), "learning_rate");
}

TEST(Nearest, OffersNothingThatIsFar) {
    EXPECT_EQ(nearest("banana", names), "");
    EXPECT_EQ(nearest("x", {}), "");
    EXPECT_EQ(nearest(std::string(100'000, 'a'), names), "");
}

}  // namespace
}  // namespace bourse
