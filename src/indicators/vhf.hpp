// Vertical horizontal filter.
#pragma once

#include "indicators/extremes.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

class Vhf : public Streaming<Vhf> {
public:
    static constexpr Info info{.name = "vhf",
                               .family = "momentum indicators",
                               .summary = "vertical horizontal filter",
                               .inputs = {"price"},
                               .params = {period("timeperiod", 28)},
                               .outputs = {{"vhf", unit::ratio, 0, 1}},
                               .formula =
                                   "(highest - lowest of the last timeperiod prices) / sum of the last timeperiod "
                                   "|changes|, 0 if that is 0",
                               .source = "TA-Lib 0.8.1 VHF"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Vhf(std::span<const double> params)
        : extremes_(params[0]), changes_(static_cast<std::size_t>(params[0])) {}

    void step(const double* in, double* out) noexcept {
        if (started_) changes_.push(std::fabs(in[0] - before_));
        before_ = in[0];
        started_ = true;
        extremes_.push(in[0], in[0]);
        if (!changes_.full()) return;
        const double path = changes_.total().sum;
        out[0] = path == 0 ? 0 : (extremes_.highest() - extremes_.lowest()) / path;
    }

    void state(auto& visit) { visit(started_, before_, extremes_, changes_); }

private:
    bool started_ = false;
    double before_ = 0;
    Extremes extremes_;
    Window<Total> changes_;
};

}  // namespace bourse::indicators
