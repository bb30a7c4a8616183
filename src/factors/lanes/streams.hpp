// Indicators that are features and nothing else, over a group of series, some rows at a time: from the lanes in which
// they are computed to those in which all features of a row come together, without a column of each in between.
#pragma once

#include <span>
#include <vector>

#include "factors/lanes/kernels.hpp"
#include "factors/side_by_side.hpp"

namespace bourse::factors {

class LaneStreams {
public:
    // columns[node]: the outputs of the plan that a node is.
    LaneStreams(const LaneKernels& kernels, std::span<const std::vector<std::size_t>> columns)
        : kernels_(kernels), columns_(columns) {}

    // A member of the group: at which of the group's rows its own begin, and how many they are.
    struct Member {
        std::size_t offset, rows;
    };
    void begin(std::span<SideBySide::Stream> streams, std::span<const Member> members);

    // The group's rows [first, last), later ones with each call:
    // singles[(column * (last - first) + row) * lane_count + member], of rows that the member has.
    void run(std::size_t first, std::size_t last, float* singles, Work& work);

private:
    // A member whose bars are not the group's rows.
    struct Apart {
        std::size_t lane, offset;
        std::span<const std::size_t> rows;       // its own row of each bar; none: bar t is its row t
        std::vector<std::vector<float>> values;  // by wanted output, of each bar so far
    };
    struct Rows {
        std::size_t first, last;
        float* singles;
        float* of(std::size_t column, std::size_t row) const {
            return singles + (column * (last - first) + row - first) * lane_count;
        }
    };
    void step(std::size_t stream, const Rows& rows, Work& work);
    void place(const SideBySide::Stream& stream, const Apart& lane, const Rows& rows) const;

    const LaneKernels& kernels_;
    std::span<const std::vector<std::size_t>> columns_;
    std::span<SideBySide::Stream> streams_;
    std::vector<std::vector<Apart>> apart_;  // by stream
    std::size_t seen_ = 0;                   // bars
    std::vector<indicators::Tile> outputs_;  // of the last few of them
};

}  // namespace bourse::factors
