#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numeric>
#include <random>

#include "core/error.hpp"
#include "training/algorithm.hpp"
#include "training/trainer.hpp"

namespace bourse::training {
namespace {

using datasets::Matrix;
using nlohmann::json;

constexpr std::size_t columns = 6;

// label = x0 - x1² + noise; x2 has gaps, x3 is missing throughout, x4 and x5 are noise.
Matrix make_rows(std::size_t rows, unsigned seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal;
    Matrix matrix(columns);
    for (std::size_t i = 0; i < rows; ++i) {
        std::array<float, columns> x{};
        for (auto& value : x) value = normal(random);
        if (i % 3 == 0) x[2] = std::numeric_limits<float>::quiet_NaN();
        x[3] = std::numeric_limits<float>::quiet_NaN();
        matrix.append(static_cast<std::int64_t>(i), 1, x[0] - x[1] * x[1] + normal(random));
        std::copy(x.begin(), x.end(), matrix.row(i).begin());
    }
    return matrix;
}

const std::vector<std::string> names{"x0", "x1", "x2", "x3", "$close/Ref($close,1)-1", "x5"};

Trained train(const Matrix& learn, const Matrix& check, const json& params, const OnRound& on_round = {},
              std::int64_t seed = 3, int threads = 1) {
    return make_trainer("xgboost")->train({learn.view(), check.view(), names},
                                          {read_params(find_algorithm("xgboost"), params), seed, threads}, on_round);
}

double rmse(const std::vector<float>& predictions, const datasets::MatrixView& rows) {
    double sum = 0;
    for (std::size_t i = 0; i < rows.rows(); ++i) sum += std::pow(predictions[i] - rows.labels[i], 2);
    return std::sqrt(sum / static_cast<double>(rows.rows()));
}

TEST(Xgboost, LearnsThePlantedSignal) {
    const Matrix learn = make_rows(4000, 1), check = make_rows(2000, 2);
    const auto trained = train(learn, check, json::object());
    // The noise has standard deviation 1: that is the least error anything can reach; knowing nothing gives 2.
    EXPECT_LT(rmse(trained.model->predict(check.view()), check.view()), 1.15);
    EXPECT_TRUE(trained.early);
    EXPECT_EQ(trained.metric, "rmse");
    EXPECT_EQ(static_cast<int>(trained.curve.size()), trained.best_round + 50);
    EXPECT_NEAR(trained.curve[static_cast<std::size_t>(trained.best_round) - 1].valid_metric,
                rmse(trained.model->predict(check.view()), check.view()), 1e-5);

    const auto native = json::parse(trained.native);
    EXPECT_EQ(native.at("learner").at("feature_names"), json(names));
    EXPECT_EQ(native.at("learner").at("gradient_booster").at("model").at("trees").size(),
              static_cast<std::size_t>(trained.best_round));

    double first = 0, noise = 0;
    for (const auto& entry : trained.importance) {
        EXPECT_NE(entry.feature, 3u) << "a column without values cannot matter";
        if (entry.kind == "gain" && entry.feature == 0) first = entry.value;
        if (entry.kind == "gain" && entry.feature == 5) noise = entry.value;
    }
    EXPECT_GT(first, 3 * noise);
}

TEST(Xgboost, StartsFromTheMeanLabel) {
    Matrix learn = make_rows(500, 1);
    for (auto& label : learn.labels()) label = label * 0.001F + 40;
    const auto trained = train(learn, learn, json{{"num_boost_round", 1}});
    EXPECT_LT(trained.curve[0].train_metric, 0.01);
}

TEST(Xgboost, SameSeedSameModel) {
    const Matrix learn = make_rows(1500, 1), check = make_rows(500, 2);
    const json params{{"num_boost_round", 20}};
    EXPECT_EQ(train(learn, check, params, {}, 3, 2).native, train(learn, check, params, {}, 3, 2).native);
    EXPECT_NE(train(learn, check, params).native, train(learn, check, params, {}, 4).native);
}

TEST(Xgboost, StopsWhenAskedAndKeepsTheBest) {
    const Matrix learn = make_rows(1500, 1), check = make_rows(500, 2);
    const auto trained = train(learn, check, json::object(), [](const Round& round) { return round.round < 7; });
    EXPECT_TRUE(trained.on_request);
    EXPECT_EQ(trained.curve.size(), 7u);
    EXPECT_EQ(trained.best_round, 7);  // still learning: the last is the best
}

TEST(Xgboost, AThrowingCallbackAbandonsTheTraining) {
    const Matrix learn = make_rows(300, 1), check = make_rows(100, 2);
    EXPECT_THROW(
        train(learn, check, json::object(), [](const Round&) -> bool { throw Error(ErrorKind::cancelled, "enough"); }),
        Error);
}

TEST(Xgboost, WithoutValidEveryRoundIsKept) {
    const Matrix learn = make_rows(300, 1), none(columns);
    const auto trained = train(learn, none, json{{"num_boost_round", 12}});
    EXPECT_EQ(trained.best_round, 12);
    EXPECT_TRUE(std::isnan(trained.curve[0].valid_metric));
}

TEST(Xgboost, LabelsThatDoNotFitTheObjectiveAreNamed) {
    const Matrix learn = make_rows(300, 1), check = make_rows(100, 2);
    try {
        train(learn, check, json{{"objective", "binary:logistic"}});
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::invalid_argument);
        EXPECT_STREQ(e.what(), "xgboost refused to train: label must be in [0,1] for logistic regression");
        EXPECT_EQ(std::string(e.what()).find("Stack trace"), std::string::npos) << e.what();
    }
}

TEST(Xgboost, EveryObjectiveTrains) {
    Matrix learn = make_rows(300, 1), check = make_rows(100, 2);
    for (auto* rows : {&learn, &check})
        for (auto& label : rows->labels()) label = label > 0 ? 1.0F : 0.25F;
    for (const char* objective : {"reg:squarederror", "reg:absoluteerror", "reg:pseudohubererror", "reg:logistic",
                                  "binary:logistic", "count:poisson", "reg:gamma", "reg:tweedie"}) {
        const auto trained = train(learn, check, json{{"objective", objective}, {"num_boost_round", 5}});
        EXPECT_FALSE(trained.metric.empty()) << objective;
        EXPECT_TRUE(std::isfinite(trained.curve.back().valid_metric)) << objective;
        for (const float value : trained.model->predict(check.view())) ASSERT_TRUE(std::isfinite(value)) << objective;
    }
}

// --- against XGBoost's own Python package ---

class Oracle {
public:
    Oracle()
        : folder_(std::filesystem::temp_directory_path() /
                  ("bourse_oracle_" + std::to_string(std::random_device{}()))) {
        std::filesystem::create_directories(folder_);
    }
    ~Oracle() { std::filesystem::remove_all(folder_); }
    Oracle(const Oracle&) = delete;
    Oracle& operator=(const Oracle&) = delete;

    static bool present() { return std::system("/usr/bin/python3 -c 'import xgboost' >/dev/null 2>&1") == 0; }

    void write(const std::string& name, const datasets::MatrixView& rows) const {
        bytes(name + ".values", rows.values);
        bytes(name + ".labels", rows.labels);
    }
    json run(const json& meta) const {
        std::ofstream(folder_ / "meta.json") << meta;
        const std::string script = TRAINING_TESTS "/xgboost_oracle.py";
        if (std::system(("/usr/bin/python3 " + script + " " + folder_.string()).c_str()) != 0)
            throw std::runtime_error("the oracle failed");
        return json::parse(std::ifstream(folder_ / "result.json"));
    }
    std::vector<float> predictions() const {
        std::vector<float> values(std::filesystem::file_size(folder_ / "predictions") / sizeof(float));
        std::ifstream(folder_ / "predictions", std::ios::binary)
            .read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
        return values;
    }

private:
    void bytes(const std::string& name, std::span<const float> values) const {
        std::ofstream(folder_ / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
    }
    std::filesystem::path folder_;
};

TEST(Xgboost, EqualsThePythonPackage) {
    if (!Oracle::present()) GTEST_SKIP() << "python3-xgboost is not installed";
    const Matrix learn = make_rows(3000, 11), check = make_rows(1500, 12);
    const json given{
        {"num_boost_round", 300}, {"early_stopping_rounds", 10}, {"base_score", 0.125}, {"eta", 0.3}, {"nthread", 1}};
    const auto trained = train(learn, check, given, {}, 42, 1);

    const Oracle oracle;
    oracle.write("train", learn.view());
    oracle.write("valid", check.view());
    const json params{{"objective", "reg:squarederror"},
                      {"eta", 0.3},
                      {"max_depth", 6},
                      {"subsample", 0.8},
                      {"colsample_bytree", 0.8},
                      {"tree_method", "hist"},
                      {"base_score", 0.125},
                      {"seed", 42},
                      {"nthread", 1}};
    const auto expected =
        oracle.run({{"params", params}, {"columns", columns}, {"rounds", 300}, {"patience", 10}, {"metric", "rmse"}});

    EXPECT_EQ(trained.best_round, expected.at("best").get<int>());
    ASSERT_EQ(trained.curve.size(), expected.at("curve").size());
    for (std::size_t i = 0; i < trained.curve.size(); ++i)
        EXPECT_NEAR(trained.curve[i].valid_metric, expected.at("curve")[i].get<double>(), 1e-6);
    EXPECT_EQ(trained.model->predict(check.view()), oracle.predictions());
    for (const auto& entry : trained.importance) {
        if (entry.kind != "gain") continue;
        EXPECT_FLOAT_EQ(static_cast<float>(entry.value),
                        expected.at("gain").at("f" + std::to_string(entry.feature)).get<float>());
    }
}

}  // namespace
}  // namespace bourse::training
