#include "market/synthetic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <vector>

#include "core/error.hpp"

namespace bourse::market {
namespace {

std::vector<SyntheticBar> bars_of(const SyntheticOptions& options) {
    std::vector<SyntheticBar> bars;
    synthesize_market(options, [&](const SyntheticBar& bar) { bars.push_back(bar); });
    return bars;
}

// Pearson correlation of a day's log volume with the return of the day after next, stock means of volume removed.
double measured_ic(const std::vector<SyntheticBar>& bars, int instruments, int days) {
    const auto at = [&](int day, int stock) -> const SyntheticBar& {
        return bars[static_cast<std::size_t>(day * instruments + stock)];
    };
    std::vector<double> mean(static_cast<std::size_t>(instruments));
    for (int i = 0; i < instruments; ++i)
        for (int t = 0; t < days; ++t) mean[static_cast<std::size_t>(i)] += std::log(at(t, i).volume) / days;
    double total = 0;
    for (int t = 0; t + 2 < days; ++t) {
        double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
        for (int i = 0; i < instruments; ++i) {
            const double x = std::log(at(t, i).volume) - mean[static_cast<std::size_t>(i)];
            const double y = at(t + 2, i).close / at(t + 1, i).close - 1;
            sx += x, sy += y, sxx += x * x, syy += y * y, sxy += x * y;
        }
        const double n = instruments;
        total += (sxy - sx * sy / n) / std::sqrt((sxx - sx * sx / n) * (syy - sy * sy / n));
    }
    return total / (days - 2);
}

TEST(Synthetic, PlantedSignalHasTheStatedIc) {
    // 200 stocks, 1,000 days: the mean of 998 daily ICs has a standard error near 1 / sqrt(200 * 998) = 0.0022.
    for (double ic : {0.0, 0.1, 0.3}) {
        SyntheticOptions options{.instruments = 200, .days = 1000, .seed = 7, .attainable_ic = ic};
        EXPECT_NEAR(measured_ic(bars_of(options), 200, 1000), ic, 0.009) << ic;
    }
}

TEST(Synthetic, BarsAreSound) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed)
        for (const auto& bar : bars_of({.instruments = 5, .days = 30, .seed = seed, .attainable_ic = 0.2})) {
            EXPECT_GT(bar.low, 0);
            EXPECT_GE(bar.high, std::max(bar.open, bar.close));
            EXPECT_LE(bar.low, std::min(bar.open, bar.close));
            EXPECT_GT(bar.volume, 0);
        }
}

TEST(Synthetic, SameSeedSameMarket) {
    const auto a = bars_of({.instruments = 3, .days = 20, .seed = 5});
    const auto b = bars_of({.instruments = 3, .days = 20, .seed = 5});
    const auto c = bars_of({.instruments = 3, .days = 20, .seed = 6});
    ASSERT_EQ(a.size(), 60u);
    bool differs = false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].close, b[i].close);
        differs = differs || a[i].close != c[i].close;
    }
    EXPECT_TRUE(differs);
    EXPECT_EQ(a.front().date, "2015-01-05");
    EXPECT_EQ(a.back().date, "2015-01-30");
}

TEST(Synthetic, RefusesAbsurdOptions) {
    EXPECT_THROW(bars_of({.instruments = 1}), Error);
    EXPECT_THROW(bars_of({.days = 0}), Error);
    EXPECT_THROW(bars_of({.attainable_ic = 1.0}), Error);
}

}  // namespace
}  // namespace bourse::market
