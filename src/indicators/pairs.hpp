// Joint moments of two series over a window.
#pragma once

#include "indicators/window.hpp"

namespace bourse::indicators {

struct Pair {
    double x, y;
};

// For Window: means, sums of squared deviations and of their products, merged around the means (see Moments).
struct JointMoments {
    double count = 0, mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
    static JointMoments of(const Pair& pair) noexcept { return {1, pair.x, pair.y, 0, 0, 0}; }
    static JointMoments merge(const JointMoments& a, const JointMoments& b) noexcept {
        if (a.count == 0) return b;
        if (b.count == 0) return a;
        const double count = a.count + b.count, dx = b.mean_x - a.mean_x, dy = b.mean_y - a.mean_y;
        const double share = b.count / count, weight = a.count * share;
        return {count,
                a.mean_x + dx * share,
                a.mean_y + dy * share,
                a.xx + b.xx + dx * dx * weight,
                a.yy + b.yy + dy * dy * weight,
                a.xy + b.xy + dx * dy * weight};
    }
};

}  // namespace bourse::indicators
