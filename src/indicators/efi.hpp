// Elder's force index.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"

namespace bourse::indicators {

class Efi : public Streaming<Efi> {
public:
    static constexpr Info info{.name = "efi",
                               .family = "volume indicators",
                               .summary = "Elder's force index",
                               .inputs = {"price", "volume"},
                               .params = {period("timeperiod", 13)},
                               .outputs = {{"efi", unit::money}},
                               .formula = "ema of change*volume; seed: mean of its first timeperiod values",
                               .source = "TA-Lib 0.8.1 EFI"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Efi(std::span<const double> params) : average_(Smoothing::exponential(static_cast<int>(params[0]))) {}

    void step(const double* in, double* out) noexcept {
        if (started_) average_.push((in[0] - before_) * in[1]);
        started_ = true;
        before_ = in[0];
        if (average_.ready()) out[0] = average_.value();
    }

private:
    bool started_ = false;
    double before_ = 0;
    Smoothing average_;
};

}  // namespace bourse::indicators
