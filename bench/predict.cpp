// Rows per second of one model: our evaluator in blocks and row by row, and XGBoost itself, one thread each, in turns,
// the best of three; every margin must be equal.
#include <xgboost/c_api.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "models/evaluator.hpp"
#include "models/xgboost_import.hpp"

namespace {

constexpr std::size_t features = 158, training_rows = 5000, rows = 20'000;
constexpr int rounds = 500;

void check(int status) {
    if (status == 0) return;
    std::fprintf(stderr, "xgboost: %s\n", XGBGetLastError());
    std::exit(1);
}

std::vector<float> random_rows(std::size_t count, std::mt19937& random) {
    std::normal_distribution<float> normal;
    std::vector<float> x(count * features);
    for (auto& value : x) value = random() % 20 ? normal(random) : std::numeric_limits<float>::quiet_NaN();
    return x;
}

DMatrixHandle matrix(const std::vector<float>& x) {
    DMatrixHandle handle = nullptr;
    const float missing = std::numeric_limits<float>::quiet_NaN();
    check(XGDMatrixCreateFromMat(x.data(), x.size() / features, features, missing, &handle));
    return handle;
}

template <class F>
double seconds(F&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main() {
    std::mt19937 random(1);
    const auto x = random_rows(training_rows, random);
    std::vector<float> y(training_rows);
    for (std::size_t i = 0; i < training_rows; ++i)
        for (std::size_t j = 0; j < features; ++j)
            if (!std::isnan(x[i * features + j])) y[i] += std::sin(x[i * features + j] * static_cast<float>(j % 7));
    DMatrixHandle training = matrix(x);
    check(XGDMatrixSetFloatInfo(training, "label", y.data(), y.size()));
    BoosterHandle booster = nullptr;
    check(XGBoosterCreate(&training, 1, &booster));
    const std::pair<const char*, const char*> params[] = {
        {"nthread", "1"}, {"tree_method", "hist"}, {"max_depth", "6"}, {"eta", "0.05"}};
    for (const auto& [name, value] : params) check(XGBoosterSetParam(booster, name, value));
    for (int round = 0; round < rounds; ++round) check(XGBoosterUpdateOneIter(booster, round, training));
    bst_ulong size = 0;
    const char* text = nullptr;
    check(XGBoosterSaveModelToBuffer(booster, R"({"format": "json"})", &size, &text));
    const std::string json(text, size);
    std::unique_ptr<const bourse::models::Evaluator> model;
    const double load_s =
        seconds([&] { model = bourse::models::make_evaluator(bourse::models::artifact_from_xgboost(json)); });

    const auto asked = random_rows(rows, random);
    std::vector<float> ours(rows), theirs(rows);
    double block_s = 1e9, single_s = 1e9, peer_s = 1e9;
    const std::string config =
        R"({"type": 1, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true})";
    for (int turn = 0; turn < 3; ++turn) {
        block_s = std::min(block_s, seconds([&] { model->margins(asked, rows, ours, {}); }));
        single_s = std::min(single_s, seconds([&] {
                                for (std::size_t i = 0; i < rows; ++i)
                                    model->margins(std::span(asked).subspan(i * features, features), 1,
                                                   std::span(ours).subspan(i, 1), {});
                            }));
        DMatrixHandle questions = matrix(asked);  // a fresh one: XGBoost keeps predictions of a matrix it has seen
        peer_s = std::min(
            peer_s, seconds([&] {
                const bst_ulong* shape = nullptr;
                bst_ulong dimensions = 0;
                const float* result = nullptr;
                check(XGBoosterPredictFromDMatrix(booster, questions, config.c_str(), &shape, &dimensions, &result));
                theirs.assign(result, result + rows);
            }));
        check(XGDMatrixFree(questions));
        if (ours != theirs) {
            std::fprintf(stderr, "margins differ from XGBoost's\n");
            return 1;
        }
    }
    std::printf("%d trees of depth 6, %zu features, 5 %% missing, one thread; conversion from JSON %.0f ms\n", rounds,
                features, 1000 * load_s);
    std::printf("bourse, blocks   %9.0f rows/s\n", rows / block_s);
    std::printf("bourse, one row  %9.0f rows/s\n", rows / single_s);
    std::printf("XGBoost          %9.0f rows/s\n", rows / peer_s);
    std::printf("ratio blocks / XGBoost: %.2f\n", peer_s / block_s);
    check(XGBoosterFree(booster));
    check(XGDMatrixFree(training));
    return 0;
}
