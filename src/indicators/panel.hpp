// Indicators of many series at once: sixteen of them side by side in the lanes of the processor's registers, the bits
// being those of Entry::run.
//
// It pays from some four series on. Kernels that are written once for double and for lanes (class SmaOf<V>, using Sma
// = SmaOf<double>) run that way; the others, and those with a kind of average that is not, have Entry::run.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "indicators/catalogue.hpp"

namespace bourse::indicators {

struct LaneKernel;

// Instruction sets that there is code for, the widest last.
enum class SimdLevel { portable, avx2, avx512 };
inline constexpr const char* simd_level_names[] = {"portable", "avx2", "avx512"};

// The levels that this program has code for and this processor can run.
std::vector<SimdLevel> simd_levels();
SimdLevel widest_simd_level();

// Whether it can run side by side. `params` passed check_params.
bool runs_in_lanes(const Entry& entry, std::span<const double> params);

// Sixteen series bar by bar: a bar is a row of a panel matrix, one value for each series. Bars are a multiple of
// tile_step.
inline constexpr std::size_t series_side_by_side = 16, tile_step = 32;
struct alignas(64) PanelRow {  // of cache lines: a register is loaded from one
    double series[series_side_by_side];
};
using Tile = std::vector<PanelRow>;

// Up to sixteen columns as rows; lanes beyond them and bars beyond a column's end are 1. A tile has no fewer bars than
// the longest column.
void turn_into_tile(std::span<const std::span<const double>> columns, Tile& tile, SimdLevel level);

// Tiles of one size: in[i] and out[j] for the indicator's inputs, all finite, and outputs; a bar without a value, or
// with one that is not finite, is NaN. `level` is one of simd_levels(), the indicator one that runs_in_lanes. Throws
// what `interrupts` throws and bad_alloc.
void run_tiles(const Entry& entry, std::span<const double> params, std::span<const std::span<const PanelRow>> in,
               std::span<const std::span<PanelRow>> out, const CheckInterrupts& interrupts, SimdLevel level);

// The same piece by piece.
class TileRun {
public:
    TileRun(const Entry& entry, std::span<const double> params, SimdLevel level = widest_simd_level());
    // in[i] and out[j] are the bars that follow on those of the last call, `bars` of them; the earlier ones of in[i]
    // still stand before it. Every output is written.
    void step(std::span<const PanelRow* const> in, std::span<PanelRow* const> out, std::size_t bars);

private:
    const LaneKernel* kernel_;
    std::unique_ptr<void, void (*)(void*)> state_;
};

// Up to sixteen series whose fields (close, volume, ...) serve many indicators: a field is turned into lanes once.
class SeriesGroup {
public:
    // fields[i][s]: field i of series s, as long as its other fields, oldest bar first; NaN and infinities are gaps.
    // The columns must outlive the group.
    using Columns = std::vector<std::span<const double>>;
    explicit SeriesGroup(std::vector<Columns> fields, SimdLevel level = widest_simd_level());
    SeriesGroup(SeriesGroup&&) noexcept;
    ~SeriesGroup();

    // inputs: which field each input of the indicator is. out[j][s]: output j of series s, as long as its fields; empty
    // out[j] where it is not wanted. Written as by Entry::run. Else as run_tiles.
    void run(const Entry& entry, std::span<const double> params, std::span<const std::size_t> inputs,
             std::span<const std::vector<std::span<double>>> out, const CheckInterrupts& interrupts);

    // The bars of an indicator of these fields, for a TileRun. Valid as long as the group.
    struct Bars {
        std::vector<const PanelRow*> inputs;  // by field: the first bar
        std::span<const std::vector<std::size_t>> kept_rows =
            {};  // by series: the row of each bar; none: bar t is row t
    };
    Bars bars_of(std::span<const std::size_t> fields);

private:
    struct Source;
    bool whole(std::span<const std::size_t> fields);
    std::span<const PanelRow> tile_of(std::size_t field);
    Source& source_of(std::span<const std::size_t> inputs);

    std::vector<Columns> fields_;
    SimdLevel level_;
    std::size_t bars_;                              // of a tile
    std::vector<Tile> tiles_;                       // by field; empty until it is wanted
    std::vector<char> whole_;                       // by field: 0 not looked at, 1 without a gap, 2 with gaps
    std::vector<std::unique_ptr<Source>> sources_;  // for fields that have gaps
    std::vector<Tile> outputs_;                     // tiles of the last run
};

}  // namespace bourse::indicators
