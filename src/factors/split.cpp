// A graph with calls that look elsewhere, cut there: each cut is a field, given by a plan that is evaluated there.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "factors/plan_builder.hpp"

namespace bourse::factors {
namespace {

class Splitter {
public:
    Splitter(const Plan& graph, const CheckInterrupts& interrupts)
        : graph_(graph), interrupts_(interrupts), work_(interrupts) {}

    // The plan of these nodes of the graph.
    Plan extract(std::span<const int> outputs) {
        Plan plan;
        plan.rules = graph_.rules;
        plan.custom = graph_.custom;
        const auto needed = reachable(outputs);
        Names names;
        std::vector<int> moved(graph_.nodes.size(), -1);
        std::map<std::pair<Elsewhere, std::string>, std::vector<int>> cuts;
        for (std::size_t n = 0; n < graph_.nodes.size(); ++n) {
            if (!needed[n]) continue;
            work_.done(1000);
            moved[n] = static_cast<int>(plan.nodes.size());
            Node node = graph_.nodes[n];
            if (node.type == Node::Type::derived) {
                cuts[{node.op->elsewhere, node.text}].push_back(static_cast<int>(n));
                node = leaf_of(node, "#" + print(graph_, static_cast<int>(n), interrupts_), plan, names);
            } else if (node.type == Node::Type::field) {
                node.field = add_field(graph_.fields[static_cast<std::size_t>(node.field)], plan, names);
            } else {
                connect(node, moved, plan);
            }
            plan.nodes.push_back(std::move(node));
        }
        for (const int output : outputs) {
            plan.outputs.push_back(moved[static_cast<std::size_t>(output)]);
            plan.reaches.push_back(graph_.nodes[static_cast<std::size_t>(output)].reach);
        }
        for (const auto& [where, nodes] : cuts)
            plan.derivations.push_back(derivation(where.first, where.second, nodes, moved, plan));
        return plan;
    }

private:
    using Names = std::unordered_map<std::string, int>;  // of a plan's fields

    std::vector<char> reachable(std::span<const int> outputs) {
        work_.done(graph_.nodes.size());
        std::vector<char> needed(graph_.nodes.size(), 0);
        for (const int output : outputs) needed[static_cast<std::size_t>(output)] = 1;
        for (std::size_t n = graph_.nodes.size(); n-- > 0;)
            if (needed[n] && graph_.nodes[n].type != Node::Type::derived)
                for (const int input : graph_.nodes[n].inputs) needed[static_cast<std::size_t>(input)] = 1;
        return needed;
    }

    static int add_field(FieldUse use, Plan& plan, Names& names) {
        const auto [known, fresh] = names.emplace(use.name, static_cast<int>(plan.fields.size()));
        if (fresh) plan.fields.push_back(std::move(use));
        return known->second;
    }

    // It reads its rows by itself; what it sees of the future is seen by whoever reads it.
    static Node leaf_of(const Node& node, std::string name, Plan& plan, Names& names) {
        Node leaf;
        leaf.type = Node::Type::field;
        leaf.kind = node.kind;
        leaf.single = node.single;
        leaf.reach = {0, node.reach.right};
        leaf.field = add_field({std::move(name), {}, 0}, plan, names);
        return leaf;
    }

    // A call's inputs in the new plan, and the rows it reads there.
    static void connect(Node& node, const std::vector<int>& moved, const Plan& plan) {
        if (node.type != Node::Type::call) return;
        Reach widest;
        for (int& input : node.inputs) {
            input = moved[static_cast<std::size_t>(input)];
            const Reach& from = plan.nodes[static_cast<std::size_t>(input)].reach;
            widest = {std::max(widest.left, from.left), std::max(widest.right, from.right)};
        }
        node.reach = widest + node.op->reach(node.params, plan.rules);
    }

    Derivation derivation(Elsewhere elsewhere, const std::string& text, const std::vector<int>& nodes,
                          const std::vector<int>& moved, const Plan& plan) {
        Derivation result;
        result.elsewhere = elsewhere;
        result.text = text;
        std::vector<int> arguments;
        std::unordered_map<int, int> places;  // of the arguments
        for (const int n : nodes) {
            const Node& node = graph_.nodes[static_cast<std::size_t>(n)];
            const bool with_operator = elsewhere == Elsewhere::across || elsewhere == Elsewhere::function ||
                                       elsewhere == Elsewhere::statements || elsewhere == Elsewhere::instrument;
            Derivation::Result one{plan.nodes[static_cast<std::size_t>(moved[static_cast<std::size_t>(n)])].field,
                                   with_operator ? node.op : nullptr,
                                   {},
                                   node.params};
            for (const int input : node.inputs) {
                const auto [known, fresh] = places.emplace(input, static_cast<int>(arguments.size()));
                if (fresh) arguments.push_back(input);
                one.arguments.push_back(known->second);
            }
            result.results.push_back(std::move(one));
        }
        result.plan = std::make_shared<const Plan>(extract(arguments));
        return result;
    }

    const Plan& graph_;
    const CheckInterrupts& interrupts_;
    Work work_;
};

void collect(const Plan& plan, Dependence& all) {
    for (const auto& derivation : plan.derivations) {
        if (derivation.elsewhere == Elsewhere::across) {
            all.on_all = true;
            if (!derivation.text.empty()) all.universes.push_back(derivation.text);
        }
        if (derivation.elsewhere == Elsewhere::instrument) all.symbols.push_back(derivation.text);
        if (derivation.elsewhere == Elsewhere::frequency) all.frequencies.push_back(derivation.text);
        collect(*derivation.plan, all);
    }
}

void make_unique(std::vector<std::string>& names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace

Plan split(Plan&& graph, const CheckInterrupts& interrupts) {
    const bool whole = std::none_of(graph.nodes.begin(), graph.nodes.end(),
                                    [](const Node& node) { return node.type == Node::Type::derived; });
    return whole ? std::move(graph) : Splitter(graph, interrupts).extract(graph.outputs);
}

Dependence dependence(const Plan& plan) {
    Dependence all;
    collect(plan, all);
    for (auto* names : {&all.symbols, &all.universes, &all.frequencies}) make_unique(*names);
    return all;
}

}  // namespace bourse::factors
