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
// this one.
//
// Aggregate: a default value that is the empty window, of(Item), merge(older, newer) or merge(older, newer, values in
// older). Where Aggregate::centred is true it gets the values less origin(), a value that is in the window: sums of
// powers of such differences lose no more digits than the spread of the window asks for.
template <class Aggregate, class Item = double>
class Window {
public:
    explicit Window(std::size_t size) : size_(size), values_(size), tails_(size) {}

    void push(const Item& x) noexcept {
        if constexpr (centred())
            if (next_ == 0 && !full_) origin_ = x;
        values_[next_] = x;
        head_ = merge(head_, of(x), next_);
        if (++next_ == size_) close_block();
    }

    bool full() const noexcept { return full_; }
    std::size_t size() const noexcept { return size_; }
    // How many values are in the window.
    double count() const noexcept { return static_cast<double>(full_ ? size_ : next_); }
    // Over the last `size` values, fewer while the window fills.
    Aggregate total() const noexcept { return merge(tails_[next_], head_, full_ ? size_ - next_ : 0); }
    auto mean() const noexcept { return total().mean(count()); }
    const Item& origin() const noexcept { return origin_; }
    // The values in the window, in no order; all of them only when it is full.
    const std::vector<Item>& values() const noexcept { return values_; }

    void state(auto& visit) {
        visit(values_, tails_, head_, origin_, full_);
        visit.index(next_, size_ - 1);
    }

private:
    static constexpr bool centred() {
        if constexpr (requires { Aggregate::centred; })
            return Aggregate::centred;
        else
            return false;
    }
    Aggregate of(const Item& x) const noexcept {
        if constexpr (centred())
            return Aggregate::of(x - origin_);
        else
            return Aggregate::of(x);
    }
    static Aggregate merge(const Aggregate& older, const Aggregate& newer, std::size_t in_older) noexcept {
        if constexpr (requires { Aggregate::merge(older, newer, 0.0); })
            return Aggregate::merge(older, newer, static_cast<double>(in_older));
        else
            return Aggregate::merge(older, newer);
    }

    void close_block() noexcept {
        origin_ = values_[size_ - 1];
        Aggregate tail{};
        for (std::size_t i = size_; i-- > 0;) tails_[i] = tail = merge(of(values_[i]), tail, 1);
        head_ = Aggregate{};
        next_ = 0;
        full_ = true;
    }

    std::size_t size_;
    std::size_t next_ = 0;  // values in the head
    bool full_ = false;
    std::vector<Item> values_;
    std::vector<Aggregate> tails_;  // tails_[i]: values i.. of the previous block
    Aggregate head_{};
    Item origin_{};
};

template <class V>
struct TotalOf {
    V sum{};
    V mean(double count) const noexcept { return divided(sum, count); }
    static TotalOf of(const V& x) noexcept { return {x}; }
    static TotalOf merge(const TotalOf& a, const TotalOf& b) noexcept { return {a.sum + b.sum}; }
};

// Weights 1, 2, …, n from the oldest to the newest.
template <class V>
struct WeightedSumOf {
    V sum{}, weighted{};
    V mean(double count) const noexcept { return divided(weighted, count * (count + 1) / 2); }
    static WeightedSumOf of(const V& x) noexcept { return {x, x}; }
    static WeightedSumOf merge(const WeightedSumOf& a, const WeightedSumOf& b, double in_a) noexcept {
        return {a.sum + b.sum, a.weighted + b.weighted + in_a * b.sum};
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
using Highest = HighestOf<double>;
using Lowest = LowestOf<double>;

// The value of `bars` bars ago.
template <class V>
class DelayOf {
public:
    explicit DelayOf(std::size_t bars) : bars_(bars), values_(bars) {}
    bool full() const noexcept { return full_; }
    const V& oldest() const noexcept { return values_[next_]; }  // only when full
    void push(const V& x) noexcept {
        if (bars_ == 0) return;
        values_[next_] = x;
        if (++next_ < bars_) return;
        next_ = 0;
        full_ = true;
    }

    void state(auto& visit) {
        visit(values_, full_);
        visit.index(next_, bars_);
    }

private:
    std::size_t bars_, next_ = 0;
    bool full_ = bars_ == 0;
    std::vector<V> values_;
};

using Delay = DelayOf<double>;

}  // namespace bourse::indicators
