#include "training/evaluation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "core/error.hpp"

namespace bourse::training {
namespace {

std::map<std::string, double, std::less<>> evaluated(const std::vector<std::vector<float>>& predictions,
                                                     const std::vector<std::vector<double>>& outcomes,
                                                     double middle = 0) {
    datasets::Matrix matrix(1);
    std::vector<float> flat;
    std::vector<double> labels;
    for (std::size_t day = 0; day < outcomes.size(); ++day)
        for (std::size_t i = 0; i < outcomes[day].size(); ++i) {
            matrix.append(static_cast<std::int64_t>(day), static_cast<std::int32_t>(i),
                          static_cast<float>(outcomes[day][i]));
            flat.push_back(predictions[day][i]);
            labels.push_back(outcomes[day][i]);
        }
    std::map<std::string, double, std::less<>> found;
    for (const auto& metric : evaluate(matrix.view(), labels, flat, middle))
        found[std::string(metric.name)] = metric.value;
    return found;
}

// Numbers of the specification: prediction .3 .1 .5 .2 .5 and outcome .02 -.01 .03 0 .01 give IC .795495129 and
// RankIC .820782682; 3 -.5 2 7 against 2.5 0 2 8 gives MAE .5 and MSE .375.
TEST(Evaluation, MatchesPublishedNumbers) {
    const auto one = evaluated({{.3F, .1F, .5F, .2F, .5F}}, {{.02, -.01, .03, 0, .01}});
    EXPECT_NEAR(one.at("ic"), .795495129, 1e-7);  // predictions are float32
    EXPECT_NEAR(one.at("rank_ic"), .820782682, 1e-9);
    EXPECT_EQ(one.at("ic_days"), 1);
    EXPECT_FALSE(one.contains("icir"));    // one day has no deviation
    EXPECT_EQ(one.at("hit_ratio"), 0.75);  // the outcome 0 has no side

    const auto errors = evaluated({{2.5F, 0, 2, 8}}, {{3, -.5, 2, 7}});
    EXPECT_DOUBLE_EQ(errors.at("mae"), .5);
    EXPECT_DOUBLE_EQ(errors.at("rmse"), std::sqrt(.375));
    EXPECT_FALSE(errors.contains("ic"));  // fewer than five names
}

TEST(Evaluation, IcirIsMeanOverDeviation) {
    const std::vector<double> up{1, 2, 3, 4, 5};
    const auto two = evaluated({{1, 2, 3, 4, 5}, {2, 1, 3, 4, 5}, {5, 5, 5, 5, 5}}, {up, up, up});
    EXPECT_EQ(two.at("ic_days"), 2);  // a constant prediction orders nothing
    EXPECT_NEAR(two.at("rank_ic"), 0.95, 1e-12);
    EXPECT_NEAR(two.at("rank_icir"), 0.95 / (0.1 / std::sqrt(2.0)), 1e-9);
}

TEST(Evaluation, SidesOfProbabilities) {
    const auto found = evaluated({{.9F, .2F, .6F, .4F, .1F}}, {{1, 0, 0, 1, 0}}, 0.5);
    EXPECT_DOUBLE_EQ(found.at("hit_ratio"), 0.6);
}

TEST(Evaluation, RefusesOtherLengths) {
    datasets::Matrix matrix(1);
    matrix.append(0, 0, 0);
    EXPECT_THROW(evaluate(matrix.view(), {}, {}, 0), Error);
    EXPECT_TRUE(evaluate(matrix.view(0, 0), {}, {}, 0).empty());
}

}  // namespace
}  // namespace bourse::training
