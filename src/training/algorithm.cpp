#include "training/algorithm.hpp"

#include <array>
#include <cmath>
#include <sstream>
#include <vector>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "datasets/option_keys.hpp"
#include "training.inc"

namespace bourse::training {
namespace {

#define BOURSE_ALGORITHM_INFO(file, type) type::info,
constexpr std::array all{BOURSE_TRAINING(BOURSE_ALGORITHM_INFO)};
#undef BOURSE_ALGORITHM_INFO

std::string text(double value) {
    std::ostringstream out;
    out.precision(15);
    out << value;
    return out.str();
}

[[noreturn]] void refuse(const ParamInfo& param, const nlohmann::json& value, const std::string& expected) {
    throw Error(ErrorKind::invalid_argument,
                "params: " + std::string(param.name) + " is " + value.dump() + ", expected " + expected);
}

std::string expected_number(const ParamInfo& param) {
    return (param.type == ParamType::integer ? "a whole number" : "a number") + std::string(" from ") +
           text(param.lowest) + " to " + text(param.highest);
}

bool is_choice(std::string_view choices, std::string_view value) {
    return !value.empty() && value.find(' ') == std::string_view::npos &&
           (" " + std::string(choices) + " ").find(" " + std::string(value) + " ") != std::string::npos;
}

void check_value(const ParamInfo& param, const nlohmann::json& value) {
    if (value.is_null() && param.fallback == "null") return;
    if (param.type == ParamType::choice) {
        if (!value.is_string() || !is_choice(param.choices, value.get<std::string>()))
            refuse(param, value, "one of: " + std::string(param.choices));
        return;
    }
    if (!value.is_number()) refuse(param, value, expected_number(param));
    const double number = value.get<double>();
    if (!(number >= param.lowest && number <= param.highest)) refuse(param, value, expected_number(param));
    if (param.type == ParamType::integer && number != std::floor(number)) refuse(param, value, expected_number(param));
}

std::vector<std::string> known_keys(const AlgorithmInfo& algorithm) {
    std::vector<std::string> keys;
    for (const auto& param : algorithm.params) {
        keys.emplace_back(param.name);
        if (!param.alias.empty()) keys.emplace_back(param.alias);
    }
    return keys;
}

}  // namespace

std::span<const AlgorithmInfo> algorithms() { return all; }

const AlgorithmInfo& find_algorithm(std::string_view name) {
    std::vector<std::string> known;
    for (const auto& algorithm : all) {
        if (algorithm.name == name) return algorithm;
        known.emplace_back(algorithm.name);
    }
    std::string hint = "known algorithms:";
    for (const auto& candidate : known) hint += " " + candidate;
    const std::string near = nearest(name, known);
    if (!near.empty()) hint = "did you mean \"" + near + "\"? " + hint;
    throw Error(ErrorKind::invalid_argument, "unknown algorithm \"" + std::string(name) + "\"", hint);
}

nlohmann::json read_params(const AlgorithmInfo& algorithm, const nlohmann::json& params) {
    datasets::check_keys(params, known_keys(algorithm), "params of " + std::string(algorithm.name));
    nlohmann::json read = nlohmann::json::object();
    for (const auto& param : algorithm.params) {
        const auto by_name = params.find(std::string(param.name));
        const auto by_alias = param.alias.empty() ? params.end() : params.find(std::string(param.alias));
        if (by_name != params.end() && by_alias != params.end())
            throw Error(
                ErrorKind::invalid_argument,
                "params: " + std::string(param.name) + " and " + std::string(param.alias) + " are the same parameter",
                "give one of them");
        const auto& given = by_name != params.end() ? by_name : by_alias;
        nlohmann::json value = given != params.end() ? *given : nlohmann::json::parse(param.fallback);
        check_value(param, value);
        if (param.type == ParamType::integer && value.is_number_float())
            value = static_cast<std::int64_t>(value.get<double>());
        read[std::string(param.name)] = std::move(value);
    }
    return read;
}

}  // namespace bourse::training
