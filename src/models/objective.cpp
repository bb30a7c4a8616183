#include "models/objective.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace bourse::models {
namespace {

using enum Transform;

constexpr std::array objectives{
    Objective{"reg:squarederror", identity, identity, false},
    Objective{"reg:squaredlogerror", identity, identity, false},
    Objective{"reg:pseudohubererror", identity, identity, false},
    Objective{"reg:absoluteerror", identity, identity, false},
    Objective{"reg:quantileerror", identity, identity, false},
    Objective{"reg:linear", identity, identity, false},
    Objective{"reg:logistic", logistic, logistic, true},
    Objective{"binary:logistic", logistic, logistic, true},
    Objective{"binary:logitraw", identity, identity, true},  // base_score is a margin here: no logit
    Objective{"binary:hinge", hinge, identity, false},
    Objective{"count:poisson", exponential, exponential, false},
    Objective{"reg:gamma", exponential, exponential, false},
    Objective{"reg:tweedie", exponential, exponential, false},
    Objective{"survival:cox", exponential, exponential, false},
    Objective{"survival:aft", exponential, exponential, false},
    Objective{"multi:softprob", softprob, identity, true},
    Objective{"multi:softmax", softmax, identity, true},
    Objective{"rank:pairwise", identity, identity, false},
    Objective{"rank:ndcg", identity, identity, false},
    Objective{"rank:map", identity, identity, false},
};

// All in float32, as the library; the C library's expf.
float sigmoid(float margin) noexcept { return 1.0f / (std::exp(std::min(-margin, 88.7f)) + 1.0f); }

}  // namespace

const Objective* find_objective(std::string_view name) noexcept {
    const auto* found =
        std::find_if(objectives.begin(), objectives.end(), [&](const Objective& o) { return o.name == name; });
    return found == objectives.end() ? nullptr : found;
}

std::optional<float> base_margin(const Objective& objective, float base_score) noexcept {
    if (!std::isfinite(base_score)) return std::nullopt;
    switch (objective.base_link) {
        case logistic:
            if (!(base_score > 0 && base_score < 1)) return std::nullopt;
            return -std::log(1.0f / base_score - 1.0f);
        case exponential:
            if (!(base_score > 0)) return std::nullopt;
            return std::log(base_score);
        default:
            return base_score;
    }
}

float predict_row(const Objective& objective, std::span<const float> margins) noexcept {
    switch (objective.transform) {
        case logistic:
            return sigmoid(margins[0]);
        case exponential:
            return std::exp(margins[0]);
        case hinge:
            return margins[0] > 0 ? 1.0f : 0.0f;
        case softprob:
        case softmax:
            return static_cast<float>(std::max_element(margins.begin(), margins.end()) - margins.begin());
        case identity:
            break;
    }
    return margins[0];
}

void predict_probabilities(const Objective&, std::span<const float> margins, std::span<float> out) noexcept {
    if (margins.size() == 1) {
        out[1] = sigmoid(margins[0]);
        out[0] = 1.0f - out[1];
        return;
    }
    const float highest = *std::max_element(margins.begin(), margins.end());
    double sum = 0;
    for (std::size_t k = 0; k < margins.size(); ++k) {
        out[k] = std::exp(margins[k] - highest);
        sum += out[k];
    }
    for (auto& p : out) p /= static_cast<float>(sum);
}

}  // namespace bourse::models
