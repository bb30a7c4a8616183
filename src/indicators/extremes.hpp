// The highest high and the lowest low of the last bars.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

class Extremes {
public:
    explicit Extremes(double bars) : highs_(static_cast<std::size_t>(bars)), lows_(static_cast<std::size_t>(bars)) {}

    void push(double high, double low) noexcept {
        highs_.push(high);
        lows_.push(low);
    }
    bool full() const noexcept { return highs_.full(); }
    double highest() const noexcept { return highs_.total().value; }
    double lowest() const noexcept { return lows_.total().value; }
    // Where x lies between them, 0..100; 0 if they are the same.
    double place(double x) const noexcept {
        const double high = highest(), low = lowest();
        return negligible(high - low, std::fabs(high) + std::fabs(low)) ? 0 : (x - low) / (high - low) * 100;
    }

    void state(auto& visit) { visit(highs_, lows_); }

private:
    Window<Highest> highs_;
    Window<Lowest> lows_;
};

}  // namespace bourse::indicators
