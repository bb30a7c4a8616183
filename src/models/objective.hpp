// What XGBoost's objectives do with base_score and with margins. Source: XGBoost 1.7, src/objective/*.cc; checked
// against files and predictions of 1.7 in tests/unit/models.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace bourse::models {

enum class Transform { identity, logistic, exponential, hinge, softprob, softmax };

struct Objective {
    std::string_view name;
    Transform transform;  // margins -> prediction
    Transform base_link;  // its inverse makes the first margin of base_score: identity, logistic or exponential
    bool probabilities;   // whether predict_probabilities has an answer
};

// Null for a name that XGBoost does not know.
const Objective* find_objective(std::string_view name) noexcept;

// The margin that every row starts from; empty when `base_score` is outside the objective's range (finite; inside
// (0,1) for logistic, above 0 for the log-link objectives).
std::optional<float> base_margin(const Objective& objective, float base_score) noexcept;

// One row's prediction from its margins (as many as the model has outputs): what XGBoost's predict() gives, for
// multi-class objectives the class with the highest margin, the first of equals.
float predict_row(const Objective& objective, std::span<const float> margins) noexcept;

// One row's probabilities per class into `out`: 2 for one output (class 0, class 1), else one per output.
// Only for objectives with `probabilities`. float32, as XGBoost computes them.
void predict_probabilities(const Objective& objective, std::span<const float> margins, std::span<float> out) noexcept;

}  // namespace bourse::models
