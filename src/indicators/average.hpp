// The moving averages that an indicator may be asked to use inside (TA-Lib's MAType and its numbers).
#pragma once

#include <array>
#include <type_traits>
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
template <class V>
class NoAverageOf {
public:
    static int lookback(std::span<const double>) { return 0; }
    explicit NoAverageOf(std::span<const double>) {}
    void step(const V* in, V* out) noexcept { out[0] = in[0]; }
};

// The kinds that there are: all for one series, the common ones for several side by side.
template <class V>
struct AverageStates {
    using Any = std::variant<SmaOf<V>, EmaOf<V>, WmaOf<V>, NoAverageOf<V>, RmaOf<V>>;
};
template <>
struct AverageStates<double> {
    using Any = std::variant<Sma, Ema, Wma, Dema, Tema, Trima, Kama, Mama, T3, Hma, NoAverageOf<double>, Zlema, Rma>;
};

// Whether a kind, as params say it, is among those for several series.
inline bool average_in_lanes(double kind) {
    switch (static_cast<AverageKind>(kind)) {
        case AverageKind::sma:
        case AverageKind::ema:
        case AverageKind::wma:
        case AverageKind::none:
        case AverageKind::rma:
            return true;
        default:
            return false;
    }
}

template <class V>
class MovingAverageOf {
public:
    // Values before the first average. A period of 1 is no average, whatever the kind.
    static int lookback(double kind, double period) { return kind_of(kind, period).lookback(period); }

    // `kind` passed check_params and is not own_average.
    MovingAverageOf(double kind, double period)
        : state_(kind_of(kind, period).make(period)), missing_(lookback(kind, period) + 1) {}

    void push(const V& x) noexcept {
        if (missing_ > 0) --missing_;
        step(x, state_);
    }
    bool ready() const noexcept { return missing_ == 0; }
    const V& value() const noexcept { return values_[0]; }  // only when ready

    void state(auto& visit) {
        std::visit([&](auto& kernel) { visit(kernel); }, state_);
        visit(missing_, values_);
    }

private:
    using State = typename AverageStates<V>::Any;
    // std::visit could throw.
    template <class... Kernels>
    void step(const V& x, std::variant<Kernels...>& state) noexcept {
        const auto step_if = [&](auto* kernel) {
            if (kernel == nullptr) return false;
            kernel->step(&x, values_);
            return true;
        };
        (step_if(std::get_if<Kernels>(&state)) || ...);
    }
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
        static constexpr Kind none = by_period<NoAverageOf<V>>;
        if constexpr (std::is_same_v<V, double>) {
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
                                             none,
                                             none,
                                             by_period<Zlema>,
                                             by_period<Rma>};
            return period == 1 ? none : kinds[static_cast<std::size_t>(number)];
        } else {  // average_in_lanes
            static constexpr Kind kinds[] = {by_period<SmaOf<V>>,
                                             by_period_and_default<EmaOf<V>>,
                                             by_period<WmaOf<V>>,
                                             none,
                                             none,
                                             none,
                                             none,
                                             none,
                                             none,
                                             none,
                                             none,
                                             none,
                                             none,
                                             by_period<RmaOf<V>>};
            return period == 1 ? none : kinds[static_cast<std::size_t>(number)];
        }
    }

    State state_;
    int missing_;
    V values_[2] = {};
};

using MovingAverage = MovingAverageOf<double>;

}  // namespace bourse::indicators
