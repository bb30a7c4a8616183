#include "factors/resumption.hpp"

#include <algorithm>

#include "core/state.hpp"

namespace bourse::factors {
namespace {

std::uint64_t sum_of(std::span<const std::byte> bytes) noexcept {  // FNV-1a
    std::uint64_t hash = 14695981039346656037u;
    for (const auto byte : bytes) hash = (hash ^ static_cast<std::uint64_t>(byte)) * 1099511628211u;
    return hash;
}

// Visits what travels in the bytes.
void visit_parts(auto& visit, Checkpoint& checkpoint) {
    visit(checkpoint.rows_before, checkpoint.previous_close);
    for (auto& node : checkpoint.nodes) visit(node);
}

}  // namespace

Resumption resumption(const Plan& plan) {
    Resumption result;
    if (plan.rules.strict_qlib || plan.reach().right != 0 || plan.rows_to_read().left != unbounded) return result;
    for (const auto& derivation : plan.derivations)
        if (derivation.elsewhere == Elsewhere::function || derivation.elsewhere == Elsewhere::across) return result;
    std::vector<std::size_t> right(plan.nodes.size(), 0);  // rows after the base from which on a node is right
    for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
        const Node& node = plan.nodes[n];
        if (node.type != Node::Type::call) continue;
        for (const int input : node.inputs) right[n] = std::max(right[n], right[static_cast<std::size_t>(input)]);
        const Reach own = node.op->reach(node.params, plan.rules);
        if (own.left != unbounded) {
            right[n] += static_cast<std::size_t>(own.left);
            continue;
        }
        if (!node.op->resumes) return result;
        result.nodes.push_back(static_cast<int>(n));
        result.starts.push_back(right[n]);
    }
    for (const int output : plan.outputs) result.rows = std::max(result.rows, right[static_cast<std::size_t>(output)]);
    for (const std::size_t start : result.starts) result.rows = std::max(result.rows, start);
    result.possible = true;
    return result;
}

std::vector<std::byte> pack(const Checkpoint& checkpoint) {
    std::vector<std::byte> body, bytes;
    Checkpoint copy = checkpoint;
    StateWriter writer(body), whole(bytes);
    visit_parts(writer, copy);
    std::uint64_t sum = sum_of(body);
    whole(sum);
    bytes.insert(bytes.end(), body.begin(), body.end());
    return bytes;
}

std::optional<Checkpoint> unpack(std::span<const std::byte> bytes, const Resumption& of) {
    std::uint64_t sum = 0;
    if (bytes.size() < sizeof sum) return {};
    StateReader head(bytes.first(sizeof sum)), body(bytes.subspan(sizeof sum));
    head(sum);
    if (sum != sum_of(bytes.subspan(sizeof sum))) return {};
    Checkpoint checkpoint;
    checkpoint.nodes.resize(of.nodes.size());
    try {
        visit_parts(body, checkpoint);
        body.finish();
    } catch (const Error&) {
        return {};
    }
    return checkpoint;
}

std::vector<std::uint64_t> checkpoint_rows(std::uint64_t from, std::uint64_t to, const Resumption& of) {
    std::vector<std::uint64_t> rows;
    if (!of.possible || to < of.rows) return rows;
    const std::uint64_t last = to - of.rows;  // the latest possible base
    for (std::uint64_t base = (from / far_rows + 1) * far_rows; base <= last; base += far_rows) rows.push_back(base);
    for (std::uint64_t back : {std::uint64_t{1}, std::uint64_t{0}})
        if (const std::uint64_t step = last / near_rows; step > back && (step - back) * near_rows > from)
            rows.push_back((step - back) * near_rows);
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

}  // namespace bourse::factors
