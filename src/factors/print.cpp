#include <algorithm>
#include <charconv>

#include "factors/plan.hpp"

namespace bourse::factors {
namespace {

std::string shortest(double value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

void append(const Plan& plan, int node, std::string& to) {
    const Node& n = plan.nodes[static_cast<std::size_t>(node)];
    if (n.type == Node::Type::constant) {
        to += shortest(n.constant);
        return;
    }
    if (n.type == Node::Type::field) {
        const std::string& name = plan.fields[static_cast<std::size_t>(n.field)].name;
        to += is_derived(name) ? name.substr(1) : is_clock(name) ? name : "$" + name;
        return;
    }
    const bool postfix = n.op == &frequency_operator();
    if (!postfix) to += n.op->name;
    to += postfix ? "" : "(";
    bool first = true;
    const auto comma = [&] {
        if (!first) to += ',';
        first = false;
    };
    if (n.op->texts_first && !n.text.empty()) comma(), to += "'" + n.text + "'";
    if (n.op->commutes) {  // in an order that does not hang on the numbers of the nodes: derived fields are found by it
        std::string one, other;
        append(plan, n.inputs[0], one);
        append(plan, n.inputs[1], other);
        to += std::min(one, other) + "," + std::max(one, other);
    } else {
        for (std::size_t i = 0; i + n.op->clocks.size() < n.inputs.size(); ++i) comma(), append(plan, n.inputs[i], to);
    }
    for (const double p : n.params) comma(), to += shortest(p);
    if (postfix) {
        to += "@" + n.text;
        return;
    }
    if (!n.op->texts_first && !n.text.empty() && n.op->elsewhere != Elsewhere::statements) {
        comma();
        // a period and its function stand in one text
        const auto space = n.op->elsewhere == Elsewhere::period ? n.text.find(' ') : std::string::npos;
        to += "'" + n.text.substr(0, space) + "'";
        if (space != std::string::npos) to += ",'" + n.text.substr(space + 1) + "'";
    }
    to += ")";
}

}  // namespace

std::string print(const Plan& plan, int node) {
    std::string text;
    append(plan, node, text);
    return text;
}

}  // namespace bourse::factors
