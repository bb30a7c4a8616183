#include "factors/lanes/lane_evaluator.hpp"

#include <algorithm>
#include <cstring>
#include <map>

#include "factors/operators/rolling.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

constexpr auto lanes = static_cast<std::size_t>(lane_count);

// 0 where there is no value yet, so that later rows are not taken for it.
bool is_condition(LaneForm form) {
    return form == LaneForm::each_row || (form >= LaneForm::gt && form <= LaneForm::ne);
}

double param_of(const Node& node) {
    if (node.op->lane_form == LaneForm::ema) return ema_alpha(node.params[0]);
    return node.params.size() > 1 ? node.params[1] : 0.0;
}

}  // namespace

const LaneKernels& lane_kernels(SimdLevel level) {
#ifdef BOURSE_WIDE_LANES
    if (level == SimdLevel::avx512) return lane_kernels_avx512();
    if (level == SimdLevel::avx2) return lane_kernels_avx2();
#endif
    static_cast<void>(level);
    return lane_kernels_portable();
}

LaneEvaluator::LaneEvaluator(const Plan& plan, const Panel& panel, SimdLevel level)
    : plan_(plan),
      panel_(panel),
      kernels_(lane_kernels(level)),
      last_use_(plan.nodes.size()),
      together_(plan.nodes.size()),
      columns_(plan.nodes.size()),
      streams_(kernels_, columns_),
      used_(plan.nodes.size()) {
    for (const auto& field : plan.fields) require_field(field, panel.fields);
    for (const auto& field : plan.fields) field_of_.push_back(static_cast<std::size_t>(panel.field_index(field.name)));

    std::map<std::tuple<LaneFamily, std::vector<int>, double>, std::size_t> leaders;
    for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
        const Node& node = plan.nodes[n];
        last_use_[n] = n;
        for (const int from : node.inputs) last_use_[static_cast<std::size_t>(from)] = n;
        const bool windowed = runs_in_lanes(node) && family_of(node.op->lane_form) != LaneFamily::rowwise;
        const std::size_t leader =
            windowed ? leaders.emplace(std::tuple(family_of(node.op->lane_form), node.inputs, node.params[0]), n)
                           .first->second
                     : n;
        together_[leader].push_back(n);
    }
    for (std::size_t c = 0; c < plan.outputs.size(); ++c)
        columns_[static_cast<std::size_t>(plan.outputs[c])].push_back(c);
}

bool LaneEvaluator::runs_in_lanes(const Node& node) const {
    if (node.type != Node::Type::call) return false;
    const LaneFamily family = family_of(node.op->lane_form);
    if (family == LaneFamily::none) return false;
    return family == LaneFamily::rowwise || family == LaneFamily::exponential ||
           (node.params[0] >= 1 && node.params[0] <= static_cast<double>(longest_lane_window));
}

// Which nodes are computed here, and how far they reach.
void LaneEvaluator::take(SideBySide::Given given) {
    given_ = given;
    needed_.assign(plan_.nodes.size(), 0);
    for (const int output : plan_.outputs) needed_[static_cast<std::size_t>(output)] = 1;
    for (const auto& stream : given_.streams)
        for (const auto& output : stream.outputs) needed_[output.node] = 0;
    for (std::size_t n = plan_.nodes.size(); n-- > 0;)
        if (needed_[n] && !is_given(n))
            for (const int input : plan_.nodes[n].inputs) needed_[static_cast<std::size_t>(input)] = 1;

    Reach widest{0, plan_.rows_to_read().right};
    std::vector<Reach> reaches(plan_.nodes.size());
    for (std::size_t n = 0; n < plan_.nodes.size(); ++n) {
        const Node& node = plan_.nodes[n];
        if (!needed_[n] || is_given(n)) continue;
        Reach inputs;
        for (const int input : node.inputs)
            inputs.left = std::max(inputs.left, reaches[static_cast<std::size_t>(input)].left);
        reaches[n] = node.type == Node::Type::call ? node.op->reach(node.params, plan_.rules) + inputs : node.reach;
        widest.left = std::max(widest.left, reaches[n].left);
    }
    everything_ = widest.left == unbounded || widest.right == unbounded;
    left_ = static_cast<std::size_t>(widest.left);
    right_ = static_cast<std::size_t>(widest.right);
}

// So many that what they give stays in a core's own cache, where nothing has to be read twice for it.
std::size_t LaneEvaluator::rows_at_a_time() const {
    if (left_ + right_ > 0) return block_rows;
    constexpr std::size_t bytes = 512 << 10, few = 32;
    return std::clamp(bytes / (plan_.outputs.size() * lanes * sizeof(float)) / few * few, few, block_rows);
}

void LaneEvaluator::run(const LaneGroup& group, std::span<float* const> to, const CheckInterrupts& interrupts,
                        SideBySide::Given given) {
    take(given);
    std::vector<LaneStreams::Member> members;
    for (std::size_t k = 0; k < group.members.size(); ++k)
        members.push_back({group.offsets[k], panel_.series[group.members[k]].rows()});
    streams_.begin(given.streams, members);
    std::size_t begin = SIZE_MAX, end = 0;
    for (std::size_t k = 0; k < group.members.size(); ++k) {
        const Series& series = panel_.series[group.members[k]];
        if (series.first == series.last) continue;
        begin = std::min(begin, group.offsets[k] + series.first);
        end = std::max(end, group.offsets[k] + series.last);
    }
    if (begin >= end) return;
    Work work(interrupts);
    levels_ = boundary_levels(panel_.series[group.members[0]].ts_us);
    const std::size_t step = everything_ ? end - begin : rows_at_a_time();
    for (std::size_t row = begin; row < end; row += step) {
        check(interrupts);
        const Block block = block_of(group, row, std::min(end, row + step));
        compute(group, block, work);
        write(group, block, to);
    }
}

LaneEvaluator::Block LaneEvaluator::block_of(const LaneGroup& group, std::size_t begin, std::size_t end) const {
    Block block{};
    const std::size_t all = panel_.series[group.members[0]].rows();
    block.begin = begin;
    block.end = end;
    block.first = everything_ || begin < left_ ? 0 : begin - left_;
    block.rows = (everything_ ? all : std::min(all, end + right_)) - block.first;
    block.lanes = group.members.size();
    block.levels = std::span<const std::uint8_t>(levels_).subspan(block.first, block.rows);
    for (std::size_t k = 0; k < block.lanes; ++k) {
        const Series& series = panel_.series[group.members[k]];
        const auto within = [&](std::size_t row) {
            return row < block.first ? 0 : std::min(row - block.first, block.rows);
        };
        block.from[k] = within(group.offsets[k]);
        block.to[k] = within(group.offsets[k] + series.rows());
        block.patched[k] = block.from[k] > 0 && block.from[k] < block.to[k] && (everything_ || series.first < left_);
    }
    return block;
}

void LaneEvaluator::compute(const LaneGroup& group, const Block& block, Work& work) {
    singles_.resize(plan_.outputs.size() * (block.end - block.begin) * lanes);
    streams_.run(block.begin, block.end, singles_.data(), work);
    for (std::size_t n = 0; n < plan_.nodes.size(); ++n) {
        if (needed_[n]) compute_node(n, group, block, work);
        for (const int from : plan_.nodes[n].inputs)
            if (last_use_[static_cast<std::size_t>(from)] == n) release(static_cast<std::size_t>(from));
    }
    for (std::size_t n = 0; n < plan_.nodes.size(); ++n) release(n);
}

void LaneEvaluator::compute_node(std::size_t n, const LaneGroup& group, const Block& block, Work& work) {
    const Node& node = plan_.nodes[n];
    if (node.type == Node::Type::constant || together_[n].empty()) return;  // its leader computed it
    if (node.type == Node::Type::field || is_given(n)) {
        read_column(n, group, block);
    } else if (runs_in_lanes(node)) {
        if (run_last(n, block)) return;
        run_kernel(n, block, work);
    } else if (node.op->lane_form == LaneForm::shift) {
        shift(n, block);
    } else if (node.op->lane_form == LaneForm::each_row) {
        each_row(n, block, work);
    } else {
        std::fill_n(tile(n, block), block.rows * lanes, nan_value);
        for (std::size_t k = 0; k < block.lanes; ++k) lane_by_lane(n, k, block.from[k], block.to[k], block, work);
        repeat_first(n, block);
    }
    for (const std::size_t one : together_[n]) {
        if (node.type == Node::Type::call) blank(one, block);
        finish(one, block);
    }
    work.done(block.rows * lanes * together_[n].size());
}

// Lanes that are not used repeat the first one, so that they have no gap of their own.
void LaneEvaluator::read_column(std::size_t n, const LaneGroup& group, const Block& block) {
    const auto column_of = [&](std::size_t k) {
        if (is_given(n)) return given_.columns[n][k].data();
        const std::size_t field = field_of_[static_cast<std::size_t>(plan_.nodes[n].field)];
        return panel_.series[group.members[k]].fields[field].data();
    };
    double* to = tile(n, block);
    std::size_t common_from = 0, common_to = block.rows;
    std::array<const double*, lanes> from{};  // as if it had a row where the block begins
    const auto pointers = [&](std::size_t row) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const std::size_t k = lane < block.lanes ? lane : 0;
            from[lane] = nullptr;
            if (row < block.from[k] || row >= block.to[k]) continue;
            const std::size_t own = block.first + row - group.offsets[k];
            from[lane] = column_of(k) + own;
        }
    };
    std::vector<std::size_t> cuts{common_from, common_to};
    for (std::size_t k = 0; k < block.lanes; ++k) {
        cuts.push_back(block.from[k]);
        cuts.push_back(block.to[k]);
    }
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t c = 0; c + 1 < cuts.size(); ++c) {
        if (cuts[c] == cuts[c + 1]) continue;
        pointers(cuts[c]);
        kernels_.turn_in(from.data(), cuts[c + 1] - cuts[c], to + cuts[c] * lanes);
    }
}

LaneCall LaneEvaluator::call_of(const Node& node, const Block& block) const {
    LaneCall call{};
    call.rows = block.rows;
    call.levels = block.levels.data();
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        call.in[i] = input(node.inputs[i]);
        call.constant[i] = plan_.nodes[static_cast<std::size_t>(node.inputs[i])].type == Node::Type::constant;
    }
    return call;
}

// A feature that nothing else reads: it is written as it is stored, and only where it is wanted.
bool LaneEvaluator::run_last(std::size_t n, const Block& block) {
    const Node& node = plan_.nodes[n];
    if (columns_[n].size() != 1 || last_use_[n] != n || family_of(node.op->lane_form) != LaneFamily::rowwise)
        return false;
    LaneCall call = call_of(node, block);
    call.rows = block.end - block.begin;
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
        if (!call.constant[i]) call.in[i] += (block.begin - block.first) * lanes;
    const LaneOutput out{node.op->lane_form, 0, nullptr, singles_.data() + columns_[n][0] * call.rows * lanes};
    call.outputs = std::span(&out, 1);
    kernels_.run(LaneFamily::rowwise, call);
    return true;
}

void LaneEvaluator::run_kernel(std::size_t n, const Block& block, Work& work) {
    const Node& node = plan_.nodes[n];
    std::vector<LaneOutput> outputs;
    for (const std::size_t one : together_[n]) {
        const Node& other = plan_.nodes[one];
        outputs.push_back({other.op->lane_form, param_of(other), tile(one, block)});
    }
    LaneCall call = call_of(node, block);
    const LaneFamily family = family_of(node.op->lane_form);
    if (family != LaneFamily::rowwise && family != LaneFamily::exponential)
        call.window = static_cast<std::size_t>(node.params[0]);
    call.outputs = outputs;
    kernels_.run(family, call);
    if (call.window < 2) return;
    // Where a series begins its windows are shorter, and are cut elsewhere.
    for (std::size_t k = 0; k < block.lanes; ++k)
        if (block.patched[k])
            for (const std::size_t one : together_[n])
                lane_by_lane(one, k, block.from[k], std::min(block.to[k], block.from[k] + call.window - 1), block,
                             work);
}

// Ref and Delta.
void LaneEvaluator::shift(std::size_t n, const Block& block) {
    const Node& node = plan_.nodes[n];
    const auto by = static_cast<std::ptrdiff_t>(node.params[0]);
    const double* from = input(node.inputs[0]);
    double* to = tile(n, block);
    const std::size_t apart = std::min(static_cast<std::size_t>(std::abs(by)), block.rows);
    const std::size_t gap = apart * lanes, rest = (block.rows - apart) * lanes;
    std::fill_n(by >= 0 ? to : to + rest, gap, nan_value);
    std::copy_n(by >= 0 ? from : from + gap, rest, by >= 0 ? to + gap : to);
    if (node.op->name == "Ref") return;
    const LaneOutput out{LaneForm::sub, 0, to};
    LaneCall call{};
    call.rows = block.rows;
    call.in = {from, to};
    call.outputs = std::span(&out, 1);
    kernels_.run(LaneFamily::rowwise, call);
}

void LaneEvaluator::each_row(std::size_t n, const Block& block, Work& work) {
    const Node& node = plan_.nodes[n];
    std::vector<Column> inputs;
    for (const int from : node.inputs)
        inputs.push_back(
            {input(from), plan_.nodes[static_cast<std::size_t>(from)].type == Node::Type::constant ? 0U : 1U});
    node.op->evaluate({block.rows * lanes, {}, inputs, node.params, plan_.rules, work, tile(n, block)});
}

// Rows [from, to) of a lane as if its series began there.
void LaneEvaluator::lane_by_lane(std::size_t n, std::size_t lane, std::size_t from, std::size_t to, const Block& block,
                                 Work& work) {
    if (from >= to) return;
    const Node& node = plan_.nodes[n];
    const std::size_t rows = to - from;
    if (lane_inputs_.size() < node.inputs.size()) lane_inputs_.resize(node.inputs.size());
    std::vector<Column> inputs;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        const double* column = input(node.inputs[i]);
        if (plan_.nodes[static_cast<std::size_t>(node.inputs[i])].type == Node::Type::constant) {
            inputs.push_back({column, 0});
            continue;
        }
        auto& own = lane_inputs_[i];
        own.resize(rows);
        for (std::size_t r = 0; r < rows; ++r) own[r] = column[(from + r) * lanes + lane];
        inputs.push_back({own.data(), 1});
    }
    lane_output_.resize(rows);
    node.op->evaluate(
        {rows, block.levels.subspan(from, rows), inputs, node.params, plan_.rules, work, lane_output_.data()});
    double* out = used_[n].data()->values;
    for (std::size_t r = 0; r < rows; ++r) out[(from + r) * lanes + lane] = lane_output_[r];
}

// Into the lanes that are not used.
void LaneEvaluator::repeat_first(std::size_t n, const Block& block) {
    double* values = used_[n].data()->values;
    for (std::size_t r = 0; r < block.rows; ++r)
        std::fill(values + r * lanes + block.lanes, values + (r + 1) * lanes, values[r * lanes]);
}

// Rows that a series does not have are missing, whatever an operator makes of missing values.
void LaneEvaluator::blank(std::size_t n, const Block& block) {
    const bool before = is_condition(plan_.nodes[n].op->lane_form), after = right_ > 0;
    if (!before && !after) return;
    double* values = used_[n].data()->values;
    for (std::size_t k = 0; k < block.lanes; ++k) {
        if (before)
            for (std::size_t r = 0; r < block.from[k]; ++r) values[r * lanes + k] = nan_value;
        if (after)
            for (std::size_t r = block.to[k]; r < block.rows; ++r) values[r * lanes + k] = nan_value;
    }
}

void LaneEvaluator::finish(std::size_t n, const Block& block) {
    const std::size_t rows = block.end - block.begin;
    const double* wanted = used_[n].data()->values + (block.begin - block.first) * lanes;
    for (const std::size_t c : columns_[n])
        kernels_.to_single(wanted, rows * lanes, singles_.data() + c * rows * lanes);
    if (last_use_[n] == n) release(n);
}

// Rows of a block are cut where the wanted rows of a member begin or end.
void LaneEvaluator::write(const LaneGroup& group, const Block& block, std::span<float* const> to) const {
    const std::size_t columns = plan_.outputs.size();
    std::vector<std::size_t> cuts{block.begin, block.end};
    for (std::size_t k = 0; k < block.lanes; ++k) {
        const Series& series = panel_.series[group.members[k]];
        for (const std::size_t row : {group.offsets[k] + series.first, group.offsets[k] + series.last})
            if (row > block.begin && row < block.end) cuts.push_back(row);
    }
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t c = 0; c + 1 < cuts.size(); ++c) {
        if (cuts[c] == cuts[c + 1]) continue;
        std::array<float*, lanes> rows{};
        for (std::size_t k = 0; k < block.lanes; ++k) {
            const Series& series = panel_.series[group.members[k]];
            const std::size_t first = group.offsets[k] + series.first, last = group.offsets[k] + series.last;
            if (cuts[c] >= first && cuts[c] < last) rows[k] = to[k] + (cuts[c] - first) * columns;
        }
        kernels_.turn_out(singles_.data(), block.end - block.begin, cuts[c] - block.begin, cuts[c + 1] - cuts[c],
                          columns, rows.data());
    }
}

double* LaneEvaluator::tile(std::size_t node, const Block& block) {
    if (!free_.empty()) {
        used_[node] = std::move(free_.back());
        free_.pop_back();
    }
    if (used_[node].size() < block.rows * lanes / 8) used_[node].resize(block.rows * lanes / 8);
    return used_[node].data()->values;
}

void LaneEvaluator::release(std::size_t node) {
    if (used_[node].empty()) return;
    free_.push_back(std::move(used_[node]));
    used_[node].clear();
}

const double* LaneEvaluator::input(int node) const {
    const auto n = static_cast<std::size_t>(node);
    return plan_.nodes[n].type == Node::Type::constant ? &plan_.nodes[n].constant : used_[n].data()->values;
}

}  // namespace bourse::factors
