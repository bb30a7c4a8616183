#include "datasets/labels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "factors/evaluate.hpp"
#include "factors/panel_reader.hpp"
#include "factors/plan.hpp"

namespace bourse::datasets {
namespace {

void take(const factors::Series& series, const std::vector<double>& values, const LabelRequest& request,
          Labels& labels) {
    const auto ahead = static_cast<std::size_t>(labels.bars_ahead);
    const auto window = std::max(ahead, static_cast<std::size_t>(request.horizon_bars));
    for (std::size_t row = series.first; row < series.last; ++row) {
        if (!series.has_bar[row] || !series.member[row]) continue;
        const double label = values[row - series.first];
        // Some expressions make a number of a future that is not there yet: a comparison, a mean of what there is.
        if (row + ahead >= series.rows() || !std::isfinite(label)) {
            ++labels.without_label;
            if (request.with_unlabelled)
                labels.rows.push_back({series.ts_us[row], series.ts_us[row], series.instrument_id,
                                       std::numeric_limits<double>::quiet_NaN()});
            continue;
        }
        const std::size_t end = std::min(row + window, series.rows() - 1);
        labels.rows.push_back({series.ts_us[row], series.ts_us[end], series.instrument_id, label});
    }
}

}  // namespace

Labels read_labels(factors::MarketSource& source, const LabelRequest& wanted, const CheckInterrupts& interrupts) {
    const auto plan = factors::compile(
        wanted.expression, {}, [&] { return source.custom_operators(); }, interrupts);
    factors::require_fields(plan, source.known_fields(wanted.freq));
    factors::PanelRequest request = factors::request_for(plan, wanted.freq);
    request.universe = wanted.universe;
    request.reach.left = std::max(request.reach.left, wanted.bars_before);
    request.reach.right = std::max(request.reach.right, wanted.horizon_bars);
    factors::PanelReader reader(source, request);

    Labels labels;
    labels.bars_ahead = plan.reach().right;
    std::vector<double> values;
    for (const auto& block : reader.blocks(reader.want_all(wanted.from_us, wanted.to_us))) {
        const auto panel = reader.read(block, interrupts);
        factors::Evaluator evaluator(plan, panel);
        for (const auto& series : panel.series) {
            evaluator.run(series, series.first, series.last, values, interrupts);
            take(series, values, wanted, labels);
        }
    }
    std::sort(labels.rows.begin(), labels.rows.end(), [](const LabelRow& a, const LabelRow& b) {
        return std::tie(a.ts, a.instrument_id) < std::tie(b.ts, b.instrument_id);
    });
    return labels;
}

}  // namespace bourse::datasets
