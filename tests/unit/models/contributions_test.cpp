// SHAP values of every golden case that has them, against the libraries; and against the definition itself
// (enumeration over all sets of features) on a small tree.
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "models/contributions.hpp"
#include "models/golden.hpp"
#include "models/lightgbm_import.hpp"
#include "models/xgboost_import.hpp"

namespace bourse::models {
namespace {

double largest(const golden::TableOf<double>& table) {
    double value = 0;
    for (const auto& row : table.rows)
        for (const auto x : row) value = std::max(value, std::abs(x));
    return value;
}

// Parts of every row in `shap` within `tolerance` of the library's, and their sum within it of the margin.
void compare(const Artifact& artifact, const std::vector<std::vector<double>>& rows,
             const golden::TableOf<double>& shap, double tolerance) {
    const Contributions parts(artifact);
    const std::size_t width = artifact.features.size() + 1, outputs = artifact.outputs;
    ASSERT_LE(shap.rows.size(), rows.size());
    ASSERT_EQ(shap.columns.size(), width * outputs);
    std::vector<double> out(width * outputs), margins(outputs);
    for (std::size_t i = 0; i < shap.rows.size(); ++i) {
        parts.of_row(rows[i], out);
        parts.model().margins(rows[i], 1, margins, {});
        for (std::size_t k = 0; k < outputs; ++k) {
            double sum = 0;
            for (std::size_t j = 0; j < width; ++j) {
                const std::string output = outputs == 1 ? "" : std::to_string(k) + "_";
                const int at = shap.find("phi_" + output + (j + 1 < width ? std::to_string(j) : "bias"));
                ASSERT_GE(at, 0);
                EXPECT_NEAR(out[k * width + j], shap.rows[i][at], tolerance) << "row " << i << " feature " << j;
                sum += out[k * width + j];
            }
            EXPECT_NEAR(sum, margins[k], tolerance * 4) << "row " << i << " output " << k;
        }
    }
}

TEST(Contributions, EveryXgboostCaseIsNear) {
    std::size_t compared = 0;
    for (const auto& name : golden::cases("x")) {
        SCOPED_TRACE(name);
        const auto shap = golden::parse<double>(golden::read(golden::folder() / name / "shap.csv"));
        if (shap.rows.empty()) continue;
        const golden::Case c(name);
        std::vector<std::vector<double>> rows;
        for (const auto& row : c.inputs.rows) rows.emplace_back(row.begin(), row.end());
        const double unit = name == "x17_thousand_trees" ? 3e-6 : 1e-6;
        compare(artifact_from_xgboost(c.model), rows, shap, unit * std::max(1.0, largest(shap)));
        ++compared;
    }
    if (golden::cases("x").empty()) GTEST_SKIP() << "no golden files";
    EXPECT_GE(compared, 40u);
}

TEST(Contributions, EveryLightgbmCaseIsNear) {
    std::size_t compared = 0;
    for (const auto& name : golden::cases("l4_")) {
        SCOPED_TRACE(name);
        const golden::LightCase c(name);
        if (c.shap.rows.empty()) continue;
        compare(artifact_from_lightgbm(c.model), c.inputs.rows, c.shap, 1e-12);
        ++compared;
    }
    if (golden::cases("l4_").empty()) GTEST_SKIP() << "no golden files";
    EXPECT_GE(compared, 20u);
}

TEST(Contributions, LinearTreesHaveNone) {
    const golden::LightCase c("l4_tiny_linear");
    if (c.model.empty()) GTEST_SKIP() << "no golden files";
    EXPECT_THROW(Contributions(artifact_from_lightgbm(c.model)), Error);
}

// Node 0 tests a at 0 (covers 10 -> 0 and 10), node 1 tests b (cover 0: both ways half), node 2 tests a again, then b.
constexpr const char* small_tree =
    R"({"learner":{"feature_names":[],"feature_types":[],"learner_model_param":{"base_score":"5E-1","num_class":"0",)"
    R"("num_feature":"2","num_target":"1"},"objective":{"name":"reg:squarederror"},"gradient_booster":{"name":"gbtree",)"
    R"("model":{"gbtree_model_param":{"num_trees":"1"},"tree_info":[0],"trees":[{"tree_param":{"num_nodes":"9"},)"
    R"("left_children":[1,3,5,-1,-1,-1,7,-1,-1],"right_children":[2,4,6,-1,-1,-1,8,-1,-1],)"
    R"("split_indices":[0,1,0,0,0,0,1,0,0],"split_conditions":[0,1,2,3,5,7,1,11,13],"default_left":[0,0,0,0,0,0,0,0,0],)"
    R"("sum_hessian":[10,0,10,0,0,4,6,2,4]}]}}},"version":[1,7,6]})";

// Value of a set of features by the definition: unknown features go both ways.
double value_of(const std::vector<double>& row, bool a_known, bool b_known) {
    const auto test_b = [&](double low, double high, double share) {
        return b_known ? (row[1] < 1 ? low : high) : share * low + (1 - share) * high;
    };
    const double left = test_b(3, 5, 0.5);
    const double right_right = test_b(11, 13, 2.0 / 6);
    const double right = a_known ? (row[0] < 2 ? 7 : right_right) : 0.4 * 7 + 0.6 * right_right;
    return 0.5 + (a_known ? (row[0] < 0 ? left : right) : 0.0 * left + 1.0 * right);
}

TEST(Contributions, AreTheShapleyValuesByDefinition) {
    const Contributions parts(artifact_from_xgboost(small_tree));
    for (const double a : {-1.0, 1.0, 3.0})
        for (const double b : {0.0, 2.0}) {
            const std::vector<double> row{a, b};
            std::vector<double> out(3);
            parts.of_row(row, out);
            const double nothing = value_of(row, false, false), only_a = value_of(row, true, false),
                         only_b = value_of(row, false, true), both = value_of(row, true, true);
            EXPECT_NEAR(out[0], (only_a - nothing + both - only_b) / 2, 1e-12) << a << " " << b;
            EXPECT_NEAR(out[1], (only_b - nothing + both - only_a) / 2, 1e-12) << a << " " << b;
            EXPECT_NEAR(out[2], nothing, 1e-12);
        }
}

}  // namespace
}  // namespace bourse::models
