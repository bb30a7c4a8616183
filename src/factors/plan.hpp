// Expressions compiled into one graph: common subexpressions are computed once.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "factors/operators/operator.hpp"

namespace bourse::factors {

struct Node {
    // derived: a call whose operator looks elsewhere; only on the way, compile() makes fields of them.
    enum class Type : unsigned char { constant, field, call, derived };
    Type type = Type::constant;
    Kind kind = Kind::number;
    double constant = 0;
    int field = -1;  // index into Plan::fields
    const Operator* op = nullptr;
    std::vector<int> inputs;  // nodes with smaller numbers
    std::vector<double> params;
    std::string text;     // of a derived node: symbol, frequency, universe …; empty: none given
    bool single = false;  // strict_qlib: rounded to float32, as Qlib's stored fields and what is made of them
    Reach reach;          // rows read beside its own, over the whole subgraph
};

struct FieldUse {
    // Lower case, without the dollar sign; of statements ($$name) with one; of a derived field "#" and its expression;
    // a clock begins with "@".
    std::string name;
    std::string expression;  // where it was first seen: so much of it as a message shows
    std::size_t position;    // 1-based character in it
};

struct Plan;

// Fields that come from an evaluation elsewhere: for another instrument, at another frequency, over the members of a
// universe. `plan` is evaluated there; its outputs are the arguments.
struct Derivation {
    struct Result {
        int field;                   // index into Plan::fields of the plan that reads it
        const Operator* op;          // null: the argument itself
        std::vector<int> arguments;  // outputs of `plan`
        std::vector<double> params;
    };
    Elsewhere elsewhere = Elsewhere::nowhere;
    std::string text;  // symbol; frequency; frequency and function; universe (empty: the query's own); fields
    std::shared_ptr<const Plan> plan;
    std::vector<Result> results;
};

struct Plan {
    std::vector<Node> nodes;   // inputs before their users
    std::vector<int> outputs;  // one node an expression, in their order
    std::vector<FieldUse> fields;
    std::vector<Derivation> derivations;
    std::vector<Reach> reaches;  // of the outputs: rows that they depend on, derived fields included
    Rules rules;
    std::shared_ptr<const std::vector<Operator>> custom;  // operators that users registered, where one is used

    Reach reach() const noexcept;  // the widest of all outputs
    Reach reach(std::size_t output) const noexcept { return reaches[output]; }
    // Rows to read beside the wanted ones: what derived fields need further back they read for themselves.
    Reach rows_to_read() const noexcept;
    std::vector<std::string> field_names() const;
};

// $$name: values of fiscal periods.
inline bool is_statement(std::string_view field) noexcept { return field.starts_with('$'); }
inline bool is_derived(std::string_view field) noexcept { return field.starts_with('#'); }

// A clock_… of operator.hpp: every reader knows it.
inline bool is_clock(std::string_view field) noexcept { return field.starts_with('@'); }

// How the values of one instrument depend on those of others.
struct Dependence {
    bool on_all = false;               // on every instrument's: an operator across a universe
    std::vector<std::string> symbols;  // on these instruments'
    std::vector<std::string> universes;
    std::vector<std::string> frequencies;  // bars of these frequencies are read beside the plan's own
};
Dependence dependence(const Plan& plan);

// Errors: bad_expression with the position (1-based character), what was expected and the nearest known name.
// Limits: 100,000 characters an expression, 256 levels of nesting, 200,000 nodes. `interrupts` is called within a few
// milliseconds, however many and long the expressions are.
Plan compile(std::span<const std::string> expressions, Rules rules = {}, const OperatorLookup& custom = {},
             const CheckInterrupts& interrupts = {});
inline Plan compile(const std::string& expression, Rules rules = {}, const OperatorLookup& custom = {},
                    const CheckInterrupts& interrupts = {}) {
    return compile(std::span(&expression, 1), rules, custom, interrupts);
}

// Refuses fields that nobody knows: bad_expression with position and the nearest of `known`. Fields inside
// derivations at other frequencies are not looked at: others are known there.
void require_fields(const Plan& plan, std::span<const std::string> known);
void require_field(const FieldUse& field, std::span<const std::string> known);

// Whether it reads nothing but built-in fields: then there is no need to look which others there are. Derivations are
// looked into, but those at other frequencies.
bool reads_only_built_in(const Plan& plan) noexcept;

// An expression as the language would write it, with operators instead of infix signs: Div(Mean($close,5),$close).
std::string print(const Plan& plan, int node, const CheckInterrupts& interrupts = {});

// The fields that every panel can give: open high low close volume amount vwap factor change.
std::span<const std::string> built_in_fields() noexcept;

}  // namespace bourse::factors
