// Linear models and networks of other makers against what scikit-learn and NumPy computed, and damaged ones.
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "models/contributions.hpp"
#include "models/golden.hpp"

namespace bourse::models {
namespace {

using nlohmann::json;

std::string objective_of(const std::string& link) {
    if (link == "logit" || link == "sigmoid") return "binary:logistic";
    return link == "softmax" ? "multi:softprob" : "reg:squarederror";
}

Artifact header(const json& model, std::size_t width, std::size_t outputs, const std::string& link) {
    Artifact artifact;
    artifact.kind = model["kind"];
    artifact.objective = objective_of(link);
    artifact.outputs = static_cast<std::uint32_t>(outputs);
    for (std::size_t j = 0; j < width; ++j) artifact.features.push_back("f" + std::to_string(j));
    return artifact;
}

template <class T = double>
void put(Artifact& artifact, const std::string& name, const json& values) {
    artifact.put(name, std::span<const T>(values.get<std::vector<T>>()));
}

Artifact linear_artifact(const json& model) {
    Artifact artifact = header(model, model["background_mean"].size(), model["weights"].size(), model["link"]);
    std::vector<double> weights;
    for (const auto& row : model["weights"])
        for (const double w : row) weights.push_back(w);
    artifact.put("weights", std::span<const double>(weights), {artifact.outputs, artifact.features.size()});
    put(artifact, "intercept", model["intercept"]);
    put(artifact, "background_mean", model["background_mean"]);
    return artifact;
}

Artifact mlp_artifact(const json& model) {
    const std::vector<std::string> names{"identity", "relu", "tanh", "gelu", "gelu_tanh", "silu", "sigmoid"};
    const auto& layers = model["layers"];
    Artifact artifact = header(model, model["input_mean"].size(), layers.back()["out"], model["output"]);
    for (const std::string name : {"input_mean", "input_scale"}) {
        auto values = model[name].get<std::vector<double>>();
        if (model["dtype"] == "float32")  // written in 9 digits
            for (auto& x : values) x = static_cast<double>(static_cast<float>(x));
        artifact.put(name, std::span<const double>(values));
    }
    std::vector<std::uint8_t> activations;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto found = std::find(names.begin(), names.end(), layers[i]["activation"].get<std::string>());
        activations.push_back(static_cast<std::uint8_t>(found - names.begin()));
        const auto number = std::to_string(i);
        if (model["dtype"] == "float32") {
            put<float>(artifact, "weight_" + number, layers[i]["weight_row_major_out_in"]);
            put<float>(artifact, "bias_" + number, layers[i]["bias"]);
        } else {
            put(artifact, "weight_" + number, layers[i]["weight_row_major_out_in"]);
            put(artifact, "bias_" + number, layers[i]["bias"]);
        }
    }
    artifact.put("activation", std::span<const std::uint8_t>(activations));
    return artifact;
}

Artifact artifact_of(const std::string& name) {
    const auto model = json::parse(golden::read(golden::folder() / name / "model.json"));
    return model["kind"] == "linear" ? linear_artifact(model) : mlp_artifact(model);
}

// Margins within `relative` of the largest of the row, predictions or probabilities likewise (absolute for the latter).
void compare(const std::string& name, const Artifact& artifact, double relative) {
    SCOPED_TRACE(name);
    const auto model = load_model(write_artifact(artifact));
    auto inputs = golden::parse<double>(golden::read(golden::folder() / name / "inputs.csv"));
    if (artifact.kind == "mlp")  // float32, written in 9 digits
        for (auto& row : inputs.rows)
            for (auto& x : row) x = static_cast<double>(static_cast<float>(x));
    const auto expected = golden::parse<double>(golden::read(golden::folder() / name / "expected.csv"));
    const std::size_t outputs = model->outputs();
    std::vector<double> margins(outputs), probabilities(model->classes());
    for (std::size_t i = 0; i < inputs.rows.size(); ++i) {
        model->margins(inputs.rows[i], 1, margins, {});
        double scale = 0;
        for (std::size_t k = 0; k < outputs; ++k)
            scale = std::max(scale, std::abs(expected.rows[i][expected.find("margin", k)]));
        for (std::size_t k = 0; k < outputs; ++k)
            EXPECT_NEAR(margins[k], expected.rows[i][expected.find("margin", k)], relative * scale) << "row " << i;
        if (outputs > 1) {
            predict_probabilities(model->objective(), std::span<const double>(margins), probabilities);
            for (std::size_t k = 0; k < outputs; ++k)
                EXPECT_NEAR(probabilities[k], expected.rows[i][expected.find("pred", k)], relative * (1 + scale));
        } else {
            const double wanted = expected.rows[i][expected.find("pred")];
            EXPECT_NEAR(predict_row(model->objective(), std::span<const double>(margins)), wanted,
                        relative * (1 + std::abs(wanted) + (model->objective().probabilities ? scale : 0)));
        }
    }
}

TEST(DenseModels, LinearModelsHaveScikitLearnsMargins) {
    if (golden::cases("linear_").empty()) GTEST_SKIP() << "no golden files";
    EXPECT_GE(golden::cases("linear_").size(), 5u);
    for (const auto& name : golden::cases("linear_")) compare(name, artifact_of(name), 1e-12);
}

TEST(DenseModels, NetworksHaveTheMarginsOfTheFormulas) {
    if (golden::cases("mlp_").empty()) GTEST_SKIP() << "no golden files";
    EXPECT_GE(golden::cases("mlp_").size(), 5u);
    for (const auto& name : golden::cases("mlp_")) compare(name, artifact_of(name), 1e-10);
}

TEST(DenseModels, ContributionsOfLinearModels) {
    if (golden::cases("linear_").empty()) GTEST_SKIP() << "no golden files";
    for (const auto& name : golden::cases("linear_")) {
        SCOPED_TRACE(name);
        const Contributions parts(artifact_of(name));
        const auto inputs = golden::parse<double>(golden::read(golden::folder() / name / "inputs.csv"));
        const auto shap = golden::parse<double>(golden::read(golden::folder() / name / "shap.csv"));
        const std::size_t width = inputs.columns.size(), outputs = parts.model().outputs();
        ASSERT_FALSE(shap.rows.empty());
        std::vector<double> out(outputs * (width + 1));
        for (std::size_t i = 0; i < shap.rows.size(); ++i) {
            parts.of_row(inputs.rows[i], out);
            double scale = 0;
            for (const double part : shap.rows[i]) scale = std::max(scale, std::abs(part));
            for (std::size_t j = 0; j < out.size(); ++j) {
                const std::size_t k = j / (width + 1), feature = j % (width + 1);
                const std::string label = feature < width ? std::to_string(feature) : "bias";
                const int at = shap.find("phi_" + (outputs == 1 ? label : std::to_string(k) + "_" + label));
                ASSERT_GE(at, 0) << label;
                EXPECT_NEAR(out[j], shap.rows[i][at], 1e-12 * scale) << "row " << i << " " << label;
            }
        }
    }
}

TEST(DenseModels, AMissingValueCountsAsTheMean) {
    if (golden::cases("mlp_relu").empty()) GTEST_SKIP() << "no golden files";
    for (const std::string name : {"mlp_relu", "linear_ridge"}) {
        const auto artifact = artifact_of(name);
        const auto model = load_model(write_artifact(artifact));
        auto row = artifact.get<double>(name == "mlp_relu" ? "input_mean" : "background_mean");
        const std::vector<double> missing(row.size(), std::numeric_limits<double>::quiet_NaN());
        std::vector<double> a(1), b(1);
        model->margins(row, 1, a, {});
        model->margins(missing, 1, b, {});
        EXPECT_EQ(golden::bits(a[0]), golden::bits(b[0])) << name;
    }
}

TEST(DenseModels, WhatDoesNotFitIsRefused) {
    if (golden::cases("mlp_relu").empty()) GTEST_SKIP() << "no golden files";
    const auto refused = [](Artifact artifact, const std::string& name, const std::vector<double>& values) {
        artifact.put(name, std::span<const double>(values));
        EXPECT_THROW(load_model(write_artifact(artifact)), Error) << name;
    };
    const auto mlp = artifact_of("mlp_relu"), linear = artifact_of("linear_ridge");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    refused(mlp, "input_scale", std::vector<double>(8, 0.0));
    refused(mlp, "input_mean", std::vector<double>(7, 0.0));
    refused(mlp, "weight_1", std::vector<double>(5, 1.0));
    refused(mlp, "bias_0", {});
    refused(mlp, "bias_0", std::vector<double>(24, nan));
    refused(linear, "weights", std::vector<double>(6, nan));
    refused(linear, "intercept", {1, 2});
    refused(linear, "background_mean", {1});
    Artifact wrong = mlp;
    wrong.put("activation", std::span<const std::uint8_t>(std::vector<std::uint8_t>{1, 1, 99}));
    EXPECT_THROW(load_model(write_artifact(wrong)), Error);
    wrong.put("activation", std::span<const std::uint8_t>(std::vector<std::uint8_t>{1, 1}));
    EXPECT_THROW(load_model(write_artifact(wrong)), Error);
    EXPECT_THROW(Contributions{mlp}, Error);
}

}  // namespace
}  // namespace bourse::models
