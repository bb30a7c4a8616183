#include <algorithm>
#include <charconv>
#include <map>

#include "factors/plan.hpp"

namespace bourse::factors {
namespace {

std::string shortest(double value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

// Texts of the nodes below one, by number: inputs come first. Each goes with its last reader. No recursion: a chain of
// ten thousand terms is as many levels deep.
struct Part {
    int readers = 0;
    std::string text = {};
};
using Parts = std::map<int, Part>;

Parts parts_of(const Plan& plan, int node) {
    Parts parts;
    parts[node];
    std::vector<int> open{node};
    while (!open.empty()) {
        const Node& n = plan.nodes[static_cast<std::size_t>(open.back())];
        open.pop_back();
        if (n.type == Node::Type::constant || n.type == Node::Type::field) continue;
        for (const int input : n.inputs)
            if (parts[input].readers++ == 0) open.push_back(input);
    }
    return parts;
}

std::string take(Parts& parts, int node) {
    Part& part = parts.at(node);
    return --part.readers == 0 ? std::move(part.text) : part.text;
}

std::string text_of(const Plan& plan, const Node& n, Parts& parts) {
    if (n.type == Node::Type::constant) return shortest(n.constant);
    if (n.type == Node::Type::field) {
        const std::string& name = plan.fields[static_cast<std::size_t>(n.field)].name;
        return is_derived(name) ? name.substr(1) : is_clock(name) ? name : "$" + name;
    }
    const bool postfix = n.op == &frequency_operator();
    std::string to = postfix ? "" : n.op->name + "(";
    bool first = true;
    const auto comma = [&] {
        if (!first) to += ',';
        first = false;
    };
    if (n.op->texts_first && !n.text.empty()) comma(), to += "'" + n.text + "'";
    if (n.op->commutes) {  // in an order that does not hang on the numbers of the nodes: derived fields are found by it
        const std::string one = take(parts, n.inputs[0]), other = take(parts, n.inputs[1]);
        to += std::min(one, other) + "," + std::max(one, other);
    } else {
        for (std::size_t i = 0; i + n.op->clocks.size() < n.inputs.size(); ++i) comma(), to += take(parts, n.inputs[i]);
    }
    for (const double p : n.params) comma(), to += shortest(p);
    if (postfix) return to + "@" + n.text;
    if (!n.op->texts_first && !n.text.empty() && n.op->elsewhere != Elsewhere::statements) {
        comma();
        // a period and its function stand in one text
        const auto space = n.op->elsewhere == Elsewhere::period ? n.text.find(' ') : std::string::npos;
        to += "'" + n.text.substr(0, space) + "'";
        if (space != std::string::npos) to += ",'" + n.text.substr(space + 1) + "'";
    }
    return to + ")";
}

}  // namespace

std::string print(const Plan& plan, int node, const CheckInterrupts& interrupts) {
    Work work(interrupts);
    Parts parts = parts_of(plan, node);
    for (auto& [n, part] : parts) {
        part.text = text_of(plan, plan.nodes[static_cast<std::size_t>(n)], parts);
        work.done(1000 + part.text.size());
    }
    return std::move(parts.at(node).text);
}

}  // namespace bourse::factors
