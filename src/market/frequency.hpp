// Lengths of bars and the grid on which they start.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bourse::market {

enum class Frequency { m1, m5, m15, m30, h1, h4, d1, w1, mo1 };

inline constexpr std::array<std::string_view, 9> frequency_names{"1m", "5m", "15m", "30m", "1h",
                                                                 "4h", "1d", "1w",  "1mo"};

constexpr std::string_view name_of(Frequency freq) noexcept { return frequency_names[static_cast<std::size_t>(freq)]; }

// Exactly one of frequency_names; empty for anything else.
std::optional<Frequency> frequency_named(std::string_view name) noexcept;

// What people and other tools write: day, 5min, 60m, D, 1M (a month, as exchanges write it), in any case but that of
// 1M.
std::optional<Frequency> parse_frequency(std::string_view text);

// Length in microseconds; of a month 0, because it varies.
std::int64_t step_us(Frequency freq) noexcept;

// Whether a bar may start at `unix_us` around the clock: multiples of the step from the epoch, weeks from Monday,
// months from the first, all in UTC.
bool on_grid(Frequency freq, std::int64_t unix_us) noexcept;

// Start of the bar that ends at `close_us`: one step before.
std::int64_t open_of(Frequency freq, std::int64_t close_us) noexcept;

}  // namespace bourse::market
