// Forecast oscillator: how far the price is from its regression forecast, percent.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/tsf.hpp"

namespace bourse::indicators {

class Fosc : public Streaming<Fosc> {
public:
    static constexpr Info info{
        .name = "fosc",
        .family = "momentum indicators",
        .summary = "forecast oscillator: how far the price is from its regression forecast, percent",
        .inputs = {"price"},
        .params = {period("timeperiod", 5, 2)},
        .outputs = {{"fosc", unit::percent}},
        .formula = "100 * (price - tsf(timeperiod) of the bar before) / price, 0 where the price is 0",
        .source = "TA-Lib 0.8.1 FOSC"};

    static int lookback(std::span<const double> params) { return static_cast<int>(params[0]); }

    explicit Fosc(std::span<const double> params) : line_(params) {}

    void step(const double* in, double* out) noexcept {
        const double forecast = forecast_;
        forecast_ = missing;
        line_.step(in, &forecast_);
        if (!std::isnan(forecast)) out[0] = in[0] == 0 ? 0 : 100 * (in[0] - forecast) / in[0];
    }

    void state(auto& visit) { visit(line_, forecast_); }

private:
    Tsf line_;
    double forecast_ = missing;
};

}  // namespace bourse::indicators
