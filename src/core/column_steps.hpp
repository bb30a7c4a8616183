// What is done to single values, column by column, between the features as they are stored and a model: the same code
// when a dataset is made and when its model predicts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace bourse {

struct ColumnStep {
    enum class Kind : std::uint8_t {
        scale,   // (x - a) / b, in double, rounded to float
        clip,    // min(max(x, a), b)
        fill,    // a where x is missing
        tanh,    // tanh(x - a)
        finite,  // missing where x is infinite
        drop,    // missing
        power,   // x to the power a
        log,     // log(x + a)
        exp      // exp(x)
    };
    Kind kind = Kind::scale;
    std::vector<std::uint8_t> on;  // one a column: 0 leaves the column alone
    std::vector<double> a, b;      // one a column; what a kind does not read is 0

    ColumnStep() = default;
    ColumnStep(Kind k, std::size_t columns) : kind(k), on(columns, 0), a(columns, 0), b(columns, 0) {}

    std::size_t columns() const noexcept { return on.size(); }
    void set(std::size_t column, double first = 0, double second = 0) {
        on[column] = 1;
        a[column] = first;
        b[column] = second;
    }
    float value(std::size_t column, float x) const noexcept;
    // The first row.size() columns of a row; a step may have more.
    void apply(std::span<float> row) const noexcept;
};

const char* kind_name(ColumnStep::Kind kind) noexcept;
// False for a name that is no kind.
bool read_kind(std::string_view name, ColumnStep::Kind& kind) noexcept;

void apply_steps(std::span<const ColumnStep> steps, std::span<float> row) noexcept;

}  // namespace bourse
