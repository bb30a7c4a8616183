// The values of a sliding window in order: insert, remove, k-th value and rank of a row.
// -0 counts, and comes back, as 0. Small windows are a sorted array; large ones a Fenwick tree over the ranks of the
// whole column, O(log n) each.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "factors/operators/window.hpp"

namespace bourse::factors {

class SortedWindow {
public:
    // `largest`: rows that the window holds at most. Rows that are missing must not be inserted.
    SortedWindow(const Column& x, std::size_t rows, std::size_t largest, Work& work) : x_(x), use_tree_(largest > 256) {
        if (!use_tree_) {
            values_.reserve(largest + 1);
            return;
        }
        for (std::size_t i = 0; i < rows; ++i)
            if (present(x[i])) distinct_.push_back(x[i] + 0.0);
        sort_in_runs(work);
        distinct_.erase(std::unique(distinct_.begin(), distinct_.end()), distinct_.end());
        counts_.assign(distinct_.size() + 1, 0);
        rank_.resize(rows);
        for (std::size_t i = 0; i < rows; ++i) {
            if (present(x[i]))
                rank_[i] = static_cast<std::uint32_t>(std::lower_bound(distinct_.begin(), distinct_.end(), x[i]) -
                                                      distinct_.begin());
            work.done(16);
        }
    }

    std::size_t size() const noexcept { return use_tree_ ? size_ : values_.size(); }

    void insert(std::size_t row) {
        if (use_tree_)
            change(row, 1);
        else
            values_.insert(std::upper_bound(values_.begin(), values_.end(), x_[row]), x_[row] + 0.0);
    }

    void remove(std::size_t row) {
        if (use_tree_)
            change(row, -1);
        else
            values_.erase(std::lower_bound(values_.begin(), values_.end(), x_[row]));
    }

    // k from 0, below size().
    double kth(std::size_t k) const {
        if (!use_tree_) return values_[k];
        std::size_t at = 0;
        auto left = static_cast<std::int64_t>(k);
        for (std::size_t step = std::bit_floor(counts_.size() - 1); step > 0; step /= 2)
            if (at + step < counts_.size() && counts_[at + step] <= left) {
                at += step;
                left -= counts_[at];
            }
        return distinct_[at];
    }

    // How many values are less than the row's and how many equal it.
    std::pair<std::size_t, std::size_t> less_and_equal(std::size_t row) const {
        if (use_tree_) {
            const auto less = below(rank_[row]);
            return {less, below(rank_[row] + std::size_t{1}) - less};
        }
        const auto [from, to] = std::equal_range(values_.begin(), values_.end(), x_[row]);
        return {static_cast<std::size_t>(from - values_.begin()), static_cast<std::size_t>(to - from)};
    }

private:
    // A column may have millions of rows: a cancellation is looked for between the runs.
    void sort_in_runs(Work& work) {
        constexpr std::size_t run = 1 << 15;
        const std::size_t size = distinct_.size();
        const auto at = [&](std::size_t i) {
            return distinct_.begin() + static_cast<std::ptrdiff_t>(std::min(i, size));
        };
        for (std::size_t i = 0; i < size; i += run) std::sort(at(i), at(i + run)), work.done(16 * run);
        for (std::size_t width = run; width < size; width *= 2)
            for (std::size_t i = 0; i < size; i += 2 * width) {
                std::inplace_merge(at(i), at(i + width), at(i + 2 * width));
                work.done(4 * width);
            }
    }

    void change(std::size_t row, int by) {
        size_ += static_cast<std::size_t>(by);
        for (std::size_t i = rank_[row] + std::size_t{1}; i < counts_.size(); i += i & (~i + 1)) counts_[i] += by;
    }
    std::size_t below(std::size_t rank) const {
        std::int64_t sum = 0;
        for (std::size_t i = rank; i > 0; i -= i & (~i + 1)) sum += counts_[i];
        return static_cast<std::size_t>(sum);
    }

    Column x_;
    bool use_tree_;
    std::vector<double> values_;
    std::vector<double> distinct_;
    std::vector<std::int64_t> counts_;
    std::vector<std::uint32_t> rank_;
    std::size_t size_ = 0;
};

}  // namespace bourse::factors
