// Indicators of plain fields, computed for sixteen series of a panel at once (indicators/panel.hpp): the evaluator
// takes these columns instead of computing the nodes itself. The fields are turned into lanes once for all indicators,
// and an indicator with several outputs runs once for all of them. The bits are the same.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/interrupt.hpp"
#include "factors/operators/indicators.hpp"
#include "factors/panel.hpp"
#include "factors/plan.hpp"
#include "indicators/panel.hpp"

namespace bourse::factors {

class SideBySide {
public:
    SideBySide(const Plan& plan, const Panel& panel);

    // Whether there is nothing to compute this way.
    bool idle() const noexcept { return tasks_.empty(); }

    // For a series of the panel: by node, its column over all rows of the series, or null where the evaluator has to
    // compute it. Valid until the next call. Ask in the order of the panel: the series that follow are computed with
    // it.
    std::span<const double* const> columns_of(const Series& series, const CheckInterrupts& interrupts);

    // Whether these series (places in Panel::series, at most sixteen) are few and short enough to be held at once.
    bool fits(std::span<const std::size_t> members) const;

    // What is known of nodes of a group of series before the others are evaluated.
    struct Output {
        std::size_t node, output;
    };
    // An indicator that nothing else reads, to be run over the group's rows as they are written.
    struct Stream {
        indicators::TileRun run;
        indicators::SeriesGroup::Bars bars;
        std::size_t output_count;         // of the indicator
        std::span<const Output> outputs;  // those wanted
    };
    struct Given {
        std::span<const std::vector<std::vector<double>>> columns = {};  // by node, one for each series, or none
        std::span<Stream> streams = {};
    };
    // Valid until the next call of this or of columns_of.
    Given compute(std::span<const std::size_t> members, const CheckInterrupts& interrupts);

private:
    // One run of an indicator.
    struct Task {
        const indicators::Entry* entry;
        std::vector<double> params;
        std::vector<std::size_t> fields;  // places in fields_
        std::vector<Output> outputs;
    };
    indicators::SeriesGroup group_of(std::span<const std::size_t> members) const;
    void run(const Task& task, std::span<const std::size_t> members, const CheckInterrupts& interrupts);
    Task& task_for(const Node& node, const IndicatorOutput& indicator);
    std::size_t group_size(std::size_t first) const;

    const Plan& plan_;
    const Panel& panel_;
    std::vector<Task> tasks_;
    std::vector<char> is_read_;  // by node: whether another one reads it
    std::optional<indicators::SeriesGroup> group_;
    std::vector<Stream> streams_;
    std::vector<std::size_t> fields_;                       // of the panel, that some task reads
    std::size_t first_ = 0, count_ = 0;                     // the series that are computed
    std::vector<std::vector<std::vector<double>>> values_;  // by node and series
    std::vector<const double*> columns_;
};

}  // namespace bourse::factors
