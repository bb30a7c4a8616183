#include "market/file_name.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace bourse::market {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string upper(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

bool drop_ending(std::string_view& name) {
    for (std::string_view ending : {".csv", ".txt", ".tsv", ".parquet", ".pq", ".gz", ".zst"})
        if (name.size() > ending.size() && upper(name.substr(name.size() - ending.size())) == upper(ending)) {
            name.remove_suffix(ending.size());
            return true;
        }
    return false;
}

std::vector<std::string_view> words_of(std::string_view name) {
    std::vector<std::string_view> words;
    while (!name.empty()) {
        const auto end = std::min(name.find_first_of("_- "), name.size());
        if (end > 0) words.push_back(name.substr(0, end));
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    return words;
}

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

// sz000001, SH600000, 600000.SH
bool is_chinese_code(std::string_view word) {
    const std::string text = upper(word);
    const auto market = [](std::string_view m) { return m == "SH" || m == "SZ" || m == "BJ"; };
    if (text.size() == 8 && market(std::string_view(text).substr(0, 2)) && all_digits(std::string_view(text).substr(2)))
        return true;
    return text.size() == 9 && text[6] == '.' && market(std::string_view(text).substr(7)) &&
           all_digits(std::string_view(text).substr(0, 6));
}

bool is_capitals(std::string_view word) {
    return word.size() <= 20 && std::any_of(word.begin(), word.end(), is_upper) &&
           std::all_of(word.begin(), word.end(), [](char c) { return is_upper(c) || is_digit(c) || c == '.'; });
}

bool is_small_pair(std::string_view word) {
    if (!std::all_of(word.begin(), word.end(), [](char c) { return is_lower(c) || is_digit(c); })) return false;
    return word.size() > 5 && (word.ends_with("usdt") || word.ends_with("usdc") || word.ends_with("busd"));
}

}  // namespace

FileName read_file_name(std::string_view path) {
    if (const auto slash = path.rfind('/'); slash != std::string_view::npos) path.remove_prefix(slash + 1);
    while (drop_ending(path)) {
    }
    FileName result;
    for (const auto word : words_of(path)) {
        const bool counted = is_digit(word.front());  // 1h, 15m: words such as "day" or "hour" in a name mean little
        if (counted && !result.freq) {
            if (const auto freq = parse_frequency(word)) {
                result.freq = freq;
                continue;
            }
        }
        if (!result.symbol.empty()) continue;
        if (is_chinese_code(word) || is_small_pair(word))
            result.symbol = upper(word);
        else if (is_capitals(word))
            result.symbol = word;
    }
    return result;
}

}  // namespace bourse::market
