// Processors whose values depend on the other rows of the same timestamp.
#include <algorithm>

#include "datasets/processors/columns.hpp"

namespace bourse::datasets {
namespace {

using Kind = Processor::Kind;

CrossStep::Kind kind_of(const Processor& processor) {
    switch (processor.kind) {
        case Kind::infinities:
            return CrossStep::Kind::infinities;
        case Kind::cs_fill:
            return CrossStep::Kind::fill;
        case Kind::cs_rank:
            return CrossStep::Kind::rank;
        case Kind::neutralise:
            return CrossStep::Kind::neutralise;
        default:
            return processor.robust ? CrossStep::Kind::robust_z_score : CrossStep::Kind::z_score;
    }
}

}  // namespace

CrossStep cross_step_of(const Processor& processor, std::span<const std::string> features) {
    CrossStep step{kind_of(processor), std::vector<std::uint8_t>(features.size() + 1, CrossStep::left_alone)};
    for (const auto column : columns_of(processor.group, features.size())) step.on[column] = CrossStep::changed;
    if (processor.kind == Kind::neutralise)
        for (const auto& name : processor.columns)
            step.on[static_cast<std::size_t>(std::find(features.begin(), features.end(), name) - features.begin())] =
                CrossStep::exposure;
    return step;
}

void apply_across(const CrossStep& step, ProcessedRows& rows, const CheckInterrupts& interrupts) {
    for_timestamps(rows, interrupts, [&](std::span<const std::size_t> group) {
        const auto column = [&](std::size_t number) {
            CrossChange::Column values;
            for (const auto row : group) values.push_back(cell(rows.matrix, row, number));
            return values;
        };
        std::vector<CrossChange::Column> exposures;
        for (std::size_t number = 0; number < step.on.size(); ++number)
            if (step.on[number] == CrossStep::exposure) exposures.push_back(column(number));
        const CrossChange change(step.kind, std::move(exposures));
        for (std::size_t number = 0; number < step.on.size(); ++number) {
            if (step.on[number] != CrossStep::changed) continue;
            auto values = column(number);
            change(values);
            for (std::size_t i = 0; i < group.size(); ++i)
                cell(rows.matrix, group[i], number) = static_cast<float>(values[i]);
        }
    });
}

}  // namespace bourse::datasets
