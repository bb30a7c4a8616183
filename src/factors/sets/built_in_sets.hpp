// Feature sets that ship with the program, made from their rules instead of written out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bourse::factors {

struct NamedExpression {
    std::string name;
    std::string expression;
};

// Qlib's Alpha158 and Alpha360: names, order and expressions (spec: microsoft/qlib, contrib/data/loader.py).
std::vector<NamedExpression> alpha158();
std::vector<NamedExpression> alpha360();

// By name. Errors: unknown_feature_set for any other than alpha158 and alpha360.
std::vector<NamedExpression> built_in_set(std::string_view name);

}  // namespace bourse::factors
