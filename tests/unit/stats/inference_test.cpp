// Newey-West errors and Benjamini-Hochberg against statsmodels' values (shared spec statistics.md, 2.7 and 2.9).
#include "stats/inference.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace bourse::stats {
namespace {

const std::vector<double> returns{.012, -.004, .008,  .015, -.010, .003,  .007, -.002, .011, -.006,
                                  .009, .004,  -.008, .013, .002,  -.001, .006, -.003, .010, .005};

TEST(NeweyWest, HasStatsmodelsErrors) {
    EXPECT_NEAR(newey_west(returns, 0).error, .00159761541054160, 1e-16);
    EXPECT_NEAR(newey_west(returns, 2).error, .000727111866679857, 1e-16);
    const MeanError four = newey_west(returns, 4);
    EXPECT_NEAR(four.mean, .00355, 1e-17);
    EXPECT_NEAR(four.error, .000658729838401146, 1e-16);
    EXPECT_NEAR(four.t, .00355 / .000658729838401146, 1e-10);
    EXPECT_NEAR(four.p, 7.078806041356e-8, 1e-15);
    EXPECT_EQ(newey_west_lags(20), 2u);
    EXPECT_EQ(newey_west_lags(100), 4u);
}

TEST(NeweyWest, SaysNothingWithoutAnError) {
    EXPECT_TRUE(std::isnan(newey_west({}, 3).mean));
    const std::vector<double> one{2}, constant{2, 2, 2};
    EXPECT_EQ(newey_west(one, 3).mean, 2);
    EXPECT_TRUE(std::isnan(newey_west(one, 3).error));
    EXPECT_TRUE(std::isnan(newey_west(constant, 1).t));
    EXPECT_TRUE(std::isnan(newey_west(constant, 1).p));
}

TEST(BenjaminiHochberg, HasStatsmodelsValues) {
    const double missing = std::numeric_limits<double>::quiet_NaN();
    const auto adjusted =
        benjamini_hochberg(std::vector<double>{.041, .001, .06, missing, .008, .205, .039, .042, .074});
    const double expected[] = {.0672, .008, .08, missing, .032, .205, .0672, .0672, .0845714285714286};
    for (std::size_t i = 0; i < adjusted.size(); ++i) {
        if (std::isnan(expected[i]))
            EXPECT_TRUE(std::isnan(adjusted[i]));
        else
            EXPECT_NEAR(adjusted[i], expected[i], 1e-15) << i;
    }
}

}  // namespace
}  // namespace bourse::stats
