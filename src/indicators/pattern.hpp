// What the candlestick patterns share.
//
//   class CdlDoji : public Pattern<CdlDoji> {
//       static constexpr Info info = pattern_info(name, positive, summary, formula, source);
//       static constexpr int warm_up = 10;                                      bars before the first judgement
//       static int judge(const Candles& c, double penetration) noexcept;        of the newest bar: 0 or the result
//   };
#pragma once

#include "indicators/candles.hpp"
#include "indicators/indicator.hpp"

namespace bourse::indicators {

inline constexpr std::string_view pattern_family = "pattern recognition";

// The signals that a pattern gives.
inline constexpr Output positive{"signal", unit::signal, 0, 100};
inline constexpr Output negative{"signal", unit::signal, -100, 0};
inline constexpr Output both_ways{"signal", unit::signal, -100, 100};
inline constexpr Output both_ways_confirmed{"signal", unit::signal, -200, 200};

constexpr Info pattern_info(std::string_view name, const Output& signal, std::string_view summary,
                            std::string_view formula, std::string_view source, Few<Param> params = {}) {
    return {.name = name,
            .family = pattern_family,
            .summary = summary,
            .inputs = {"open", "high", "low", "close"},
            .params = params,
            .outputs = {signal},
            .formula = formula,
            .source = source};
}

// How far into a body another one must reach, as a share of it.
constexpr Param penetration(double fallback) { return {"penetration", fallback, 0, 3e37}; }

template <class Kernel>
class Pattern : public Streaming<Kernel> {
public:
    static int lookback(std::span<const double>) { return Kernel::warm_up; }

    explicit Pattern(std::span<const double> params) : penetration_(params.empty() ? 0 : params[0]) {}

    void step(const double* in, double* out) noexcept {
        candles_.push(in);
        if (seen_ < Kernel::warm_up)
            ++seen_;
        else
            out[0] = Kernel::judge(candles_, penetration_);
    }

private:
    Candles candles_;
    double penetration_;
    int seen_ = 0;
};

}  // namespace bourse::indicators
