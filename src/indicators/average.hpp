// The moving averages that an indicator may be asked to use inside (TA-Lib's MAType and its numbers).
#pragma once

#include <cstddef>
#include <variant>

#include "indicators/indicator.hpp"
#include "indicators/smoothing.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

enum class AverageKind { sma = 0, ema = 1, wma = 2, rma = 13 };

struct AverageName {
    AverageKind kind;
    std::string_view name;
};
inline constexpr AverageName average_names[] = {
    {AverageKind::sma, "sma"}, {AverageKind::ema, "ema"}, {AverageKind::wma, "wma"}, {AverageKind::rma, "rma"}};

class MovingAverage {
public:
    // All kinds give their first value with the period-th one.
    static int lookback(double period) { return static_cast<int>(period) - 1; }

    // `kind` passed check_params.
    MovingAverage(double kind, double period)
        : state_(make(static_cast<AverageKind>(static_cast<int>(kind)), static_cast<int>(period))) {}

    void push(double x) noexcept {
        std::visit([x](auto& state) { state.push(x); }, state_);
    }
    bool ready() const noexcept { return std::visit(Ready{}, state_); }
    double value() const noexcept { return std::visit(Value{}, state_); }  // only when ready

private:
    using Simple = Window<Sum>;
    using Weighted = Window<WeightedSum>;
    using State = std::variant<Smoothing, Simple, Weighted>;

    struct Ready {
        bool operator()(const Smoothing& state) const noexcept { return state.ready(); }
        template <class Aggregate>
        bool operator()(const Window<Aggregate>& state) const noexcept {
            return state.full();
        }
    };
    struct Value {
        double operator()(const Smoothing& state) const noexcept { return state.value(); }
        double operator()(const Simple& state) const noexcept { return state.total().mean(); }
        double operator()(const Weighted& state) const noexcept { return state.total().mean(); }
    };

    static State make(AverageKind kind, int bars) {
        switch (kind) {
            case AverageKind::ema:
                return Smoothing::exponential(bars);
            case AverageKind::rma:
                return Smoothing::wilder(bars);
            case AverageKind::wma:
                return State(std::in_place_type<Weighted>, static_cast<std::size_t>(bars));
            case AverageKind::sma:
                break;
        }
        return State(std::in_place_type<Simple>, static_cast<std::size_t>(bars));
    }

    State state_;
};

}  // namespace bourse::indicators
