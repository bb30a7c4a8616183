// How every algorithm trains: matrices in, a model with its learning curve out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "datasets/matrix.hpp"

namespace bourse::training {

struct TrainingData {
    datasets::MatrixView train;         // at least one row
    datasets::MatrixView valid;         // no rows: no early stopping
    std::vector<std::string> features;  // names of the columns
};

struct TrainingOptions {
    nlohmann::json params;  // as read_params returns them
    std::int64_t seed = 0;
    int threads = 1;  // at most
};

// One step of training, told as it happens.
struct Round {
    int round = 0;   // from 1
    int rounds = 0;  // at most
    double train_metric = 0;
    double valid_metric = 0;  // NaN without a valid span
    std::string metric;       // which: "rmse"
};
// Returning false stops at this round and keeps the best model so far; throwing abandons the training.
using OnRound = std::function<bool(const Round&)>;

struct Importance {
    std::size_t feature = 0;
    std::string_view kind;  // of static storage: "gain", "weight", "cover"
    double value = 0;
};

class Model {
public:
    virtual ~Model() = default;
    // One prediction a row, what the objective defines.
    virtual std::vector<float> predict(const datasets::MatrixView& rows) const = 0;
};

struct Trained {
    std::string native;                  // the library's own file
    std::string native_format;           // "xgboost-json"
    std::string metric;                  // what the curve shows: "rmse"
    std::vector<Round> curve;            // every round that was made, also those after the best
    int best_round = 0;                  // rounds kept in the model
    bool early = false;                  // stopped because valid got no better
    bool on_request = false;             // stopped by on_round
    std::vector<Importance> importance;  // features that the model uses
    std::unique_ptr<Model> model;
};

class Trainer {
public:
    virtual ~Trainer() = default;
    // Same input, seed and threads: same model. Errors: invalid_argument when labels or parameters do not fit the
    // objective; whatever on_round throws.
    virtual Trained train(const TrainingData& data, const TrainingOptions& options, const OnRound& on_round) const = 0;
};

// The trainer of an algorithm; Error(invalid_argument) for an unknown name.
std::unique_ptr<Trainer> make_trainer(std::string_view algorithm);

}  // namespace bourse::training
