#include "factors/plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/nearest.hpp"
#include "factors/operators/window.hpp"
#include "factors/parser.hpp"

namespace bourse::factors {
namespace {

constexpr std::size_t most_nodes = 200000;

int plus(int a, int b) { return a == unbounded || b == unbounded || a > unbounded - b ? unbounded : a + b; }

std::string trimmed(std::string_view text) { return std::string(text.substr(0, 300)) + (text.size() > 300 ? "…" : ""); }

std::string range(const Parameter& p) {
    return (p.whole ? "a whole number " : "") + shown(p.lowest) + " .. " + shown(p.highest);
}

void append_bytes(std::string& key, const void* from, std::size_t size) {
    key.append(static_cast<const char*>(from), size);
}

// Two nodes with equal keys give equal values.
std::string key_of(const Node& node) {
    std::string key(1, static_cast<char>(node.type));
    append_bytes(key, &node.constant, sizeof node.constant);
    append_bytes(key, &node.field, sizeof node.field);
    append_bytes(key, &node.op, sizeof node.op);
    for (const int input : node.inputs) append_bytes(key, &input, sizeof input);
    for (const double p : node.params) append_bytes(key, &p, sizeof p);
    return key;
}

}  // namespace

Error expression_error(std::string_view text, std::size_t at, const std::string& what, const std::string& hint) {
    std::size_t characters = 1;
    for (std::size_t i = 0; i < at && i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) ++characters;
    return Error(ErrorKind::bad_expression, "position " + std::to_string(characters) + ": " + what, hint,
                 "expression: " + trimmed(text));
}

Reach Plan::reach() const noexcept {
    Reach widest;
    for (const int output : outputs) {
        widest.left = std::max(widest.left, nodes[static_cast<std::size_t>(output)].reach.left);
        widest.right = std::max(widest.right, nodes[static_cast<std::size_t>(output)].reach.right);
    }
    return widest;
}

std::vector<std::string> Plan::field_names() const {
    std::vector<std::string> names;
    for (const auto& field : fields) names.push_back(field.name);
    return names;
}

Operand PlanBuilder::intern(Node n, std::size_t at) {
    const auto [found, fresh] = known_.emplace(key_of(n), static_cast<int>(plan_.nodes.size()));
    if (fresh) {
        if (plan_.nodes.size() >= most_nodes)
            throw expression_error(text_, at,
                                   "the expressions have more than " + std::to_string(most_nodes) + " parts");
        plan_.nodes.push_back(std::move(n));
    }
    return {found->second, at};
}

Operand PlanBuilder::constant(double value, std::size_t at) {
    Node n;
    n.constant = value;
    return intern(std::move(n), at);
}

Operand PlanBuilder::field(std::string_view name, std::size_t at) {
    std::string lower(name);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const auto known =
        std::find_if(plan_.fields.begin(), plan_.fields.end(), [&](const FieldUse& use) { return use.name == lower; });
    Node n;
    n.type = Node::Type::field;
    n.field = static_cast<int>(known - plan_.fields.begin());
    n.single = plan_.rules.strict_qlib;
    // A change is measured from the last close before a gap, however long that is.
    if (lower == "change") n.reach.left = unbounded;
    if (known == plan_.fields.end()) {
        std::size_t position = 1;
        for (std::size_t i = 0; i < at; ++i) position += (static_cast<unsigned char>(text_[i]) & 0xc0) != 0x80;
        plan_.fields.push_back({lower, std::string(text_), position});
    }
    return intern(std::move(n), at);
}

const Operator& PlanBuilder::find(std::string_view name, std::size_t at) const {
    if (const Operator* op = find_operator(name)) return *op;
    std::vector<std::string> names;
    for (const auto& op : operators()) names.push_back(op.name);
    const auto near = nearest(name, names);
    throw expression_error(
        text_, at, "unknown operator \"" + trimmed(name) + "\"",
        near.empty() ? "docs/reference/expressions.md lists the operators" : "did you mean \"" + near + "\"?");
}

std::vector<int> PlanBuilder::series_arguments(const Operator& op, std::span<const Operand> arguments) const {
    std::vector<int> inputs;
    for (std::size_t i = 0; i < op.inputs.size(); ++i) {
        const Node& n = node(arguments[i]);
        if (op.takes == Kind::condition && n.kind != Kind::condition)
            throw expression_error(text_, arguments[i].at, op.name + " expects a condition, found a number",
                                   "put parentheses around each comparison: ($a > 1) & ($b > 2)");
        if (n.type == Node::Type::constant && !op.constants)
            throw expression_error(
                text_, arguments[i].at,
                op.name + " expects a series as " + op.inputs[i] + ", found the number " + shown(n.constant),
                "the form is " + form(op));
        inputs.push_back(arguments[i].node);
    }
    if (op.commutes && inputs[0] > inputs[1]) std::swap(inputs[0], inputs[1]);
    return inputs;
}

std::vector<double> PlanBuilder::parameters(const Operator& op, std::span<const Operand> arguments,
                                            std::size_t at) const {
    std::vector<double> params;
    for (std::size_t i = 0; i < op.params.size(); ++i) {
        const Parameter& p = op.params[i];
        const std::size_t argument = op.inputs.size() + i;
        if (argument >= arguments.size()) {
            params.push_back(p.fallback);
            continue;
        }
        const Node& n = node(arguments[argument]);
        if (n.type != Node::Type::constant)
            throw expression_error(text_, arguments[argument].at,
                                   op.name + " expects a number as " + p.name + ", found a series",
                                   "the form is " + form(op));
        const double value = n.constant;
        if (!(value >= p.lowest && value <= p.highest) || (p.whole && value != std::floor(value)))
            throw expression_error(text_, arguments[argument].at,
                                   op.name + ": " + p.name + " must be " + range(p) + ", found " + shown(value));
        params.push_back(value);
    }
    if (op.refuse)
        if (const auto reason = op.refuse(params, plan_.rules); !reason.empty()) {
            const std::size_t where = arguments.size() > op.inputs.size() ? arguments[op.inputs.size()].at : at;
            throw expression_error(text_, where,
                                   op.name + ": " + reason + (params.empty() ? "" : ", found " + shown(params[0])));
        }
    return params;
}

double PlanBuilder::fold(const Node& call) const {
    std::vector<Column> inputs;
    for (const int input : call.inputs) inputs.push_back({&plan_.nodes[static_cast<std::size_t>(input)].constant, 0});
    double value = nan_value;
    const CheckInterrupts none;
    Work work(none);
    call.op->evaluate({1, {}, inputs, call.params, plan_.rules, work, &value});
    return value;
}

Operand PlanBuilder::call(std::string_view name, std::vector<Operand> arguments, std::size_t at) {
    const Operator& op = find(name, at);
    std::size_t required = op.inputs.size();
    for (const auto& p : op.params) required += std::isnan(p.fallback);
    if (arguments.size() < required || arguments.size() > op.inputs.size() + op.params.size())
        throw expression_error(text_, at,
                               op.name + " expects " + std::to_string(required) +
                                   (required == op.inputs.size() + op.params.size()
                                        ? ""
                                        : " to " + std::to_string(op.inputs.size() + op.params.size())) +
                                   (op.inputs.size() + op.params.size() == 1 ? " argument" : " arguments") +
                                   ", found " + std::to_string(arguments.size()),
                               "the form is " + form(op));
    Node n;
    n.type = Node::Type::call;
    n.op = &op;
    n.inputs = series_arguments(op, arguments);
    n.params = parameters(op, arguments, at);
    n.kind = op.gives;
    bool constant_only = true;
    n.single = plan_.rules.strict_qlib && op.keeps_single;
    for (const int input : n.inputs) {
        const Node& from = plan_.nodes[static_cast<std::size_t>(input)];
        constant_only = constant_only && from.type == Node::Type::constant;
        n.single = n.single && (from.single || from.type == Node::Type::constant);
        n.reach.left = std::max(n.reach.left, from.reach.left);
        n.reach.right = std::max(n.reach.right, from.reach.right);
    }
    if (constant_only) return constant(fold(n), at);
    const Reach own = op.reach(n.params, plan_.rules);
    n.reach = {plus(n.reach.left, own.left), plus(n.reach.right, own.right)};
    return intern(std::move(n), at);
}

void PlanBuilder::end(const Operand& result) {
    if (is_constant(result))
        throw expression_error(text_, 0,
                               "the expression is the number " + shown(node(result).constant) + " for every row",
                               "it needs at least one $field");
    plan_.outputs.push_back(result.node);
}

Plan compile(std::span<const std::string> expressions, Rules rules) {
    PlanBuilder builder(rules);
    for (const auto& expression : expressions) parse(expression, builder);
    return builder.take();
}

void require_fields(const Plan& plan, std::span<const std::string> known) {
    for (const auto& field : plan.fields) {
        if (std::find(known.begin(), known.end(), field.name) != known.end()) continue;
        const auto near = nearest(field.name, known);
        throw Error(ErrorKind::bad_expression,
                    "position " + std::to_string(field.position) + ": unknown field \"$" + field.name + "\"",
                    near.empty() ? "built-in fields are $open $high $low $close $volume $amount $vwap $factor $change; "
                                   "others are series in bourse.bar_field"
                                 : "did you mean \"$" + near + "\"?",
                    "expression: " + trimmed(field.expression));
    }
}

bool reads_only_built_in(const Plan& plan) noexcept {
    const auto built_in = built_in_fields();
    return std::all_of(plan.fields.begin(), plan.fields.end(), [&](const FieldUse& use) {
        return std::find(built_in.begin(), built_in.end(), use.name) != built_in.end();
    });
}

std::span<const std::string> built_in_fields() noexcept {
    static const std::vector<std::string> names{"open",   "high", "low",    "close", "volume",
                                                "amount", "vwap", "factor", "change"};
    return names;
}

}  // namespace bourse::factors
