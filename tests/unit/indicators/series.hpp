// Bars for the indicator tests, and a call by name.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "indicators/catalogue.hpp"

namespace bourse::indicators::testing {

// One column per input name.
using Bars = std::map<std::string, std::vector<double>>;

// The inputs that are made of others: price is the close, price0 and price1 are high and low, periods go 2, 3, …, 30,
// sessions have 20 bars, every 50th bar is an anchor, on every 7th the condition is true.
inline Bars with_derived(Bars bars) {
    bars["price"] = bars["close"];
    bars["price0"] = bars["high"];
    bars["price1"] = bars["low"];
    for (const char* name : {"periods", "session", "anchor", "condition"}) bars[name].clear();
    for (std::size_t t = 0; t < bars["close"].size(); ++t) {
        bars["periods"].push_back(static_cast<double>(2 + t % 29));
        bars["session"].push_back(static_cast<double>(t / 20));
        bars["anchor"].push_back(t % 50 == 5);
        bars["condition"].push_back(t % 7 == 3);
    }
    return bars;
}

// 100 bars of the published generator (integer arithmetic): a walk of closes from 100.00.
inline Bars f100() {
    std::int64_t state = 42;
    const auto next = [&] { return state = state * 48271 % 2147483647; };
    Bars bars;
    std::int64_t before = 10000;
    for (int t = 0; t < 100; ++t) {
        const auto r1 = next(), r2 = next(), r3 = next(), r4 = next();
        const std::int64_t close = std::max<std::int64_t>(500, before + r1 % 601 - 300), open = before;
        bars["open"].push_back(static_cast<double>(open) / 100);
        bars["high"].push_back(static_cast<double>(std::max(open, close) + r2 % 121) / 100);
        bars["low"].push_back(static_cast<double>(std::min(open, close) - r3 % 121) / 100);
        bars["close"].push_back(static_cast<double>(close) / 100);
        bars["volume"].push_back(static_cast<double>(1000 + r4 % 9001));
        before = close;
    }
    return with_derived(bars);
}

inline std::vector<double> defaults(const Info& info) {
    std::vector<double> params;
    for (const Param& param : info.params) params.push_back(param.fallback);
    return params;
}

// Parameters that are left out have their defaults; checked, as everything but check_params() wants them.
inline std::vector<double> completed(const Info& info, std::vector<double> params) {
    for (std::size_t i = params.size(); i < info.params.size(); ++i) params.push_back(info.params[i].fallback);
    check_params(info, params);
    return params;
}

// The outputs by name. Parameters that are left out have their defaults.
inline std::map<std::string, std::vector<double>> run(const Entry& entry, const std::vector<double>& given,
                                                      const Bars& bars) {
    const auto params = completed(*entry.info, given);
    std::vector<std::span<const double>> in;
    for (const auto name : entry.info->inputs) in.emplace_back(bars.at(std::string(name)));
    std::map<std::string, std::vector<double>> result;
    std::vector<std::span<double>> out;
    for (const Output& output : entry.info->outputs) {
        auto& column = result[std::string(output.name)];
        column.resize(in[0].size());
        out.emplace_back(column);
    }
    entry.run(params, in, out, {});
    return result;
}

}  // namespace bourse::indicators::testing
