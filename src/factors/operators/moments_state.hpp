// Count, sums, means and centred second moments of values and of pairs, to be merged. Written once for one series
// (N and V are double) and for several side by side (V = Lanes; N is double where all of them have a value in every
// row, else Lanes): the bits are the same.
#pragma once

#include <type_traits>

namespace bourse::factors {

// `merged()` of two states that both hold something; else the one that does.
template <class State, class Merged>
State merge_filled(const State& a, const State& b, Merged merged) {
    if constexpr (std::is_same_v<decltype(a.n), double>) {
        if (a.n == 0) return b;
        if (b.n == 0) return a;
        return merged();
    } else {
        return choose(a.n == 0.0, b, choose(b.n == 0.0, a, merged()));
    }
}

template <class N, class V>
struct SumOf {
    N n = 0;
    V sum = 0;
    void add(const V& x) { n += 1, sum += x; }
    friend SumOf merge(const SumOf& a, const SumOf& b) { return {a.n + b.n, a.sum + b.sum}; }
    template <class Mask>
    friend SumOf choose(const Mask& which, const SumOf& a, const SumOf& b) {
        return {select(which, a.n, b.n), select(which, a.sum, b.sum)};
    }
};

template <class N, class V>
struct MeanOf {
    N n = 0;
    V mean = 0;
    void add(const V& x) { n += 1, mean += (x - mean) / n; }
    friend MeanOf merge(const MeanOf& a, const MeanOf& b) {
        return merge_filled(a, b, [&] {
            const N n = a.n + b.n;
            return MeanOf{n, a.mean + (b.mean - a.mean) * (b.n / n)};
        });
    }
    template <class Mask>
    friend MeanOf choose(const Mask& which, const MeanOf& a, const MeanOf& b) {
        return {select(which, a.n, b.n), select(which, a.mean, b.mean)};
    }
};

template <class N, class V>
struct TwoMomentsOf {
    N n = 0;
    V mean = 0, m2 = 0;
    void add(const V& x) {
        n += 1;
        const V d = x - mean;
        mean += d / n;
        m2 += d * (x - mean);
    }
    friend TwoMomentsOf merge(const TwoMomentsOf& a, const TwoMomentsOf& b) {
        return merge_filled(a, b, [&] {
            const N n = a.n + b.n, share = b.n / n, weight = a.n * share;
            const V d = b.mean - a.mean;
            return TwoMomentsOf{n, a.mean + d * share, a.m2 + b.m2 + d * d * weight};
        });
    }
    template <class Mask>
    friend TwoMomentsOf choose(const Mask& which, const TwoMomentsOf& a, const TwoMomentsOf& b) {
        return {select(which, a.n, b.n), select(which, a.mean, b.mean), select(which, a.m2, b.m2)};
    }
};

// X: kind of the first number of a pair: double where it is a row's position and all series have a value there.
template <class N, class X, class V>
struct PairMomentsOf {
    N n = 0;
    X x = 0;  // means, then centred sums of products
    V y = 0;
    X xx = 0;
    V yy = 0, xy = 0;
    void add(const X& a, const V& b) {
        n += 1;
        const X da = a - x;
        const V db = b - y;
        x += da / n;
        y += db / n;
        xx += da * (a - x);
        yy += db * (b - y);
        xy += da * (b - y);
    }
    friend PairMomentsOf merge(const PairMomentsOf& a, const PairMomentsOf& b) {
        return merge_filled(a, b, [&] {
            const N n = a.n + b.n, share = b.n / n, weight = a.n * share;
            const X dx = b.x - a.x;
            const V dy = b.y - a.y;
            return PairMomentsOf{n,
                                 a.x + dx * share,
                                 a.y + dy * share,
                                 a.xx + b.xx + dx * dx * weight,
                                 a.yy + b.yy + dy * dy * weight,
                                 a.xy + b.xy + dx * dy * weight};
        });
    }
    template <class Mask>
    friend PairMomentsOf choose(const Mask& which, const PairMomentsOf& a, const PairMomentsOf& b) {
        return {select(which, a.n, b.n),   select(which, a.x, b.x),   select(which, a.y, b.y),
                select(which, a.xx, b.xx), select(which, a.yy, b.yy), select(which, a.xy, b.xy)};
    }
};

using SumState = SumOf<double, double>;
using MeanState = MeanOf<double, double>;
using TwoMoments = TwoMomentsOf<double, double>;
using PairMoments = PairMomentsOf<double, double, double>;

}  // namespace bourse::factors
