#include "indicators/panel.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "indicators/average.hpp"
#include "indicators/panel_level.hpp"

namespace bourse::indicators {
namespace {

const LaneLevel& code_of(SimdLevel level) {
#ifdef BOURSE_WIDE_LANES
    if (level == SimdLevel::avx512) return lane_level_avx512();
    if (level == SimdLevel::avx2) return lane_level_avx2();
#endif
    static_cast<void>(level);
    return lane_level_portable();
}

std::size_t place_of(const Entry& entry) { return static_cast<std::size_t>(&entry - catalogue().data()); }

// A series as lanes take it: without its gaps.
struct Dense {
    std::vector<std::size_t> kept;  // the rows without a gap
    std::vector<std::vector<double>> in, out;
};

Dense dense_of(const PanelSeries& series) {
    Dense dense;
    for (std::size_t t = 0; t < series.in[0].size(); ++t)
        if (std::ranges::all_of(series.in, [&](auto column) { return std::isfinite(column[t]); }))
            dense.kept.push_back(t);
    for (const auto column : series.in) {
        auto& values = dense.in.emplace_back();
        for (const std::size_t t : dense.kept) values.push_back(column[t]);
    }
    dense.out.assign(series.out.size(), std::vector<double>(dense.kept.size()));
    return dense;
}

void spread(const Dense& dense, const PanelSeries& series) {
    for (std::size_t j = 0; j < series.out.size(); ++j) {
        std::ranges::fill(series.out[j], missing);
        for (std::size_t k = 0; k < dense.kept.size(); ++k) series.out[j][dense.kept[k]] = dense.out[j][k];
    }
}

// Where the lanes of a group read and write.
struct Columns {
    std::vector<std::array<const double*, lane_count>> in;
    std::vector<std::array<double*, lane_count>> out;
    LaneGroup group;

    Columns(const Info& info, const CheckInterrupts& interrupts)
        : in(info.inputs.size()), out(info.outputs.size()), group{in.data(), out.data(), {}, &interrupts} {}

    template <class Inputs, class Outputs>
    void set(std::size_t lane, const Inputs& inputs, Outputs& outputs, std::size_t rows) {
        for (std::size_t i = 0; i < in.size(); ++i) in[i][lane] = inputs[i].data();
        for (std::size_t j = 0; j < out.size(); ++j) out[j][lane] = outputs[j].data();
        group.rows[lane] = rows;
    }
};

// Most groups have no gaps, and the lanes notice one on the way: then it is done again without them.
void run_group(LaneRun run, const Info& info, std::span<const double> params, std::span<const PanelSeries> panel,
               std::span<const std::size_t> members, const CheckInterrupts& interrupts) {
    Columns columns(info, interrupts);
    for (std::size_t lane = 0; lane < members.size(); ++lane) {
        const PanelSeries& series = panel[members[lane]];
        columns.set(lane, series.in, series.out, series.in[0].size());
    }
    if (run(params.data(), params.size(), columns.group)) return;
    std::vector<Dense> dense;
    for (const std::size_t member : members) dense.push_back(dense_of(panel[member]));
    for (std::size_t lane = 0; lane < members.size(); ++lane)
        columns.set(lane, dense[lane].in, dense[lane].out, dense[lane].kept.size());
    run(params.data(), params.size(), columns.group);
    for (std::size_t lane = 0; lane < members.size(); ++lane) spread(dense[lane], panel[members[lane]]);
}

}  // namespace

std::vector<SimdLevel> simd_levels() {
    std::vector<SimdLevel> levels{SimdLevel::portable};
#ifdef BOURSE_WIDE_LANES
    if (__builtin_cpu_supports("avx2")) levels.push_back(SimdLevel::avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        levels.push_back(SimdLevel::avx512);
#endif
    return levels;
}

bool runs_in_lanes(const Entry& entry, std::span<const double> params) {
    if (lane_level_portable().runs[place_of(entry)] == nullptr) return false;
    const SettledParams settled(*entry.info, params);
    for (std::size_t i = 0; i < params.size(); ++i)
        if (entry.info->params[i].average && !average_in_lanes(settled.values()[i])) return false;
    return true;
}

void run_panel(const Entry& entry, std::span<const double> params, std::span<const PanelSeries> panel,
               const CheckInterrupts& interrupts, SimdLevel level) {
    if (!runs_in_lanes(entry, params)) {
        for (const PanelSeries& series : panel) entry.run(params, series.in, series.out, interrupts);
        return;
    }
    const SettledParams settled(*entry.info, params);
    const LaneRun run = code_of(level).runs[place_of(entry)];
    // Series of like length share a group: the lanes of the shorter ones idle until the longest is done.
    std::vector<std::size_t> order(panel.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t s) { return panel[s].in[0].size(); });
    for (std::size_t first = 0; first < order.size(); first += lane_count)
        run_group(run, *entry.info, settled.values(), panel,
                  std::span(order).subspan(first, std::min<std::size_t>(lane_count, order.size() - first)), interrupts);
}

void run_panel(const Entry& entry, std::span<const double> params, std::span<const PanelSeries> panel,
               const CheckInterrupts& interrupts) {
    static const SimdLevel widest = simd_levels().back();
    run_panel(entry, params, panel, interrupts, widest);
}

}  // namespace bourse::indicators
