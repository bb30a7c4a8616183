// The last N values in order of size.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace bourse::indicators {

// A bar costs a search and a move of up to N values.
class SortedWindow {
public:
    explicit SortedWindow(std::size_t size) : size_(size) {
        sorted_.reserve(size);
        values_.reserve(size);
    }
    void push(double x) noexcept {
        if (values_.size() < size_) {
            values_.push_back(x);
        } else {
            sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), values_[next_]));
            values_[next_] = x;
        }
        next_ = next_ + 1 == size_ ? 0 : next_ + 1;
        sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), x), x);
    }
    bool full() const noexcept { return values_.size() == size_; }
    double at(std::size_t rank) const noexcept { return sorted_[rank]; }  // 0 is the lowest
    std::size_t below(double x) const noexcept {
        return static_cast<std::size_t>(std::lower_bound(sorted_.begin(), sorted_.end(), x) - sorted_.begin());
    }

    void state(auto& visit) {
        visit(values_, sorted_);
        visit.index(next_, size_);
    }

private:
    std::size_t size_, next_ = 0;
    std::vector<double> values_, sorted_;
};

}  // namespace bourse::indicators
