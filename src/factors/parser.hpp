// The grammar of expressions, with Python's precedence (as in Qlib):
//   comparison = or [(> >= < <= == !=) or]      or = and {"|" and}      and = sum {"&" sum}
//   sum = product {(+|-) product}   product = unary {(*|/) unary}   unary = {-|+} power   power = postfix ["**" unary]
//   postfix = primary {"@" frequency}
//   primary = number | $field | $$field | Name "(" argument {"," argument} ")" | "(" comparison ")"
//   argument = comparison | text in quotes
#pragma once

#include <string_view>

#include "factors/plan_builder.hpp"

namespace bourse::factors {

// Parses one expression into `builder` as its next output. Errors as compile().
void parse(std::string_view text, PlanBuilder& builder);

}  // namespace bourse::factors
