#include "core/column_steps.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

namespace bourse {
namespace {

// Rows at once give what single values give, bit for bit, whether all columns take part or some.
TEST(ColumnSteps, RowsAreWhatValuesAre) {
    std::mt19937 random(7);
    std::normal_distribution<double> normal(0, 2);
    constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    const float odd[] = {nan, inf, -inf, 0.0F, -0.0F, std::numeric_limits<float>::max(), 1e-42F, 3.0F, -3.0F};
    for (const auto kind : {ColumnStep::Kind::scale, ColumnStep::Kind::clip, ColumnStep::Kind::fill,
                            ColumnStep::Kind::tanh, ColumnStep::Kind::finite, ColumnStep::Kind::drop,
                            ColumnStep::Kind::power, ColumnStep::Kind::log, ColumnStep::Kind::exp})
        for (const bool all : {true, false})
            for (int round = 0; round < 200; ++round) {
                const std::size_t columns = 1 + random() % 40,
                                  extra = random() % 2;  // a step may have the label's, too
                ColumnStep step(kind, columns + extra);
                for (std::size_t c = 0; c < columns + extra; ++c) {
                    if (!all && random() % 3 == 0) continue;
                    const double first = random() % 9 == 0 ? -3 : normal(random);
                    step.set(c, first,
                             kind == ColumnStep::Kind::clip ? first + std::abs(normal(random)) : normal(random));
                    if (random() % 20 == 0) step.set(c, std::nan(""), std::nan(""));
                }
                std::vector<float> row(columns);
                for (auto& x : row)
                    x = random() % 3 ? static_cast<float>(normal(random)) : odd[random() % std::size(odd)];
                auto expected = row;
                for (std::size_t c = 0; c < columns; ++c) expected[c] = step.value(c, row[c]);
                step.apply(row);
                for (std::size_t c = 0; c < columns; ++c) {
                    if (std::isnan(expected[c]))
                        ASSERT_TRUE(std::isnan(row[c])) << kind_name(kind) << " column " << c;
                    else
                        ASSERT_EQ(std::bit_cast<std::uint32_t>(row[c]), std::bit_cast<std::uint32_t>(expected[c]))
                            << kind_name(kind) << " column " << c << ": " << row[c] << ", not " << expected[c];
                }
            }
}

}  // namespace
}  // namespace bourse
