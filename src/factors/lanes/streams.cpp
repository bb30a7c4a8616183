#include "factors/lanes/streams.hpp"

#include <algorithm>
#include <limits>

namespace bourse::factors {
namespace {

constexpr std::size_t bars_at_a_time = 64, few = indicators::Few<indicators::Output>::capacity;

}  // namespace

void LaneStreams::begin(std::span<SideBySide::Stream> streams, std::span<const Member> members) {
    streams_ = streams;
    seen_ = 0;
    apart_.clear();
    for (const auto& stream : streams) {
        auto& apart = apart_.emplace_back();
        const auto& kept = stream.bars.kept_rows;
        for (std::size_t k = 0; k < members.size(); ++k) {
            const bool gaps = !kept.empty() && kept[k].size() < members[k].rows;
            if (!gaps && members[k].offset == 0) continue;
            apart.push_back({k, members[k].offset, {}, std::vector<std::vector<float>>(stream.outputs.size())});
            if (gaps) apart.back().rows = kept[k];
        }
        if (outputs_.size() < stream.output_count)
            outputs_.resize(stream.output_count, indicators::Tile(bars_at_a_time));
    }
}

void LaneStreams::run(std::size_t first, std::size_t last, float* singles, Work& work) {
    const Rows rows{first, last, singles};
    for (std::size_t s = 0; s < streams_.size(); ++s) {
        step(s, rows, work);
        for (const Apart& lane : apart_[s]) place(streams_[s], lane, rows);
    }
    seen_ = last;
}

// Up to the bar of the last row, whether the first ones are wanted or not. A member has no more bars than rows.
void LaneStreams::step(std::size_t s, const Rows& rows, Work& work) {
    SideBySide::Stream& stream = streams_[s];
    const std::size_t inputs = stream.bars.inputs.size();
    std::array<const indicators::PanelRow*, few> from{};
    std::array<indicators::PanelRow*, few> to{};
    for (std::size_t j = 0; j < stream.output_count; ++j) to[j] = outputs_[j].data();
    for (std::size_t bar = seen_, count; bar < rows.last; bar += count) {
        const bool wanted = bar >= rows.first;
        count = std::min(bars_at_a_time, (wanted ? rows.last : rows.first) - bar);
        for (std::size_t i = 0; i < inputs; ++i) from[i] = stream.bars.inputs[i] + bar;
        stream.run.step(std::span(from).first(inputs), std::span(to).first(stream.output_count), count);
        work.done(count * lane_count);
        for (std::size_t o = 0; o < stream.outputs.size(); ++o) {
            const auto* values = to[stream.outputs[o].output];
            if (wanted)
                for (const std::size_t column : columns_[stream.outputs[o].node])
                    kernels_.to_single(values->series, count * lane_count, rows.of(column, bar));
            for (Apart& lane : apart_[s])
                for (std::size_t t = 0; t < count; ++t)
                    lane.values[o].push_back(static_cast<float>(values[t].series[lane.lane]));
        }
    }
}

void LaneStreams::place(const SideBySide::Stream& stream, const Apart& lane, const Rows& rows) const {
    const std::size_t begin = std::max(rows.first, lane.offset), own = begin - lane.offset;
    const auto at = std::lower_bound(lane.rows.begin(), lane.rows.end(), own) - lane.rows.begin();
    const std::size_t first = lane.rows.empty() ? own : static_cast<std::size_t>(at);
    for (std::size_t o = 0; o < stream.outputs.size(); ++o)
        for (const std::size_t column : columns_[stream.outputs[o].node]) {
            std::size_t bar = first;
            for (std::size_t row = begin; row < rows.last; ++row) {
                const bool is_bar =
                    lane.rows.empty() || (bar < lane.rows.size() && lane.rows[bar] == row - lane.offset);
                rows.of(column, row)[lane.lane] =
                    is_bar ? lane.values[o][bar++] : std::numeric_limits<float>::quiet_NaN();
            }
        }
}

}  // namespace bourse::factors
