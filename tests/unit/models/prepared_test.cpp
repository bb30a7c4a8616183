// What a model does to its rows before it looks at them, as its artifact keeps it.
#include "models/prepared.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"

namespace bourse::models {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

Artifact with_features(std::size_t count) {
    Artifact artifact;
    for (std::size_t i = 0; i < count; ++i) artifact.features.push_back("f" + std::to_string(i));
    return artifact;
}

TEST(Prepared, StepsComeBackInTheirOrder) {
    Artifact artifact = with_features(3);
    ColumnStep clip(ColumnStep::Kind::clip, 3);
    clip.set(1, -2, 2.5);
    const CrossStep rank{CrossStep::Kind::rank, {CrossStep::changed, CrossStep::left_alone, CrossStep::changed}};
    const CrossStep neutral{CrossStep::Kind::neutralise, {CrossStep::changed, CrossStep::exposure, CrossStep::changed}};
    put_steps(artifact, std::vector<PreparationStep>{rank, clip, neutral});
    const auto steps = read_steps(artifact);
    ASSERT_EQ(steps.size(), 3U);
    EXPECT_EQ(std::get<CrossStep>(steps[0]).kind, CrossStep::Kind::rank);
    EXPECT_EQ(std::get<CrossStep>(steps[0]).on, rank.on);
    EXPECT_EQ(std::get<ColumnStep>(steps[1]).kind, ColumnStep::Kind::clip);
    EXPECT_EQ(std::get<ColumnStep>(steps[1]).a, clip.a);
    EXPECT_EQ(std::get<ColumnStep>(steps[1]).b, clip.b);
    EXPECT_EQ(std::get<CrossStep>(steps[2]).on, neutral.on);
}

TEST(Prepared, DamagedStepsAreRefused) {
    const auto refused = [](const std::string& name, std::vector<std::uint8_t> on) {
        Artifact artifact = with_features(2);
        artifact.put<std::uint8_t>(name, on);
        try {
            (void)read_steps(artifact);
        } catch (const Error& error) {
            return error.kind() == ErrorKind::corrupt_artifact;
        }
        return false;
    };
    EXPECT_FALSE(refused("prepare.0.across_rank", {1, 0}));
    EXPECT_TRUE(refused("prepare.0.across_rank", {1, 3}));
    EXPECT_TRUE(refused("prepare.0.across_rank", {1, 2}));        // an exposure, and nothing is neutralised
    EXPECT_TRUE(refused("prepare.0.across_neutralise", {1, 1}));  // nothing to neutralise by
    EXPECT_TRUE(refused("prepare.0.across_rank", {1, 0, 0}));
    EXPECT_TRUE(refused("prepare.1.across_rank", {1, 0}));
    EXPECT_TRUE(refused("prepare.0.across_sort", {1, 0}));
    EXPECT_TRUE(refused("prepare.0.rank", {1, 0}));
}

// By hand: of the middle column, four rows of one timestamp.
TEST(Prepared, CrossSectionsByHand) {
    const std::vector<float> rows{1, 10, 0, 2, 30, 0, 3, nan, 0, 5, 20, 0};
    const auto after = [&](CrossStep::Kind kind, std::vector<std::uint8_t> on = {0, 1, 0}) {
        auto changed = rows;
        CrossStep{kind, std::move(on)}.apply(changed);
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (i % 3 != 1) {
                EXPECT_EQ(changed[i], rows[i]);
            }
        return std::vector<float>{changed[1], changed[4], changed[7], changed[10]};
    };
    const auto rank = after(CrossStep::Kind::rank);
    EXPECT_FLOAT_EQ(rank[0], static_cast<float>((1.0 / 3 - 0.5) * 3.46));
    EXPECT_FLOAT_EQ(rank[1], static_cast<float>(0.5 * 3.46));
    EXPECT_TRUE(std::isnan(rank[2]));
    const auto z = after(CrossStep::Kind::z_score);
    EXPECT_FLOAT_EQ(z[0], -1);
    EXPECT_FLOAT_EQ(z[1], 1);
    EXPECT_FLOAT_EQ(z[3], 0);
    EXPECT_FLOAT_EQ(after(CrossStep::Kind::fill)[2], 20);
    // rows (1, 10), (2, 30), (5, 20): slope 1.1538, intercept 16.9231
    const auto left = after(CrossStep::Kind::neutralise, {2, 1, 0});
    EXPECT_NEAR(left[0], 10 - 1.1538462 - 16.9230769, 1e-5);
    EXPECT_NEAR(left[1], 30 - 2.3076923 - 16.9230769, 1e-5);
    EXPECT_TRUE(std::isnan(left[2]));
    EXPECT_NEAR(left[3], 20 - 5.7692308 - 16.9230769, 1e-5);
}

}  // namespace
}  // namespace bourse::models
