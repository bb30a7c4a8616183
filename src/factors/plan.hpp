// Expressions compiled into one graph: common subexpressions are computed once.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "factors/operators/operator.hpp"

namespace bourse::factors {

struct Node {
    enum class Type : unsigned char { constant, field, call };
    Type type = Type::constant;
    Kind kind = Kind::number;
    double constant = 0;
    int field = -1;  // index into Plan::fields
    const Operator* op = nullptr;
    std::vector<int> inputs;  // nodes with smaller numbers
    std::vector<double> params;
    bool single = false;  // strict_qlib: rounded to float32, as Qlib's stored fields and what is made of them
    Reach reach;          // rows read beside its own, over the whole subgraph
};

struct FieldUse {
    std::string name;        // lower case, without the dollar sign
    std::string expression;  // where it was first seen
    std::size_t position;    // 1-based character in it
};

struct Plan {
    std::vector<Node> nodes;   // inputs before their users
    std::vector<int> outputs;  // one node an expression, in their order
    std::vector<FieldUse> fields;
    Rules rules;

    Reach reach() const noexcept;  // the widest of all outputs
    Reach reach(std::size_t output) const noexcept { return nodes[static_cast<std::size_t>(outputs[output])].reach; }
    std::vector<std::string> field_names() const;
};

// Errors: bad_expression with the position (1-based character), what was expected and the nearest known name.
// Limits: 100,000 characters an expression, 256 levels of nesting, 200,000 nodes.
Plan compile(std::span<const std::string> expressions, Rules rules = {});
inline Plan compile(const std::string& expression, Rules rules = {}) {
    return compile(std::span(&expression, 1), rules);
}

// Refuses fields that nobody knows: bad_expression with position and the nearest of `known`.
void require_fields(const Plan& plan, std::span<const std::string> known);

// Whether it reads nothing but built-in fields: then there is no need to look which others there are.
bool reads_only_built_in(const Plan& plan) noexcept;

// The fields that every panel can give: open high low close volume amount vwap factor change.
std::span<const std::string> built_in_fields() noexcept;

}  // namespace bourse::factors
