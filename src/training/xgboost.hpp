// Gradient-boosted trees by XGBoost. Parameters keep the library's names; defaults are ours.
#pragma once

#include <array>
#include <memory>

#include "training/algorithm.hpp"
#include "training/trainer.hpp"

namespace bourse::training {

class Xgboost {
    static constexpr std::string_view objectives =
        "reg:squarederror reg:absoluteerror reg:pseudohubererror reg:logistic binary:logistic count:poisson reg:gamma "
        "reg:tweedie";
    static constexpr std::string_view metrics =
        "rmse mae mape mphe logloss error auc aucpr poisson-nloglik gamma-nloglik gamma-deviance";
    static constexpr double whole = 100'000;
    static constexpr double large = 1e12;

    // clang-format off
    static constexpr std::array params{
        ParamInfo{"num_boost_round", ParamType::integer, 1, whole, "1000", {}, "n_estimators", "rounds at most"},
        ParamInfo{"early_stopping_rounds", ParamType::integer, 0, whole, "50", {}, {}, "stop when valid got no better for so many rounds; 0: never"},
        ParamInfo{"objective", ParamType::choice, 0, 0, "\"reg:squarederror\"", objectives, {}, "what is minimised"},
        ParamInfo{"eval_metric", ParamType::choice, 0, 0, "null", metrics, {}, "what early stopping watches; null: the objective's own"},
        ParamInfo{"booster", ParamType::choice, 0, 0, "\"gbtree\"", "gbtree", {}, "kind of model"},
        ParamInfo{"eta", ParamType::number, 1e-6, 1, "0.05", {}, "learning_rate", "share of each new tree that counts"},
        ParamInfo{"max_depth", ParamType::integer, 0, 32, "6", {}, {}, "of a tree; 0: no limit (then max_leaves)"},
        ParamInfo{"min_child_weight", ParamType::number, 0, large, "1", {}, {}, "least sum of hessians in a leaf"},
        ParamInfo{"gamma", ParamType::number, 0, large, "0", {}, "min_split_loss", "least gain of a split"},
        ParamInfo{"max_delta_step", ParamType::number, 0, large, "0", {}, {}, "largest step of a leaf; 0: no limit"},
        ParamInfo{"subsample", ParamType::number, 1e-6, 1, "0.8", {}, {}, "share of rows per tree"},
        ParamInfo{"colsample_bytree", ParamType::number, 1e-6, 1, "0.8", {}, {}, "share of features per tree"},
        ParamInfo{"colsample_bylevel", ParamType::number, 1e-6, 1, "1", {}, {}, "share of features per level"},
        ParamInfo{"colsample_bynode", ParamType::number, 1e-6, 1, "1", {}, {}, "share of features per split"},
        ParamInfo{"lambda", ParamType::number, 0, large, "1", {}, "reg_lambda", "L2 penalty"},
        ParamInfo{"alpha", ParamType::number, 0, large, "0", {}, "reg_alpha", "L1 penalty"},
        ParamInfo{"tree_method", ParamType::choice, 0, 0, "\"hist\"", "hist approx exact", {}, "how splits are found"},
        ParamInfo{"max_bin", ParamType::integer, 2, 65535, "256", {}, {}, "histogram bins per feature (hist, approx)"},
        ParamInfo{"grow_policy", ParamType::choice, 0, 0, "\"depthwise\"", "depthwise lossguide", {}, "which node is split next (hist, approx)"},
        ParamInfo{"max_leaves", ParamType::integer, 0, whole, "0", {}, {}, "of a tree; 0: no limit"},
        ParamInfo{"num_parallel_tree", ParamType::integer, 1, 1000, "1", {}, {}, "trees per round"},
        ParamInfo{"scale_pos_weight", ParamType::number, 0, large, "1", {}, {}, "weight of positive labels"},
        ParamInfo{"tweedie_variance_power", ParamType::number, 1, 2, "1.5", {}, {}, "of reg:tweedie"},
        ParamInfo{"huber_slope", ParamType::number, 1e-12, large, "1", {}, {}, "of reg:pseudohubererror"},
        ParamInfo{"base_score", ParamType::number, -large, large, "null", {}, {}, "prediction before the first tree; null: mean of the training labels"},
        ParamInfo{"nthread", ParamType::integer, 0, 1024, "0", {}, "n_jobs", "threads at most; 0: as many as the worker gives"},
    };
    // clang-format on

public:
    static constexpr AlgorithmInfo info{"xgboost", "gradient-boosted trees (XGBoost)", params};
    static std::unique_ptr<Trainer> make();
};

}  // namespace bourse::training
