// Contributions and interactions of every golden model of XGBoost 1.7 against the library of this machine, and on rows
// that the golden files have no interactions of.
#include <gtest/gtest.h>

#include <xgboost/c_api.h>

#include "models/contributions.hpp"
#include "models/golden.hpp"
#include "models/xgboost_import.hpp"

namespace bourse::models {
namespace {

constexpr int contributions = 2, interactions = 4;  // "type" of XGBoosterPredictFromDMatrix

// Empty where the library refuses.
std::vector<double> of_library(const std::string& model, const std::vector<float>& rows, std::size_t count, int type) {
    std::vector<double> values;
    DMatrixHandle matrix = nullptr;
    BoosterHandle booster = nullptr;
    EXPECT_EQ(XGDMatrixCreateFromMat(rows.data(), count, rows.size() / count, std::nanf(""), &matrix), 0);
    EXPECT_EQ(XGBoosterCreate(nullptr, 0, &booster), 0);
    EXPECT_EQ(XGBoosterLoadModelFromBuffer(booster, model.data(), model.size()), 0) << XGBGetLastError();
    const bst_ulong* shape = nullptr;
    bst_ulong rank = 0;
    const float* found = nullptr;
    const std::string config =
        R"({"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":true,"type":)" +
        std::to_string(type) + "}";
    if (XGBoosterPredictFromDMatrix(booster, matrix, config.c_str(), &shape, &rank, &found) == 0) {
        bst_ulong size = 1;
        for (bst_ulong i = 0; i < rank; ++i) size *= shape[i];
        values.assign(found, found + size);
    }
    XGBoosterFree(booster);
    XGDMatrixFree(matrix);
    return values;
}

TEST(ContributionsOfXgboost, AreTheLibrarys) {
    std::size_t singles = 0, pairs = 0;
    for (const auto& name : golden::cases("x17_")) {
        SCOPED_TRACE(name);
        const golden::Case c(name);
        const Contributions parts(artifact_from_xgboost(c.model));
        const std::size_t width = c.inputs.columns.size(), stride = width + 1, outputs = parts.model().outputs();
        if (width > 40) continue;
        const std::size_t count = std::min<std::size_t>(c.inputs.rows.size(), 8);
        std::vector<float> rows;
        for (std::size_t i = 0; i < count; ++i)
            rows.insert(rows.end(), c.inputs.rows[i].begin(), c.inputs.rows[i].end());
        const auto wanted = of_library(c.model, rows, count, contributions);
        const auto wanted_pairs = of_library(c.model, rows, count, interactions);
        double scale = 1;
        for (const double value : wanted) scale = std::max(scale, std::abs(value));
        const double tolerance = scale * (name == "x17_thousand_trees" ? 3e-6 : 1e-6);
        std::vector<double> out(outputs * stride), square(stride * stride);
        for (std::size_t i = 0; i < count; ++i) {
            const std::vector<double> row(c.inputs.rows[i].begin(), c.inputs.rows[i].end());
            if (!wanted.empty()) {
                parts.of_row(row, out);
                for (std::size_t j = 0; j < out.size(); ++j, ++singles)
                    EXPECT_NEAR(out[j], wanted[i * out.size() + j], tolerance) << "row " << i << " part " << j;
            }
            for (std::size_t k = 0; !wanted_pairs.empty() && k < outputs; ++k) {
                parts.interactions_of_row(row, k, square);
                for (std::size_t j = 0; j < square.size(); ++j, ++pairs)
                    EXPECT_NEAR(square[j], wanted_pairs[(i * outputs + k) * square.size() + j], 2 * tolerance)
                        << "row " << i << " output " << k << " pair " << j / stride << " " << j % stride;
            }
        }
    }
    if (golden::cases("x17_").empty()) GTEST_SKIP() << "no golden files";
    EXPECT_GT(singles, 2000u);
    EXPECT_GT(pairs, 10000u);
}

}  // namespace
}  // namespace bourse::models
