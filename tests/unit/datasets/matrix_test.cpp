#include "datasets/matrix.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace bourse::datasets {
namespace {

TEST(Matrix, ViewsAreRunsOfRows) {
    Matrix matrix(2);
    for (int i = 0; i < 4; ++i) {
        matrix.append(i * 100, i, static_cast<float>(i) / 10);
        matrix.row(static_cast<std::size_t>(i))[1] = static_cast<float>(i);
    }
    const auto view = matrix.view(1, 3);
    ASSERT_EQ(view.rows(), 2u);
    EXPECT_EQ(view.ts[0], 100);
    EXPECT_EQ(view.instruments[1], 2);
    EXPECT_TRUE(std::isnan(view.values[0]));
    EXPECT_EQ(view.values[3], 2.0F);
    EXPECT_EQ(missing_ratios(view), (std::vector<double>{1.0, 0.0}));
    EXPECT_TRUE(missing_ratios(matrix.view(2, 2)).empty());
}

TEST(Matrix, FillsInAnyOrder) {
    Matrix matrix(1);
    matrix.resize(3);
    matrix.set(2, 30, 7, 0.5F);
    matrix.row(2)[0] = 1;
    EXPECT_EQ(matrix.view().ts[2], 30);
    EXPECT_TRUE(std::isnan(matrix.view().values[0]));
}

TEST(Matrix, InfinitiesBecomeMissing) {
    std::vector<float> values{1, std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(), 2};
    EXPECT_EQ(drop_infinities(values), 2u);
    EXPECT_TRUE(std::isnan(values[1]) && std::isnan(values[2]));
    EXPECT_EQ(values[3], 2.0F);
}

}  // namespace
}  // namespace bourse::datasets
