#include "training/xgboost.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include <xgboost/c_api.h>

#include "core/error.hpp"

namespace bourse::training {
namespace {

using datasets::MatrixView;
using nlohmann::json;

// XGBoost's message without its clock, source line and stack trace.
std::string last_error() {
    std::string message = XGBGetLastError();
    message = message.substr(0, message.find("\nStack trace"));
    if (const auto at = message.find("] ");
        message.starts_with("[") && at != std::string::npos) {  // "[12:00:00] ./src/file.cc:148: "
        const auto text = message.find(": ", at);
        if (text != std::string::npos) message = message.substr(text + 2);
    }
    while (!message.empty() && std::isspace(static_cast<unsigned char>(message.back()))) message.pop_back();
    return message;
}

void call(int status) {
    if (status != 0)
        throw Error(ErrorKind::invalid_argument, "xgboost refused to train: " + last_error(),
                    "labels must fit the objective: 0 to 1 for logistic, not negative for poisson and tweedie, above 0 "
                    "for gamma");
}

template <int (*Free)(void*)>
class Handle {
public:
    Handle() = default;
    Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Handle() {
        if (handle_) Free(handle_);
    }
    void* get() const noexcept { return handle_; }
    void** out() noexcept { return &handle_; }

private:
    void* handle_ = nullptr;
};
using Data = Handle<XGDMatrixFree>;
using Booster = Handle<XGBoosterFree>;

Data make_data(const MatrixView& view, int threads) {
    const std::string array = json{
        {"data", {reinterpret_cast<std::uintptr_t>(view.values.data()), true}},
        {"shape", {view.rows(), view.columns}},
        {"typestr", "<f4"},
        {"version", 3}}.dump();
    const std::string config = R"({"missing": NaN, "nthread": )" + std::to_string(threads) + "}";
    Data data;
    call(XGDMatrixCreateFromDense(array.c_str(), config.c_str(), data.out()));
    call(XGDMatrixSetFloatInfo(data.get(), "label", view.labels.data(), view.labels.size()));
    return data;
}

std::string text(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

// Before the first tree everything is predicted to be the mean label: the library's own 0.5 would cost the first
// hundred rounds when labels are returns.
double base_score(const json& params, const MatrixView& train) {
    if (!params.at("base_score").is_null()) return params.at("base_score").get<double>();
    const double sum = std::accumulate(train.labels.begin(), train.labels.end(), 0.0);
    const double mean = sum / static_cast<double>(train.rows());
    const auto objective = params.at("objective").get<std::string>();
    if (objective == "reg:logistic" || objective == "binary:logistic") return std::clamp(mean, 1e-6, 1 - 1e-6);
    if (objective == "count:poisson" || objective == "reg:gamma" || objective == "reg:tweedie")
        return std::max(mean, 1e-6);
    return mean;
}

void set_params(const Booster& booster, const TrainingOptions& options, const MatrixView& train, int threads) {
    const auto set = [&](const std::string& name, const std::string& value) {
        call(XGBoosterSetParam(booster.get(), name.c_str(), value.c_str()));
    };
    for (const auto& [name, value] : options.params.items()) {
        if (name == "num_boost_round" || name == "early_stopping_rounds" || name == "nthread" || value.is_null())
            continue;
        set(name, text(value));
    }
    set("base_score", json(base_score(options.params, train)).dump());
    set("seed", std::to_string(options.seed));
    set("nthread", std::to_string(threads));
    set("verbosity", "0");
}

// "[7]\ttrain-rmse:0.0123\tvalid-rmse:0.0124" -> the metric's name and the numbers.
struct Evaluated {
    std::string metric;
    double train = std::numeric_limits<double>::quiet_NaN();
    double valid = std::numeric_limits<double>::quiet_NaN();
};

Evaluated evaluate(const Booster& booster, int round, std::span<DMatrixHandle> sets) {
    const char* names[] = {"train", "valid"};
    const char* line = nullptr;
    call(XGBoosterEvalOneIter(booster.get(), round, sets.data(), names, sets.size(), &line));
    Evaluated result;
    const std::string all = line;
    for (const auto& [prefix, value] : {std::pair{"\ttrain-", &result.train}, std::pair{"\tvalid-", &result.valid}}) {
        const auto start = all.find(prefix);
        if (start == std::string::npos) continue;
        const auto name = start + std::strlen(prefix);
        const auto colon = all.find(':', name);  // metric names hold none unless they have a parameter, ours have not
        if (colon == std::string::npos) throw Error(ErrorKind::internal, "xgboost evaluation without a value: " + all);
        result.metric = all.substr(name, colon - name);
        *value = std::strtod(all.c_str() + colon + 1, nullptr);
    }
    return result;
}

bool higher_is_better(const std::string& metric) { return metric == "auc" || metric == "aucpr"; }

// The round with the best valid metric so far, and since when nothing was better.
class Best {
public:
    void see(int round, const Evaluated& evaluated) {
        const double score = higher_is_better(evaluated.metric) ? -evaluated.valid : evaluated.valid;
        if (round_ > 0 && !(score < score_)) return;
        if (std::isnan(score)) return;
        round_ = round;
        score_ = score;
    }
    int round() const noexcept { return round_; }

private:
    int round_ = 0;
    double score_ = 0;
};

std::string save(const Booster& booster, const std::vector<std::string>& features) {
    std::vector<const char*> names;
    for (const auto& feature : features) names.push_back(feature.c_str());
    call(XGBoosterSetStrFeatureInfo(booster.get(), "feature_name", names.data(), names.size()));
    const char* bytes = nullptr;
    bst_ulong size = 0;
    call(XGBoosterSaveModelToBuffer(booster.get(), R"({"format": "json"})", &size, &bytes));
    return {bytes, size};
}

// Before names are set, XGBoost calls the features f0, f1, …
std::vector<Importance> importance(const Booster& booster) {
    std::vector<Importance> all;
    for (const std::string_view kind : {"gain", "weight", "cover"}) {
        const std::string config = json{{"importance_type", kind}}.dump();
        bst_ulong count = 0, dimensions = 0;
        const char** names = nullptr;
        const bst_ulong* shape = nullptr;
        const float* scores = nullptr;
        call(XGBoosterFeatureScore(booster.get(), config.c_str(), &count, &names, &dimensions, &shape, &scores));
        for (bst_ulong i = 0; i < count; ++i)
            all.push_back({static_cast<std::size_t>(std::stoul(names[i] + 1)), kind, static_cast<double>(scores[i])});
    }
    return all;
}

class XgboostModel : public Model {
public:
    XgboostModel(Booster booster, int threads) : booster_(std::move(booster)), threads_(threads) {}

    std::vector<float> predict(const MatrixView& rows) const override {
        if (rows.rows() == 0) return {};
        const Data data = make_data(rows, threads_);
        const char* config =
            R"({"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false})";
        const bst_ulong* shape = nullptr;
        bst_ulong dimensions = 0;
        const float* values = nullptr;
        call(XGBoosterPredictFromDMatrix(booster_.get(), data.get(), config, &shape, &dimensions, &values));
        return {values, values + rows.rows()};
    }

private:
    Booster booster_;
    int threads_;
};

class XgboostTrainer : public Trainer {
public:
    Trained train(const TrainingData& data, const TrainingOptions& options, const OnRound& on_round) const override {
        const int asked = options.params.at("nthread").get<int>();
        const int threads = std::max(1, asked > 0 ? std::min(asked, options.threads) : options.threads);
        const int rounds = options.params.at("num_boost_round").get<int>();
        const int patience = options.params.at("early_stopping_rounds").get<int>();
        const bool has_valid = data.valid.rows() > 0;

        const Data train = make_data(data.train, threads);
        const Data valid = has_valid ? make_data(data.valid, threads) : Data{};
        std::vector<DMatrixHandle> sets{train.get()};
        if (has_valid) sets.push_back(valid.get());
        Booster booster;
        call(XGBoosterCreate(sets.data(), sets.size(), booster.out()));
        set_params(booster, options, data.train, threads);

        Trained trained;
        Best best;
        for (int round = 1; round <= rounds; ++round) {
            call(XGBoosterUpdateOneIter(booster.get(), round - 1, train.get()));
            const Evaluated evaluated = evaluate(booster, round - 1, sets);
            trained.metric = evaluated.metric;
            trained.curve.push_back({round, rounds, evaluated.train, evaluated.valid, evaluated.metric});
            if (has_valid) best.see(round, evaluated);
            trained.on_request = on_round && !on_round(trained.curve.back());
            trained.early = has_valid && patience > 0 && best.round() > 0 && round - best.round() >= patience;
            if (trained.on_request || trained.early) break;
        }
        trained.best_round = has_valid && best.round() > 0 ? best.round() : static_cast<int>(trained.curve.size());

        Booster kept;
        call(XGBoosterSlice(booster.get(), 0, trained.best_round, 1, kept.out()));
        trained.importance = importance(kept);
        trained.native = save(kept, data.features);
        trained.native_format = "xgboost-json";
        trained.model = std::make_unique<XgboostModel>(std::move(kept), threads);
        return trained;
    }
};

}  // namespace

std::unique_ptr<Trainer> Xgboost::make() { return std::make_unique<XgboostTrainer>(); }

}  // namespace bourse::training
