#include "indicators/panel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "indicators/average.hpp"
#include "indicators/panel_level.hpp"

namespace bourse::indicators {
namespace {

constexpr std::size_t lanes = series_side_by_side;
static_assert(lanes == lane_count && tile_step == lane_block);

const LaneLevel& code_of(SimdLevel level) {
#ifdef BOURSE_WIDE_LANES
    if (level == SimdLevel::avx512) return lane_level_avx512();
    if (level == SimdLevel::avx2) return lane_level_avx2();
#endif
    static_cast<void>(level);
    return lane_level_portable();
}

std::size_t place_of(const Entry& entry) { return static_cast<std::size_t>(&entry - catalogue().data()); }

std::size_t rows_at(std::size_t rows, std::size_t first) {
    return std::min(first < rows ? rows - first : 0, tile_step);
}

void turn_out(const LaneLevel& code, const Tile& tile, std::span<const std::span<double>> columns) {
    std::array<std::array<double, tile_step>, lanes> ends;
    std::array<double*, lanes> to{};
    for (std::size_t first = 0; first < tile.size(); first += tile_step) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const std::size_t rows = lane < columns.size() ? columns[lane].size() : 0;
            to[lane] = rows_at(rows, first) == tile_step ? columns[lane].data() + first : ends[lane].data();
        }
        code.turn_out(tile[first].series, to.data());
        for (std::size_t lane = 0; lane < columns.size(); ++lane)
            if (to[lane] == ends[lane].data())
                std::copy_n(ends[lane].begin(), rows_at(columns[lane].size(), first),
                            columns[lane].begin() + static_cast<std::ptrdiff_t>(first));
    }
}

bool all_finite(std::span<const double> column) {
    double broken = 0;  // NaN once one is not
    for (const double x : column) broken += x - x;
    return broken == 0;
}

}  // namespace

std::vector<SimdLevel> simd_levels() {
    std::vector<SimdLevel> levels{SimdLevel::portable};
#ifdef BOURSE_WIDE_LANES
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) levels.push_back(SimdLevel::avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        levels.push_back(SimdLevel::avx512);
#endif
    return levels;
}

SimdLevel widest_simd_level() {
    static const SimdLevel widest = simd_levels().back();
    return widest;
}

bool runs_in_lanes(const Entry& entry, std::span<const double> params) {
    if (lane_level_portable().kernels[place_of(entry)].start == nullptr) return false;
    const SettledParams settled(*entry.info, params);
    for (std::size_t i = 0; i < params.size(); ++i)
        if (entry.info->params[i].average && !average_in_lanes(settled.values()[i])) return false;
    return true;
}

void turn_into_tile(std::span<const std::span<const double>> columns, Tile& tile, SimdLevel level) {
    const LaneLevel& code = code_of(level);
    std::array<std::array<double, tile_step>, lanes> ends;
    std::array<const double*, lanes> from{};
    for (std::size_t first = 0; first < tile.size(); first += tile_step) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const std::size_t rows = lane < columns.size() ? columns[lane].size() : 0, left = rows_at(rows, first);
            from[lane] = left == tile_step ? columns[lane].data() + first : ends[lane].data();
            if (left == tile_step) continue;
            ends[lane].fill(1);
            for (std::size_t t = 0; t < left; ++t) ends[lane][t] = columns[lane][first + t];
        }
        code.turn_in(from.data(), tile[first].series);
    }
}

TileRun::TileRun(const Entry& entry, std::span<const double> params, SimdLevel level)
    : kernel_(&code_of(level).kernels[place_of(entry)]), state_(nullptr, kernel_->stop) {
    const SettledParams settled(*entry.info, params);
    state_.reset(kernel_->start(settled.values().data(), settled.values().size()));
}

void TileRun::step(std::span<const PanelRow* const> in, std::span<PanelRow* const> out, std::size_t bars) {
    std::array<const double*, Few<Output>::capacity> from{};
    std::array<double*, Few<Output>::capacity> to{};
    for (std::size_t i = 0; i < in.size(); ++i) from[i] = in[i]->series;
    for (std::size_t j = 0; j < out.size(); ++j) to[j] = out[j]->series;
    kernel_->step(state_.get(), from.data(), to.data(), bars);
}

void run_tiles(const Entry& entry, std::span<const double> params, std::span<const std::span<const PanelRow>> in,
               std::span<const std::span<PanelRow>> out, const CheckInterrupts& interrupts, SimdLevel level) {
    constexpr std::size_t bars_between_checks = 1024;
    TileRun run(entry, params, level);
    std::array<const PanelRow*, Few<Output>::capacity> from{};
    std::array<PanelRow*, Few<Output>::capacity> to{};
    const std::size_t bars = in[0].size();
    for (std::size_t first = 0; first < bars; first += bars_between_checks) {
        check(interrupts);
        for (std::size_t i = 0; i < in.size(); ++i) from[i] = in[i].data() + first;
        for (std::size_t j = 0; j < out.size(); ++j) to[j] = out[j].data() + first;
        run.step(std::span(from).first(in.size()), std::span(to).first(out.size()),
                 std::min(bars_between_checks, bars - first));
    }
}

// Fields of which some have gaps, as lanes take them: without the rows in which one of them has.
struct SeriesGroup::Source {
    std::vector<std::size_t> fields;
    std::vector<std::vector<std::size_t>> kept;  // by series: the rows without a gap
    std::vector<Tile> tiles;                     // by field
};

SeriesGroup::SeriesGroup(std::vector<Columns> fields, SimdLevel level)
    : fields_(std::move(fields)), level_(level), bars_(0), tiles_(fields_.size()), whole_(fields_.size()) {
    for (const Columns& columns : fields_)
        for (const auto column : columns) bars_ = std::max(bars_, column.size());
    bars_ = (bars_ + tile_step - 1) / tile_step * tile_step;
}

SeriesGroup::SeriesGroup(SeriesGroup&&) noexcept = default;
SeriesGroup::~SeriesGroup() = default;

bool SeriesGroup::whole(std::span<const std::size_t> fields) {
    return std::ranges::all_of(fields, [&](std::size_t field) {
        if (whole_[field] == 0) whole_[field] = std::ranges::all_of(fields_[field], all_finite) ? 1 : 2;
        return whole_[field] == 1;
    });
}

std::span<const PanelRow> SeriesGroup::tile_of(std::size_t field) {
    auto& tile = tiles_[field];
    if (tile.empty()) {
        tile.resize(bars_);
        turn_into_tile(fields_[field], tile, level_);
    }
    return tile;
}

SeriesGroup::Source& SeriesGroup::source_of(std::span<const std::size_t> inputs) {
    for (const auto& known : sources_)
        if (std::ranges::equal(known->fields, inputs)) return *known;
    Source& made = *sources_.emplace_back(std::make_unique<Source>());
    made.fields.assign(inputs.begin(), inputs.end());
    const std::size_t count = fields_[inputs[0]].size();
    made.kept.resize(count);
    for (std::size_t s = 0; s < count; ++s)
        for (std::size_t t = 0; t < fields_[inputs[0]][s].size(); ++t)
            if (std::ranges::all_of(inputs, [&](std::size_t field) { return std::isfinite(fields_[field][s][t]); }))
                made.kept[s].push_back(t);
    for (const std::size_t field : inputs) {
        std::vector<std::vector<double>> dense(count);
        Columns columns;
        for (std::size_t s = 0; s < count; ++s) {
            for (const std::size_t t : made.kept[s]) dense[s].push_back(fields_[field][s][t]);
            columns.emplace_back(dense[s]);
        }
        turn_into_tile(columns, made.tiles.emplace_back(bars_), level_);
    }
    return made;
}

SeriesGroup::Bars SeriesGroup::bars_of(std::span<const std::size_t> fields) {
    Bars bars;
    if (whole(fields)) {
        for (const std::size_t field : fields) bars.inputs.push_back(tile_of(field).data());
        return bars;
    }
    const Source& source = source_of(fields);
    for (const Tile& tile : source.tiles) bars.inputs.push_back(tile.data());
    bars.kept_rows = source.kept;
    return bars;
}

void SeriesGroup::run(const Entry& entry, std::span<const double> params, std::span<const std::size_t> inputs,
                      std::span<const std::vector<std::span<double>>> out, const CheckInterrupts& interrupts) {
    Source* source = nullptr;
    if (!whole(inputs)) source = &source_of(inputs);
    std::vector<std::span<const PanelRow>> in;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        in.push_back(source ? std::span<const PanelRow>(source->tiles[i]) : tile_of(inputs[i]));
    if (outputs_.size() < out.size()) outputs_.resize(out.size());
    std::vector<std::span<PanelRow>> tiles;
    for (std::size_t j = 0; j < out.size(); ++j) {
        outputs_[j].resize(bars_);
        tiles.emplace_back(outputs_[j]);
    }
    run_tiles(entry, params, in, tiles, interrupts, level_);
    for (std::size_t j = 0; j < out.size(); ++j) {
        if (out[j].empty()) continue;
        if (!source) {
            turn_out(code_of(level_), outputs_[j], out[j]);
            continue;
        }
        for (std::size_t s = 0; s < out[j].size(); ++s) {
            std::ranges::fill(out[j][s], missing);
            for (std::size_t k = 0; k < source->kept[s].size(); ++k)
                out[j][s][source->kept[s][k]] = outputs_[j][k].series[s];
        }
    }
}

}  // namespace bourse::indicators
