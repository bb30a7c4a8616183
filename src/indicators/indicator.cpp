#include "indicators/indicator.hpp"

#include <algorithm>
#include <cstdio>
#include <string>

#include "core/error.hpp"

namespace bourse::indicators {
namespace {

std::string text(double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.15g", value);
    return buffer;
}

[[noreturn]] void refuse(const Info& info, const Param& param, double value, const std::string& accepted) {
    throw Error(ErrorKind::invalid_argument, std::string(param.name) + " of ta." + std::string(info.name) +
                                                 " must be " + accepted + ", not " + text(value));
}

// "one of 0 (sma), 1 (ema)"
std::string average_choices() {
    std::string choices;
    for (const AverageName& average : average_names)
        choices += (choices.empty() ? "one of " : ", ") + std::to_string(static_cast<int>(average.kind)) + " (" +
                   std::string(average.name) + ")";
    return choices;
}

bool is_average(double value) {
    return std::ranges::any_of(average_names,
                               [&](const AverageName& average) { return value == static_cast<int>(average.kind); });
}

bool is_choice(const Param& param, double value) {
    return value >= 0 && value < static_cast<double>(param.choices.size()) && value == std::floor(value);
}

[[noreturn]] void refuse_choice(const Info& info, const Param& param) {
    std::string names;
    for (const auto name : param.choices) names += (names.empty() ? "" : ", ") + std::string(name);
    throw Error(ErrorKind::invalid_argument,
                std::string(param.name) + " of ta." + std::string(info.name) + " must be one of " + names);
}

}  // namespace

void check_params(const Info& info, std::span<const double> params) {
    if (params.size() != info.params.size())
        throw Error(ErrorKind::invalid_argument, "ta." + std::string(info.name) + " takes " +
                                                     std::to_string(info.params.size()) + " parameters, not " +
                                                     std::to_string(params.size()));
    for (std::size_t i = 0; i < params.size(); ++i) {
        const Param& param = info.params[i];
        if (param.average) {
            if (!is_average(params[i])) refuse(info, param, params[i], average_choices());
            continue;
        }
        if (param.choices.size() > 0 && !is_choice(param, params[i])) refuse_choice(info, param);
        if (!(params[i] >= param.lowest && params[i] <= param.highest))
            refuse(info, param, params[i], "between " + text(param.lowest) + " and " + text(param.highest));
        if (param.integer && params[i] != std::floor(params[i])) refuse(info, param, params[i], "a whole number");
    }
}

}  // namespace bourse::indicators
