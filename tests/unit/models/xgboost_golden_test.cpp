// Margins (of all rounds and of ranges), predictions and leaves of every golden case of XGBoost 1.7, 2.1 and 3.2, from
// JSON and from UBJ, bit for bit. The oracle is XGBoost itself: the expected numbers are its own output.
#include <gtest/gtest.h>

#include <cstdio>

#include "models/evaluator.hpp"
#include "models/forest.hpp"
#include "models/xgboost_import.hpp"
#include "models/golden.hpp"

namespace bourse::models {
namespace {

using golden::bits;

std::size_t compare(const Evaluator& model, const golden::Table& inputs, const golden::Table& expected) {
    const std::size_t n = inputs.rows.size(), outputs = model.outputs();
    EXPECT_EQ(n, expected.rows.size());
    std::vector<float> margins(n * outputs);
    model.margins(inputs.flat(), n, margins, {});
    const bool has_predictions = expected.find("pred", 0) >= 0;  // not with the infinities
    const bool per_class = model.objective().transform == Transform::softprob;
    std::size_t compared = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const auto row = std::span<const float>(margins).subspan(i * outputs, outputs);
        for (std::size_t k = 0; k < outputs; ++k, ++compared)
            EXPECT_EQ(bits(row[k]), bits(expected.rows[i][expected.find("margin", k)]))
                << "margin of row " << i << " output " << k;
        std::vector<float> predictions(has_predictions ? 1 : 0, predict_row(model.objective(), row));
        if (has_predictions && per_class) {
            predictions.resize(model.classes());
            predict_probabilities(model.objective(), row, predictions);
        }
        for (std::size_t k = 0; k < predictions.size(); ++k)
            EXPECT_EQ(bits(predictions[k]), bits(expected.rows[i][expected.find("pred", k)]))
                << "prediction of row " << i << " class " << k;
        // One row alone gives what the block gave.
        std::vector<float> alone(outputs);
        model.margins(inputs.rows[i], 1, alone, {});
        EXPECT_TRUE(std::equal(alone.begin(), alone.end(), row.begin())) << "row " << i << " alone";
    }
    return compared;
}

void compare_leaves(const Forest& forest, const golden::Case& c) {
    for (std::size_t tree = 0; tree < forest.trees(); ++tree) {
        const int at = c.expected.find("leaf_" + std::to_string(tree));
        if (at < 0) return;
        for (std::size_t i = 0; i < c.inputs.rows.size(); ++i)
            EXPECT_EQ(forest.leaf_number(tree, c.inputs.rows[i]), static_cast<std::uint32_t>(c.expected.rows[i][at]))
                << "tree " << tree << " row " << i;
    }
}

// The columns margin_it_a_b[_k]: margins of rounds a to b - 1. Returns how many there are.
std::size_t compare_ranges(const Forest& forest, const golden::Case& c, std::size_t parallel) {
    const std::size_t n = c.inputs.rows.size(), outputs = forest.outputs();
    std::size_t ranges = 0;
    for (std::size_t at = 0; at < c.expected.columns.size(); ++at) {
        unsigned from = 0, to = 0, k = 0;
        if (std::sscanf(c.expected.columns[at].c_str(), "margin_it_%u_%u_%u", &from, &to, &k) < 2) continue;
        ++ranges;
        std::vector<float> margins(n * outputs);
        forest.margins_of_trees(c.inputs.flat(), n, from * parallel * outputs, to * parallel * outputs, margins);
        for (std::size_t i = 0; i < n; ++i)
            EXPECT_EQ(bits(margins[i * outputs + k]), bits(c.expected.rows[i][at]))
                << c.expected.columns[at] << " of row " << i;
    }
    return ranges;
}

std::size_t ranges_compared = 0;

std::size_t check_case(const std::string& name) {
    SCOPED_TRACE(name);
    const golden::Case c(name);
    const Artifact artifact = artifact_from_xgboost(c.model);
    for (std::size_t i = 0; i < artifact.features.size(); ++i)
        if (c.about["features"][i]["name"].is_string()) {
            EXPECT_EQ(artifact.features[i], c.about["features"][i]["name"].get<std::string>());
        }
    const auto bytes = write_artifact(artifact);
    EXPECT_FALSE(c.ubj.empty());
    EXPECT_EQ(write_artifact(artifact_from_xgboost(c.ubj)), bytes) << "JSON and UBJ differ";
    EXPECT_EQ(write_artifact(read_artifact(bytes)), bytes);
    const auto model = load_model(bytes);
    EXPECT_EQ(model->outputs(), c.about["num_outputs"].get<std::size_t>());
    std::size_t compared = compare(*model, c.inputs, c.expected);
    if (!c.inputs_inf.rows.empty()) compared += compare(*model, c.inputs_inf, c.expected_inf);
    if (const auto* forest = dynamic_cast<const Forest*>(model.get())) {
        compare_leaves(*forest, c);
        ranges_compared += compare_ranges(*forest, c, artifact.training.value("num_parallel_tree", std::size_t{1}));
    }
    return compared;
}

TEST(XgboostGolden, EveryCaseOf17IsEqualBitForBit) {
    const auto cases = golden::cases("x17_");
    if (cases.empty()) GTEST_SKIP() << "no golden files";
    EXPECT_GE(cases.size(), 47u);
    std::size_t compared = 0;
    for (const auto& name : cases) compared += check_case(name);
    EXPECT_GT(compared, 5000u);
    EXPECT_GE(ranges_compared, 10u);
    RecordProperty("margins", static_cast<int>(compared));
}

TEST(XgboostGolden, FilesOf21AreEqualBitForBit) {
    const auto cases = golden::cases("x21_");
    if (cases.empty()) GTEST_SKIP() << "no golden files";
    for (const auto& name : cases) check_case(name);
}

TEST(XgboostGolden, FilesOf32AreEqualBitForBit) {
    const auto cases = golden::cases("x3_");
    if (cases.empty()) GTEST_SKIP() << "no golden files";
    EXPECT_GE(cases.size(), 5u);
    for (const auto& name : cases) check_case(name);
}

TEST(XgboostGolden, LabelsOfCategoriesAreThoseOfTheDataFrame) {
    const golden::Case c("x3_cats_container");
    if (c.model.empty()) GTEST_SKIP() << "no golden files";
    const auto labels = artifact_from_xgboost(c.model).training["category_labels"];
    EXPECT_EQ(labels[0], c.about["category_labels"]["sym"]);
    EXPECT_EQ(labels[1], nlohmann::json::array());
    EXPECT_EQ(labels[2], c.about["category_labels"]["grp"]);
}

}  // namespace
}  // namespace bourse::models
