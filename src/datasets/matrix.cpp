#include "datasets/matrix.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>

namespace bourse::datasets {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t rows_between_checks = 4096;

}  // namespace

void Matrix::resize(std::size_t rows) {
    values_.resize(rows * columns_, missing);
    resize_unset(rows);
}

void Matrix::resize_unset(std::size_t rows) {
    values_.resize(rows * columns_);
    labels_.resize(rows);
    ts_.resize(rows);
    instruments_.resize(rows);
}

void Matrix::append(std::int64_t ts, std::int32_t instrument, float label) {
    values_.resize(values_.size() + columns_, missing);
    labels_.push_back(label);
    ts_.push_back(ts);
    instruments_.push_back(instrument);
}

void Matrix::set(std::size_t index, std::int64_t ts, std::int32_t instrument, float label) {
    ts_[index] = ts;
    instruments_[index] = instrument;
    labels_[index] = label;
}

void Matrix::retain(std::span<const std::uint8_t> keep, const CheckInterrupts& interrupts) {
    assert(keep.size() == rows());
    std::size_t kept = 0;
    for (std::size_t i = 0; i < keep.size(); ++i) {
        if (i % rows_between_checks == 0) check(interrupts);
        if (!keep[i]) continue;
        if (kept != i) {
            std::copy_n(values_.begin() + static_cast<std::ptrdiff_t>(i * columns_), columns_,
                        values_.begin() + static_cast<std::ptrdiff_t>(kept * columns_));
            set(kept, ts_[i], instruments_[i], labels_[i]);
        }
        ++kept;
    }
    resize(kept);
}

MatrixView Matrix::view(std::size_t from, std::size_t to) const {
    assert(from <= to && to <= rows());
    const auto part = [&](const auto& all) { return std::span(all).subspan(from, to - from); };
    return {std::span(values_).subspan(from * columns_, (to - from) * columns_), part(labels_), part(ts_),
            part(instruments_), columns_};
}

std::vector<double> missing_ratios(const MatrixView& view) {
    std::vector<double> counts(view.columns, 0.0);
    if (view.rows() == 0) return {};
    for (std::size_t i = 0; i < view.values.size(); ++i) counts[i % view.columns] += std::isnan(view.values[i]);
    for (auto& count : counts) count /= static_cast<double>(view.rows());
    return counts;
}

// Mostly there is none: counting them needs no branch.
std::size_t drop_infinities(std::span<float> values) noexcept {
    std::size_t dropped = 0;
    for (const float value : values) dropped += (std::bit_cast<std::uint32_t>(value) & 0x7fffffffU) == 0x7f800000U;
    if (dropped > 0)
        for (auto& value : values)
            if (std::isinf(value)) value = missing;
    return dropped;
}

}  // namespace bourse::datasets
