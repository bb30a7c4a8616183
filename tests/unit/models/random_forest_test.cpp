// Random forests of scikit-learn, in the tensors of light_forest.hpp, against what scikit-learn computed: it averages
// leaves in float64 and compares float32 values with float64 thresholds. A forest of c classes becomes c trees a tree,
// one for each class's share. Those of XGBoost and LightGBM themselves are in the other golden tests.
#include <gtest/gtest.h>

#include <functional>

#include "models/contributions.hpp"
#include "models/golden.hpp"
#include "models/light_forest.hpp"

namespace bourse::models {
namespace {

using nlohmann::json;

struct Tensors {
    std::vector<std::uint32_t> tree_leaves, feature, node_count, leaf_count;
    std::vector<std::uint8_t> decision;
    std::vector<std::int32_t> left, right;
    std::vector<double> threshold, leaf_value;
};

// One tree, with leaves of one class.
void append(const json& tree, std::size_t output, Tensors& out) {
    const std::size_t first_node = out.feature.size(), first_leaf = out.leaf_value.size();
    const std::function<std::int32_t(std::size_t)> visit = [&](std::size_t node) {
        const auto cover = static_cast<std::uint32_t>(tree["cover"][node].get<double>());
        if (tree["left"][node] == -1) {
            out.leaf_value.push_back(tree["value"][node][output]);
            out.leaf_count.push_back(cover);
            return ~static_cast<std::int32_t>(out.leaf_value.size() - 1 - first_leaf);
        }
        const std::size_t own = out.feature.size();
        out.feature.push_back(tree["feature"][node]);
        out.threshold.push_back(tree["threshold"][node]);
        const bool left_when_missing = tree["missing_go_to_left"][node] == 1;
        out.decision.push_back(static_cast<std::uint8_t>((left_when_missing ? LightForest::default_left : 0) |
                                                         static_cast<int>(LightForest::Missing::nan) << 2));
        out.node_count.push_back(cover);
        out.left.push_back(0);
        out.right.push_back(0);
        const auto left = visit(tree["left"][node]);
        const auto right = visit(tree["right"][node]);
        out.left[own] = left;
        out.right[own] = right;
        return static_cast<std::int32_t>(own - first_node);
    };
    visit(0);
    out.tree_leaves.push_back(static_cast<std::uint32_t>(out.leaf_value.size() - first_leaf));
}

Artifact artifact_of(const std::string& name) {
    const auto model = json::parse(golden::read(golden::folder() / name / "model.json"));
    Artifact artifact;
    artifact.kind = LightForest::kind;
    const auto& trees = model["trees"];
    artifact.outputs = static_cast<std::uint32_t>(trees[0]["value"][0].size());
    artifact.objective = artifact.outputs == 1 ? "regression" : "";
    for (int j = 0; j < model["n_features"]; ++j) artifact.features.push_back("f" + std::to_string(j));
    Tensors all;
    for (const auto& tree : trees)
        for (std::size_t k = 0; k < artifact.outputs; ++k) append(tree, k, all);
    const auto put = [&](const char* tensor, const auto& values) {
        artifact.put(tensor, std::span(std::as_const(values)));
    };
    put("tree_leaves", all.tree_leaves);
    put("node_feature", all.feature);
    put("node_threshold", all.threshold);
    put("node_decision", all.decision);
    put("node_left", all.left);
    put("node_right", all.right);
    put("node_count", all.node_count);
    put("leaf_count", all.leaf_count);
    put("leaf_value", all.leaf_value);
    const std::vector<std::uint32_t> none;
    for (const char* tensor : {"category_node", "category_words", "category_set"}) put(tensor, none);
    put("average", std::vector<std::uint8_t>{1});
    return artifact;
}

// Rows as scikit-learn took them: float32, written in 9 digits.
std::vector<std::vector<double>> rows_of(const std::string& name) {
    auto rows = golden::parse<double>(golden::read(golden::folder() / name / "inputs.csv")).rows;
    for (auto& row : rows)
        for (auto& x : row) x = static_cast<double>(static_cast<float>(x));
    return rows;
}

const std::vector<std::string> forests{"forest_regression", "forest_classes"};

void expect_means(const std::string& name) {
    SCOPED_TRACE(name);
    const auto model = load_model(write_artifact(artifact_of(name)));
    const auto expected = golden::parse<double>(golden::read(golden::folder() / name / "expected.csv"));
    const auto rows = rows_of(name);
    ASSERT_GT(rows.size(), 50u);
    ASSERT_EQ(rows.size(), expected.rows.size());
    std::vector<double> sums(model->outputs()), prediction(1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        model->margins(rows[i], 1, sums, {});
        for (std::size_t k = 0; k < sums.size(); ++k) {
            const double wanted = expected.rows[i][expected.find("pred", k)];
            EXPECT_NEAR(sums[k] / model->objective().divisor, wanted, 1e-12 * (1 + std::abs(wanted))) << "row " << i;
        }
        if (sums.size() > 1) continue;
        model->predictions(std::span<const double>(sums), 1, prediction);
        EXPECT_NEAR(prediction[0], expected.rows[i][expected.find("pred")], 1e-12 * (1 + std::abs(prediction[0])));
    }
}

void expect_contributions(const std::string& name) {
    SCOPED_TRACE(name);
    const Contributions explainer(artifact_of(name));
    const auto shap = golden::parse<double>(golden::read(golden::folder() / name / "shap.csv"));
    const auto rows = rows_of(name);
    const std::size_t width = explainer.model().features().size(), outputs = explainer.model().outputs();
    const double divisor = explainer.model().objective().divisor;
    ASSERT_FALSE(shap.rows.empty());
    std::vector<double> parts(outputs * (width + 1));
    for (std::size_t i = 0; i < shap.rows.size(); ++i) {
        explainer.of_row(rows[i], parts);
        for (std::size_t part = 0; part < parts.size(); ++part) {
            const std::size_t k = part / (width + 1), j = part % (width + 1);
            const std::string feature = j < width ? std::to_string(j) : "bias";
            const int at = shap.find("phi_" + (outputs == 1 ? feature : std::to_string(k) + "_" + feature));
            ASSERT_GE(at, 0) << feature;
            EXPECT_NEAR(parts[part] / divisor, shap.rows[i][at], 1e-12 * (1 + std::abs(shap.rows[i][at])))
                << "row " << i << " output " << k << " " << feature;
        }
    }
}

TEST(RandomForest, MeansAreThoseOfScikitLearn) {
    if (golden::cases("forest_").empty()) GTEST_SKIP() << "no golden files";
    EXPECT_EQ(golden::cases("forest_").size(), forests.size());
    for (const auto& name : forests) expect_means(name);
}

TEST(RandomForest, ContributionsAreExact) {
    if (golden::cases("forest_").empty()) GTEST_SKIP() << "no golden files";
    for (const auto& name : forests) expect_contributions(name);
}

}  // namespace
}  // namespace bourse::models
