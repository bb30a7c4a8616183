// Indicators that begin anew for every row, with the last rows alone: what a program computes that keeps no history.
// RSI_RECENT($close, 14, 100) at a row is RSI($close, 14) of these 100 rows.
#include <array>

#include "core/error.hpp"
#include "factors/operators/families.hpp"
#include "factors/operators/window.hpp"
#include "indicators/catalogue.hpp"

namespace bourse::factors {
namespace {

using Values = std::array<double, indicators::Few<double>::capacity>;

// The indicator's own parameters: those before `rows`, and the default profile.
std::vector<double> own_params(const indicators::Info& info, std::span<const double> params) {
    std::vector<double> own(params.begin(), params.end() - 1);
    for (std::size_t i = own.size(); i < info.params.size(); ++i) own.push_back(info.params[i].fallback);
    return own;
}

void run(const Frame& frame, const indicators::Entry& entry, std::size_t output) {
    const auto own = own_params(*entry.info, frame.params);
    const auto window = static_cast<std::size_t>(frame.params.back());
    Values in, out;
    const auto bar = std::span(in).first(entry.info->inputs.size());
    const auto values = std::span(out).first(entry.info->outputs.size());
    for (std::size_t i = 0; i < frame.rows; ++i) {
        const auto series = entry.start(own);
        const std::size_t first = i + 1 > window ? i + 1 - window : 0;
        for (std::size_t row = first; row <= i; ++row) {
            for (std::size_t k = 0; k < bar.size(); ++k) bar[k] = frame.inputs[k][row];
            series->update(bar, values);
        }
        frame.out[i] = values[output];
        frame.work.done(32 * (i + 1 - first));
    }
}

Operator make(const indicators::Entry& entry, std::string name, std::size_t output) {
    const indicators::Info& info = *entry.info;
    Operator op;
    op.name = std::move(name);
    for (const auto input : info.inputs) op.inputs.emplace_back(input);
    for (const auto& p : info.params)
        if (p.name != "profile")  // it comes last
            op.params.push_back({std::string(p.name), p.fallback, p.lowest, p.highest, p.integer});
    op.params.push_back({"rows", 100, 1, largest_window, true});
    op.summary = std::string(info.summary) + ", computed from the last rows alone";
    if (info.outputs.size() > 1) op.summary += "; output " + std::string(info.outputs[output].name);
    op.missing = "missing where these rows do not suffice; a row with a missing input is missing and skipped";
    op.refuse = [&info](std::span<const double> params, const Rules&) -> std::string {
        try {
            indicators::check_params(info, own_params(info, params));
            return {};
        } catch (const Error& e) {
            return e.what();
        }
    };
    op.reach = [](std::span<const double> params, const Rules&) { return rows_back(params.back() - 1); };
    op.evaluate = [&entry, output](const Frame& frame) { run(frame, entry, output); };
    return op;
}

struct Wanted {
    std::string_view indicator;
    std::size_t output;
    const char* name;
};

}  // namespace

std::vector<Operator> recent_operators() {
    constexpr Wanted wanted[] = {{"rsi", 0, "RSI_RECENT"},
                                 {"atr", 0, "ATR_RECENT"},
                                 {"macd", 0, "MACD_RECENT"},
                                 {"macd", 1, "MACD_SIGNAL_RECENT"},
                                 {"macd", 2, "MACD_HIST_RECENT"}};
    std::vector<Operator> all;
    for (const Wanted& one : wanted)
        for (const indicators::Entry& entry : indicators::catalogue())
            if (entry.info->name == one.indicator) all.push_back(make(entry, one.name, one.output));
    return all;
}

}  // namespace bourse::factors
