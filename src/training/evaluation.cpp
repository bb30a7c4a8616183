#include "training/evaluation.hpp"

#include <cmath>
#include <optional>

#include "core/error.hpp"
#include "stats/ranking.hpp"

namespace bourse::training {
namespace {

void add(std::vector<Metric>& metrics, std::string_view name, const std::optional<double>& value) {
    if (value && std::isfinite(*value)) metrics.push_back({name, *value});
}

}  // namespace

std::vector<Metric> evaluate(const datasets::MatrixView& view, std::span<const double> outcomes,
                             std::span<const float> predictions, double middle, const CheckInterrupts& interrupts) {
    if (outcomes.size() != view.rows() || predictions.size() != view.rows())
        throw Error(ErrorKind::invalid_argument, "evaluate: " + std::to_string(predictions.size()) +
                                                     " predictions and " + std::to_string(outcomes.size()) +
                                                     " outcomes for " + std::to_string(view.rows()) + " rows");
    std::vector<Metric> metrics;
    if (view.rows() == 0) return metrics;
    const std::vector<double> wide(predictions.begin(), predictions.end());
    const auto days = stats::daily_ic(view.ts, wide, outcomes, interrupts);
    const auto ranking = stats::summarize(days);
    add(metrics, "ic", ranking.ic.mean);
    add(metrics, "icir", ranking.ic.ratio);
    add(metrics, "rank_ic", ranking.rank_ic.mean);
    add(metrics, "rank_icir", ranking.rank_ic.ratio);
    add(metrics, "ic_days", static_cast<double>(days.size()));

    double squares = 0, absolute = 0;
    std::size_t sided = 0, hits = 0;
    for (std::size_t i = 0; i < view.rows(); ++i) {
        const double label = view.labels[i];
        const double error = wide[i] - label;
        squares += error * error;
        absolute += std::abs(error);
        if (label == middle) continue;
        ++sided;
        hits += (wide[i] > middle) == (label > middle) && wide[i] != middle;
    }
    const auto n = static_cast<double>(view.rows());
    add(metrics, "rmse", std::sqrt(squares / n));
    add(metrics, "mae", absolute / n);
    if (sided > 0) add(metrics, "hit_ratio", static_cast<double>(hits) / static_cast<double>(sided));
    return metrics;
}

}  // namespace bourse::training
