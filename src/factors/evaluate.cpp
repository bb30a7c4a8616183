#include "factors/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "factors/lanes/lane_evaluator.hpp"
#include "factors/operators/rolling.hpp"
#include "factors/operators/window.hpp"
#include "factors/side_by_side.hpp"

namespace bourse::factors {
namespace {

// One rounding of a sum, difference, product or quotient of float32 values that was computed in double gives
// float32's own result.
void round_to_single(double* values, std::size_t rows) {
    for (std::size_t i = 0; i < rows; ++i) values[i] = static_cast<float>(values[i]);
}

// Room for so many values, that may be hundreds of megabytes: what is new is cleared in steps.
void grow(std::vector<double>& values, std::size_t count, const CheckInterrupts& interrupts) {
    constexpr std::size_t step = std::size_t{1} << 20;
    values.reserve(count);
    values.resize(std::min(values.size(), count));
    while (values.size() < count) {
        check(interrupts);
        values.resize(std::min(count, values.size() + step));
    }
}

// The checkpoints that a run over these rows is to keep, without their nodes' parts.
void begin_keeping(const Series& series, std::size_t rows, Carry& carry) {
    const std::uint64_t seen = carry.from ? carry.from->rows_before : 0;
    carry.keep = checkpoint_rows(seen, seen + rows, *carry.resumption);
    carry.kept.clear();
    for (const auto base : carry.keep) {
        Checkpoint& one = carry.kept.emplace_back();
        const auto row = static_cast<std::size_t>(base - seen);
        one.base_us = series.ts_us[row];
        one.after_us = series.ts_us[row + carry.resumption->rows - 1];
        one.rows_before = base;
        if (!series.previous_close.empty()) one.previous_close = series.previous_close[row];
        one.nodes.resize(carry.resumption->nodes.size());
    }
}

}  // namespace

Evaluator::Evaluator(const Plan& plan, const Panel& panel)
    : plan_(plan), last_use_(plan.nodes.size()), used_(plan.nodes.size()) {
    for (const auto& field : plan.fields) require_field(field, panel.fields);
    for (const auto& field : plan.fields) field_of_.push_back(panel.field_index(field.name));
    std::iota(last_use_.begin(), last_use_.end(), 0);
    for (std::size_t n = 0; n < plan.nodes.size(); ++n)
        for (const int input : plan.nodes[n].inputs) last_use_[static_cast<std::size_t>(input)] = static_cast<int>(n);
    for (const int output : plan.outputs)
        last_use_[static_cast<std::size_t>(output)] = static_cast<int>(plan.nodes.size());
}

double* Evaluator::buffer(std::size_t node, std::size_t rows) {
    if (!free_.empty()) {
        used_[node] = std::move(free_.back());
        free_.pop_back();
    }
    used_[node].resize(rows);
    return used_[node].data();
}

// Evaluates a node with a memory from the row at which it goes on.
void Evaluator::remember(const Frame& frame, std::size_t node, Carry& carry) const {
    const Resumption& how = *carry.resumption;
    const auto at = static_cast<std::size_t>(
        std::lower_bound(how.nodes.begin(), how.nodes.end(), static_cast<int>(node)) - how.nodes.begin());
    const std::size_t seen = carry.from ? carry.from->rows_before : 0;  // rows before the frame
    const std::size_t skipped = carry.from ? std::min(how.starts[at], frame.rows) : 0;

    std::vector<std::size_t> keep_before;
    for (const auto base : carry.keep) keep_before.push_back(base - seen + how.starts[at] - skipped);
    Memory memory{carry.from ? std::span<const std::byte>(carry.from->nodes[at]) : std::span<const std::byte>(),
                  seen + skipped, keep_before};
    std::vector<Column> inputs(frame.inputs.begin(), frame.inputs.end());
    for (Column& input : inputs) input.data += skipped * input.step;
    std::fill_n(frame.out, skipped, nan_value);
    plan_.nodes[node].op->evaluate({frame.rows - skipped, frame.levels.subspan(skipped), inputs, frame.params,
                                    frame.rules, frame.work, frame.out + skipped, &memory});
    for (std::size_t k = 0; k < carry.kept.size(); ++k) carry.kept[k].nodes[at] = std::move(memory.kept[k]);
}

void Evaluator::run(const Series& series, std::size_t first, std::size_t last, std::vector<double>& out,
                    const CheckInterrupts& interrupts, Carry* carry, std::span<const double* const> given) {
    const Reach reach = plan_.rows_to_read();
    const std::size_t left = static_cast<std::size_t>(reach.left), right = static_cast<std::size_t>(reach.right);
    const std::size_t begin = reach.left == unbounded || left > first ? 0 : first - left;
    const std::size_t end = reach.right == unbounded ? series.rows() : std::min(series.rows(), last + right);
    const std::size_t rows = end - begin, asked = last - first;
    grow(out, asked * plan_.outputs.size(), interrupts);
    if (asked == 0) return;

    check(interrupts);
    if (carry) begin_keeping(series, rows, *carry);
    const auto levels = boundary_levels(std::span(series.ts_us).subspan(begin, rows));
    Work work(interrupts);
    std::vector<Column> columns(plan_.nodes.size()), inputs;
    std::vector<double> single_constants(plan_.nodes.size());
    for (std::size_t n = 0; n < plan_.nodes.size(); ++n)
        single_constants[n] = static_cast<float>(plan_.nodes[n].constant);
    for (std::size_t n = 0; n < plan_.nodes.size(); ++n) {
        const Node& node = plan_.nodes[n];
        if (node.type == Node::Type::constant) {
            columns[n] = {&node.constant, 0};
        } else if (node.type == Node::Type::field) {
            columns[n] = {
                series.fields[static_cast<std::size_t>(field_of_[static_cast<std::size_t>(node.field)])].data() + begin,
                1};
            if (node.single) {
                double* to = buffer(n, rows);
                std::copy_n(columns[n].data, rows, to);
                round_to_single(to, rows);
                columns[n] = {to, 1};
            }
        } else if (!given.empty() && given[n] != nullptr) {
            columns[n] = {given[n] + begin, 1};
        } else {
            inputs.clear();
            for (const int input : node.inputs) {
                const Node& from = plan_.nodes[static_cast<std::size_t>(input)];
                const bool rounded = node.single && from.type == Node::Type::constant;
                inputs.push_back(rounded ? Column{&single_constants[static_cast<std::size_t>(input)], 0}
                                         : columns[static_cast<std::size_t>(input)]);
            }
            double* to = buffer(n, rows);
            const Frame frame{rows, levels, inputs, node.params, plan_.rules, work, to};
            if (carry && node.op->resumes && node.op->reach(node.params, plan_.rules).left == unbounded)
                remember(frame, n, *carry);
            else
                node.op->evaluate(frame);
            if (node.single) round_to_single(to, rows);
            columns[n] = {to, 1};
            for (const int input : node.inputs) {
                auto& done = used_[static_cast<std::size_t>(input)];
                if (last_use_[static_cast<std::size_t>(input)] == static_cast<int>(n) && !done.empty())
                    free_.push_back(std::move(done));
            }
        }
        if (after_node_) after_node_(n);
    }
    for (std::size_t c = 0; c < plan_.outputs.size(); ++c) {
        const Column from = columns[static_cast<std::size_t>(plan_.outputs[c])];
        for (std::size_t r = 0; r < asked; ++r) {
            const double value = from[first - begin + r];
            out[c * asked + r] = std::isnan(value) ? nan_value : value;  // one NaN, whatever made it
        }
    }
    for (auto& left_over : used_) {
        if (left_over.empty()) continue;
        free_.push_back(std::move(left_over));
        left_over.clear();
    }
}

namespace {

// Some rows of all columns at a time: either side is far apart in memory, and may be hundreds of megabytes.
void columns_to_rows(std::span<const double> columns, std::size_t rows, float* to, const CheckInterrupts& interrupts) {
    constexpr std::size_t some = 16;
    const std::size_t count = rows == 0 ? 0 : columns.size() / rows;
    for (std::size_t first = 0; first < rows; first += some) {
        const std::size_t last = std::min(rows, first + some);
        check(interrupts);
        for (std::size_t c = 0; c < count; ++c)
            for (std::size_t r = first; r < last; ++r) to[r * count + c] = static_cast<float>(columns[c * rows + r]);
    }
}

// place(series): where the rows of these series of the panel go, in the same order. written(series, rows): they are
// there.
template <class Place, class Written>
void evaluate_to(const Plan& plan, const Panel& panel, Place place, Written written,
                 const CheckInterrupts& interrupts) {
    SideBySide ahead(plan, panel);
    std::vector<char> done(panel.series.size(), 0);
    std::vector<float*> to;
    if (const auto groups = lane_groups(plan, panel); !groups.empty()) {
        LaneEvaluator side_by_side(plan, panel);
        for (const LaneGroup& group : groups) {
            if (!ahead.fits(group.members)) continue;
            const auto given = ahead.idle() ? SideBySide::Given() : ahead.compute(group.members, interrupts);
            place(std::span<const std::size_t>(group.members), to);
            side_by_side.run(group, to, interrupts, given);
            for (std::size_t k = 0; k < group.members.size(); ++k) {
                written(group.members[k], to[k]);
                done[group.members[k]] = 1;
            }
        }
    }
    Evaluator evaluator(plan, panel);
    std::vector<double> columns;
    for (std::size_t s = 0; s < panel.series.size(); ++s) {
        if (done[s]) continue;
        const Series& series = panel.series[s];
        evaluator.run(series, series.first, series.last, columns, interrupts, nullptr,
                      ahead.columns_of(series, interrupts));
        const std::size_t asked = series.last - series.first;
        place(std::span<const std::size_t>(&s, 1), to);
        columns_to_rows(columns, asked, to[0], interrupts);
        written(s, to[0]);
    }
}

std::size_t values_of(const Plan& plan, const Series& series) {
    return (series.last - series.first) * plan.outputs.size();
}

}  // namespace

void evaluate(const Plan& plan, const Panel& panel, const TakeRows& take, const CheckInterrupts& interrupts) {
    UnsetVector<float> values;
    evaluate_to(
        plan, panel,
        [&](std::span<const std::size_t> members, std::vector<float*>& to) {
            std::size_t all = 0;
            for (const std::size_t s : members) all += values_of(plan, panel.series[s]);
            values.resize(all);
            to.clear();
            float* next = values.data();
            for (const std::size_t s : members) {
                to.push_back(next);
                next += values_of(plan, panel.series[s]);
            }
        },
        [&](std::size_t s, const float* rows) {
            take(s, std::span<const float>(rows, values_of(plan, panel.series[s])));
        },
        interrupts);
}

void evaluate(const Plan& plan, const Panel& panel, FeatureMatrix& matrix, const CheckInterrupts& interrupts) {
    matrix.columns = plan.outputs.size();
    matrix.rows.clear();
    std::vector<std::size_t> before;  // rows of the series before each
    for (std::size_t s = 0; s < panel.series.size(); ++s) {
        before.push_back(matrix.rows.size());
        for (std::size_t r = panel.series[s].first; r < panel.series[s].last; ++r)
            matrix.rows.push_back({static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(r)});
    }
    matrix.values.resize(matrix.rows.size() * matrix.columns);
    evaluate_to(
        plan, panel,
        [&](std::span<const std::size_t> members, std::vector<float*>& to) {
            to.clear();
            for (const std::size_t s : members) to.push_back(matrix.values.data() + before[s] * matrix.columns);
        },
        [](std::size_t, const float*) {}, interrupts);
}

FeatureMatrix evaluate(const Plan& plan, const Panel& panel, const CheckInterrupts& interrupts) {
    FeatureMatrix matrix;
    evaluate(plan, panel, matrix, interrupts);
    return matrix;
}

}  // namespace bourse::factors
