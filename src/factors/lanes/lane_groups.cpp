// Which series are computed side by side.
#include <algorithm>

#include "factors/lanes/lane_evaluator.hpp"

namespace bourse::factors {
namespace {

constexpr auto lanes = static_cast<std::size_t>(lane_count);
constexpr std::size_t whole_rows = 16384;  // longest series where an operator reads everything before: 2 MiB a column

}  // namespace

std::vector<LaneGroup> lane_groups(const Plan& plan, const Panel& panel) {
    constexpr std::size_t fewest = 4;  // fewer are faster one by one
    std::vector<LaneGroup> groups;
    if (plan.rules.strict_qlib || panel.series.size() < fewest) return groups;
    const Reach reach = plan.rows_to_read();
    const bool everything = reach.left == unbounded || reach.right == unbounded;
    std::vector<std::size_t> order;
    for (std::size_t s = 0; s < panel.series.size(); ++s) {
        const Series& series = panel.series[s];
        if (series.first < series.last && (!everything || series.rows() <= whole_rows)) order.push_back(s);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return panel.series[a].rows() > panel.series[b].rows(); });
    while (order.size() >= fewest) {
        const auto& times = panel.series[order[0]].ts_us;
        LaneGroup group;
        std::vector<std::size_t> others;
        for (const std::size_t s : order) {
            const auto& own = panel.series[s].ts_us;
            const auto at = std::lower_bound(times.begin(), times.end(), own.front());
            const bool fits = group.members.size() < lanes &&
                              own.size() <= static_cast<std::size_t>(times.end() - at) &&
                              std::equal(own.begin(), own.end(), at);
            if (!fits) {
                others.push_back(s);
                continue;
            }
            group.members.push_back(s);
            group.offsets.push_back(static_cast<std::size_t>(at - times.begin()));
        }
        if (group.members.size() >= fewest) groups.push_back(std::move(group));
        order = std::move(others);
    }
    return groups;
}

}  // namespace bourse::factors
