#include "factors/side_by_side.hpp"

#include <algorithm>
#include <numeric>

namespace bourse::factors {
namespace {

constexpr std::size_t fewest_series = 4;       // fewer are faster one by one
constexpr std::size_t most_values = 16 << 20;  // 128 MiB of columns at a time

// Fields whose columns serve as they are.
bool of_plain_fields(const Plan& plan, const Node& node) {
    return std::ranges::all_of(node.inputs, [&](int input) {
        const Node& from = plan.nodes[static_cast<std::size_t>(input)];
        return from.type == Node::Type::field && !from.single;
    });
}

}  // namespace

SideBySide::SideBySide(const Plan& plan, const Panel& panel) : plan_(plan), panel_(panel), is_read_(plan.nodes.size()) {
    if (panel.series.size() < fewest_series) return;
    for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
        const Node& node = plan.nodes[n];
        for (const int input : node.inputs) is_read_[static_cast<std::size_t>(input)] = 1;
        if (node.type != Node::Type::call || node.single || !of_plain_fields(plan, node)) continue;
        const IndicatorOutput indicator = indicator_of(*node.op);
        if (indicator.entry == nullptr || !indicators::runs_in_lanes(*indicator.entry, node.params)) continue;
        task_for(node, indicator).outputs.push_back({n, indicator.output});
    }
}

SideBySide::Task& SideBySide::task_for(const Node& node, const IndicatorOutput& indicator) {
    std::vector<std::size_t> fields;
    for (const int input : node.inputs) {
        const Node& from = plan_.nodes[static_cast<std::size_t>(input)];
        const auto& name = plan_.fields[static_cast<std::size_t>(from.field)].name;
        const auto field = static_cast<std::size_t>(panel_.field_index(name));
        const auto known = std::ranges::find(fields_, field);
        fields.push_back(static_cast<std::size_t>(known - fields_.begin()));
        if (known == fields_.end()) fields_.push_back(field);
    }
    for (Task& task : tasks_)
        if (task.entry == indicator.entry && task.fields == fields && task.params == node.params) return task;
    return tasks_.emplace_back(Task{indicator.entry, node.params, fields, {}});
}

// How many series from this one on are computed together; 0: it is left to the evaluator.
std::size_t SideBySide::group_size(std::size_t first) const {
    std::size_t count = 0, values = 0, nodes = 0;
    for (const Task& task : tasks_) nodes += task.outputs.size();
    while (count < indicators::series_side_by_side && first + count < panel_.series.size()) {
        values += panel_.series[first + count].rows() * nodes;
        if (values > most_values) break;
        ++count;
    }
    return count < fewest_series ? 0 : count;
}

bool SideBySide::fits(std::span<const std::size_t> members) const {
    std::size_t nodes = 0, rows = 0;
    for (const Task& task : tasks_) nodes += task.outputs.size();
    for (const std::size_t s : members) rows += panel_.series[s].rows();
    return members.size() <= indicators::series_side_by_side && rows * nodes <= most_values;
}

indicators::SeriesGroup SideBySide::group_of(std::span<const std::size_t> members) const {
    std::vector<indicators::SeriesGroup::Columns> fields;
    for (const std::size_t field : fields_) {
        auto& columns = fields.emplace_back();
        for (const std::size_t s : members) columns.emplace_back(panel_.series[s].fields[field]);
    }
    return indicators::SeriesGroup(std::move(fields));
}

void SideBySide::run(const Task& task, std::span<const std::size_t> members, const CheckInterrupts& interrupts) {
    std::vector<std::vector<std::span<double>>> out(task.entry->info->outputs.size());
    for (const auto& [node, output] : task.outputs) {
        values_[node].resize(members.size());
        for (std::size_t s = 0; s < members.size(); ++s) {
            values_[node][s].resize(panel_.series[members[s]].rows());
            out[output].emplace_back(values_[node][s]);
        }
    }
    group_->run(*task.entry, task.params, task.fields, out, interrupts);
}

SideBySide::Given SideBySide::compute(std::span<const std::size_t> members, const CheckInterrupts& interrupts) {
    first_ = count_ = 0;
    streams_.clear();
    values_.resize(plan_.nodes.size());
    group_.emplace(group_of(members));
    for (const Task& task : tasks_) {
        const bool is_last =
            std::ranges::none_of(task.outputs, [&](const Output& output) { return is_read_[output.node] != 0; });
        if (is_last)
            streams_.push_back({{*task.entry, task.params},
                                group_->bars_of(task.fields),
                                task.entry->info->outputs.size(),
                                task.outputs});
        else
            run(task, members, interrupts);
    }
    return {values_, streams_};
}

std::span<const double* const> SideBySide::columns_of(const Series& series, const CheckInterrupts& interrupts) {
    if (tasks_.empty()) return {};
    const auto at = static_cast<std::size_t>(&series - panel_.series.data());
    if (at < first_ || at >= first_ + count_) {
        const std::size_t count = group_size(at);
        if (count == 0) return {};
        std::vector<std::size_t> members(count);
        std::iota(members.begin(), members.end(), at);
        group_.emplace(group_of(members));
        values_.resize(plan_.nodes.size());
        for (const Task& task : tasks_) run(task, members, interrupts);
        first_ = at;
        count_ = count;
    }
    columns_.assign(plan_.nodes.size(), nullptr);
    for (const Task& task : tasks_)
        for (const auto& [node, output] : task.outputs) columns_[node] = values_[node][at - first_].data();
    return columns_;
}

}  // namespace bourse::factors
