// Rows with labels become what is trained on, chosen by and tested on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "datasets/matrix.hpp"
#include "datasets/split.hpp"

namespace bourse::datasets {

// What a model learns instead of the label: the label itself, or its place among the rows of the same timestamp.
enum class LabelNorm { none, zscore, rank };
LabelNorm read_label_norm(std::string_view name);  // Error(invalid_argument) for anything but none, zscore, rank

// Replaces labels[i] by its cross-sectional z-score (ddof 1; 0 where all are equal or alone) or by its midrank scaled
// to -0.5 … 0.5 (0 alone). ts: one a row, equal ones adjacent.
void normalise_labels(LabelNorm norm, std::span<const std::int64_t> ts, std::span<float> labels);

// Ordered by (ts, instrument); the matrix's labels are the outcomes as float32.
struct LabelledRows {
    Matrix matrix;
    std::vector<double> outcomes;         // the label, finite
    std::vector<std::int64_t> label_end;  // time of the last bar that the label reads; empty: not known
};

struct Dataset {
    struct Range {
        std::size_t from = 0, to = 0;  // rows
        std::size_t timestamps = 0;    // before the purge
        std::size_t purged = 0;        // rows taken out at its end
        std::size_t rows() const noexcept { return to - from; }
    };
    Matrix matrix;
    std::vector<double> outcomes;
    std::array<Range, span_count> spans;  // by Span
    std::size_t without_features = 0;     // rows dropped because every feature was missing
    std::size_t infinite_values = 0;      // features that were infinite and count as missing

    const Range& range(Span span) const { return spans[static_cast<std::size_t>(span)]; }
    MatrixView view(Span span) const { return matrix.view(range(span).from, range(span).to); }
};

inline constexpr std::size_t least_train_rows = 50;
inline constexpr std::size_t least_other_rows = 10;

// Errors: insufficient_data, with the counts of all spans, for fewer than least_train_rows rows to train on, or
// least_other_rows in another span.
void require_rows(const Dataset& dataset, Span span);

// Drops rows without any feature, splits by time, purges, normalises labels. Needs no second matrix.
// Without label_end and purge_bars nothing is purged.
// Errors: insufficient_data, with the counts, for fewer than least_train_rows rows to train on, or fewer than
// least_other_rows in another span whose share is above 0.
Dataset make_dataset(LabelledRows rows, const SplitOptions& split, LabelNorm norm);

}  // namespace bourse::datasets
