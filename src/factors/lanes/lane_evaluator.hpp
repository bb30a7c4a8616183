// Runs a plan over sixteen series at a time, one in each lane of the processor's registers. The values are those of
// Evaluator rounded to float32, bit for bit; a missing one is always the same NaN.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/interrupt.hpp"
#include "core/unset.hpp"
#include "factors/lanes/kernels.hpp"
#include "factors/lanes/streams.hpp"
#include "factors/panel.hpp"
#include "factors/plan.hpp"
#include "indicators/panel.hpp"

namespace bourse::factors {

using indicators::SimdLevel;
const LaneKernels& lane_kernels(SimdLevel level);  // of simd_levels()

// Up to sixteen series whose rows are a piece of the first one's, at equal times.
struct LaneGroup {
    std::vector<std::size_t> members;  // of Panel::series
    std::vector<std::size_t> offsets;  // of each: row of the first one at which it begins
};
// What of a panel is worth computing side by side; series that are in no group go one by one.
std::vector<LaneGroup> lane_groups(const Plan& plan, const Panel& panel);

// Keeps its buffers from one group to the next. Peak memory: the graph's width times sixteen series of `block_rows`
// rows (of all rows where an operator that is not given reads everything before), and as many float32 values of all
// outputs.
class LaneEvaluator {
public:
    // Errors: bad_expression when the panel lacks a field of the plan.
    LaneEvaluator(const Plan& plan, const Panel& panel, SimdLevel level = indicators::simd_levels().back());

    // Rows [first, last) of each member: to[k] gets (last - first) * outputs values, row after row.
    void run(const LaneGroup& group, std::span<float* const> to, const CheckInterrupts& interrupts,
             SideBySide::Given given = {});

    static constexpr std::size_t block_rows = 512;

private:
    struct alignas(64) Line {
        double values[8];
    };
    using Tile = std::vector<Line>;

    // Of a group's rows, those that are computed at one time.
    struct Block {
        std::size_t begin, end;                        // rows wanted
        std::size_t first, rows;                       // rows read, with what windows reach
        std::size_t lanes;                             // members of the group
        std::array<std::size_t, lane_count> from, to;  // of each lane: rows [from, to) of those read are its own
        std::array<bool, lane_count> patched;          // its first windows are partial, and wanted
        std::span<const std::uint8_t> levels;
    };
    void take(SideBySide::Given given);
    std::size_t rows_at_a_time() const;
    Block block_of(const LaneGroup& group, std::size_t begin, std::size_t end) const;
    void compute(const LaneGroup& group, const Block& block, Work& work);
    void compute_node(std::size_t node, const LaneGroup& group, const Block& block, Work& work);
    bool is_given(std::size_t node) const { return node < given_.columns.size() && !given_.columns[node].empty(); }
    void read_column(std::size_t node, const LaneGroup& group, const Block& block);
    LaneCall call_of(const Node& node, const Block& block) const;
    bool run_last(std::size_t node, const Block& block);
    void run_kernel(std::size_t node, const Block& block, Work& work);
    void shift(std::size_t node, const Block& block);
    void each_row(std::size_t node, const Block& block, Work& work);
    void lane_by_lane(std::size_t node, std::size_t lane, std::size_t from, std::size_t to, const Block& block,
                      Work& work);
    void repeat_first(std::size_t node, const Block& block);
    void blank(std::size_t node, const Block& block);
    void finish(std::size_t node, const Block& block);
    void write(const LaneGroup& group, const Block& block, std::span<float* const> to) const;

    double* tile(std::size_t node, const Block& block);
    void release(std::size_t node);
    const double* input(int node) const;
    bool runs_in_lanes(const Node& node) const;

    const Plan& plan_;
    const Panel& panel_;
    const LaneKernels& kernels_;
    std::size_t left_ = 0, right_ = 0;  // rows read beside the wanted ones
    bool everything_ = false;           // … before them
    SideBySide::Given given_;
    std::vector<char> needed_;                        // node -> whether it is read or written here
    std::vector<std::size_t> field_of_;               // plan field -> panel field
    std::vector<std::size_t> last_use_;               // node -> the last node that reads it
    std::vector<std::vector<std::size_t>> together_;  // node -> those that its kernel call gives, itself among them
    std::vector<std::vector<std::size_t>> columns_;   // node -> the outputs it is
    LaneStreams streams_;
    std::vector<Tile> used_, free_;
    UnsetVector<float> singles_;  // [(column * block rows + row) * lane_count + lane]
    std::vector<std::vector<double>> lane_inputs_;
    std::vector<double> lane_output_;
    std::vector<std::uint8_t> levels_;
};

}  // namespace bourse::factors
