#include "datasets/labels.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <tuple>
#include <unordered_map>
#include <utility>

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

constexpr std::size_t series_a_part = 16;

std::span<const factors::Series> some_of(std::span<const factors::Series> all, std::size_t part) {
    const std::size_t from = part * series_a_part;
    return all.subspan(from, std::min(series_a_part, all.size() - from));
}

bool earlier(const LabelRow& a, const LabelRow& b) {
    return std::tie(a.ts, a.instrument_id) < std::tie(b.ts, b.instrument_id);
}

// Rows came series by series, and there are far fewer timestamps than rows: each goes to the next place of its own, in
// other memory. Where that would be much, they are sorted where they are.
void order_by_time(std::vector<LabelRow>& rows) {
    constexpr std::size_t most_copied = (std::size_t{64} << 20) / sizeof(LabelRow);
    if (std::is_sorted(rows.begin(), rows.end(), earlier)) return;
    if (rows.size() > most_copied) return std::sort(rows.begin(), rows.end(), earlier);
    std::unordered_map<std::int64_t, std::size_t> places;
    for (const auto& row : rows) ++places[row.ts];
    std::vector<std::int64_t> times;
    for (const auto& [ts, count] : places) times.push_back(ts);
    std::sort(times.begin(), times.end());
    std::size_t before = 0;
    for (const auto ts : times) before += std::exchange(places[ts], before);
    std::vector<LabelRow> ordered(rows.size());
    for (const auto& row : rows) ordered[places[row.ts]++] = row;
    rows = std::move(ordered);
    assert(std::is_sorted(rows.begin(), rows.end(), earlier));
}

// An expression that looks at other instruments reads their bars by their own calendars: the third session after a
// Friday is a Wednesday where the row's own market never closes. A window ends no earlier than it does on any of them.
void reach_elsewhere(factors::MarketSource& source, const factors::PanelReader& reader, Labels& labels) {
    factors::PanelRequest everybody;
    everybody.freq = reader.request().freq;
    const factors::PanelReader all(source, everybody);
    if (all.calendars().size() < 2) return;
    const auto most = static_cast<std::size_t>(labels.bars_ahead);
    std::int64_t ts = 0, end = 0;
    for (std::size_t i = 0; i < labels.rows.size(); ++i) {
        LabelRow& row = labels.rows[i];
        if (i == 0 || row.ts != ts) {
            end = ts = row.ts;
            for (const auto& [name, calendar] : all.calendars()) {
                const auto ahead = calendar.positions(ts, calendar.after(ts, most));
                // where it has no position at ts, the one before stands for it
                const std::size_t at = !ahead.empty() && ahead.front() == ts ? most : most - 1;
                if (!ahead.empty()) end = std::max(end, ahead[std::min(at, ahead.size() - 1)]);
            }
        }
        if (!std::isnan(row.label)) row.label_end = std::max(row.label_end, end);
    }
}

bool looks_elsewhere(const factors::Plan& plan) {
    const auto others = factors::dependence(plan);
    return others.on_all || !others.symbols.empty() || !others.universes.empty();
}

}  // namespace

Labels read_labels(factors::MarketSource& source, const LabelRequest& wanted, const CheckInterrupts& interrupts,
                   const Parallel& parallel) {
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
    for (const auto& block : reader.blocks(reader.want_all(wanted.from_us, wanted.to_us))) {
        const auto panel = reader.read(block, interrupts, parallel);
        const Parallel none, &side_by_side = plan.custom ? none : parallel;  // the source, which calls those, is one
        std::vector<Labels> parts((panel.series.size() + series_a_part - 1) / series_a_part);
        in_parallel(side_by_side, parts.size(), interrupts, [&](std::size_t part) {
            factors::Evaluator evaluator(plan, panel);
            std::vector<double> values;
            parts[part].bars_ahead = labels.bars_ahead;
            for (const auto& series : some_of(panel.series, part)) {
                evaluator.run(series, series.first, series.last, values, side_by_side ? CheckInterrupts{} : interrupts);
                take(series, values, wanted, parts[part]);
            }
        });
        for (const auto& part : parts) {
            labels.rows.insert(labels.rows.end(), part.rows.begin(), part.rows.end());
            labels.without_label += part.without_label;
        }
    }
    order_by_time(labels.rows);
    if (labels.bars_ahead > 0 && looks_elsewhere(plan)) reach_elsewhere(source, reader, labels);
    return labels;
}

}  // namespace bourse::datasets
