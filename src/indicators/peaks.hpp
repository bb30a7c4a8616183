// The bar of the highest value of a window.
#pragma once

#include <cstddef>
#include <vector>

namespace bourse::indicators {

// Of equal extremes the latest counts where it came in beside the extreme of the bar before; when that leaves the
// window, the earliest of the next does (TA-Lib's order of search). `side` -1 looks for the lowest. O(1) amortised.
class Peak {
public:
    Peak(std::size_t size, int side) : side_(side), size_(size), queue_(size) {}

    void push(double x) noexcept {
        const Candidate newest{side_ * x, now_};
        const double first_bar = now_ + 1 - static_cast<double>(size_);
        if (count_ > 0 && queue_[first_].bar < first_bar) {
            first_ = first_ + 1 == size_ ? 0 : first_ + 1;
            --count_;
        }
        while (count_ > 0 && queue_[(first_ + count_ - 1) % size_].value < newest.value) --count_;
        queue_[(first_ + count_++) % size_] = newest;
        if (now_ > 0 && best_.bar < first_bar)
            best_ = queue_[first_];
        else if (now_ == 0 || newest.value >= best_.value)
            best_ = newest;
        ++now_;
    }
    bool full() const noexcept { return now_ >= static_cast<double>(size_); }
    double bar() const noexcept { return best_.bar; }  // 0 is the first of the series

    void state(auto& visit) {
        visit(queue_, best_, now_);
        visit.index(first_, size_);
        visit.index(count_, size_);
    }

private:
    struct Candidate {
        double value, bar;
    };
    double side_;
    std::size_t size_, first_ = 0, count_ = 0;
    std::vector<Candidate> queue_;  // a ring: values that never rise, oldest first
    Candidate best_{0, 0};
    double now_ = 0;  // bars seen
};

}  // namespace bourse::indicators
