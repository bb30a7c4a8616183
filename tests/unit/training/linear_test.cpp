#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>

#include "training/algorithm.hpp"
#include "training/trainer.hpp"

namespace bourse::training {
namespace {

using datasets::Matrix;
using nlohmann::json;

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
const std::vector<std::string> names{"a", "b", "constant", "empty"};

// label = 2 + 3 a - 500 b + noise; b is small, so its weight is large.
Matrix make_rows(std::size_t rows, unsigned seed, float noise) {
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal;
    Matrix matrix(4);
    for (std::size_t i = 0; i < rows; ++i) {
        const float a = normal(random), b = 0.01F * normal(random);
        matrix.append(static_cast<std::int64_t>(i), 1, 2 + 3 * a - 500 * b + noise * normal(random));
        const auto row = matrix.row(i);
        row[0] = a;
        row[1] = b;
        row[2] = 7;
        row[3] = missing;
    }
    return matrix;
}

Trained train(const Matrix& learn, const Matrix& check, const json& params) {
    return make_trainer("linear")->train({learn.view(), check.view(), names},
                                         {read_params(find_algorithm("linear"), params), 0, 1}, {});
}

std::vector<double> weights_of(const Trained& trained) {
    return json::parse(trained.native)
        .at("learner")
        .at("gradient_booster")
        .at("model")
        .at("weights")
        .get<std::vector<double>>();
}

TEST(Linear, FindsExactWeightsWithoutNoise) {
    const Matrix learn = make_rows(500, 1, 0), none(4);
    const auto weights = weights_of(train(learn, none, json{{"l2", 0}}));
    ASSERT_EQ(weights.size(), 5u);
    EXPECT_NEAR(weights[0], 3, 1e-4);
    EXPECT_NEAR(weights[1], -500, 1e-2);
    EXPECT_EQ(weights[2], 0);
    EXPECT_EQ(weights[3], 0);
    EXPECT_NEAR(weights[4], 2, 1e-4);
}

// With one feature ridge has a closed form: the least-squares weight divided by 1 + l2.
TEST(Linear, ShrinksByTheClosedForm) {
    Matrix learn(4);
    for (int i = 0; i < 100; ++i) {
        learn.append(i, 1, static_cast<float>(5 * (i % 10) + 1));
        learn.row(learn.rows() - 1)[0] = static_cast<float>(i % 10);
    }
    const Matrix none(4);
    const auto weights = weights_of(train(learn, none, json{{"lambda", 0.25}}));
    EXPECT_NEAR(weights[0], 5 / 1.25, 1e-5);
    EXPECT_NEAR(weights[4], (5 * 4.5 + 1) - 4 * 4.5, 1e-4);  // the mean is still met
}

TEST(Linear, ChoosesThePenaltyOnValid) {
    const Matrix learn = make_rows(300, 1, 1), check = make_rows(300, 2, 1);
    const auto trained = train(learn, check, json::object());
    EXPECT_EQ(trained.curve.size(), 25u);
    for (const auto& round : trained.curve)
        EXPECT_GE(round.valid_metric, trained.curve[static_cast<std::size_t>(trained.best_round) - 1].valid_metric);
    EXPECT_NEAR(trained.curve[static_cast<std::size_t>(trained.best_round) - 1].valid_metric, 1, 0.15);  // the noise
    EXPECT_EQ(trained.importance.size(), 2u);
    EXPECT_NEAR(trained.importance[0].value, 3, 0.5);  // 3 and 500 times deviations of 1 and 0.01
    EXPECT_NEAR(trained.importance[1].value, 5, 0.5);
}

TEST(Linear, XgboostReadsTheFileAndPredictsTheSame) {
    if (std::system("/usr/bin/python3 -c 'import xgboost' >/dev/null 2>&1") != 0)
        GTEST_SKIP() << "python3-xgboost is not installed";
    const Matrix learn = make_rows(300, 1, 1), check = make_rows(200, 2, 1);
    const auto trained = train(learn, check, json::object());
    const auto folder =
        std::filesystem::temp_directory_path() / ("bourse_linear_" + std::to_string(std::random_device{}()));
    std::filesystem::create_directories(folder);
    const auto rows = check.view();
    std::ofstream(folder / "model.json") << trained.native;
    std::ofstream(folder / "values", std::ios::binary)
        .write(reinterpret_cast<const char*>(rows.values.data()),
               static_cast<std::streamsize>(rows.values.size_bytes()));
    const std::string script =
        "import sys, numpy as np, xgboost as x; f = sys.argv[1]; b = x.Booster(model_file=f + '/model.json'); "
        "v = np.fromfile(f + '/values', dtype='<f4').reshape(-1, 4); "
        "b.predict(x.DMatrix(v, feature_names=['a', 'b', 'constant', 'empty'])).astype('<f4').tofile(f + '/out')";
    ASSERT_EQ(std::system(("/usr/bin/python3 -c \"" + script + "\" " + folder.string()).c_str()), 0);
    std::vector<float> expected(rows.rows());
    std::ifstream(folder / "out", std::ios::binary)
        .read(reinterpret_cast<char*>(expected.data()), static_cast<std::streamsize>(expected.size() * sizeof(float)));
    std::filesystem::remove_all(folder);
    EXPECT_EQ(trained.model->predict(rows), expected);
}

}  // namespace
}  // namespace bourse::training
