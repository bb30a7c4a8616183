#include "models/objective.hpp"

#include <algorithm>
#include <array>
#include <charconv>
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

constexpr std::array lightgbm_objectives{
    Objective{"regression", identity, identity, false},   Objective{"regression_l1", identity, identity, false},
    Objective{"huber", identity, identity, false},        Objective{"fair", identity, identity, false},
    Objective{"quantile", identity, identity, false},     Objective{"mape", identity, identity, false},
    Objective{"lambdarank", identity, identity, false},   Objective{"rank_xendcg", identity, identity, false},
    Objective{"poisson", exponential, identity, false},   Objective{"gamma", exponential, identity, false},
    Objective{"tweedie", exponential, identity, false},   Objective{"binary", logistic, identity, true},
    Objective{"cross_entropy", logistic, identity, true}, Objective{"cross_entropy_lambda", log1p_exp, identity, false},
    Objective{"multiclass", softprob, identity, true},    Objective{"multiclassova", one_vs_all, identity, true},
};
constexpr Objective own_objective{"custom", identity, identity, false};

// In the library's precision throughout, with the C library's exp.
float sigmoid(float margin) noexcept { return 1.0f / (std::exp(std::min(-margin, 88.7f)) + 1.0f); }
double sigmoid(double margin) noexcept { return 1.0 / (1.0 + std::exp(-margin)); }

template <class T>
T averaged(const Objective& objective, T margin) noexcept {
    return objective.divisor == 1 ? margin : margin / static_cast<T>(objective.divisor);
}

template <class T>
T row(const Objective& objective, std::span<const T> margins) noexcept {
    const T margin = averaged(objective, margins[0]);
    switch (objective.transform) {
        case logistic:
            return sigmoid(static_cast<T>(objective.sigmoid) * margin);
        case exponential:
            return std::exp(margin);
        case hinge:
            return margin > 0 ? 1 : 0;
        case log1p_exp:
            return std::log1p(std::exp(margin));
        case signed_square:
            return static_cast<T>((margin > 0) - (margin < 0)) * margin * margin;
        case softprob:
        case softmax:
        case one_vs_all:
            return static_cast<T>(std::max_element(margins.begin(), margins.end()) - margins.begin());
        case identity:
            break;
    }
    return margin;
}

template <class T>
void probabilities(const Objective& objective, std::span<const T> margins, std::span<T> out) noexcept {
    if (margins.size() == 1 || objective.transform == one_vs_all) {
        const std::size_t first = margins.size() == 1 ? 1 : 0;
        for (std::size_t k = 0; k < margins.size(); ++k)
            out[first + k] = sigmoid(static_cast<T>(objective.sigmoid) * averaged(objective, margins[k]));
        if (first == 1) out[0] = 1 - out[1];
        return;
    }
    const T highest = averaged(objective, *std::max_element(margins.begin(), margins.end()));
    double sum = 0;
    for (std::size_t k = 0; k < margins.size(); ++k) {
        out[k] = std::exp(averaged(objective, margins[k]) - highest);
        sum += out[k];
    }
    for (auto& p : out) p /= static_cast<T>(sum);
}

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

std::optional<Objective> lightgbm_objective(std::string_view line) noexcept {
    if (line.empty()) return own_objective;
    const auto word = [&line] {
        line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
        const auto found = line.substr(0, line.find(' '));
        line.remove_prefix(found.size());
        return found;
    };
    const auto name = word();
    const auto* const known = std::find_if(lightgbm_objectives.begin(), lightgbm_objectives.end(),
                                           [&](const Objective& o) { return o.name == name; });
    if (known == lightgbm_objectives.end()) return std::nullopt;
    Objective objective = *known;
    for (auto option = word(); !option.empty(); option = word()) {
        if (option == "sqrt" && objective.transform == identity) objective.transform = signed_square;
        if (!option.starts_with("sigmoid:")) continue;
        option.remove_prefix(8);
        const auto read = std::from_chars(option.data(), option.data() + option.size(), objective.sigmoid);
        if (read.ec != std::errc() || read.ptr != option.data() + option.size() || !std::isfinite(objective.sigmoid) ||
            !(objective.sigmoid > 0))
            return std::nullopt;
    }
    return objective;
}

float predict_row(const Objective& objective, std::span<const float> margins) noexcept {
    return row(objective, margins);
}
double predict_row(const Objective& objective, std::span<const double> margins) noexcept {
    return row(objective, margins);
}

void predict_probabilities(const Objective& objective, std::span<const float> margins, std::span<float> out) noexcept {
    probabilities(objective, margins, out);
}
void predict_probabilities(const Objective& objective, std::span<const double> margins,
                           std::span<double> out) noexcept {
    probabilities(objective, margins, out);
}

}  // namespace bourse::models
