// The moving averages that an indicator may be asked to use inside (TA-Lib's MAType and its numbers).
#pragma once

#include <array>
#include <variant>

#include "indicators/dema.hpp"
#include "indicators/ema.hpp"
#include "indicators/hma.hpp"
#include "indicators/indicator.hpp"
#include "indicators/kama.hpp"
#include "indicators/mama.hpp"
#include "indicators/rma.hpp"
#include "indicators/sma.hpp"
#include "indicators/t3.hpp"
#include "indicators/tema.hpp"
#include "indicators/trima.hpp"
#include "indicators/wma.hpp"
#include "indicators/zlema.hpp"

namespace bourse::indicators {

// Gives back what it gets.
class NoAverage {
public:
    static int lookback(std::span<const double>) { return 0; }
    explicit NoAverage(std::span<const double>) {}
    void step(const double* in, double* out) noexcept { out[0] = in[0]; }
};

class MovingAverage {
public:
    // Values before the first average. A period of 1 is no average, whatever the kind.
    static int lookback(double kind, double period) { return kind_of(kind, period).lookback(period); }

    // `kind` passed check_params and is not own_average.
    MovingAverage(double kind, double period)
        : state_(kind_of(kind, period).make(period)), missing_(lookback(kind, period) + 1) {}

    void push(double x) noexcept {
        if (missing_ > 0) --missing_;
        std::visit([&](auto& kernel) { kernel.step(&x, values_); }, state_);
    }
    bool ready() const noexcept { return missing_ == 0; }
    double value() const noexcept { return values_[0]; }  // only when ready

    void state(auto& visit) {
        std::visit([&](auto& kernel) { visit(kernel); }, state_);
        visit(missing_, values_);
    }

private:
    using State = std::variant<Sma, Ema, Wma, Dema, Tema, Trima, Kama, Mama, T3, Hma, NoAverage, Zlema, Rma>;
    struct Kind {
        int (*lookback)(double period);
        State (*make)(double period);
    };

    template <class Kernel>
    static constexpr Kind by_period{
        [](double period) { return Kernel::lookback(std::array{period}); },
        [](double period) { return State(std::in_place_type<Kernel>, std::array{period}); }};
    template <class Kernel>
    static constexpr Kind with_defaults{
        [](double) { return Kernel::lookback({}); },
        [](double) {
            return State(std::in_place_type<Kernel>,
                         std::array{Kernel::info.params[0].fallback, Kernel::info.params[1].fallback});
        }};
    template <class Kernel>
    static constexpr Kind by_period_and_default{
        [](double period) {
            return Kernel::lookback(std::array{period, Kernel::info.params[1].fallback});
        },
        [](double period) {
            return State(std::in_place_type<Kernel>, std::array{period, Kernel::info.params[1].fallback});
        }};

    static Kind kind_of(double number, double period) {
        static constexpr Kind kinds[] = {by_period<Sma>,
                                         by_period_and_default<Ema>,
                                         by_period<Wma>,
                                         by_period<Dema>,
                                         by_period<Tema>,
                                         by_period<Trima>,
                                         by_period<Kama>,
                                         with_defaults<Mama>,
                                         by_period_and_default<T3>,
                                         by_period<Hma>,
                                         by_period<NoAverage>,
                                         by_period<NoAverage>,
                                         by_period<Zlema>,
                                         by_period<Rma>};
        return period == 1 ? by_period<NoAverage> : kinds[static_cast<std::size_t>(number)];
    }

    State state_;
    int missing_;
    double values_[2] = {};
};

}  // namespace bourse::indicators
