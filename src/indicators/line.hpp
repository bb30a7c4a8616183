// Least-squares line over a window.
#pragma once

namespace bourse::indicators {

// For Window: mean of x and its co-moment with the bar number, merged around the means, so that prices of 1e8 that
// move by 0.01 keep their digits.
template <class V>
struct LineOf {
    double count = 0;
    V mean{}, together{};
    // Per bar. The bar numbers 1..n have the sum of squared deviations n(n^2-1)/12.
    V slope() const noexcept { return together * 12 / (count * (count * count - 1)); }
    static LineOf of(const V& x) noexcept { return {1, x, 0}; }
    static LineOf merge(const LineOf& a, const LineOf& b) noexcept {
        if (a.count == 0) return b;
        if (b.count == 0) return a;
        const double count = a.count + b.count, share = b.count / count;
        const V apart = b.mean - a.mean;
        // The mean bar numbers of the two parts are count/2 apart.
        return {count, a.mean + apart * share, a.together + b.together + apart * (count / 2) * a.count * share};
    }
};

using Line = LineOf<double>;

}  // namespace bourse::indicators
