// Wilder's averages of rises and falls, the common part of RSI, CMO and StochRSI.
#pragma once

#include "indicators/smoothing.hpp"

namespace bourse::indicators {

class Moves {
public:
    explicit Moves(int period) : Moves(Smoothing::wilder(period)) {}
    explicit Moves(Smoothing average) : gain_(average), loss_(average) {}

    // Takes one price; true once there are averages, with the period-th change.
    bool push(double price) noexcept {
        const double change = price - before_;
        before_ = price;
        if (!started_) {
            started_ = true;
            return false;
        }
        gain_.push(change > 0 ? change : 0);
        loss_.push(change < 0 ? -change : 0);
        return gain_.ready();
    }
    double gain() const noexcept { return gain_.value(); }
    double loss() const noexcept { return loss_.value(); }
    double total() const noexcept { return gain() + loss(); }
    double rsi() const noexcept { return total() == 0 ? 0 : 100 * (gain() / total()); }

private:
    bool started_ = false;
    double before_ = 0;
    Smoothing gain_, loss_;
};

}  // namespace bourse::indicators
