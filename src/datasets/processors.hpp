// Qlib's processors: what is done to features and labels between their evaluation and a model.
// Source: Microsoft Qlib, qlib/data/dataset/processor.py at d5379c5; effects and traps: docs/reference/datasets.md.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/cross_section.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "datasets/matrix.hpp"

namespace bourse::datasets {

enum class Group : std::uint8_t { all, feature, label };

struct Processor {
    enum class Kind : std::uint8_t {
        drop_missing,  // DropnaProcessor, DropnaLabel: rows with a missing value in the group
        drop_columns,  // DropCol; FilterCol is its complement inside the group
        keep_columns,
        tanh,            // TanhProcess: tanh(x - 1), never the label
        infinities,      // ProcessInf: of a timestamp, the mean of its finite values
        fill,            // Fillna
        min_max,         // MinMaxNorm, fitted
        z_score,         // ZScoreNorm, fitted, ddof 0
        robust_z_score,  // RobustZScoreNorm, fitted: median, 1.4826 × median absolute deviation; clipped to ±3
        winsorise,       // Winsorize, fitted: clipped to two quantiles
        cs_z_score,      // CSZScoreNorm, by timestamp, ddof 1; method robust as robust_z_score, without its epsilon
        cs_rank,         // CSRankNorm, by timestamp: (average rank / count - 0.5) × 3.46
        cs_fill,         // CSZFillna, by timestamp: missing ones get the mean
        neutralise,      // Neutralize, by timestamp: what a least-squares fit of exposures does not explain
        section,         // ConfigSectionProcessor, by timestamp: each family of Alpha158's features in its own way
        time_range,      // TimeRangeFlt: rows of instruments that have no bars at one of two times
        nothing          // HashStockFormat: changes Qlib's storage only
    };
    Kind kind;
    std::string name;  // Qlib's, or ours
    Group group = Group::all;
    std::vector<std::string> columns;  // of drop_columns, keep_columns; exposures of neutralise
    bool robust = false;
    bool clip_outlier = true;
    double fill_value = 0;
    double lower = 0.01, upper = 0.99;             // quantiles
    std::optional<std::int64_t> start_us, end_us;  // of time_range
    struct {
        bool fill_feature = true, fill_label = true, clip_feature = false, clip_label = false, shrink_feature = true;
    } of_section;

    bool fitted() const noexcept;        // learns from the train span
    bool by_timestamp() const noexcept;  // a value depends on the other rows of its ts
    bool touches_features() const noexcept;
    bool touches_label() const noexcept;
};

// infer: on every row. learn: afterwards, on train and valid only, as Qlib's learn_processors in "append" mode.
struct ProcessorLists {
    std::vector<Processor> infer, learn;
};

// Reads [ …] (those that drop rows or change only the label are learned with, the others infer) or {"infer": […],
// "learn": […]}; an element is a name, {"name": …, its arguments} or Qlib's {"class": …, "kwargs": {…}}.
// Errors: unknown_option for a processor or a key that nobody knows, invalid_argument for values out of range.
ProcessorLists read_processors(const nlohmann::json& processors);
nlohmann::json to_json(const ProcessorLists& lists);
// Columns that are no features: unknown_feature, with the nearest.
void require_columns(const ProcessorLists& lists, std::span<const std::string> features);

// What a processor did: features, then the label as the last column.
struct Applied {
    const Processor* processor = nullptr;
    std::vector<ColumnStep> steps;    // to single columns; empty for the others
    std::optional<CrossStep> across;  // to the rows of each timestamp
};

// What a fitted processor has learned of a feature already; both NaN: the column has no value.
struct KnownFit {
    bool known = false;
    double a = 0, b = 0;
};

// One row range of a matrix, in which rows of one ts are adjacent.
struct ProcessedRows {
    Matrix& matrix;
    std::span<const std::string> features;  // names of its columns
    std::span<const std::uint8_t> fit;      // one a row: 1 where a fitted processor learns from it
    std::span<std::uint8_t> keep;           // one a row: rows of 0 are not there; drop_missing clears
    std::span<std::uint8_t> dropped;        // one a column: 1 once DropCol or FilterCol has taken it out
    std::size_t from = 0;                   // rows that are changed
    std::size_t to = std::numeric_limits<std::size_t>::max();
    // Steps to single columns wait here, where it is given, until values are looked at: each row is changed once.
    std::vector<ColumnStep>* waiting = nullptr;
    std::span<const KnownFit> known = {};  // of the first processor; empty, or one a feature
    Parallel parallel = {};
};

// Does what waits.
void apply_waiting(ProcessedRows& rows, const CheckInterrupts& interrupts = {});

// Whether fit_sorted knows what this one learns.
bool fits_sorted(const Processor& processor) noexcept;
// What it learns of a column whose values, without the missing ones, are in ascending order.
KnownFit fit_sorted(const Processor& processor, std::span<const float> sorted);

// Fits, then changes values, labels and keep in place. Missing values are NaN, infinities allowed.
// Source of each formula: above. Errors: insufficient_data when a fitted one has no row to learn from.
// Gives what it did in turn: one thing, of a section as many as it needs.
std::vector<Applied> process(const Processor& processor, ProcessedRows& rows, const CheckInterrupts& interrupts = {});

// What some processors did to the features, for a model. Where none but ProcessInf looks at other rows, that one
// becomes "infinite is missing", and rows can be predicted one by one.
std::vector<PreparationStep> feature_steps(std::span<const Applied> applied, std::size_t columns);
// Whether a prediction needs the other rows of its timestamp.
bool needs_cross_section(std::span<const PreparationStep> steps) noexcept;

}  // namespace bourse::datasets
