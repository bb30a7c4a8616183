#include "training/linear.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include <Eigen/Dense>

#include "core/error.hpp"

namespace bourse::training {
namespace {

using datasets::MatrixView;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t most_features = 4000;  // a square matrix of them
constexpr int path_length = 25;
constexpr double without_valid = 0.01;

struct Weights {
    std::vector<float> weights;
    float bias = 0;

    // As the evaluator adds: float32, in the order of the features.
    float predict(const float* row) const {
        float sum = bias;
        for (std::size_t j = 0; j < weights.size(); ++j)
            if (!std::isnan(row[j])) sum += row[j] * weights[j];
        return sum;
    }
};

class LinearModel : public Model {
public:
    explicit LinearModel(Weights weights) : weights_(std::move(weights)) {}
    std::vector<float> predict(const MatrixView& rows) const override {
        std::vector<float> predictions(rows.rows());
        for (std::size_t i = 0; i < predictions.size(); ++i)
            predictions[i] = weights_.predict(rows.values.data() + i * rows.columns);
        return predictions;
    }

private:
    Weights weights_;
};

// Everything that the fit needs of the training rows, missing values as 0; one pass for means, one for products.
class Moments {
public:
    explicit Moments(const MatrixView& train)
        : columns_(static_cast<Index>(train.columns)), mean_(VectorXd::Zero(columns_)) {
        const auto n = static_cast<double>(train.rows());
        each_block(train, [&](const MatrixXd& x, const VectorXd& labels) {
            mean_ += x.colwise().sum().transpose();
            mean_label_ += labels.sum();
        });
        mean_ /= n;
        mean_label_ /= n;
        MatrixXd products = MatrixXd::Zero(columns_, columns_);
        VectorXd with_label = VectorXd::Zero(columns_);
        each_block(train, [&](MatrixXd& x, const VectorXd& labels) {
            x.rowwise() -= mean_.transpose();
            products.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
            with_label += x.transpose() * (labels.array() - mean_label_).matrix();
        });
        inverse_deviation_ = (products.diagonal() / n).array().sqrt();
        for (auto& value : inverse_deviation_) value = value > 0 ? 1 / value : 0.0;  // a constant column gets weight 0
        const MatrixXd full = products.selfadjointView<Eigen::Lower>();
        const MatrixXd correlation = inverse_deviation_.asDiagonal() * (full / n) * inverse_deviation_.asDiagonal();
        solver_.compute(correlation);
        rotated_ = solver_.eigenvectors().transpose() * (inverse_deviation_.asDiagonal() * (with_label / n));
    }

    Weights solve(double l2) const {
        constexpr double least = 1e-10;  // directions that the data do not have get weight 0, whatever l2
        VectorXd scaled = rotated_;
        for (Index j = 0; j < columns_; ++j) {
            const double value = std::max(solver_.eigenvalues()[j], 0.0);
            scaled[j] = value > least ? scaled[j] / (value + l2) : 0.0;
        }
        const VectorXd weights = inverse_deviation_.asDiagonal() * (solver_.eigenvectors() * scaled);
        Weights result;
        result.weights.assign(weights.begin(), weights.end());
        result.bias = static_cast<float>(mean_label_ - weights.dot(mean_));
        return result;
    }

    double deviation(std::size_t column) const {
        const double inverse = inverse_deviation_[static_cast<Index>(column)];
        return inverse > 0 ? 1 / inverse : 0.0;
    }

private:
    template <class Body>
    void each_block(const MatrixView& rows, Body body) const {
        constexpr std::size_t most = 256;
        for (std::size_t from = 0; from < rows.rows(); from += most) {
            const std::size_t count = std::min(most, rows.rows() - from);
            MatrixXd x(static_cast<Index>(count), columns_);
            VectorXd labels(static_cast<Index>(count));
            for (std::size_t i = 0; i < count; ++i) {
                labels[static_cast<Index>(i)] = rows.labels[from + i];
                for (std::size_t j = 0; j < rows.columns; ++j) {
                    const float value = rows.values[(from + i) * rows.columns + j];
                    x(static_cast<Index>(i), static_cast<Index>(j)) =
                        std::isnan(value) ? 0.0 : static_cast<double>(value);
                }
            }
            body(x, labels);
        }
    }

    Index columns_;
    VectorXd mean_;
    double mean_label_ = 0;
    VectorXd inverse_deviation_;
    Eigen::SelfAdjointEigenSolver<MatrixXd> solver_;
    VectorXd rotated_;
};

double rmse(const Weights& weights, const MatrixView& rows) {
    if (rows.rows() == 0) return std::numeric_limits<double>::quiet_NaN();
    double squares = 0;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        const double error =
            static_cast<double>(weights.predict(rows.values.data() + i * rows.columns)) - rows.labels[i];
        squares += error * error;
    }
    return std::sqrt(squares / static_cast<double>(rows.rows()));
}

std::string number(float value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.8e", static_cast<double>(value));  // nine digits: every float32 comes back
    return text;
}

// Weights of all features, then the bias. Source: XGBoost 1.7, src/gbm/gblinear_model.cc.
std::string to_gblinear(const Weights& weights, const std::vector<std::string>& features) {
    std::string list;
    for (const float weight : weights.weights) list += number(weight) + ",";
    list += number(weights.bias);
    return R"({"learner":{"attributes":{},"feature_names":)" + nlohmann::json(features).dump() +
           R"(,"feature_types":[],"gradient_booster":{"model":{"boosted_rounds":1,"weights":[)" + list +
           R"(]},"name":"gblinear"},"learner_model_param":{"base_score":"0E0","boost_from_average":"0","num_class":"0","num_feature":")" +
           std::to_string(features.size()) +
           R"(","num_target":"1"},"objective":{"name":"reg:squarederror","reg_loss_param":{"scale_pos_weight":"1"}}},"version":[1,7,4]})";
}

std::vector<double> path_of(const nlohmann::json& l2, bool has_valid) {
    if (!l2.is_null()) return {l2.get<double>()};
    if (!has_valid) return {without_valid};
    std::vector<double> path;
    for (int i = 0; i < path_length; ++i) path.push_back(std::pow(10.0, 2.0 - 6.0 * i / (path_length - 1)));
    return path;
}

class LinearTrainer : public Trainer {
public:
    Trained train(const TrainingData& data, const TrainingOptions& options, const OnRound& on_round) const override {
        if (data.train.columns > most_features)
            throw Error(ErrorKind::too_large, "linear takes at most " + std::to_string(most_features) +
                                                  " features, not " + std::to_string(data.train.columns));
        const bool has_valid = data.valid.rows() > 0;
        const Moments moments(data.train);
        const auto path = path_of(options.params.at("l2"), has_valid);
        Trained trained;
        trained.metric = "rmse";
        trained.native_format = "xgboost-json";
        Weights best;
        double best_error = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < path.size(); ++i) {
            Weights weights = moments.solve(path[i]);
            const Round round{static_cast<int>(i + 1), static_cast<int>(path.size()), rmse(weights, data.train),
                              rmse(weights, data.valid), "rmse"};
            trained.curve.push_back(round);
            const double error = has_valid ? round.valid_metric : round.train_metric;
            if (error < best_error) {
                best_error = error;
                best = std::move(weights);
                trained.best_round = round.round;
            }
            trained.on_request = on_round && !on_round(round);
            if (trained.on_request) break;
        }
        if (trained.best_round == 0)
            throw Error(ErrorKind::invalid_argument,
                        "linear found no weights: are the features numbers of a sane size?");
        for (std::size_t j = 0; j < best.weights.size(); ++j) {
            const double effect = std::abs(static_cast<double>(best.weights[j])) * moments.deviation(j);
            if (effect > 0) trained.importance.push_back({j, "weight", effect});
        }
        trained.native = to_gblinear(best, data.features);
        trained.model = std::make_unique<LinearModel>(std::move(best));
        return trained;
    }
};

}  // namespace

std::unique_ptr<Trainer> Linear::make() { return std::make_unique<LinearTrainer>(); }

}  // namespace bourse::training
