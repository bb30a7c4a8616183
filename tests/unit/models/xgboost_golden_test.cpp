// Margins, predictions and leaves of every golden case of XGBoost 1.7 (and of later files that 1.7 could have written),
// bit for bit. The oracle is XGBoost itself: the expected numbers are its own output.
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/forest.hpp"
#include "models/xgboost_json.hpp"
#include "models/golden.hpp"

namespace bourse::models {
namespace {

using golden::bits;

// Column `name` for one output, `name_k` for several.
int column(const golden::Table& table, const std::string& name, std::size_t k) {
    const int numbered = table.find(name + "_" + std::to_string(k));
    return numbered >= 0 ? numbered : table.find(name);
}

std::size_t compare(const Evaluator& model, const golden::Table& inputs, const golden::Table& expected) {
    const std::size_t n = inputs.rows.size(), outputs = model.outputs();
    EXPECT_EQ(n, expected.rows.size());
    std::vector<float> margins(n * outputs);
    model.margins(inputs.flat(), n, margins, {});
    const bool has_predictions = column(expected, "pred", 0) >= 0;  // not with the infinities
    const bool per_class = model.objective().transform == Transform::softprob;
    std::size_t compared = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const auto row = std::span<const float>(margins).subspan(i * outputs, outputs);
        for (std::size_t k = 0; k < outputs; ++k, ++compared)
            EXPECT_EQ(bits(row[k]), bits(expected.rows[i][column(expected, "margin", k)]))
                << "margin of row " << i << " output " << k;
        std::vector<float> predictions(has_predictions ? 1 : 0, predict_row(model.objective(), row));
        if (has_predictions && per_class) {
            predictions.resize(model.classes());
            predict_probabilities(model.objective(), row, predictions);
        }
        for (std::size_t k = 0; k < predictions.size(); ++k)
            EXPECT_EQ(bits(predictions[k]), bits(expected.rows[i][column(expected, "pred", k)]))
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

std::size_t check_case(const std::string& name) {
    SCOPED_TRACE(name);
    const golden::Case c(name);
    const Artifact artifact = artifact_from_xgboost_json(c.model);
    for (std::size_t i = 0; i < artifact.features.size(); ++i)
        if (c.about["features"][i]["name"].is_string()) {
            EXPECT_EQ(artifact.features[i], c.about["features"][i]["name"].get<std::string>());
        }
    const auto bytes = write_artifact(artifact);
    EXPECT_EQ(write_artifact(read_artifact(bytes)), bytes);
    const auto model = load_model(bytes);
    EXPECT_EQ(model->outputs(), c.about["num_outputs"].get<std::size_t>());
    std::size_t compared = compare(*model, c.inputs, c.expected);
    if (!c.inputs_inf.rows.empty()) compared += compare(*model, c.inputs_inf, c.expected_inf);
    if (const auto* forest = dynamic_cast<const Forest*>(model.get())) compare_leaves(*forest, c);
    return compared;
}

TEST(XgboostGolden, EveryCaseOf17IsEqualBitForBit) {
    const auto cases = golden::cases("x17_");
    if (cases.empty()) GTEST_SKIP() << "no golden files";
    EXPECT_GE(cases.size(), 47u);
    std::size_t compared = 0;
    for (const auto& name : cases) compared += check_case(name);
    EXPECT_GT(compared, 5000u);
    RecordProperty("margins", static_cast<int>(compared));
}

TEST(XgboostGolden, FilesOf21AreEqualBitForBit) {
    const auto cases = golden::cases("x21_");
    if (cases.empty()) GTEST_SKIP() << "no golden files";
    for (const auto& name : cases) check_case(name);
}

TEST(XgboostGolden, FilesOf31AreRefusedByName) {
    const auto cases = golden::cases("x3_");
    if (cases.empty()) GTEST_SKIP() << "no golden files";
    for (const auto& name : cases) {
        try {
            artifact_from_xgboost_json(golden::Case(name).model);
            ADD_FAILURE() << name << " was accepted";
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::unavailable) << name << ": " << e.what();
            EXPECT_NE(std::string(e.what()).find("3.1"), std::string::npos) << e.what();
        }
    }
}

}  // namespace
}  // namespace bourse::models
