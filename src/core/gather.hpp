// Columns of a matrix that lies row by row.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace bourse {

// Columns that one line of the cache brings.
inline constexpr std::size_t columns_at_once = 16;

// The values of columns [first, first + to.size()) of a matrix of `width` columns that are not missing (NaN), in the
// order of the rows; rows for which wanted(row) is false are left out. Keeps the capacity of `to`.
template <class Wanted>
void gather_columns(std::span<const float> values, std::size_t width, std::size_t first, Wanted wanted,
                    std::span<std::vector<float>> to) {
    const std::size_t rows = values.size() / width, some = to.size();
    constexpr std::size_t ahead = 12;  // rows: the next one lies beyond what the processor foresees
    std::size_t taken[columns_at_once] = {};
    float* out[columns_at_once];
    for (std::size_t i = 0; i < some; ++i) {
        to[i].resize(rows + 1);  // one too many: what is missing is written over
        out[i] = to[i].data();
    }
    const float* row_of = values.data() + first;
    for (std::size_t row = 0; row < rows; ++row, row_of += width) {
        if (row + ahead < rows) {
            __builtin_prefetch(row_of + ahead * width);
            __builtin_prefetch(row_of + ahead * width + some - 1);
        }
        if (!wanted(row)) continue;
        for (std::size_t i = 0; i < some; ++i) {
            const float value = row_of[i];
            out[i][taken[i]] = value;
            taken[i] += !std::isnan(value);
        }
    }
    for (std::size_t i = 0; i < some; ++i) to[i].resize(taken[i]);
}

}  // namespace bourse
