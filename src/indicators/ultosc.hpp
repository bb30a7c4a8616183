// Ultimate oscillator (Williams), 0..100.
#pragma once

#include <algorithm>

#include "indicators/indicator.hpp"
#include "indicators/true_range.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Ultosc : public Streaming<Ultosc> {
public:
    static constexpr Info info{
        .name = "ultosc",
        .family = "momentum indicators",
        .summary = "ultimate oscillator (Williams), 0..100",
        .inputs = {"high", "low", "close"},
        .params = {period("timeperiod1", 7), period("timeperiod2", 14), period("timeperiod3", 28)},
        .outputs = {{"ultosc", unit::percent, 0, 100}},
        .formula =
            "100 * (4a + 2b + c) / 7; a, b, c: sum of close - min(low, c1) over sum of "
            "the true range, 0 if that is 0, in the shortest, the middle and the "
            "longest period; c1 the close before",
        .source = "TA-Lib 0.8.1 ULTOSC"};

    static int lookback(std::span<const double> params) {
        return static_cast<int>(std::max({params[0], params[1], params[2]}));
    }

    explicit Ultosc(std::span<const double> params)
        : averages_{Part(sorted(params)[0]), Part(sorted(params)[1]), Part(sorted(params)[2])} {}

    void step(const double* in, double* out) noexcept {
        const double range = range_.push(in[0], in[1], in[2]);
        const double pressure = in[2] - std::min(in[1], before_);
        before_ = in[2];
        if (std::isnan(range)) return;
        for (Part& part : averages_) {
            part.pressure.push(pressure);
            part.range.push(range);
        }
        if (averages_[2].range.full())
            out[0] = 100 * (4 * averages_[0].ratio() + 2 * averages_[1].ratio() + averages_[2].ratio()) / 7;
    }

    void state(auto& visit) { visit(range_, before_, averages_); }

private:
    struct Part {
        Window<Total> pressure, range;
        explicit Part(double bars) : pressure(static_cast<std::size_t>(bars)), range(static_cast<std::size_t>(bars)) {}
        double ratio() const noexcept {
            const double ranges = range.total().sum;
            return ranges == 0 ? 0 : pressure.total().sum / ranges;
        }
        void state(auto& visit) { visit(pressure, range); }
    };
    static std::array<double, 3> sorted(std::span<const double> params) {
        std::array<double, 3> result{params[0], params[1], params[2]};
        std::ranges::sort(result);
        return result;
    }

    TrueRange range_;
    double before_ = 0;
    std::array<Part, 3> averages_;
};

}  // namespace bourse::indicators
