// What an indicator tells the outside about itself, and the rules that all of them share.
//
// A kernel is a class made for one series, fed bar by bar, oldest first, all prices in one unit:
//
//   class Rsi : public Streaming<Rsi> {
//       static constexpr Info info;                               what it is; the SQL functions follow from it
//       static int lookback(std::span<const double> params);      bars without a value before the first one
//       explicit Rsi(std::span<const double> params);             params as in info.params, checked by check_params
//       void step(const double* in, double* out) noexcept;        one bar without a gap; writes out once it is warm
//   };
//
// update() is step() behind the gap rule: a bar with an input that is not finite (NULL in SQL) gives NaN in every
// output and leaves the state as it was, so that the lookback counts bars without a gap. Every buffer is reserved by
// the constructor: update() never allocates. It costs O(1), amortised where a window is kept, unless the kernel says
// otherwise. Equal inputs give equal bits.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <span>
#include <string_view>

#include "indicators/numbers.hpp"

namespace bourse::indicators {

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// A short constexpr list.
template <class T>
class Few {
public:
    static constexpr std::size_t capacity = 8;
    constexpr Few() : size_(0) {}
    constexpr Few(std::initializer_list<T> items) : size_(items.size()) {
        std::size_t i = 0;
        for (const T& item : items) items_[i++] = item;
    }
    constexpr const T* begin() const { return items_.data(); }
    constexpr const T* end() const { return items_.data() + size_; }
    constexpr std::size_t size() const { return size_; }
    constexpr const T& operator[](std::size_t i) const { return items_[i]; }

private:
    std::array<T, capacity> items_{};
    std::size_t size_;
};

struct Param {
    std::string_view name;  // TA-Lib's, in lower case
    double fallback = 0, lowest = 0, highest = 0;
    bool integer = false;
    bool average = false;             // a kind of moving average, see average.hpp; lowest and highest are not used
    Few<std::string_view> choices{};  // names of the values 0, 1, ...; SQL takes them as text
};

// The bars that a window or a smoothing counts.
constexpr Param period(std::string_view name, int fallback, int lowest = 1) {
    return {name, static_cast<double>(fallback), static_cast<double>(lowest), 100'000, true};
}
constexpr Param multiplier(std::string_view name, double fallback) { return {name, fallback, -3e37, 3e37}; }
// Whose conventions to follow; the first is the source's.
constexpr Param profile(std::initializer_list<std::string_view> names) {
    return {"profile", 0, 0, static_cast<double>(names.size() - 1), true, false, names};
}
constexpr Param average_kind(std::string_view name, int fallback) {
    return {name, static_cast<double>(fallback), 0, 0, true, true};
}

// TA-Lib's MAType and its numbers; their averages are in average.hpp.
enum class AverageKind { sma, ema, wma, dema, tema, trima, kama, mama, t3, hma, none, own, zlema, rma };
struct AverageName {
    AverageKind kind;
    std::string_view name;
};
inline constexpr AverageName average_names[] = {
    {AverageKind::sma, "sma"},     {AverageKind::ema, "ema"},   {AverageKind::wma, "wma"},
    {AverageKind::dema, "dema"},   {AverageKind::tema, "tema"}, {AverageKind::trima, "trima"},
    {AverageKind::kama, "kama"},   {AverageKind::mama, "mama"}, {AverageKind::t3, "t3"},
    {AverageKind::hma, "hma"},     {AverageKind::none, "none"}, {AverageKind::own, "the indicator's own"},
    {AverageKind::zlema, "zlema"}, {AverageKind::rma, "rma"}};

// What a number is measured in. The powers say how it grows with the prices and with the volume: a list-wide test holds
// every output to them.
struct Unit {
    std::string_view name;
    int price = 0, volume = 0;
};

namespace unit {

inline constexpr Unit price{"price", 1};  // of the input series, whatever that is
inline constexpr Unit price_squared{"price squared", 2}, price_per_bar{"price a bar", 1};
inline constexpr Unit volume{"volume", 0, 1}, money{"price * volume", 1, 1}, price_per_volume{"price / volume", 1, -1};
inline constexpr Unit percent{"percent"}, ratio{"ratio"}, number{"number"}, bars{"bars"};
inline constexpr Unit radians{"radians"}, degrees{"degrees"};
inline constexpr Unit flag{"0 or 1"}, signal{"signal"};  // a signal: 0, or a strength with the sign of a direction

}  // namespace unit

inline constexpr double unbounded_below = -std::numeric_limits<double>::infinity();
inline constexpr double unbounded_above = std::numeric_limits<double>::infinity();

// The bounds hold, but for rounding, on valid bars (0 < low <= open, close <= high, volume >= 0) with the default
// profile and kinds of average and with no multiplier below 0.
struct Output {
    std::string_view name;
    Unit unit;
    double lowest = unbounded_below, highest = unbounded_above;
};

inline constexpr std::string_view gaps_are_skipped =
    "a bar with a NULL, NaN or infinite input gives NULL and is skipped, the state is carried";

struct Info {
    std::string_view name;         // of the SQL function in schema ta
    std::string_view family;       // TA-Lib's group
    std::string_view summary;      // becomes COMMENT ON FUNCTION
    Few<std::string_view> inputs;  // "price" (any series) or open, high, low, close, volume, in that order
    Few<Param> params;             // in TA-Lib's order
    Few<Output> outputs;
    std::string_view formula;         // with the seed
    std::string_view source;          // whose values the defaults give
    std::string_view deviation = {};  // where it differs from the source on gap-free input; empty: nowhere
    std::string_view undefined = {};  // where it has no value after the warm-up; empty: nowhere
    std::string_view gap_rule = gaps_are_skipped;
};

// Whether params, which end with a profile, ask for the one of that name.
inline bool profile_is(const Info& info, std::span<const double> params, std::string_view name) {
    return info.params[params.size() - 1].choices[static_cast<std::size_t>(params.back())] == name;
}

// Throws invalid_argument with the accepted range for a wrong count, a value outside its range, one that is not whole.
void check_params(const Info& info, std::span<const double> params);

// The indicator's own kind of average put in for AverageKind::own. `params` passed check_params.
class SettledParams {
public:
    SettledParams(const Info& info, std::span<const double> params) : size_(params.size()) {
        for (std::size_t i = 0; i < size_; ++i) {
            const bool own = info.params[i].average && params[i] == static_cast<double>(AverageKind::own);
            values_[i] = own ? info.params[i].fallback : params[i];
        }
    }
    std::span<const double> values() const { return std::span(values_).first(size_); }

private:
    std::array<double, Few<double>::capacity> values_{};
    std::size_t size_;
};

// The gap rule for all kernels. in.size() == info.inputs.size(), out.size() == info.outputs.size().
template <class Kernel>
class Streaming {
public:
    void update(std::span<const double> in, std::span<double> out) noexcept {
        for (double& value : out) value = missing;
        for (const double value : in)
            if (!std::isfinite(value)) return;
        static_cast<Kernel*>(this)->step(in.data(), out.data());
    }
};

}  // namespace bourse::indicators
