// Codes of Chinese exchanges in the ways that people and programs write them, and from one to the other.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace bourse::market {

// qlib SH600000 · lower sh600000 · suffix 600000.SH · yahoo 600000.SS · mic 600000.XSHG · prefix sh.600000 · bare
// 600000
enum class CodeStyle { qlib, lower, suffix, yahoo, mic, prefix, bare };
inline constexpr std::array<std::string_view, 7> code_style_names{"qlib", "lower",  "suffix", "yahoo",
                                                                  "mic",  "prefix", "bare"};

// Errors: invalid_argument for a name that is none; the hint lists them with the nearest.
CodeStyle parse_code_style(std::string_view name);

struct ChineseCode {
    enum class Market { shanghai, shenzhen, beijing };
    Market market;
    std::string digits;  // six
};

// Any of the styles, in any case. Six digits alone are taken as a stock: 6 and 9 Shanghai (but 92 Beijing), 0, 2 and 3
// Shenzhen, 4 and 8 Beijing. Empty for what is no such code at all (AAPL, BTCUSDT).
// Errors: invalid_argument for six digits with a market that is not known, or that no market has.
std::optional<ChineseCode> read_code(std::string_view code);

// The code in a style. One of no Chinese exchange has one form only and comes back as it is.
// Errors: as read_code; also for a blank code.
std::string to_symbol(std::string_view code, CodeStyle style);

}  // namespace bourse::market
