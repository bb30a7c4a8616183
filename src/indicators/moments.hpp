// Mean and variance over a window.
#pragma once

#include "indicators/window.hpp"

namespace bourse::indicators {

// For Window, of differences from its origin: with an origin from within the window the squares are at most N times the
// variance's, so that prices of 1e8 that move by 0.01 keep their digits.
template <class V>
struct PowerSumsOf {
    static constexpr bool centred = true;
    V sum{}, squares{};
    static PowerSumsOf of(const V& x) noexcept { return {x, x * x}; }
    static PowerSumsOf merge(const PowerSumsOf& a, const PowerSumsOf& b) noexcept {
        return {a.sum + b.sum, a.squares + b.squares};
    }
};

// Of a window: a constant one has exactly its value as mean and exactly no deviation.
template <class V>
struct MomentsOf {
    V mean, squares;  // squares: sum of the squared deviations from the mean
    double count, inverse;
    V variance() const noexcept { return squares * inverse; }  // of a population
};

template <class V>
class MomentsWindowOf {
public:
    explicit MomentsWindowOf(std::size_t size) : window_(size), inverse_(1 / static_cast<double>(size)) {}
    void push(const V& x) noexcept { window_.push(x); }
    bool full() const noexcept { return window_.full(); }
    MomentsOf<V> total() const noexcept {
        const PowerSumsOf<V> sums = window_.total();
        const double count = window_.count(), inverse = full() ? inverse_ : 1 / count;
        const V apart = sums.sum * inverse;  // of the mean and the origin
        return {window_.origin() + apart, larger(sums.squares - sums.sum * apart, V(0.0)), count, inverse};
    }
    const std::vector<V>& values() const noexcept { return window_.values(); }

    void state(auto& visit) { visit(window_); }

private:
    Window<PowerSumsOf<V>, V> window_;
    double inverse_;
};

using MomentsWindow = MomentsWindowOf<double>;
using Moments = MomentsOf<double>;

}  // namespace bourse::indicators
