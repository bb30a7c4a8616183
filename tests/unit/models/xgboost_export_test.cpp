// Models written back as XGBoost's JSON: our reader gets the same artifact, and XGBoost itself (the library of the
// machine, 1.7) loads the file and predicts the golden margins, bit for bit.
#include <gtest/gtest.h>

#include <xgboost/c_api.h>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "models/golden.hpp"
#include "models/lightgbm_import.hpp"
#include "models/xgboost_export.hpp"
#include "models/xgboost_import.hpp"

namespace bourse::models {
namespace {

// Without what only a file's training knew.
Artifact stripped(Artifact artifact) {
    artifact.training = nlohmann::json::object();
    return artifact;
}

void require(int status) { ASSERT_EQ(status, 0) << XGBGetLastError(); }

// Margins of XGBoost's library for a model in a buffer.
std::vector<float> library_margins(const std::string& model, const std::vector<float>& rows, std::size_t count) {
    std::vector<float> margins;
    DMatrixHandle matrix = nullptr;
    BoosterHandle booster = nullptr;
    require(XGDMatrixCreateFromMat(rows.data(), count, rows.size() / count, std::nanf(""), &matrix));
    require(XGBoosterCreate(nullptr, 0, &booster));
    require(XGBoosterLoadModelFromBuffer(booster, model.data(), model.size()));
    const bst_ulong* shape = nullptr;
    bst_ulong rank = 0;
    const float* found = nullptr;
    const int status = XGBoosterPredictFromDMatrix(
        booster, matrix, R"({"type":1,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":true})",
        &shape, &rank, &found);
    EXPECT_EQ(status, 0) << XGBGetLastError();
    if (status == 0) margins.assign(found, found + shape[0] * shape[1]);
    XGBoosterFree(booster);
    XGDMatrixFree(matrix);
    return margins;
}

// The library is 1.7: no several base scores, no objectives of later versions. Without best_iteration it uses all
// trees.
TEST(XgboostExport, TheLibraryPredictsTheGoldenMargins) {
    std::size_t compared = 0;
    for (const auto& name : golden::cases("x")) {
        SCOPED_TRACE(name);
        const golden::Case c(name);
        const Artifact artifact = artifact_from_xgboost(c.model);
        const std::string exported = xgboost_json_from(artifact);
        EXPECT_EQ(write_artifact(stripped(artifact_from_xgboost(exported))), write_artifact(stripped(artifact)));
        const auto base = artifact.get<float>("base_margin");
        if (std::adjacent_find(base.begin(), base.end(), std::not_equal_to<>()) != base.end()) continue;
        const std::size_t n = c.inputs.rows.size(), outputs = artifact.outputs;
        const auto margins = library_margins(exported, c.inputs.flat(), n);
        ASSERT_EQ(margins.size(), n * outputs);
        for (std::size_t i = 0; i < n * outputs; ++i)
            EXPECT_EQ(golden::bits(margins[i]),
                      golden::bits(c.expected.rows[i / outputs][c.expected.find("margin", i % outputs)]))
                << "row " << i / outputs;
        compared += margins.size();
    }
    if (golden::cases("x").empty()) GTEST_SKIP() << "no golden files";
    EXPECT_GT(compared, 5000u);
}

// Names that need escapes come back as they were.
TEST(XgboostExport, NamesKeepTheirBytes) {
    const golden::Case c("x17_tiny");
    if (c.model.empty()) GTEST_SKIP() << "no golden files";
    const std::vector<std::string> names{"a\"b\\c\n\t", "\\u0041", "Größe / $close\\\\u"};
    const auto artifact = artifact_from_xgboost(c.model, names);
    EXPECT_EQ(artifact_from_xgboost(xgboost_json_from(artifact)).features, names);
}

TEST(XgboostExport, WhatItCannotHoldIsRefused) {
    const golden::Case c("x17_tiny");
    const golden::LightCase other("l4_tiny");
    if (c.model.empty()) GTEST_SKIP() << "no golden files";
    const auto kind_of = [](const Artifact& artifact) {
        try {
            xgboost_json_from(artifact);
        } catch (const Error& e) {
            return e.kind();
        }
        return ErrorKind::internal;
    };
    EXPECT_EQ(kind_of(artifact_from_lightgbm(other.model)), ErrorKind::unavailable);
    Artifact artifact = artifact_from_xgboost(c.model);
    artifact.objective = "binary:logistic";
    artifact.put("base_margin", std::span<const float>(std::vector<float>{1000.0f}));  // beyond any probability's logit
    EXPECT_EQ(kind_of(artifact), ErrorKind::unavailable);
}

}  // namespace
}  // namespace bourse::models
