#include "factors/plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/nearest.hpp"
#include "factors/frequency.hpp"
#include "factors/operators/window.hpp"
#include "factors/parser.hpp"

namespace bourse::factors {
namespace {

constexpr std::size_t most_nodes = 200000;

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
    return key + node.text;
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
    for (const Reach& each : reaches) {
        widest.left = std::max(widest.left, each.left);
        widest.right = std::max(widest.right, each.right);
    }
    return widest;
}

Reach Plan::rows_to_read() const noexcept {
    Reach widest{0, reach().right};
    for (const int output : outputs)
        widest.left = std::max(widest.left, nodes[static_cast<std::size_t>(output)].reach.left);
    return widest;
}

std::vector<std::string> Plan::field_names() const {
    std::vector<std::string> names;
    for (const auto& field : fields) names.push_back(field.name);
    return names;
}

Operand PlanBuilder::intern(Node n, std::size_t at) {
    work_.done(1000);  // each call and each number of an expression comes by, known or not
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
    Node n;
    n.type = Node::Type::field;
    n.single = plan_.rules.strict_qlib && !is_statement(lower);
    if (is_statement(lower) && !lower.ends_with("_q") && !lower.ends_with("_a"))
        throw expression_error(text_, at, "\"$" + lower + "\" is no name of a statement's field",
                               "it ends with _q (quarterly) or _a (annual)");
    // A change is measured from the last close before a gap, however long that is.
    if (lower == "change") n.reach.left = unbounded;
    n.field = field_number(std::move(lower), at);
    return intern(std::move(n), at);
}

int PlanBuilder::field_number(std::string name, std::size_t at) {
    const auto [known, fresh] = known_fields_.emplace(std::move(name), static_cast<int>(plan_.fields.size()));
    if (fresh) {
        std::size_t position = 1;
        for (std::size_t i = 0; i < at; ++i) position += (static_cast<unsigned char>(text_[i]) & 0xc0) != 0x80;
        work_.done(at);
        plan_.fields.push_back({known->first, trimmed(text_), position});
    }
    return known->second;
}

const Operator& PlanBuilder::find(std::string_view name, std::size_t at) {
    if (const Operator* op = find_operator(name)) return *op;
    if (custom_ && !plan_.custom) plan_.custom = std::make_shared<const std::vector<Operator>>(make_custom(custom_()));
    std::vector<std::string> names;
    for (const auto& op : operators()) names.push_back(op.name);
    if (plan_.custom)
        for (const auto& op : *plan_.custom) {
            if (op.name == name) return op;
            names.push_back(op.name);
        }
    const auto near = nearest(name, names);
    throw expression_error(
        text_, at, "unknown operator \"" + trimmed(name) + "\"",
        near.empty() ? "docs/reference/expressions.md lists the operators" : "did you mean \"" + near + "\"?");
}

std::vector<int> PlanBuilder::series_arguments(const Operator& op, std::span<const Operand> arguments) const {
    std::vector<int> inputs;
    // More than the named ones stand for the last of them; parameters and more inputs never come together.
    const std::size_t count = op.more_inputs > 0 ? arguments.size() : op.inputs.size();
    for (std::size_t i = 0; i < count; ++i) {
        const Node& n = node(arguments[i]);
        const std::string& what = op.inputs[std::min(i, op.inputs.size() - 1)];
        if (op.takes == Kind::condition && n.kind != Kind::condition)
            throw expression_error(text_, arguments[i].at, op.name + " expects a condition, found a number",
                                   "put parentheses around each comparison: ($a > 1) & ($b > 2)");
        if (n.type == Node::Type::constant && !op.constants)
            throw expression_error(text_, arguments[i].at,
                                   op.name + " expects a series as " + what + ", found the number " + shown(n.constant),
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

void PlanBuilder::check_count(const Operator& op, std::size_t arguments, std::size_t at) const {
    std::size_t required = op.inputs.size();
    for (const auto& p : op.params) required += std::isnan(p.fallback);
    const std::size_t most = op.inputs.size() + op.more_inputs + op.params.size();
    if (arguments >= required && arguments <= most) return;
    throw expression_error(text_, at,
                           op.name + " expects " + std::to_string(required) +
                               (required == most ? "" : " to " + std::to_string(most)) +
                               (most == 1 ? " argument" : " arguments") + ", found " + std::to_string(arguments),
                           "the form is " + form(op));
}

std::vector<std::string> PlanBuilder::texts(const Operator& op, std::vector<Operand>& arguments, std::size_t at) const {
    std::vector<std::string> found;
    std::vector<Operand> others;
    bool after_texts = false;
    for (auto& argument : arguments) {
        if (argument.text) {
            if (found.size() == op.texts.size())
                throw expression_error(text_, argument.at,
                                       op.name + (op.texts.empty() ? " expects no text" : " expects no more text") +
                                           ", found '" + trimmed(*argument.text) + "'",
                                       "the form is " + form(op));
            if (op.texts_first && !others.empty())
                throw expression_error(text_, argument.at, op.name + " expects its text first",
                                       "the form is " + form(op));
            after_texts = true;
            found.push_back(std::move(*argument.text));
        } else {
            if (after_texts && !op.texts_first)
                throw expression_error(text_, argument.at, op.name + " expects its text last",
                                       "the form is " + form(op));
            others.push_back(std::move(argument));
        }
    }
    for (std::size_t i = 0; i < op.texts.size(); ++i)
        if (op.texts[i].required && i >= found.size())
            throw expression_error(text_, at, op.name + " expects " + op.texts[i].name + " in quotes",
                                   "the form is " + form(op));
    arguments = std::move(others);
    return found;
}

// Times of day among the parameters become numbers.
void PlanBuilder::read_clocks(const Operator& op, std::vector<Operand>& arguments) {
    for (std::size_t i = 0; i < op.params.size() && op.inputs.size() + i < arguments.size(); ++i) {
        Operand& argument = arguments[op.inputs.size() + i];
        if (!op.params[i].clock || !argument.text) continue;
        const auto minute = trading_minute(*argument.text);
        if (!minute)
            throw expression_error(text_, argument.at,
                                   op.name + ": '" + trimmed(*argument.text) + "' is no time of the session",
                                   "times are '9:30' .. '11:29' and '13:00' .. '14:59'; elsewhere write the number of "
                                   "trading minutes after the open");
        argument = constant(*minute, argument.at);
    }
}

// What a node that looks elsewhere needs to know, and what it depends on.
void PlanBuilder::look_elsewhere(const Operator& op, std::vector<std::string> texts, Node& n, std::size_t at) const {
    n.type = Node::Type::derived;
    if (op.elsewhere == Elsewhere::function) n.reach.left = unbounded;
    const bool other_rows = op.elsewhere == Elsewhere::frequency || op.elsewhere == Elsewhere::period;
    if (other_rows) {
        if (n.reach.right > 0)
            throw expression_error(text_, at, "an expression that looks ahead cannot stand inside another frequency",
                                   "Ref with N < 0 belongs outside");
        try {
            texts[0] = parse_frequency(texts[0]).name;
        } catch (const Error& e) {
            throw expression_error(text_, at, e.what(), e.hint());
        }
        n.reach.left = unbounded;  // how many rows that are hangs on the calendar
    }
    if (op.elsewhere == Elsewhere::period) {
        const auto functions = period_functions();
        if (std::find(functions.begin(), functions.end(), texts[1]) == functions.end()) {
            const auto near = nearest(texts[1], functions);
            throw expression_error(text_, at, op.name + ": unknown function \"" + trimmed(texts[1]) + "\"",
                                   near.empty() ? "use one of sum mean min max first last median count"
                                                : "did you mean \"" + near + "\"?");
        }
        texts[0] += " " + texts[1];
    }
    if (op.elsewhere == Elsewhere::statements) read_statements(n, at);
    for (const auto& text : texts)
        if (text.empty()) throw expression_error(text_, at, op.name + ": the text is empty", "the form is " + form(op));
    if (!texts.empty()) n.text = std::move(texts[0]);
    n.single = op.elsewhere == Elsewhere::statements ? plan_.rules.strict_qlib
                                                     : n.single && op.elsewhere == Elsewhere::instrument;
    n.kind = Kind::number;  // a row may be missing there
}

Operand PlanBuilder::call(std::string_view name, std::vector<Operand> arguments, std::size_t at) {
    const Operator& op = find(name, at);
    read_clocks(op, arguments);
    auto quoted = texts(op, arguments, at);
    check_count(op, arguments.size(), at);
    Node n;
    n.type = Node::Type::call;
    n.op = &op;
    n.inputs = series_arguments(op, arguments);
    n.params = parameters(op, arguments, at);
    for (const auto& clock : op.clocks) n.inputs.push_back(field(clock, at).node);
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
    if (op.elsewhere != Elsewhere::nowhere) {
        look_elsewhere(op, std::move(quoted), n, at);
        return intern(std::move(n), at);
    }
    if (constant_only) return constant(fold(n), at);
    n.reach = n.reach + op.reach(n.params, plan_.rules);
    return intern(std::move(n), at);
}

Operand PlanBuilder::at_frequency(const Operand& operand, std::string_view frequency, std::size_t at) {
    if (is_constant(operand))
        throw expression_error(text_, operand.at, "a number has no frequency", "write for example $close@1w");
    Node n;
    n.op = &frequency_operator();
    n.inputs = {operand.node};
    n.reach = node(operand).reach;
    look_elsewhere(*n.op, {std::string(frequency)}, n, at);
    return intern(std::move(n), operand.at);
}

void PlanBuilder::end(const Operand& result) {
    if (is_constant(result))
        throw expression_error(text_, 0,
                               "the expression is the number " + shown(node(result).constant) + " for every row",
                               "it needs at least one $field");
    work_.done(plan_.fields.size() + plan_.nodes.size());
    refuse_bare_statements(result.node);
    plan_.outputs.push_back(result.node);
    plan_.reaches.push_back(node(result).reach);
}

Plan compile(std::span<const std::string> expressions, Rules rules, const OperatorLookup& custom,
             const CheckInterrupts& interrupts) {
    PlanBuilder builder(rules, custom, interrupts);
    for (const auto& expression : expressions) parse(expression, builder);
    return split(builder.take(), interrupts);
}

void require_field(const FieldUse& field, std::span<const std::string> known) {
    if (std::find(known.begin(), known.end(), field.name) != known.end()) return;
    if (is_derived(field.name))
        throw Error(ErrorKind::bad_expression, field.name.substr(1) + " needs more than the series of one instrument");
    const auto near = nearest(field.name, known);
    throw Error(ErrorKind::bad_expression,
                "position " + std::to_string(field.position) + ": unknown field \"$" + field.name + "\"",
                near.empty()
                    ? is_statement(field.name)
                          ? "fields of statements are those in bourse.period_field"
                          : "built-in fields are $open $high $low $close $volume $amount $vwap $factor $change; "
                            "others are series in bourse.bar_field"
                    : "did you mean \"$" + near + "\"?",
                "expression: " + trimmed(field.expression));
}

void require_fields(const Plan& plan, std::span<const std::string> known) {
    for (const auto& derivation : plan.derivations)
        if (derivation.elsewhere != Elsewhere::frequency) require_fields(*derivation.plan, known);
    for (const auto& field : plan.fields)
        if (!is_derived(field.name) && !is_clock(field.name)) require_field(field, known);
}

bool reads_only_built_in(const Plan& plan) noexcept {
    const auto built_in = built_in_fields();
    return std::all_of(plan.fields.begin(), plan.fields.end(),
                       [&](const FieldUse& use) {
                           return is_derived(use.name) || is_clock(use.name) ||
                                  std::find(built_in.begin(), built_in.end(), use.name) != built_in.end();
                       }) &&
           std::all_of(plan.derivations.begin(), plan.derivations.end(), [](const Derivation& derivation) {
               return derivation.elsewhere == Elsewhere::frequency || reads_only_built_in(*derivation.plan);
           });
}

std::span<const std::string> built_in_fields() noexcept {
    static const std::vector<std::string> names{"open",   "high", "low",    "close", "volume",
                                                "amount", "vwap", "factor", "change"};
    return names;
}

}  // namespace bourse::factors
