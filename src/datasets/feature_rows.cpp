#include "datasets/feature_rows.hpp"

#include <algorithm>
#include <atomic>
#include <unordered_map>

#include "factors/evaluate.hpp"
#include "factors/panel_reader.hpp"
#include "factors/plan.hpp"

namespace bourse::datasets {
namespace {

using Numbers = std::vector<std::uint32_t>;  // of rows of one instrument, oldest first

std::unordered_map<std::int32_t, Numbers> by_instrument(std::span<const LabelRow> rows,
                                                        std::span<const std::uint8_t> wanted) {
    std::unordered_map<std::int32_t, Numbers> numbers;
    for (std::size_t row = 0; row < rows.size(); ++row)
        if (wanted[row]) numbers[rows[row].instrument_id].push_back(static_cast<std::uint32_t>(row));
    return numbers;
}

// Series that are computed side by side stay together.
std::vector<factors::Panel> parts_of(factors::Panel panel) {
    constexpr std::size_t series_a_part = 32;
    std::vector<factors::Panel> parts;
    for (std::size_t s = 0; s < panel.series.size(); ++s) {
        if (s % series_a_part == 0) parts.emplace_back().fields = panel.fields;
        parts.back().series.push_back(std::move(panel.series[s]));
    }
    return parts;
}

}  // namespace

void evaluate_rows(factors::MarketSource& source, const factors::Plan& plan, const Definition& definition,
                   std::span<const LabelRow> rows, std::span<const std::uint8_t> wanted, const BuildWatch& watch,
                   const std::function<void(std::size_t, std::span<const float>)>& each) {
    auto numbers = by_instrument(rows, wanted);
    if (numbers.empty()) return;
    const auto first = std::find(wanted.begin(), wanted.end(), 1) - wanted.begin();
    const auto last = wanted.rend() - std::find(wanted.rbegin(), wanted.rend(), 1) - 1;
    factors::PanelRequest request = factors::request_for(plan, definition.freq);
    request.universe = definition.universe;
    factors::PanelReader reader(source, request);
    auto wants = reader.want_all(rows[static_cast<std::size_t>(first)].ts, rows[static_cast<std::size_t>(last)].ts + 1);
    const bool on_all = factors::dependence(plan).on_all;
    if (!on_all)
        std::erase_if(wants,
                      [&](const auto& want) { return !numbers.contains(reader.instruments()[want.instrument].id); });

    const std::size_t width = definition.expressions.size();
    std::atomic<std::size_t> done = 0;
    const auto blocks = reader.blocks(wants, std::size_t{64} << 20);
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        if (watch.progress)
            watch.progress(static_cast<double>(b) / static_cast<double>(blocks.size()),
                           "features of " + std::to_string(done) + " rows");
        auto panel = reader.read(blocks[b], watch.interrupts, watch.parallel);
        // Functions that users registered are called through the source, which is one.
        const bool apart = watch.parallel && !on_all && !plan.custom;
        const auto take = [&](const factors::Series& series, std::span<const float> values) {
            const auto found = numbers.find(series.instrument_id);
            if (found == numbers.end() || series.first == series.last) return;
            const std::size_t asked = series.last - series.first;
            auto next = std::lower_bound(found->second.begin(), found->second.end(), series.ts_us[series.first],
                                         [&](std::uint32_t row, std::int64_t ts) { return rows[row].ts < ts; });
            const auto begun = next;
            for (std::size_t r = 0; r < asked && next != found->second.end(); ++r) {
                // the rows of an instrument lie far apart: each may be the first on a page that the system clears
                if (!apart && r % 8 == 0) check(watch.interrupts);
                if (rows[*next].ts != series.ts_us[series.first + r]) continue;
                each(*next, values.subspan(r * width, width));
                ++next;
            }
            done += static_cast<std::size_t>(next - begun);
        };
        auto parts = apart ? parts_of(std::move(panel)) : std::vector<factors::Panel>{};
        if (!apart) parts.push_back(std::move(panel));
        in_parallel(apart ? watch.parallel : Parallel{}, parts.size(), {}, [&](std::size_t part) {
            factors::evaluate(
                plan, parts[part],
                [&](std::size_t number, std::span<const float> values) { take(parts[part].series[number], values); },
                apart ? CheckInterrupts{} : watch.interrupts);
            parts[part] = {};
        });
    }
}

}  // namespace bourse::datasets
