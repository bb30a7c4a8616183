#include "core/column_steps.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/kind_names.hpp"

// Sanitizers' own start-up comes after the choice of the form.
#if defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
#define WIDE_REGISTERS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDE_REGISTERS
#endif

namespace bourse {
namespace {

constexpr const char* names[] = {"scale", "clip", "fill", "tanh", "finite", "drop", "power", "log", "exp"};
constexpr float missing = std::numeric_limits<float>::quiet_NaN();

}  // namespace

float ColumnStep::value(std::size_t column, float x) const noexcept {
    if (!on[column]) return x;
    switch (kind) {
        case Kind::scale:
            return static_cast<float>((static_cast<double>(x) - a[column]) / b[column]);
        case Kind::clip:  // a missing value stays missing: both comparisons fail
            return static_cast<double>(x) < a[column]   ? static_cast<float>(a[column])
                   : static_cast<double>(x) > b[column] ? static_cast<float>(b[column])
                                                        : x;
        case Kind::fill:
            return std::isnan(x) ? static_cast<float>(a[column]) : x;
        case Kind::tanh:
            return static_cast<float>(std::tanh(static_cast<double>(x) - a[column]));
        case Kind::finite:
            return std::isinf(x) ? missing : x;
        case Kind::drop:
            return missing;
        case Kind::power:
            return static_cast<float>(std::pow(static_cast<double>(x), a[column]));
        case Kind::log:  // exact near 0 where a is 1
            return static_cast<float>(a[column] == 0 ? std::log(static_cast<double>(x))
                                                     : std::log1p(static_cast<double>(x) + (a[column] - 1)));
        case Kind::exp:
            return static_cast<float>(std::exp(static_cast<double>(x)));
    }
    return x;
}

// Whole rows by loops without branches, which the compiler puts side by side, as many as the processor's registers
// hold; the values are those of value().
WIDE_REGISTERS void ColumnStep::apply(std::span<float> row) const noexcept {
    const std::size_t count = row.size();
    if (count == 0) return;
    float* const x = row.data();
    const double *const first = a.data(), *const second = b.data();
    const bool every_column = std::memchr(on.data(), 0, count) == nullptr;
    if (every_column && kind == Kind::scale) {
        for (std::size_t c = 0; c < count; ++c)
            x[c] = static_cast<float>((static_cast<double>(x[c]) - first[c]) / second[c]);
    } else if (every_column && kind == Kind::clip) {
        for (std::size_t c = 0; c < count; ++c) {
            const double wide = x[c];
            const double low = wide < first[c] ? first[c] : wide;
            x[c] = static_cast<float>(wide > second[c] && !(wide < first[c]) ? second[c] : low);
        }
    } else if (every_column && kind == Kind::fill) {
        for (std::size_t c = 0; c < count; ++c) x[c] = std::isnan(x[c]) ? static_cast<float>(first[c]) : x[c];
    } else {
        for (std::size_t c = 0; c < count; ++c) x[c] = value(c, x[c]);
    }
}

const char* kind_name(ColumnStep::Kind kind) noexcept { return name_of_kind(names, kind); }
bool read_kind(std::string_view name, ColumnStep::Kind& kind) noexcept { return kind_of_name(names, name, kind); }

void apply_steps(std::span<const ColumnStep> steps, std::span<float> row) noexcept {
    for (const auto& step : steps) step.apply(row);
}

}  // namespace bourse
