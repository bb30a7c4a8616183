// The Chinese terminals' SMA(X,N,M).
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"

namespace bourse::indicators {

class TdxSma : public Streaming<TdxSma> {
public:
    static constexpr Info info{
        .name = "tdx_sma",
        .family = "overlap studies",
        .summary = "the Chinese terminals' SMA(X,N,M)",
        .inputs = {"price"},
        .params = {period("timeperiod", 6), Param{"weight", 1, 0, 100000}},
        .outputs = {{"tdx_sma", unit::price}},
        .formula =
            "(weight * price + (timeperiod - weight) * value before) / timeperiod; seed: the first "
            "price",
        .source = "TDX, MyTT SMA"};

    static int lookback(std::span<const double>) { return 0; }

    explicit TdxSma(std::span<const double> params) : share_(std::min(params[1] / params[0], 1.0)) {}

    void step(const double* in, double* out) noexcept {
        value_ = started_ ? value_ + share_ * (in[0] - value_) : in[0];
        started_ = true;
        out[0] = value_;
    }

private:
    double share_, value_ = 0;
    bool started_ = false;
};

}  // namespace bourse::indicators
