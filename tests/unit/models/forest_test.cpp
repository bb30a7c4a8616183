// Tree walking on small models whose answers can be read off by eye.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/forest.hpp"
#include "models/xgboost_import.hpp"

namespace bourse::models {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

// One tree over two features: x0 < 0.5 ? 1 : (x1 in {2, 5} ? 20 : 10); missing goes left at the root, right below.
const std::string two_splits = R"({"version": [1, 7, 4], "learner": {
  "feature_names": [], "feature_types": ["q", "c"], "objective": {"name": "OBJECTIVE"},
  "learner_model_param": {"num_feature": "2", "num_class": "0", "num_target": "1", "base_score": "BASE"},
  "gradient_booster": {"name": "gbtree", "model": {"gbtree_model_param": {"num_trees": "1", "num_parallel_tree": "1"}, "tree_info": [0],
    "trees": [{"tree_param": {"num_nodes": "5", "size_leaf_vector": "0"},
      "left_children": [1, -1, 3, -1, -1], "right_children": [2, -1, 4, -1, -1], "split_indices": [0, 0, 1, 0, 0],
      "split_conditions": [0.5, 1.0, NaN, 10.0, 20.0], "default_left": [1, 0, 0, 0, 0], "split_type": [0, 0, 1, 0, 0],
      "sum_hessian": [4, 2, 2, 1, 1],
      "categories": [5, 2], "categories_nodes": [2], "categories_segments": [0], "categories_sizes": [2]}]}}}})";

std::string model_text(const std::string& objective, const std::string& base) {
    std::string text = two_splits;
    text.replace(text.find("OBJECTIVE"), 9, objective);
    text.replace(text.find("BASE"), 4, base);
    return text;
}

double predict(const Evaluator& model, float x0, float x1) { return model.predict(std::array{x0, x1}); }

TEST(Forest, TestsAsXgboostDoes) {
    const auto model = make_evaluator(artifact_from_xgboost(model_text("reg:squarederror", "0")));
    EXPECT_EQ(predict(*model, 0.4f, 0), 1);
    EXPECT_EQ(predict(*model, std::nextafter(0.5f, 0.0f), 0), 1);
    EXPECT_EQ(predict(*model, 0.5f, 0), 10) << "equal goes right";
    EXPECT_EQ(predict(*model, missing, 2), 1) << "missing goes the default way";
    EXPECT_EQ(predict(*model, 1, missing), 20);
    EXPECT_EQ(predict(*model, 1, 2), 20) << "the set goes right";
    EXPECT_EQ(predict(*model, 1, 5.9f), 20) << "the integer part counts";
    EXPECT_EQ(predict(*model, 1, 3), 10);
    EXPECT_EQ(predict(*model, 1, -0.5f), 10);
    EXPECT_EQ(predict(*model, 1, 16777216.0f), 10);
    EXPECT_EQ(predict(*model, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::infinity()), 10);
    EXPECT_EQ(predict(*model, -std::numeric_limits<float>::infinity(), 0), 1);
}

TEST(Forest, ObjectivesStartFromTheirLink) {
    const auto logistic = make_evaluator(artifact_from_xgboost(model_text("binary:logistic", "0.5")));
    EXPECT_FLOAT_EQ(predict(*logistic, 0, 0), 1 / (1 + std::exp(-1.0)));
    const auto raw = make_evaluator(artifact_from_xgboost(model_text("binary:logitraw", "0.25")));
    EXPECT_EQ(predict(*raw, 0, 0), 1.25) << "logitraw takes base_score as it is";
    const auto poisson = make_evaluator(artifact_from_xgboost(model_text("count:poisson", "2")));
    EXPECT_FLOAT_EQ(predict(*poisson, 0, 0), 2 * std::exp(1.0));
    const auto hinge = make_evaluator(artifact_from_xgboost(model_text("binary:hinge", "-2")));
    EXPECT_EQ(predict(*hinge, 0, 0), 0);
    EXPECT_EQ(predict(*hinge, 1, 0), 1);
    for (const auto& [objective, base] : {std::pair("binary:logistic", "0"),
                                          {"binary:logistic", "1"},
                                          {"count:poisson", "0"},
                                          {"reg:squarederror", "NaN"},
                                          {"reg:squarederror", "1e40"},
                                          {"reg:squarederror", ""}}) {
        EXPECT_THROW(artifact_from_xgboost(model_text(objective, base)), Error) << objective << " from " << base;
    }
    try {
        artifact_from_xgboost(model_text("reg:unheard_of", "0"));
        FAIL() << "an unknown objective was accepted";
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::invalid_argument);
    }
}

// Any way of cutting rows into calls gives the same bits.
TEST(Forest, BlocksDoNotMatter) {
    const auto model = make_evaluator(artifact_from_xgboost(model_text("reg:squarederror", "0.5")));
    std::mt19937 random(7);
    std::uniform_real_distribution<float> uniform(-1, 7);
    const std::size_t n = 1000;
    std::vector<float> rows(n * 2);
    for (auto& x : rows) x = random() % 5 == 0 ? missing : uniform(random);
    std::vector<float> whole(n), parts(n);
    model->margins(rows, n, whole, {});
    for (std::size_t at = 0, step = 1; at < n; at += step, step = std::min<std::size_t>(step * 2 + 1, n - at))
        model->margins(std::span(rows).subspan(at * 2, std::min(step, n - at) * 2), std::min(step, n - at),
                       std::span(parts).subspan(at, std::min(step, n - at)), {});
    EXPECT_EQ(whole, parts);
    for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(model->predict(std::span(rows).subspan(i * 2, 2)), whole[i]) << i;
}

TEST(Forest, CanBeCancelled) {
    const auto model = make_evaluator(artifact_from_xgboost(model_text("reg:squarederror", "0")));
    std::vector<float> rows(2000), margins(1000);
    int calls = 0;
    EXPECT_THROW(model->margins(rows, 1000, margins,
                                [&] {
                                    if (++calls == 3) throw Error(ErrorKind::cancelled, "stop");
                                }),
                 Error);
    EXPECT_EQ(calls, 3);
}

// Where a node stands twice another one is not reached: the counts alone say nothing.
TEST(Forest, NodesWithTwoParentsAreRefused) {
    const auto refusal = [](const std::vector<std::int32_t>& left, const std::vector<std::int32_t>& right) {
        auto artifact = artifact_from_xgboost(model_text("reg:squarederror", "0"));
        artifact.put<std::int32_t>("node_left", left);
        artifact.put<std::int32_t>("node_right", right);
        try {
            load_model(write_artifact(artifact));
        } catch (const Error& e) {
            return e.kind() == ErrorKind::corrupt_artifact ? std::string(e.what()) : "not as corrupt";
        }
        return std::string("accepted");
    };
    const std::string two = "model artifact: a node has two parents or is its own ancestor";
    EXPECT_EQ(refusal({1, -1, 3, -1, -1}, {2, -1, 4, -1, -1}), "accepted");
    EXPECT_EQ(refusal({1, -1, 1, -1, -1}, {2, -1, 4, -1, -1}), two) << "a leaf";
    EXPECT_EQ(refusal({1, -1, 3, -1, -1}, {2, -1, 1, -1, -1}), two) << "a leaf";
    EXPECT_EQ(refusal({1, -1, 2, -1, -1}, {2, -1, 3, -1, -1}), two) << "its own ancestor";
}

TEST(Forest, NamesCanBeGiven) {
    const auto named = artifact_from_xgboost(model_text("reg:squarederror", "0"), {"close", "sector"});
    EXPECT_EQ(named.features, (std::vector<std::string>{"close", "sector"}));
    EXPECT_EQ(artifact_from_xgboost(model_text("reg:squarederror", "0")).features,
              (std::vector<std::string>{"f0", "f1"}));
    EXPECT_THROW(artifact_from_xgboost(model_text("reg:squarederror", "0"), {"close"}), Error);
    EXPECT_THROW(artifact_from_xgboost(model_text("reg:squarederror", "0"), {"close", "close"}), Error);
}

}  // namespace
}  // namespace bourse::models
