// Expressions as trees, for the reference: made at random, written as text in one of the many ways the grammar has.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace bourse::factors::reference {

struct Expression {
    std::string op;     // of a call ("@" at another frequency); empty: a leaf
    std::string field;  // of a leaf; empty: a number
    double number = 0;
    std::vector<Expression> inputs;
    std::vector<double> params;
    std::string text;      // symbol, universe, frequency
    std::string function;  // of TResample

    bool is_number() const { return op.empty() && field.empty(); }
};

// Infix or call, with the parentheses that Python's precedence asks for and some that it does not.
std::string written(const Expression& expression, std::mt19937_64& random);

// Operators of the language that the reference defines: all but the indicators.
std::vector<std::string> language_operators();

// A tree whose root is this operator. `conditions` and parameters are as the operator wants them.
Expression random_expression(const std::string& root, std::mt19937_64& random);

}  // namespace bourse::factors::reference
