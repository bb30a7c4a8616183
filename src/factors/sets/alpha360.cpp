// Alpha360: five prices and the volume of the last 60 bars, the oldest first, as ratios to the newest.
#include <array>
#include <utility>

#include "factors/sets/built_in_sets.hpp"

namespace bourse::factors {
namespace {

constexpr int bars = 60;

void add(std::vector<NamedExpression>& set, const std::string& name, const std::string& field,
         const std::string& divisor) {
    for (int ago = bars - 1; ago >= 0; --ago) {
        const std::string n = std::to_string(ago), value = ago == 0 ? field : "Ref(" + field + "," + n + ")";
        set.push_back({name + n, value + "/" + divisor});
    }
}

}  // namespace

std::vector<NamedExpression> alpha360() {
    constexpr std::array<std::pair<const char*, const char*>, 5> prices{
        {{"CLOSE", "$close"}, {"OPEN", "$open"}, {"HIGH", "$high"}, {"LOW", "$low"}, {"VWAP", "$vwap"}}};
    std::vector<NamedExpression> set;
    for (const auto& [name, field] : prices) add(set, name, field, "$close");
    add(set, "VOLUME", "$volume", "($volume+1e-12)");
    return set;
}

}  // namespace bourse::factors
