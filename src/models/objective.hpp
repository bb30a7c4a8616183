// What XGBoost's and LightGBM's objectives do with base_score and with margins. Source: XGBoost 1.7,
// src/objective/*.cc; LightGBM 4.7, src/objective/*.hpp; checked against files and predictions of both in
// tests/unit/models.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace bourse::models {

// softprob and softmax share their arithmetic, but XGBoost's predict() gives probabilities or the class;
// one_vs_all, log1p_exp and signed_square are LightGBM's.
enum class Transform {
    identity,
    logistic,
    exponential,
    hinge,
    softprob,
    softmax,
    one_vs_all,
    log1p_exp,
    signed_square
};

struct Objective {
    std::string_view name;
    Transform transform;  // margins -> prediction
    Transform base_link;  // its inverse makes the first margin of base_score: identity, logistic or exponential
    bool probabilities;   // whether predict_probabilities has an answer
    double sigmoid = 1;   // LightGBM: factor of the margin within the logistic function
    double divisor = 1;   // LightGBM's average_output: margins are sums, divided by this before the transform
};

// Null for a name that XGBoost does not know.
const Objective* find_objective(std::string_view name) noexcept;

// From LightGBM's header line "name key:value …", "" for a model without one (its own objective: identity); empty for
// an unknown name or a sigmoid that is not a finite number above 0.
std::optional<Objective> lightgbm_objective(std::string_view line) noexcept;

// Whether a model with this objective has one output per class, at least two.
inline bool has_classes(const Objective& objective) noexcept {
    return objective.transform == Transform::softprob || objective.transform == Transform::softmax ||
           objective.transform == Transform::one_vs_all;
}

// The margin that every row starts from; empty when `base_score` is outside the objective's range (finite; inside
// (0,1) for logistic, above 0 for the log-link objectives). XGBoost only.
std::optional<float> base_margin(const Objective& objective, float base_score) noexcept;

// One row's prediction from its margins (as many as the model has outputs): what the library's predict() gives; for
// objectives with classes the class with the highest margin, the first of equals. Of several targets, the first.
// float32 as XGBoost computes, float64 as LightGBM.
float predict_row(const Objective& objective, std::span<const float> margins) noexcept;
double predict_row(const Objective& objective, std::span<const double> margins) noexcept;

// One row's probabilities per class into `out`: 2 for one output (class 0, class 1), else one per output; those of
// one_vs_all do not sum to 1. Only for objectives with `probabilities`.
void predict_probabilities(const Objective& objective, std::span<const float> margins, std::span<float> out) noexcept;
void predict_probabilities(const Objective& objective, std::span<const double> margins, std::span<double> out) noexcept;

}  // namespace bourse::models
