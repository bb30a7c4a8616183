// Grows a plan node by node; the parser's actions. Equal nodes are found again, constants are folded.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/error.hpp"
#include "factors/plan.hpp"

namespace bourse::factors {

// A value on the way, with where it stands in the text (byte offset).
struct Operand {
    int node = -1;
    std::size_t at = 0;
    std::optional<std::string> text = {};  // an argument in quotes: no node
};

// An error in an expression. `at`: byte offset; the message tells the 1-based character.
Error expression_error(std::string_view text, std::size_t at, const std::string& what, const std::string& hint = {});

class PlanBuilder {
public:
    PlanBuilder(Rules rules, const OperatorLookup& custom, const CheckInterrupts& interrupts)
        : custom_(custom), work_(interrupts) {
        plan_.rules = rules;
    }

    void begin(std::string_view text) { text_ = text; }
    void end(const Operand& result);

    Operand constant(double value, std::size_t at);
    Operand field(std::string_view name, std::size_t at);
    // A call as written: series first, parameters after; arguments in quotes last (of some operators first).
    Operand call(std::string_view name, std::vector<Operand> arguments, std::size_t at);
    // operand@frequency
    Operand at_frequency(const Operand& operand, std::string_view frequency, std::size_t at);

    bool is_constant(const Operand& operand) const { return node(operand).type == Node::Type::constant; }
    Plan take() { return std::move(plan_); }

private:
    const Node& node(const Operand& operand) const { return plan_.nodes[static_cast<std::size_t>(operand.node)]; }
    const Operator& find(std::string_view name, std::size_t at);
    // Takes the arguments in quotes out of `arguments`.
    std::vector<std::string> texts(const Operator& op, std::vector<Operand>& arguments, std::size_t at) const;
    void read_clocks(const Operator& op, std::vector<Operand>& arguments);
    void check_count(const Operator& op, std::size_t arguments, std::size_t at) const;
    void look_elsewhere(const Operator& op, std::vector<std::string> texts, Node& node, std::size_t at) const;
    std::vector<int> series_arguments(const Operator& op, std::span<const Operand> arguments) const;
    std::vector<double> parameters(const Operator& op, std::span<const Operand> arguments, std::size_t at) const;
    Operand intern(Node node, std::size_t at);
    int field_number(std::string name, std::size_t at);
    double fold(const Node& call) const;
    void read_statements(Node& node, std::size_t at) const;
    void refuse_bare_statements(int node) const;

    Plan plan_;
    const OperatorLookup& custom_;
    std::string_view text_;
    std::unordered_map<std::string, int> known_, known_fields_;
    Work work_;
};

// Makes fields of the derived nodes of a graph, each with a plan of its own.
Plan split(Plan&& graph, const CheckInterrupts& interrupts);

}  // namespace bourse::factors
