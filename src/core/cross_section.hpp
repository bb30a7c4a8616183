// What is done to all rows of one timestamp together, column by column, between the features as they are stored and a
// model: the same code when a dataset is made and when its model predicts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "core/column_steps.hpp"

namespace bourse {

struct CrossStep {
    enum class Kind : std::uint8_t {
        infinities,      // infinite: the mean of the finite values
        fill,            // missing: the mean
        rank,            // (average rank / count - 0.5) × 3.46
        z_score,         // (x - mean) / deviation, ddof 1
        robust_z_score,  // (x - median) / (1.4826 × median absolute deviation), cut to ±3
        neutralise,      // what a least-squares fit of the exposures and a constant leaves over
        median_scale,    // (x - median) / (1.4826 × median absolute deviation)
        shrink           // beyond ±3: 3 + (x - 3) / (largest - 3) / 2, and the same below
    };
    static constexpr std::uint8_t left_alone = 0, changed = 1, exposure = 2;

    Kind kind = Kind::z_score;
    std::vector<std::uint8_t> on;  // one a column: left_alone, changed or exposure

    // rows: row-major, on.size() columns each, all of one timestamp; NaN is missing.
    void apply(std::span<float> rows) const;
};

const char* kind_name(CrossStep::Kind kind) noexcept;
// False for a name that is no kind.
bool read_kind(std::string_view name, CrossStep::Kind& kind) noexcept;

// One column at one timestamp after the other: values in row order, missing ones NaN.
class CrossChange {
public:
    using Column = std::vector<double>;

    // exposures: of neutralise; columns of the same rows as those that are changed.
    explicit CrossChange(CrossStep::Kind kind, std::vector<Column> exposures = {});
    void operator()(Column& values) const;

private:
    void neutralise(Column& values) const;

    CrossStep::Kind kind_;
    std::vector<Column> exposures_;       // a constant before them
    std::vector<std::uint8_t> complete_;  // rows with all of them finite
};

using PreparationStep = std::variant<ColumnStep, CrossStep>;

}  // namespace bourse
