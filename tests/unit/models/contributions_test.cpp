// SHAP values of every golden case that has them, against the libraries; and against the definition itself
// (enumeration over all sets of features) on a small tree.
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "models/contributions.hpp"
#include "models/golden.hpp"
#include "models/lightgbm_import.hpp"
#include "models/random_trees.hpp"
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

// The same of many rows at once, from tables where the trees have them: these rows again and again.
void compare_blocks(const Artifact& artifact, const std::vector<std::vector<double>>& rows,
                    const golden::TableOf<double>& shap) {
    const Contributions parts(artifact);
    const std::size_t width = artifact.features.size() + 1, size = width * artifact.outputs, count = 70;
    std::vector<double> flat, out(count * size);
    for (std::size_t i = 0; i < count; ++i) {
        const auto& row = rows[i % shap.rows.size()];
        flat.insert(flat.end(), row.begin(), row.end());
    }
    parts.of_rows(flat, count, out);
    const double tolerance = 3e-6 * std::max(1.0, largest(shap));
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t k = 0; k < artifact.outputs; ++k)
            for (std::size_t j = 0; j < width; ++j) {
                const std::string output = artifact.outputs == 1 ? "" : std::to_string(k) + "_";
                const int at = shap.find("phi_" + output + (j + 1 < width ? std::to_string(j) : "bias"));
                ASSERT_NEAR(out[i * size + k * width + j], shap.rows[i % shap.rows.size()][at], tolerance)
                    << "row " << i << " feature " << j;
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
        compare_blocks(artifact_from_xgboost(c.model), rows, shap);
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
        compare_blocks(artifact_from_lightgbm(c.model), c.inputs.rows, c.shap);
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

// The rows of a table in float64.
std::vector<std::vector<double>> rows_of(const golden::Table& table) {
    std::vector<std::vector<double>> rows;
    for (const auto& row : table.rows) rows.emplace_back(row.begin(), row.end());
    return rows;
}

// Interaction values of the rows that the golden files have, the bias in the last row and column.
TEST(Contributions, InteractionsOfEveryCaseAreNear) {
    std::size_t compared = 0;
    for (const auto& name : golden::cases("x")) {
        SCOPED_TRACE(name);
        const auto wanted = golden::parse<double>(golden::read(golden::folder() / name / "interactions.csv"));
        if (wanted.rows.empty()) continue;
        const golden::Case c(name);
        const Contributions parts(artifact_from_xgboost(c.model));
        const auto rows = rows_of(c.inputs);
        const std::size_t stride = rows[0].size() + 1, outputs = parts.model().outputs();
        const auto label = [&](std::size_t j) { return j + 1 < stride ? std::to_string(j) : std::string("bias"); };
        std::vector<double> out(stride * stride);
        for (std::size_t r = 0; r < wanted.rows.size(); ++r)
            for (std::size_t k = 0; k < outputs; ++k) {
                parts.interactions_of_row(rows[r], k, out);
                const std::string output = outputs == 1 ? "phi_" : "phi_" + std::to_string(k) + "_";
                for (std::size_t i = 0; i < stride; ++i)
                    for (std::size_t j = 0; j < stride; ++j) {
                        const int at = wanted.find(output + label(i) + "_" + label(j));
                        ASSERT_GE(at, 0) << label(i) << " " << label(j);
                        EXPECT_NEAR(out[i * stride + j], wanted.rows[r][at], 1e-6 * std::max(1.0, largest(wanted)))
                            << "row " << r << " output " << k << " pair " << label(i) << " " << label(j);
                        ++compared;
                    }
            }
    }
    if (golden::cases("x").empty()) GTEST_SKIP() << "no golden files";
    EXPECT_GT(compared, 1000u);
}

// Against the exact enumeration over all sets of features, and the parts sum to the margin.
TEST(Contributions, AgainstABackgroundTheyAreTheEnumeratedValues) {
    for (const std::string name : {"interventional_xgb", "interventional_lgb_binary"}) {
        SCOPED_TRACE(name);
        const auto at = golden::folder() / name;
        const auto wanted = golden::parse<double>(golden::read(at / "shap_interventional.csv"));
        if (wanted.rows.empty()) GTEST_SKIP() << "no golden files";
        const auto inputs = golden::parse<double>(golden::read(at / "inputs.csv"));
        const auto background = golden::parse<double>(golden::read(at / "background.csv"));
        const bool light = name.find("lgb") != std::string::npos;
        const Contributions parts(light ? artifact_from_lightgbm(golden::read(at / "model.txt"))
                                        : artifact_from_xgboost(golden::read(at / "model.json")));
        std::vector<double> out(wanted.columns.size()), margin(1);
        for (std::size_t i = 0; i < wanted.rows.size(); ++i) {
            parts.of_row_against(inputs.rows[i], background.flat(), background.rows.size(), out);
            parts.model().margins(inputs.rows[i], 1, margin, {});
            double sum = 0;
            for (std::size_t j = 0; j < out.size(); ++j) {
                EXPECT_NEAR(out[j], wanted.rows[i][j], 1e-6) << "row " << i << " feature " << j;
                sum += out[j];
            }
            EXPECT_NEAR(sum, margin[0], 1e-6) << "row " << i;
        }
    }
}

// A linear model against a background: weight × (value - mean of the background).
TEST(Contributions, OfALinearModelAreDistancesFromTheBackground) {
    const golden::Case c("x17_gblinear");
    if (c.model.empty()) GTEST_SKIP() << "no golden files";
    const auto artifact = artifact_from_xgboost(c.model);
    const Contributions parts(artifact);
    const auto weights = artifact.get<float>("weights");
    const std::size_t width = artifact.features.size();
    std::vector<double> background, row(width), out(width + 1);
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < width; ++j) background.push_back(static_cast<double>(i * j) - 1);
    for (std::size_t j = 0; j < width; ++j) row[j] = static_cast<double>(j) + 0.5;
    parts.of_row_against(row, background, 3, out);
    for (std::size_t j = 0; j < width; ++j)
        EXPECT_NEAR(out[j], static_cast<double>(weights[j]) * (row[j] - (static_cast<double>(j) - 1)), 1e-9);
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

// One full tree of depth 13: what looks once per tree would look once.
TEST(Contributions, DeepTreesLookForInterruptsWithinATree) {
    using random_trees::Tensors, random_trees::width;
    Tensors tensors;
    std::mt19937 random(3);
    while (tensors.left.size() < 4000) {
        tensors = Tensors{};
        tensors.grow(13, false, 1, random);
    }
    const Contributions parts(tensors.artifact(1));
    const std::size_t stride = width + 1;
    std::vector<double> row(width, 0.5), out(stride), pairs(stride * stride);
    const auto looks = [](auto&& work) {
        int calls = 0;
        work([&] { ++calls; });
        return calls;
    };
    parts.of_row(row, out);
    const std::vector<double> wanted = out;
    EXPECT_GT(looks([&](const CheckInterrupts& i) { parts.interactions_of_row(row, 0, pairs, i); }), 3);
    EXPECT_GT(looks([&](const CheckInterrupts& i) { parts.of_row(row, out, i); }), 1);
    EXPECT_EQ(out, wanted);
    std::vector<double> background;
    for (int i = 0; i < 20; ++i)
        for (std::size_t j = 0; j < width; ++j) background.push_back(static_cast<double>(random() % 100) / 10 - 3);
    int calls = 0;
    EXPECT_THROW(parts.interactions_of_row(row, 0, pairs,
                                           [&] {
                                               if (++calls == 3) throw Error(ErrorKind::cancelled, "stop");
                                           }),
                 Error);
    EXPECT_EQ(calls, 3);
    EXPECT_GE(looks([&](const CheckInterrupts& i) { parts.of_row_against(row, background, 20, out, i); }), 20);
}

}  // namespace
}  // namespace bourse::models
