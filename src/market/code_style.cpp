#include "market/code_style.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "market/text_values.hpp"

namespace bourse::market {
namespace {

using Market = ChineseCode::Market;

struct MarketNames {
    Market market;
    std::string_view letters, yahoo, mic;
};
constexpr std::array<MarketNames, 3> markets{{{Market::shanghai, "SH", "SS", "XSHG"},
                                              {Market::shenzhen, "SZ", "SZ", "XSHE"},
                                              {Market::beijing, "BJ", "BJ", "BJSE"}}};

std::string upper(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

bool six_digits(std::string_view text) {
    return text.size() == 6 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool letters_only(std::string_view text) {
    return !text.empty() && text.size() <= 4 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::optional<Market> market_of_stock(std::string_view digits) {
    if (digits.substr(0, 2) == "92") return Market::beijing;
    switch (digits.front()) {
        case '6':
        case '9':
            return Market::shanghai;
        case '0':
        case '2':
        case '3':
            return Market::shenzhen;
        case '4':
        case '8':
            return Market::beijing;
        default:
            return std::nullopt;
    }
}

// The two parts of a code: 600000.SH, SH600000, SH.600000, 600000.
struct Parts {
    std::string digits, market;
};
std::optional<Parts> split(const std::string& code) {
    if (six_digits(code)) return Parts{code, {}};
    if (const auto dot = code.find('.'); dot != std::string::npos) {
        const std::string left = code.substr(0, dot), right = code.substr(dot + 1);
        if (six_digits(left) && letters_only(right)) return Parts{left, right};
        if (letters_only(left) && six_digits(right)) return Parts{right, left};
        return std::nullopt;
    }
    if (code.size() > 6 && six_digits(std::string_view(code).substr(code.size() - 6)) &&
        letters_only(std::string_view(code).substr(0, code.size() - 6)))
        return Parts{code.substr(code.size() - 6), code.substr(0, code.size() - 6)};
    return std::nullopt;
}

constexpr const char* forms =
    "known forms: SH600000, sh600000, 600000.SH, 600000.SS, 600000.XSHG, sh.600000; markets SH SZ BJ";

}  // namespace

CodeStyle parse_code_style(std::string_view name) {
    const auto found = std::find(code_style_names.begin(), code_style_names.end(), name);
    if (found != code_style_names.end()) return static_cast<CodeStyle>(found - code_style_names.begin());
    const std::vector<std::string> known(code_style_names.begin(), code_style_names.end());
    std::string list;
    for (const auto& one : known) list += (list.empty() ? "" : ", ") + one;
    const std::string near = nearest(name, known);
    throw Error(ErrorKind::invalid_argument, "unknown code style '" + std::string(name) + "'",
                "styles: " + list + (near.empty() ? "" : "; did you mean " + near + "?"));
}

std::optional<ChineseCode> read_code(std::string_view code) {
    const auto parts = split(upper(trimmed(code)));
    if (!parts) return std::nullopt;
    if (parts->market.empty()) {
        if (const auto market = market_of_stock(parts->digits)) return ChineseCode{*market, parts->digits};
        throw Error(ErrorKind::invalid_argument, "code '" + std::string(code) + "' does not tell its market",
                    "put SH, SZ or BJ to it");
    }
    for (const auto& one : markets)
        if (parts->market == one.letters || parts->market == one.yahoo || parts->market == one.mic)
            return ChineseCode{one.market, parts->digits};
    throw Error(ErrorKind::invalid_argument,
                "code '" + std::string(code) + "' has the market " + parts->market + ", which is not known", forms);
}

std::string to_symbol(std::string_view code, CodeStyle style) {
    if (trimmed(code).empty()) throw Error(ErrorKind::invalid_argument, "the code is blank", forms);
    const auto read = read_code(code);
    if (!read) return std::string(trimmed(code));
    const MarketNames& market = markets[static_cast<std::size_t>(read->market)];
    switch (style) {
        case CodeStyle::qlib:
            return std::string(market.letters) + read->digits;
        case CodeStyle::lower:
            return lower(market.letters) + read->digits;
        case CodeStyle::suffix:
            return read->digits + "." + std::string(market.letters);
        case CodeStyle::yahoo:
            return read->digits + "." + std::string(market.yahoo);
        case CodeStyle::mic:
            return read->digits + "." + std::string(market.mic);
        case CodeStyle::prefix:
            return lower(market.letters) + "." + read->digits;
        case CodeStyle::bare:
            return read->digits;
    }
    throw Error(ErrorKind::internal, "a code style without a form");
}

}  // namespace bourse::market
