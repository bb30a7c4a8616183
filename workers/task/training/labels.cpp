#include "workers/task/training/labels.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "factors/evaluate.hpp"
#include "factors/plan.hpp"
#include "workers/task/panel_reader.hpp"

namespace bourse::workers {
namespace {

std::int64_t to_us(pqxx::transaction_base& tx, const std::optional<std::string>& ts, std::int64_t otherwise) {
    return ts ? tx.exec_params1("SELECT bourse.to_unix_us($1)", *ts)[0].as<std::int64_t>() : otherwise;
}

void take(const factors::Series& series, const std::vector<double>& values, int ahead, Labels& labels) {
    for (std::size_t row = series.first; row < series.last; ++row) {
        if (!series.has_bar[row] || !series.member[row]) continue;
        const double label = values[row - series.first];
        const std::size_t end = row + static_cast<std::size_t>(ahead);
        // Some expressions make a number of a future that is not there yet: a comparison, a mean of what there is.
        if (end >= series.rows() || !std::isfinite(label)) {
            ++labels.without_label;
            continue;
        }
        labels.rows.push_back({series.ts_us[row], series.ts_us[end], series.instrument_id, label});
    }
}

}  // namespace

Labels read_labels(Connection& connection, pqxx::transaction_base& tx, const RunSpec& spec,
                   const CheckInterrupts& interrupts) {
    DatabaseSource source(connection);
    const auto plan = factors::compile(spec.label, {}, [&] { return source.custom_operators(); });
    factors::require_fields(plan, source.known_fields(spec.freq));
    factors::PanelRequest request = factors::request_for(plan, spec.freq);
    request.universe = spec.universe;
    factors::PanelReader reader(source, request);

    Labels labels;
    labels.bars_ahead = plan.reach().right;
    const auto wants =
        reader.want_all(to_us(tx, spec.from_ts, factors::beginning_us), to_us(tx, spec.to_ts, factors::end_of_time_us));
    std::vector<double> values;
    for (const auto& block : reader.blocks(wants)) {
        const auto panel = reader.read(block, interrupts);
        factors::Evaluator evaluator(plan, panel);
        for (const auto& series : panel.series) {
            evaluator.run(series, series.first, series.last, values, interrupts);
            take(series, values, labels.bars_ahead, labels);
        }
    }
    std::sort(labels.rows.begin(), labels.rows.end(), [](const LabelRow& a, const LabelRow& b) {
        return std::tie(a.ts, a.instrument_id) < std::tie(b.ts, b.instrument_id);
    });
    return labels;
}

}  // namespace bourse::workers
