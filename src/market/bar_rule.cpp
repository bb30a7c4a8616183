#include "market/bar_rule.hpp"

#include <algorithm>
#include <cmath>

#include "market/frequency.hpp"

namespace bourse::market {
namespace {

constexpr std::size_t longest_symbol = 64;
constexpr std::int64_t year_one_us = -62135596800000000;  // 0001-01-01 UTC

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// Counts characters, not bytes: continuation bytes of UTF-8 do not count.
std::size_t length_of(std::string_view text) noexcept {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool bad_symbol(std::string_view symbol) noexcept {
    return symbol.empty() || (symbol.size() > longest_symbol && length_of(symbol) > longest_symbol) ||
           std::any_of(symbol.begin(), symbol.end(), is_control);
}

bool bad_time(const RawBar& row) noexcept {
    if (*row.ts == time_infinity || *row.ts < year_one_us) return true;
    return row.known_at && (*row.known_at == time_infinity || *row.known_at < *row.ts);
}

bool bad_number(const RawBar& row) noexcept {
    for (const Number* price : {&row.open, &row.high, &row.low, &row.close})
        if (!std::isfinite(price->value)) return true;
    for (const Number* quantity : {&row.volume, &row.amount})
        if (quantity->present && std::isinf(quantity->value)) return true;
    return row.adj_factor.present && !std::isfinite(row.adj_factor.value);
}

}  // namespace

std::string_view broken_rule(const RawBar& row, std::int64_t now_us) noexcept {
    if (bad_symbol(row.symbol)) return "unknown_symbol";
    const auto freq = frequency_named(row.freq);
    if (!freq) return "unknown_frequency";
    if (!row.ts || !row.open.present || !row.high.present || !row.low.present || !row.close.present)
        return "missing_value";
    if (bad_time(row)) return "bad_time";
    if (bad_number(row)) return "bad_number";
    const bool inside_day = *freq < Frequency::d1;
    if (inside_day && row.on_session_grid ? !*row.on_session_grid : !on_grid(*freq, *row.ts)) return "off_grid";
    if (*row.ts > now_us) return "future_time";
    const double open = row.open.value, high = row.high.value, low = row.low.value, close = row.close.value;
    if (open <= 0 || high <= 0 || low <= 0 || close <= 0 || (row.adj_factor.present && row.adj_factor.value <= 0))
        return "nonpositive_price";
    if (high < open || high < close || low > open || low > close) return "high_low_order";
    if ((row.volume.present && row.volume.value < 0) || (row.amount.present && row.amount.value < 0))
        return "negative_volume";
    return {};
}

}  // namespace bourse::market
