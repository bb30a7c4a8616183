// Every indicator of src/indicators as an operator: its name in upper case, RSI($close, 14).
// An indicator with several outputs gives one operator an output, MACD_SIGNAL($close, 12, 26, 9); its bare name is the
// first output. Where an operator of the language has the name already (EMA, WMA: Qlib's), it is TA_EMA, TA_WMA.
#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "factors/operators/families.hpp"
#include "factors/operators/window.hpp"
#include "indicators.inc"
#include "indicators/indicator.hpp"

namespace bourse::factors {
namespace {

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return result;
}

template <class Kernel>
void run(const Frame& frame, std::size_t output) {
    constexpr std::size_t inputs = Kernel::info.inputs.size(), outputs = Kernel::info.outputs.size();
    Kernel kernel(frame.params);
    const std::size_t units = 32 + static_cast<std::size_t>(Kernel::lookback(frame.params));  // some read their window
    std::array<double, inputs> in;
    std::array<double, outputs> out;
    for (std::size_t i = 0; i < frame.rows; ++i) {
        for (std::size_t k = 0; k < inputs; ++k) in[k] = frame.inputs[k][i];
        kernel.update(in, out);
        frame.out[i] = out[output];
        frame.work.done(units);
    }
}

std::string refusal(const indicators::Info& info, std::span<const double> params) {
    try {
        indicators::check_params(info, params);
        return {};
    } catch (const Error& e) {
        return e.what();
    }
}

template <class Kernel>
Operator make(const std::string& name, std::size_t output) {
    const auto& info = Kernel::info;
    Operator op;
    op.name = name;
    for (const auto input : info.inputs) op.inputs.emplace_back(input);
    for (const auto& p : info.params) {
        const bool ranged = !p.average;
        op.params.push_back(
            {std::string(p.name), p.fallback, ranged ? p.lowest : -1e9, ranged ? p.highest : 1e9, p.integer});
    }
    op.summary = std::string(info.summary);
    if (info.outputs.size() > 1) op.summary += "; output " + std::string(info.outputs[output]);
    op.missing = "missing during warm-up; ";
    op.missing += info.gap_rule == indicators::gaps_are_skipped ? "a row with a missing input is missing and skipped"
                                                                : info.gap_rule;
    op.refuse = [](std::span<const double> params, const Rules&) { return refusal(Kernel::info, params); };
    // The state depends on everything before, in most of them for ever.
    op.reach = [](std::span<const double>, const Rules&) { return Reach{unbounded, 0}; };
    op.evaluate = [output](const Frame& frame) { run<Kernel>(frame, output); };
    return op;
}

template <class Kernel>
void add(std::vector<Operator>& all) {
    const auto& info = Kernel::info;
    std::string name = upper(info.name);
    for (const auto& op : weighted_operators())
        if (op.name == name) name = "TA_" + op.name;
    all.push_back(make<Kernel>(name, 0));
    if (info.outputs.size() == 1) return;
    for (std::size_t output = 0; output < info.outputs.size(); ++output)
        all.push_back(make<Kernel>(name + "_" + upper(info.outputs[output]), output));
}

}  // namespace

std::vector<Operator> indicators_operators() {
    std::vector<Operator> all;
#define BOURSE_ADD_INDICATOR(name, type) add<indicators::type>(all);
    BOURSE_INDICATORS(BOURSE_ADD_INDICATOR)
#undef BOURSE_ADD_INDICATOR
    return all;
}

}  // namespace bourse::factors
