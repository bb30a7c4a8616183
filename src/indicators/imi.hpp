// Intraday momentum index, 0..100.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Imi : public Streaming<Imi> {
public:
    static constexpr Info info{
        .name = "imi",
        .family = "momentum indicators",
        .summary = "intraday momentum index, 0..100",
        .inputs = {"open", "close"},
        .params = {period("timeperiod", 14, 2)},
        .outputs = {{"imi", unit::percent, 0, 100}},
        .formula =
            "100 * G / (G + L); G, L: sums of close - open over the last timeperiod bars that rose, "
            "of open - close over those that fell; 50 if G + L = 0",
        .source = "TA-Lib 0.8.1 IMI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]) - 1; }

    explicit Imi(std::span<const double> params)
        : gains_(static_cast<std::size_t>(params[0])), losses_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        const double move = in[1] - in[0];
        gains_.push(move > 0 ? move : 0);
        losses_.push(move < 0 ? -move : 0);
        if (!gains_.full()) return;
        const double gain = gains_.total().sum, total = gain + losses_.total().sum;
        out[0] = total == 0 ? 50 : 100 * (gain / total);
    }

    void state(auto& visit) { visit(gains_, losses_); }

private:
    Window<Total> gains_, losses_;
};

}  // namespace bourse::indicators
