// What a trainer learns from: one row-major float32 matrix and what belongs to its rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/interrupt.hpp"
#include "core/large_vector.hpp"

namespace bourse::datasets {

// A run of rows of a Matrix; valid as long as the matrix is.
struct MatrixView {
    std::span<const float> values;     // rows × columns, row-major; NaN is missing
    std::span<const float> labels;     // one a row, finite
    std::span<const std::int64_t> ts;  // one a row, ascending, microseconds since 1970
    std::span<const std::int32_t> instruments;
    std::size_t columns = 0;

    std::size_t rows() const noexcept { return labels.size(); }
};

// Rows ordered by (ts, instrument), so that a span of time is a run of rows and so is one timestamp.
class Matrix {
public:
    explicit Matrix(std::size_t columns) : columns_(columns) {}

    // All rows at once, values missing, labels 0: for filling in any order through row().
    void resize(std::size_t rows);
    void resize_unset(std::size_t rows);  // the same, but values have none yet: every row is to be filled
    void append(std::int64_t ts, std::int32_t instrument, float label);  // values missing

    std::span<float> row(std::size_t index) { return {values_.data() + index * columns_, columns_}; }
    void set(std::size_t index, std::int64_t ts, std::int32_t instrument, float label);

    // Keeps the rows whose entry is not 0, in their order, in the same memory. keep: one entry a row.
    void retain(std::span<const std::uint8_t> keep, const CheckInterrupts& interrupts = {});

    std::size_t rows() const noexcept { return labels_.size(); }
    std::size_t columns() const noexcept { return columns_; }
    std::span<float> labels() noexcept { return labels_; }
    MatrixView view(std::size_t from, std::size_t to) const;
    MatrixView view() const { return view(0, rows()); }

private:
    std::size_t columns_;
    LargeVector<float> values_;
    std::vector<float> labels_;
    std::vector<std::int64_t> ts_;
    std::vector<std::int32_t> instruments_;
};

// Share of missing values per column; 1 for a column that has none. Empty for no rows.
std::vector<double> missing_ratios(const MatrixView& view);

// Turns infinite values into missing ones and says how many there were: XGBoost refuses them.
std::size_t drop_infinities(std::span<float> values) noexcept;

}  // namespace bourse::datasets
