// An indicator in words, for what is generated from the list.
#pragma once

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

inline std::string number(double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.15g", value);
    return buffer;
}

template <class List, class Text>
std::string joined(const List& list, const char* separator, const Text& text) {
    std::string result;
    for (const auto& item : list) result += (result.empty() ? "" : separator) + std::string(text(item));
    return result;
}

inline constexpr auto as_is = [](std::string_view text) { return text; };
inline constexpr auto name_of = [](const Output& output) { return output.name; };
inline constexpr auto type_of = [](const Param& param) {
    if (param.choices.size() > 0) return "text";
    return param.integer ? "integer" : "float8";
};

inline std::string fallback_of(const Param& param, const char* quote) {
    if (param.choices.size() == 0) return number(param.fallback);
    return quote + std::string(param.choices[static_cast<std::size_t>(param.fallback)]) + quote;
}

inline std::vector<double> defaults(const Info& info) {
    std::vector<double> params;
    for (const Param& param : info.params) params.push_back(param.fallback);
    return params;
}

// "ta.rsi(price, timeperiod => 14, profile => 'talib')"
inline std::string call_of(const Info& info) {
    return "ta." + std::string(info.name) + "(" + joined(info.inputs, ", ", as_is) +
           joined(
               info.params, "",
               [](const Param& param) { return ", " + std::string(param.name) + " => " + fallback_of(param, "'"); }) +
           ")";
}

// The page of the reference, without its ending: "momentum-indicators".
inline std::string page_of(const Info& info) {
    std::string page(info.family);
    for (char& c : page)
        if (c == ' ') c = '-';
    return page;
}

// "1 to 100000", "one of talib, tdx"
inline std::string range_of(const Param& param) {
    if (param.average) return "a kind of average, 0 to 13";
    if (param.choices.size() > 0) return "one of " + joined(param.choices, ", ", as_is);
    return number(param.lowest) + " to " + number(param.highest);
}

// "0 to 100", "0 or more", "" where there are none.
inline std::string bounds_of(const Output& output) {
    const bool below = std::isfinite(output.lowest), above = std::isfinite(output.highest);
    if (below && above) return number(output.lowest) + " to " + number(output.highest);
    if (below) return number(output.lowest) + " or more";
    return above ? number(output.highest) + " or less" : "";
}

}  // namespace bourse::indicators
