// Every indicator of src/indicators as an operator: its name in upper case, RSI($close, 14).
// An indicator with several outputs gives one operator an output, MACD_SIGNAL($close, 12, 26, 9); its bare name is the
// first output. Where an operator of the language has the name already (EMA, WMA: Qlib's), it is TA_EMA, TA_WMA.
#include <algorithm>
#include <array>
#include <map>

#include "core/error.hpp"
#include "factors/operators/families.hpp"
#include "factors/operators/indicators.hpp"
#include "factors/operators/window.hpp"
#include "indicators/catalogue.hpp"

namespace bourse::factors {
namespace {

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return result;
}

using Values = std::array<double, indicators::Few<double>::capacity>;

void run(const Frame& frame, const indicators::Entry& entry, std::size_t output) {
    const auto series = entry.start(frame.params);
    Remembered remembered(frame, *series);
    const std::size_t units = 32 + static_cast<std::size_t>(entry.lookback(frame.params));  // some read their window
    Values in, out;
    const auto bar = std::span(in).first(entry.info->inputs.size());
    const auto values = std::span(out).first(entry.info->outputs.size());
    for (std::size_t i = 0; i < frame.rows; ++i) {
        remembered.before(i);
        for (std::size_t k = 0; k < bar.size(); ++k) bar[k] = frame.inputs[k][i];
        series->update(bar, values);
        frame.out[i] = values[output];
        frame.work.done(units);
    }
    remembered.finish();
}

std::string refusal(const indicators::Info& info, std::span<const double> params) {
    try {
        indicators::check_params(info, params);
        return {};
    } catch (const Error& e) {
        return e.what();
    }
}

Operator make(const indicators::Entry& entry, const std::string& name, std::size_t output) {
    const indicators::Info& info = *entry.info;
    Operator op;
    op.name = name;
    for (const auto input : info.inputs) op.inputs.emplace_back(input);
    for (const auto& p : info.params) {
        const bool ranged = !p.average;
        op.params.push_back(
            {std::string(p.name), p.fallback, ranged ? p.lowest : -1e9, ranged ? p.highest : 1e9, p.integer});
    }
    op.summary = std::string(info.summary);
    if (info.outputs.size() > 1) op.summary += "; output " + std::string(info.outputs[output].name);
    op.missing = "missing during warm-up; ";
    op.missing += info.gap_rule == indicators::gaps_are_skipped ? "a row with a missing input is missing and skipped"
                                                                : info.gap_rule;
    op.refuse = [&info](std::span<const double> params, const Rules&) { return refusal(info, params); };
    // The state depends on everything before, in most of them for ever.
    op.reach = [](std::span<const double>, const Rules&) { return Reach{unbounded, 0}; };
    op.resumes = true;
    op.evaluate = [&entry, output](const Frame& frame) { run(frame, entry, output); };
    return op;
}

// Of its first output.
std::string operator_name(const indicators::Info& info) {
    const std::string name = upper(info.name);
    for (const auto& op : weighted_operators())
        if (op.name == name) return "TA_" + name;
    return name;
}

void add(std::vector<Operator>& all, const indicators::Entry& entry) {
    const indicators::Info& info = *entry.info;
    const std::string name = operator_name(info);
    all.push_back(make(entry, name, 0));
    if (info.outputs.size() == 1) return;
    for (std::size_t output = 0; output < info.outputs.size(); ++output)
        all.push_back(make(entry, name + "_" + upper(info.outputs[output].name), output));
}

}  // namespace

IndicatorOutput indicator_of(const Operator& op) {
    static const std::map<std::string, IndicatorOutput> all = [] {
        std::map<std::string, IndicatorOutput> made;
        for (const indicators::Entry& entry : indicators::catalogue()) {
            const indicators::Info& info = *entry.info;
            const std::string name = operator_name(info);
            made[name] = {&entry, 0};
            for (std::size_t output = 0; info.outputs.size() > 1 && output < info.outputs.size(); ++output)
                made[name + "_" + upper(info.outputs[output].name)] = {&entry, output};
        }
        return made;
    }();
    const auto found = all.find(op.name);
    return found == all.end() ? IndicatorOutput{} : found->second;
}

std::vector<Operator> indicators_operators() {
    std::vector<Operator> all;
    for (const indicators::Entry& entry : indicators::catalogue()) add(all, entry);
    return all;
}

}  // namespace bourse::factors
