#include "factors/side_by_side.hpp"

#include <algorithm>

#include "indicators/panel.hpp"

namespace bourse::factors {
namespace {

constexpr std::size_t fewest_series = 4;      // fewer are faster one by one
constexpr std::size_t most_series = 64;       // four groups of lanes
constexpr std::size_t most_values = 8 << 20;  // 64 MiB of columns at a time

// Fields whose columns serve as they are.
bool of_plain_fields(const Plan& plan, const Node& node) {
    return std::ranges::all_of(node.inputs, [&](int input) {
        const Node& from = plan.nodes[static_cast<std::size_t>(input)];
        return from.type == Node::Type::field && !from.single;
    });
}

}  // namespace

SideBySide::SideBySide(const Plan& plan, const Panel& panel) : plan_(plan), panel_(panel) {
    if (panel.series.size() < fewest_series) return;
    for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
        const Node& node = plan.nodes[n];
        if (node.type != Node::Type::call || node.single || !of_plain_fields(plan, node)) continue;
        const IndicatorOutput indicator = indicator_of(*node.op);
        if (indicator.entry == nullptr || !indicators::runs_in_lanes(*indicator.entry, node.params)) continue;
        Task& task = tasks_.emplace_back(Task{n, indicator, {}});
        for (const int input : node.inputs) {
            const Node& from = plan.nodes[static_cast<std::size_t>(input)];
            const auto& name = plan.fields[static_cast<std::size_t>(from.field)].name;
            task.fields.push_back(static_cast<std::size_t>(panel.field_index(name)));
        }
    }
}

std::size_t SideBySide::batch_size(std::size_t first) const {
    std::size_t count = 0, values = 0;
    while (first + count < panel_.series.size() && count < most_series) {
        values += panel_.series[first + count].rows() * tasks_.size();
        if (values > most_values) break;
        ++count;
    }
    return count < fewest_series ? 0 : count;
}

void SideBySide::compute(std::size_t first, std::size_t count, const CheckInterrupts& interrupts) {
    values_.resize(tasks_.size());
    for (std::size_t k = 0; k < tasks_.size(); ++k) {
        const Node& node = plan_.nodes[tasks_[k].node];
        const auto& [entry, output] = tasks_[k].indicator;
        const std::size_t outputs = entry->info->outputs.size();
        values_[k].resize(count);
        std::vector<std::vector<double>> others;  // outputs that this node does not give
        others.reserve(count * outputs);
        std::vector<indicators::PanelSeries> panel(count);
        for (std::size_t s = 0; s < count; ++s) {
            const Series& series = panel_.series[first + s];
            for (const std::size_t field : tasks_[k].fields) panel[s].in.emplace_back(series.fields[field]);
            values_[k][s].resize(series.rows());
            for (std::size_t j = 0; j < outputs; ++j)
                panel[s].out.emplace_back(j == output ? values_[k][s] : others.emplace_back(series.rows()));
        }
        indicators::run_panel(*entry, node.params, panel, interrupts);
    }
    first_ = first;
    count_ = count;
}

std::span<const double* const> SideBySide::columns_of(const Series& series, const CheckInterrupts& interrupts) {
    if (tasks_.empty()) return {};
    const auto at = static_cast<std::size_t>(&series - panel_.series.data());
    if (at < first_ || at >= first_ + count_) {
        const std::size_t count = batch_size(at);
        if (count == 0) return {};
        compute(at, count, interrupts);
    }
    columns_.assign(plan_.nodes.size(), nullptr);
    for (std::size_t k = 0; k < tasks_.size(); ++k) columns_[tasks_[k].node] = values_[k][at - first_].data();
    return columns_;
}

}  // namespace bourse::factors
