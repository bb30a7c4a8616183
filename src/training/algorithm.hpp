// What an algorithm is to those who call it: its name and the parameters it takes. Free of any training library, so
// that a call can be refused before a job is made of it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace bourse::training {

enum class ParamType { number, integer, choice };

struct ParamInfo {
    std::string_view name;
    ParamType type = ParamType::number;
    double lowest = 0;  // of a number or an integer, inclusive
    double highest = 0;
    std::string_view fallback;      // as JSON; "null": the algorithm decides, null is a value the caller may give
    std::string_view choices = {};  // separated by one space
    std::string_view alias = {};    // another name that callers use
    std::string_view description = {};
};

struct AlgorithmInfo {
    std::string_view name;
    std::string_view summary;
    std::span<const ParamInfo> params;
};

// Every algorithm there is, in the order of the list.
std::span<const AlgorithmInfo> algorithms();
// Error(invalid_argument) for an unknown name; the hint lists the known ones.
const AlgorithmInfo& find_algorithm(std::string_view name);

// The parameters with defaults filled in and aliases replaced. Errors: unknown_option for an unknown key (known
// keys and the nearest in the hint), invalid_argument for a wrong type, a value outside its range or a parameter
// given under two names.
nlohmann::json read_params(const AlgorithmInfo& algorithm, const nlohmann::json& params);

}  // namespace bourse::training
