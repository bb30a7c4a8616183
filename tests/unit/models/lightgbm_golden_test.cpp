// Margins (of all rounds and of ranges), predictions and leaves of every golden case of LightGBM, bit for bit. The
// oracle is LightGBM itself: the expected numbers are its own output.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/golden.hpp"
#include "models/light_forest.hpp"
#include "models/lightgbm_import.hpp"

namespace bourse::models {
namespace {

using golden::bits;

// NaN has many bit patterns; which one is nobody's business.
bool same(double a, double b) { return bits(a) == bits(b) || (std::isnan(a) && std::isnan(b)); }

void compare_predictions(const LightForest& model, const golden::LightCase& c, std::span<const double> margins,
                         std::size_t i) {
    std::vector<double> predictions(1, predict_row(model.objective(), margins));
    if (has_classes(model.objective())) {
        predictions.resize(model.classes());
        predict_probabilities(model.objective(), margins, predictions);
    }
    for (std::size_t k = 0; k < predictions.size(); ++k)
        EXPECT_TRUE(same(predictions[k], c.expected.rows[i][c.expected.find("pred", k)]))
            << "prediction of row " << i << " class " << k << ": " << predictions[k];
}

// The columns margin_startS_numN[_k].
std::size_t compare_ranges(const LightForest& model, const golden::LightCase& c) {
    const std::size_t n = c.inputs.rows.size(), outputs = model.outputs();
    std::size_t ranges = 0;
    for (std::size_t at = 0; at < c.expected.columns.size(); ++at) {
        unsigned start = 0, k = 0;
        int rounds = 0;
        if (std::sscanf(c.expected.columns[at].c_str(), "margin_start%u_num%d_%u", &start, &rounds, &k) < 2) continue;
        ++ranges;
        const std::size_t end = rounds < 0 ? model.trees() : (start + static_cast<unsigned>(rounds)) * outputs;
        std::vector<double> margins(n * outputs);
        model.margins_of_trees(c.inputs.flat(), n, start * outputs, end, margins);
        for (std::size_t i = 0; i < n; ++i)
            EXPECT_TRUE(same(margins[i * outputs + k], c.expected.rows[i][at]))
                << c.expected.columns[at] << " of row " << i;
    }
    return ranges;
}

std::size_t compare_leaves(const LightForest& model, const golden::LightCase& c) {
    std::size_t compared = 0;
    for (std::size_t tree = 0; tree < model.trees(); ++tree) {
        const int at = c.expected.find("leaf_" + std::to_string(tree));
        if (at < 0) break;
        for (std::size_t i = 0; i < c.inputs.rows.size(); ++i, ++compared)
            EXPECT_EQ(model.leaf_number(tree, c.inputs.rows[i]), static_cast<std::uint32_t>(c.expected.rows[i][at]))
                << "tree " << tree << " row " << i;
    }
    return compared;
}

TEST(LightgbmGolden, EveryCaseIsEqualBitForBit) {
    const auto cases = golden::cases("l4_");
    if (cases.empty()) GTEST_SKIP() << "no golden files";
    EXPECT_GE(cases.size(), 30u);
    std::size_t ranges = 0, leaves = 0;
    for (const auto& name : cases) {
        SCOPED_TRACE(name);
        const golden::LightCase c(name);
        const Artifact artifact = artifact_from_lightgbm(c.model);
        for (std::size_t i = 0; i < artifact.features.size(); ++i)
            EXPECT_EQ(artifact.features[i], c.about["features"][i]["name"].get<std::string>());
        const auto bytes = write_artifact(artifact);
        EXPECT_EQ(write_artifact(read_artifact(bytes)), bytes);
        const auto loaded = load_model(bytes);
        const auto& model = dynamic_cast<const LightForest&>(*loaded);
        const std::size_t n = c.inputs.rows.size(), outputs = model.outputs();
        ASSERT_EQ(outputs, c.about["num_outputs"].get<std::size_t>());
        ASSERT_EQ(n, c.expected.rows.size());
        EXPECT_EQ(model.trees(), c.about["num_trees"].get<std::size_t>());
        std::vector<double> margins(n * outputs);
        loaded->margins(c.inputs.flat(), n, margins, {});
        for (std::size_t i = 0; i < n; ++i) {
            const auto row = std::span<const double>(margins).subspan(i * outputs, outputs);
            for (std::size_t k = 0; k < outputs; ++k)
                EXPECT_TRUE(same(row[k], c.expected.rows[i][c.expected.find("margin", k)]))
                    << "margin of row " << i << " output " << k << ": " << row[k];
            compare_predictions(model, c, row, i);
        }
        ranges += compare_ranges(model, c);
        leaves += compare_leaves(model, c);
    }
    EXPECT_GE(ranges, 9u);
    EXPECT_GT(leaves, 10'000u);
}

// Links that no golden case has; the values follow from their formulas.
TEST(LightgbmObjective, LinksAndOptions) {
    const auto predict = [](std::string_view line, double margin) {
        const auto objective = lightgbm_objective(line);
        return objective ? predict_row(*objective, std::span<const double>(&margin, 1)) : std::nan("");
    };
    EXPECT_EQ(predict("regression sqrt", -3), -9);
    EXPECT_EQ(predict("quantile", -3), -3);
    EXPECT_EQ(predict("", -3), -3);
    EXPECT_DOUBLE_EQ(predict("cross_entropy_lambda", 0), std::log(2.0));
    EXPECT_DOUBLE_EQ(predict("tweedie", 1), std::exp(1.0));
    EXPECT_DOUBLE_EQ(predict("binary sigmoid:2", 0.5), 1 / (1 + std::exp(-1.0)));
    for (const char* line : {"unheard_of", "binary sigmoid:0", "binary sigmoid:-1", "binary sigmoid:nan",
                             "binary sigmoid:x", "binary sigmoid:1x", " "})
        EXPECT_FALSE(lightgbm_objective(line)) << line;
}

// Two rounds of one leaf: sums are margins, means are predictions.
TEST(LightgbmObjective, AveragesArePredictionsNotMargins) {
    const std::string tree = "num_leaves=1\nnum_cat=0\nleaf_value=",
                      head = "tree\nversion=v4\nnum_tree_per_iteration=1\n";
    const std::string text = head +
                             "max_feature_idx=0\nobjective=poisson\nfeature_names=a\naverage_output\n\nTree=0\n" +
                             tree + "1\n\nTree=1\n" + tree + "2\n\nend of trees\n";
    const auto model = make_evaluator(artifact_from_lightgbm(text));
    const double x = 0;
    double margin = 0;
    model->margins(std::span(&x, 1), 1, std::span(&margin, 1), {});
    EXPECT_EQ(margin, 3);
    EXPECT_DOUBLE_EQ(predict_row(model->objective(), std::span<const double>(&margin, 1)), std::exp(1.5));
    EXPECT_EQ(model->predict(std::vector<float>{0}), std::exp(1.5f));
}

// data/lightgbm_335: trained, saved and asked with version 3.3.5 of the library (numeric and categorical splits,
// missing values, infinities), the first of the formats that are read.
TEST(LightgbmGolden, AFileOf33IsEqualBitForBit) {
    const std::filesystem::path data = BOURSE_MODEL_DATA;
    const auto artifact = artifact_from_lightgbm(golden::read(data / "lightgbm_335.txt"));
    EXPECT_EQ(artifact.training["lightgbm_version"], "v3");
    const auto model = load_model(write_artifact(artifact));
    const auto rows = golden::parse<double>(golden::read(data / "lightgbm_335.csv"));
    ASSERT_EQ(rows.rows.size(), 28u);
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        std::vector<double> margin(1);
        model->margins(std::span(rows.rows[i]).first(4), 1, margin, {});
        EXPECT_EQ(golden::bits(margin[0]), golden::bits(rows.rows[i][4])) << "row " << i;
    }
}

TEST(LightgbmGolden, LineEndsOfWindowsChangeNothing) {
    const golden::LightCase c("l4_tiny");
    if (c.model.empty()) GTEST_SKIP() << "no golden files";
    std::string text;
    for (const char byte : c.model) text += byte == '\n' ? std::string("\r\n") : std::string(1, byte);
    EXPECT_EQ(write_artifact(artifact_from_lightgbm(text)), write_artifact(artifact_from_lightgbm(c.model)));
}

TEST(LightgbmGolden, LabelsOfCategoriesAreThoseOfTheDataFrame) {
    const golden::LightCase c("l4_pandas_categorical");
    if (c.model.empty()) GTEST_SKIP() << "no golden files";
    const auto labels = artifact_from_lightgbm(c.model).training["pandas_categorical"];
    std::vector<nlohmann::json> of_the_frame;
    for (const auto& [name, values] : c.about["category_labels"].items()) of_the_frame.push_back(values);
    ASSERT_EQ(labels.size(), of_the_frame.size());
    EXPECT_TRUE(std::is_permutation(labels.begin(), labels.end(), of_the_frame.begin())) << labels;
}

}  // namespace
}  // namespace bourse::models
