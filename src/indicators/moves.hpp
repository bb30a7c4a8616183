// Wilder's averages of rises and falls, the common part of RSI, CMO and StochRSI.
#pragma once

#include "indicators/smoothing.hpp"

namespace bourse::indicators {

template <class V>
class MovesOf {
public:
    explicit MovesOf(int period) : MovesOf(SmoothingOf<V>::wilder(period)) {}
    explicit MovesOf(const SmoothingOf<V>& average) : gain_(average), loss_(average) {}

    // Takes one price; true once there are averages, with the period-th change.
    bool push(const V& price) noexcept {
        const V change = price - before_;
        before_ = price;
        if (!started_) {
            started_ = true;
            return false;
        }
        gain_.push(select(change > 0.0, change, 0.0));
        loss_.push(select(change < 0.0, -change, 0.0));
        return gain_.ready();
    }
    V gain() const noexcept { return gain_.value(); }
    V loss() const noexcept { return loss_.value(); }
    V total() const noexcept { return gain() + loss(); }
    V rsi() const noexcept { return select(total() == 0.0, 0.0, 100.0 * (gain() / total())); }

private:
    bool started_ = false;
    V before_{};
    SmoothingOf<V> gain_, loss_;
};

using Moves = MovesOf<double>;

}  // namespace bourse::indicators
