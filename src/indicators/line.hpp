// Least-squares line over a window.
#pragma once

#include "indicators/window.hpp"

namespace bourse::indicators {

// For Window, of differences from its origin, so that prices of 1e8 that move by 0.01 keep their digits.
template <class V>
struct LineSumsOf : WeightedSumOf<V> {
    static constexpr bool centred = true;
    static LineSumsOf of(const V& x) noexcept { return {WeightedSumOf<V>::of(x)}; }
    static LineSumsOf merge(const LineSumsOf& a, const LineSumsOf& b, double in_a) noexcept {
        return {WeightedSumOf<V>::merge(a, b, in_a)};
    }
};

template <class V>
struct LineOf {
    V mean, slope;  // slope: per bar
    double count;
};

template <class V>
class LineWindowOf {
public:
    explicit LineWindowOf(std::size_t size) : window_(size), inverse_(1 / static_cast<double>(size)) {}
    void push(const V& x) noexcept { window_.push(x); }
    bool full() const noexcept { return window_.full(); }
    // Of a full window. The bar numbers 1..n have the mean (n+1)/2 and the sum of squared deviations n(n^2-1)/12.
    LineOf<V> total() const noexcept {
        const LineSumsOf<V> sums = window_.total();
        const double n = window_.count();
        const V together = sums.weighted - sums.sum * ((n + 1) / 2);
        return {window_.origin() + sums.sum * inverse_, divided(together * 12, n * (n * n - 1)), n};
    }

    void state(auto& visit) { visit(window_); }

private:
    Window<LineSumsOf<V>, V> window_;
    double inverse_;
};

using Line = LineOf<double>;
using LineWindow = LineWindowOf<double>;

}  // namespace bourse::indicators
