// xgboost_oracle CASE FOLDER ROWS: trains a model with XGBoost and lets it predict ROWS random rows, a good part of
// their values missing or exactly on a threshold. Writes FOLDER/model.json and FOLDER/rows.txt for COPY: row number,
// features, margins, predictions, the last three as arrays. The oracle of predict_equals_xgboost.sh; a process of its
// own, because XGBoost never loads into a backend.
#include <xgboost/c_api.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t features = 24;
constexpr std::size_t training_rows = 5000;
constexpr std::size_t categories = 40;  // of the last two features, where the case has any

struct Case {
    std::vector<std::pair<const char*, const char*>> params;
    int rounds;
    bool categorical = false;
};

const std::map<std::string, Case> cases{
    {"regression",
     {{{"objective", "reg:squarederror"}, {"tree_method", "hist"}, {"max_depth", "8"}, {"eta", "0.1"}}, 150}},
    {"deep",
     {{{"objective", "reg:squarederror"},
       {"tree_method", "hist"},
       {"grow_policy", "lossguide"},
       {"max_depth", "0"},
       {"max_leaves", "200"}},
      30}},
    {"exact",
     {{{"objective", "reg:squarederror"},
       {"tree_method", "exact"},
       {"max_depth", "5"},
       {"gamma", "0.3"},
       {"base_score", "2.5"}},
      30}},
    {"binary",
     {{{"objective", "binary:logistic"}, {"tree_method", "hist"}, {"base_score", "0.3"}, {"subsample", "0.7"}}, 60}},
    {"classes",
     {{{"objective", "multi:softprob"},
       {"num_class", "4"},
       {"tree_method", "hist"},
       {"num_parallel_tree", "2"},
       {"colsample_bynode", "0.6"}},
      15}},
    {"poisson", {{{"objective", "count:poisson"}, {"tree_method", "hist"}, {"base_score", "0.7"}}, 40}},
    {"dart",
     {{{"objective", "reg:squarederror"}, {"booster", "dart"}, {"rate_drop", "0.2"}, {"tree_method", "hist"}}, 25}},
    {"categories",
     {{{"objective", "reg:squarederror"},
       {"tree_method", "hist"},
       {"max_cat_to_onehot", "4"},
       {"min_child_weight", "0.1"}},
      40,
      true}},
    {"linear",
     {{{"objective", "reg:squarederror"}, {"booster", "gblinear"}, {"updater", "coord_descent"}, {"nthread", "1"}},
      20}},
};

void check(int status) {
    if (status == 0) return;
    std::fprintf(stderr, "xgboost: %s\n", XGBGetLastError());
    std::exit(1);
}

std::vector<float> random_rows(std::size_t rows, bool categorical, std::mt19937_64& random) {
    std::normal_distribution<float> normal;
    std::vector<float> x(rows * features);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < features; ++j) {
            float& value = x[i * features + j];
            const bool code = categorical && j + 2 >= features;
            if (random() % 8 == 0)
                value = std::numeric_limits<float>::quiet_NaN();
            else if (code)
                value = static_cast<float>(random() % categories);
            else
                value = j % 2 ? normal(random)
                              : std::round(normal(random) * 8) / 8;  // the even ones repeat and meet thresholds
        }
    return x;
}

std::vector<float> labels(const std::vector<float>& x, const Case& c, std::mt19937_64& random) {
    std::normal_distribution<float> noise(0, 0.3f);
    const std::string objective = c.params[0].second;
    std::vector<float> y(x.size() / features);
    for (std::size_t i = 0; i < y.size(); ++i) {
        const float* row = &x[i * features];
        float value = noise(random);
        for (std::size_t j = 0; j < features; ++j)
            if (!std::isnan(row[j]))
                value += std::sin(row[j] * static_cast<float>(j + 1)) + (j > 0 && row[j] > row[j - 1] ? 0.5f : 0.0f);
        if (objective == "binary:logistic") value = value > 3 ? 1.0f : 0.0f;
        if (objective == "multi:softprob") value = static_cast<float>(std::clamp(static_cast<int>(value / 2), 0, 3));
        if (objective == "count:poisson") value = std::floor(std::abs(value));
        y[i] = value;
    }
    return y;
}

DMatrixHandle matrix(const std::vector<float>& x, bool categorical) {
    DMatrixHandle handle = nullptr;
    check(XGDMatrixCreateFromMat(x.data(), x.size() / features, features, std::numeric_limits<float>::quiet_NaN(),
                                 &handle));
    if (categorical) {
        std::vector<const char*> types(features, "q");
        types[features - 2] = types[features - 1] = "c";
        check(XGDMatrixSetStrFeatureInfo(handle, "feature_type", types.data(), features));
    }
    return handle;
}

// type 0: predictions, 1: margins; one row of values per row.
std::vector<float> predict(BoosterHandle booster, DMatrixHandle rows, int type) {
    const std::string config =
        R"({"type": )" + std::to_string(type) +
        R"(, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": true})";
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* result = nullptr;
    check(XGBoosterPredictFromDMatrix(booster, rows, config.c_str(), &shape, &dimensions, &result));
    std::size_t count = 1;
    for (bst_ulong d = 0; d < dimensions; ++d) count *= shape[d];
    return {result, result + count};
}

void print_array(std::FILE* out, const float* values, std::size_t count, char end) {
    std::fputc('{', out);
    for (std::size_t i = 0; i < count; ++i) {
        if (i) std::fputc(',', out);
        if (std::isnan(values[i]))
            std::fputs("NaN", out);
        else
            std::fprintf(out, "%.9g", static_cast<double>(values[i]));  // 9 digits give every float32 back
    }
    std::fputc('}', out);
    std::fputc(end, out);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4 || !cases.contains(argv[1])) {
        for (const auto& entry : cases) std::printf("%s\n", entry.first.c_str());
        return argc == 1 ? 0 : 2;
    }
    const Case& c = cases.at(argv[1]);
    const std::string folder = argv[2];
    const std::size_t rows = std::strtoul(argv[3], nullptr, 10);
    std::mt19937_64 random(20240 + c.rounds);

    const auto x = random_rows(training_rows, c.categorical, random);
    const auto y = labels(x, c, random);
    DMatrixHandle training = matrix(x, c.categorical);
    check(XGDMatrixSetFloatInfo(training, "label", y.data(), y.size()));
    BoosterHandle booster = nullptr;
    check(XGBoosterCreate(&training, 1, &booster));
    check(XGBoosterSetParam(booster, "nthread", "1"));
    check(XGBoosterSetParam(booster, "seed", "5"));
    for (const auto& [name, value] : c.params) check(XGBoosterSetParam(booster, name, value));
    for (int round = 0; round < c.rounds; ++round) check(XGBoosterUpdateOneIter(booster, round, training));

    bst_ulong size = 0;
    const char* text = nullptr;
    check(XGBoosterSaveModelToBuffer(booster, R"({"format": "json"})", &size, &text));
    std::ofstream(folder + "/model.json", std::ios::binary).write(text, static_cast<std::streamsize>(size));

    const auto asked = random_rows(rows, c.categorical, random);
    DMatrixHandle questions = matrix(asked, c.categorical);
    const auto margins = predict(booster, questions, 1), predictions = predict(booster, questions, 0);
    std::FILE* out = std::fopen((folder + "/rows.txt").c_str(), "w");
    if (!out) return 1;
    for (std::size_t i = 0; i < rows; ++i) {
        std::fprintf(out, "%zu\t", i + 1);
        print_array(out, &asked[i * features], features, '\t');
        print_array(out, &margins[i * (margins.size() / rows)], margins.size() / rows, '\t');
        print_array(out, &predictions[i * (predictions.size() / rows)], predictions.size() / rows, '\n');
    }
    if (std::fclose(out) != 0) return 1;
    check(XGBoosterFree(booster));
    check(XGDMatrixFree(training));
    check(XGDMatrixFree(questions));
    return 0;
}
