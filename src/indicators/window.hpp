// The last N values and an aggregate over them, O(1) amortised a bar.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

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

struct Total {
    double count = 0, sum = 0;
    double mean() const noexcept { return sum / count; }
    static Total of(double x) noexcept { return {1, x}; }
    static Total merge(const Total& a, const Total& b) noexcept { return {a.count + b.count, a.sum + b.sum}; }
};

// Weights 1, 2, …, n from the oldest to the newest.
struct WeightedSum {
    double count = 0, sum = 0, weighted = 0;
    double mean() const noexcept { return weighted / (count * (count + 1) / 2); }
    static WeightedSum of(double x) noexcept { return {1, x, x}; }
    static WeightedSum merge(const WeightedSum& a, const WeightedSum& b) noexcept {
        return {a.count + b.count, a.sum + b.sum, a.weighted + b.weighted + a.count * b.sum};
    }
};

// Mean and sum of squared deviations (Chan, Golub, LeVeque 1979): no difference of large squares, and a constant
// window has exactly its value as mean and exactly no deviation.
struct Moments {
    double count = 0, mean = 0, squares = 0;
    double variance() const noexcept { return squares / count; }  // of a population
    static Moments of(double x) noexcept { return {1, x, 0}; }
    static Moments merge(const Moments& a, const Moments& b) noexcept {
        if (a.count == 0) return b;
        if (b.count == 0) return a;
        const double count = a.count + b.count, apart = b.mean - a.mean, share = b.count / count;
        return {count, a.mean + apart * share, a.squares + b.squares + apart * apart * a.count * share};
    }
};

struct Highest {
    double value = -std::numeric_limits<double>::infinity();
    static Highest of(double x) noexcept { return {x}; }
    static Highest merge(const Highest& a, const Highest& b) noexcept { return {std::max(a.value, b.value)}; }
};

struct Lowest {
    double value = std::numeric_limits<double>::infinity();
    static Lowest of(double x) noexcept { return {x}; }
    static Lowest merge(const Lowest& a, const Lowest& b) noexcept { return {std::min(a.value, b.value)}; }
};

// The value of `bars` bars ago.
class Delay {
public:
    explicit Delay(std::size_t bars) : bars_(bars) { values_.reserve(bars); }
    bool full() const noexcept { return values_.size() == bars_; }
    double oldest() const noexcept { return values_[next_]; }  // only when full
    void push(double x) noexcept {
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
    std::vector<double> values_;
};

}  // namespace bourse::indicators
