// The highest high and the lowest low of the last bars.
#pragma once

#include "indicators/indicator.hpp"
#include "indicators/window.hpp"

namespace bourse::indicators {

template <class V>
class ExtremesOf {
public:
    explicit ExtremesOf(double bars) : highs_(static_cast<std::size_t>(bars)), lows_(static_cast<std::size_t>(bars)) {}

    void push(const V& high, const V& low) noexcept {
        highs_.push(high);
        lows_.push(low);
    }
    bool full() const noexcept { return highs_.full(); }
    V highest() const noexcept { return highs_.total().value; }
    V lowest() const noexcept { return lows_.total().value; }
    // Where x lies between them, 0..100; 0 if they are the same.
    V place(const V& x) const noexcept {
        const V high = highest(), low = lowest();
        return select(negligible(high - low, magnitude(high) + magnitude(low)), 0.0, (x - low) / (high - low) * 100.0);
    }

    void state(auto& visit) { visit(highs_, lows_); }

private:
    Window<HighestOf<V>, V> highs_;
    Window<LowestOf<V>, V> lows_;
};

using Extremes = ExtremesOf<double>;

}  // namespace bourse::indicators
