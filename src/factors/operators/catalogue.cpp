#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include "factors/operators/families.hpp"

namespace bourse::factors {

const std::vector<Operator>& operators() {
    static const std::vector<Operator> all = [] {
        std::vector<Operator> list;
#define BOURSE_ADD_FAMILY(name, type) \
    for (auto& op : name##_operators()) list.push_back(std::move(op));
        BOURSE_OPERATORS(BOURSE_ADD_FAMILY)
#undef BOURSE_ADD_FAMILY
        return list;
    }();
    return all;
}

const Operator* find_operator(std::string_view name) {
    static const std::unordered_map<std::string_view, const Operator*> by_name = [] {
        std::unordered_map<std::string_view, const Operator*> map;
        for (const auto& op : operators())
            if (!map.emplace(op.name, &op).second) throw std::logic_error("two operators named " + op.name);
        return map;
    }();
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : found->second;
}

std::string shown(double value) {
    std::string text = std::to_string(value);
    if (value == std::floor(value) && std::fabs(value) < 1e15) text = std::to_string(static_cast<long long>(value));
    return text;
}

std::string form(const Operator& op) {
    std::string text = op.name + "(";
    const auto add = [&](const std::string& argument) { text += (text.back() == '(' ? "" : ", ") + argument; };
    const auto add_texts = [&] {
        for (const auto& t : op.texts) add("'" + t.name + "'" + (t.required ? "" : " = none"));
    };
    if (op.texts_first) add_texts();
    for (const auto& input : op.inputs) add(input);
    if (op.more_inputs > 0) add("…");
    for (const auto& p : op.params) add(p.name + (std::isnan(p.fallback) ? "" : " = " + shown(p.fallback)));
    if (!op.texts_first) add_texts();
    return text + ")";
}

}  // namespace bourse::factors
