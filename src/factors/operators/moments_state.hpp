// Count, mean and centred second moments of values and of pairs, to be merged.
#pragma once

namespace bourse::factors {

struct TwoMoments {
    double n = 0, mean = 0, m2 = 0;
    void add(double x) {
        n += 1;
        const double d = x - mean;
        mean += d / n;
        m2 += d * (x - mean);
    }
};
inline TwoMoments merge(const TwoMoments& a, const TwoMoments& b) {
    if (a.n == 0) return b;
    if (b.n == 0) return a;
    const double n = a.n + b.n, d = b.mean - a.mean, share = b.n / n;
    return {n, a.mean + d * share, a.m2 + b.m2 + d * d * (a.n * share)};
}

struct PairMoments {
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;  // means, then centred sums of products
    void add(double a, double b) {
        n += 1;
        const double da = a - x, db = b - y;
        x += da / n;
        y += db / n;
        xx += da * (a - x);
        yy += db * (b - y);
        xy += da * (b - y);
    }
};
inline PairMoments merge(const PairMoments& a, const PairMoments& b) {
    if (a.n == 0) return b;
    if (b.n == 0) return a;
    const double n = a.n + b.n, dx = b.x - a.x, dy = b.y - a.y, share = b.n / n, weight = a.n * share;
    return {n,
            a.x + dx * share,
            a.y + dy * share,
            a.xx + b.xx + dx * dx * weight,
            a.yy + b.yy + dy * dy * weight,
            a.xy + b.xy + dx * dy * weight};
}

}  // namespace bourse::factors
