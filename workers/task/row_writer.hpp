// Writes rows of features into the table of stored ones.
#pragma once

#include <bit>
#include <cstring>
#include <span>
#include <vector>

#include "factors/panel.hpp"
#include "workers/common/copy_binary.hpp"

namespace bourse::workers {

static_assert(std::endian::native == std::endian::little, "fvec travels as little-endian");

// Rows straight into the table: while the server stores them the next ones are computed. Until finish() the connection
// is the writer's.
class RowWriter {
public:
    RowWriter(Connection& connection, int feature_set_id, std::size_t features)
        : copy_(connection,
                "COPY bourse.feature_value (feature_set_id, instrument_id, ts, available_at, features) FROM STDIN "
                "(FORMAT binary)",
                CopyWriter::Sending::ahead),
          feature_set_id_(feature_set_id),
          features_(features),
          tile_(tile_rows * row_bytes()) {}

    // Rows [first, first + asked) of a series; `columns` as Evaluator::run leaves them.
    void add(const factors::Series& series, std::size_t first, std::size_t asked, std::span<const double> columns) {
        for (std::size_t at = 0; at < asked; at += tile_rows) {
            const std::size_t rows = std::min(tile_rows, asked - at);
            turn(columns, asked, at, rows);
            for (std::size_t r = 0; r < rows; ++r) put(series, first + at + r, r);
        }
    }
    // All asked rows of a series, float32, row after row.
    void add(const factors::Series& series, std::span<const float> values) {
        const auto length = static_cast<std::uint32_t>(features_);
        std::memcpy(tile_.data(), &length, sizeof length);
        for (std::size_t row = series.first; row < series.last; ++row) {
            std::memcpy(tile_.data() + sizeof length, values.data() + (row - series.first) * features_,
                        features_ * sizeof(float));
            put(series, row, 0);
        }
    }
    std::int64_t finish() { return copy_.finish(); }

private:
    void put(const factors::Series& series, std::size_t row, std::size_t of_tile) {
        copy_.row(5);
        copy_.int4(feature_set_id_);
        copy_.int4(series.instrument_id);
        copy_.timestamptz(series.ts_us[row]);
        copy_.timestamptz(series.available_us[row]);
        copy_.bytes(std::span(tile_).subspan(of_tile * row_bytes(), row_bytes()));
    }

    // So many rows that each column gives whole cache lines, and that the rows stay in the first cache.
    static constexpr std::size_t tile_rows = 16;

    std::size_t row_bytes() const { return sizeof(std::uint32_t) + features_ * sizeof(float); }

    // Columns of double to rows in fvec's binary form.
    void turn(std::span<const double> columns, std::size_t stride, std::size_t at, std::size_t rows) {
        const auto length = static_cast<std::uint32_t>(features_);
        for (std::size_t r = 0; r < rows; ++r) std::memcpy(tile_.data() + r * row_bytes(), &length, sizeof length);
        for (std::size_t c = 0; c < features_; ++c) {
            const double* from = columns.data() + c * stride + at;
            std::byte* to = tile_.data() + sizeof length + c * sizeof(float);
            for (std::size_t r = 0; r < rows; ++r) {
                const auto value = static_cast<float>(from[r]);
                std::memcpy(to + r * row_bytes(), &value, sizeof value);
            }
        }
    }

    CopyWriter copy_;
    int feature_set_id_;
    std::size_t features_;
    std::vector<std::byte> tile_;
};

}  // namespace bourse::workers
