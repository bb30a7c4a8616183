#include "factors/sets/built_in_sets.hpp"

#include "core/error.hpp"

namespace bourse::factors {

std::vector<NamedExpression> built_in_set(std::string_view name) {
    if (name == "alpha158") return alpha158();
    if (name == "alpha360") return alpha360();
    throw Error(ErrorKind::unknown_feature_set, "no built-in feature set is named \"" + std::string(name) + "\"",
                "there are alpha158 and alpha360");
}

}  // namespace bourse::factors
