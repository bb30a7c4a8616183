// The last N values and an aggregate over them, O(1) amortised a bar.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "indicators/numbers.hpp"

namespace bourse::indicators {

// Keeps `Aggregate::merge` over the last `size` values without ever taking a value out again: subtracting what leaves
// a window piles up rounding errors and cancels, merging does neither. The values come in blocks of `size`; the
// window is the tail of the previous block (its suffixes are merged once, when the block is full) and the head of
// this one. Aggregate: a default value that is the empty window, of(Item), merge(older, newer).
template <class Aggregate, class Item = double>
class Window {
public:
    explicit Window(std::size_t size) : size_(size) {
        values_.reserve(size);
        tails_.reserve(size + 1);
    }

    void push(const Item& x) noexcept {
        if (next_ == size_) close_block();
        if (values_.size() < size_)
            values_.push_back(x);
        else
            values_[next_] = x;
        ++next_;
        head_ = Aggregate::merge(head_, Aggregate::of(x));
    }

    bool full() const noexcept { return values_.size() == size_; }
    std::size_t size() const noexcept { return size_; }
    // Over the last `size` values, fewer while the window fills.
    Aggregate total() const noexcept { return tails_.empty() ? head_ : Aggregate::merge(tails_[next_], head_); }
    // The values in the window, in no order.
    const std::vector<Item>& values() const noexcept { return values_; }

    void state(auto& visit) {
        visit(values_, tails_, head_);
        visit.index(next_, size_);
    }

private:
    void close_block() noexcept {
        tails_.resize(size_ + 1);
        tails_[size_] = Aggregate{};
        for (std::size_t i = size_; i-- > 0;) tails_[i] = Aggregate::merge(Aggregate::of(values_[i]), tails_[i + 1]);
        head_ = Aggregate{};
        next_ = 0;
    }

    std::size_t size_;
    std::size_t next_ = 0;  // values in the head
    std::vector<Item> values_;
    std::vector<Aggregate> tails_;  // tails_[i]: values i.. of the previous block
    Aggregate head_{};
};

template <class V>
struct TotalOf {
    double count = 0;
    V sum{};
    V mean() const noexcept { return sum / count; }
    static TotalOf of(const V& x) noexcept { return {1, x}; }
    static TotalOf merge(const TotalOf& a, const TotalOf& b) noexcept { return {a.count + b.count, a.sum + b.sum}; }
};

// Weights 1, 2, …, n from the oldest to the newest.
template <class V>
struct WeightedSumOf {
    double count = 0;
    V sum{}, weighted{};
    V mean() const noexcept { return weighted / (count * (count + 1) / 2); }
    static WeightedSumOf of(const V& x) noexcept { return {1, x, x}; }
    static WeightedSumOf merge(const WeightedSumOf& a, const WeightedSumOf& b) noexcept {
        return {a.count + b.count, a.sum + b.sum, a.weighted + b.weighted + a.count * b.sum};
    }
};

// Mean and sum of squared deviations (Chan, Golub, LeVeque 1979): no difference of large squares, and a constant
// window has exactly its value as mean and exactly no deviation.
template <class V>
struct MomentsOf {
    double count = 0;
    V mean{}, squares{};
    V variance() const noexcept { return squares / count; }  // of a population
    static MomentsOf of(const V& x) noexcept { return {1, x, 0}; }
    static MomentsOf merge(const MomentsOf& a, const MomentsOf& b) noexcept {
        if (a.count == 0) return b;
        if (b.count == 0) return a;
        const double count = a.count + b.count, share = b.count / count;
        const V apart = b.mean - a.mean;
        return {count, a.mean + apart * share, a.squares + b.squares + apart * apart * a.count * share};
    }
};

template <class V>
struct HighestOf {
    V value = -std::numeric_limits<double>::infinity();
    static HighestOf of(const V& x) noexcept { return {x}; }
    static HighestOf merge(const HighestOf& a, const HighestOf& b) noexcept { return {larger(a.value, b.value)}; }
};

template <class V>
struct LowestOf {
    V value = std::numeric_limits<double>::infinity();
    static LowestOf of(const V& x) noexcept { return {x}; }
    static LowestOf merge(const LowestOf& a, const LowestOf& b) noexcept { return {smaller(a.value, b.value)}; }
};

using Total = TotalOf<double>;
using WeightedSum = WeightedSumOf<double>;
using Moments = MomentsOf<double>;
using Highest = HighestOf<double>;
using Lowest = LowestOf<double>;

// The value of `bars` bars ago.
template <class V>
class DelayOf {
public:
    explicit DelayOf(std::size_t bars) : bars_(bars) { values_.reserve(bars); }
    bool full() const noexcept { return values_.size() == bars_; }
    const V& oldest() const noexcept { return values_[next_]; }  // only when full
    void push(const V& x) noexcept {
        if (!full()) {
            values_.push_back(x);
            return;
        }
        values_[next_] = x;
        next_ = next_ + 1 == bars_ ? 0 : next_ + 1;
    }

    void state(auto& visit) {
        visit(values_);
        visit.index(next_, bars_);
    }

private:
    std::size_t bars_, next_ = 0;
    std::vector<V> values_;
};

using Delay = DelayOf<double>;

}  // namespace bourse::indicators
