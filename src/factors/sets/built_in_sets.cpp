#include "factors/sets/built_in_sets.hpp"

#include <array>
#include <functional>
#include <utility>

#include "core/error.hpp"

namespace bourse::factors {
namespace {

bool take_end(std::string_view& text, std::string_view end) {
    if (!text.ends_with(end)) return false;
    text.remove_suffix(end.size());
    return true;
}

}  // namespace

std::vector<NamedExpression> built_in_set(std::string_view name) {
    if (name == "alpha158") return alpha158();
    if (name == "alpha360") return alpha360();
    constexpr std::array<std::pair<std::string_view, Signals>, 3> sets{
        {{"signals_v1", Signals::v1}, {"signals_v26", Signals::v26}, {"signals_v27", Signals::v27}}};
    for (const auto& [set_name, set] : sets) {
        if (!name.starts_with(set_name)) continue;
        std::string_view rest = name.substr(set_name.size());
        if (rest == "_references") return signals_references(set);
        const bool neutral = take_end(rest, "_neutral"), origin = take_end(rest, "_origin");
        if (rest.empty()) return neutral ? signals_neutral(set, origin) : signals(set, origin);
    }
    throw Error(ErrorKind::unknown_feature_set, "no built-in feature set is named \"" + std::string(name) + "\"",
                "there are alpha158, alpha360, signals_v1, signals_v26 and signals_v27");
}

}  // namespace bourse::factors
