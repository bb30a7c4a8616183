#include "workers/cli/console.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace bourse::cli {
namespace {

std::string printed(const char* format, double value) {
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, value);
    return buffer.data();
}

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

}  // namespace

std::string format_age(double seconds) {
    if (!(seconds >= 0)) return "now";
    if (seconds < 60) return printed("%.0f s", seconds);
    if (seconds < 3600) return printed("%.0f min", std::floor(seconds / 60));
    if (seconds < 2 * 86400.0) return printed("%.0f h", std::floor(seconds / 3600));
    return printed("%.0f d", std::floor(seconds / 86400));
}

std::string format_count(std::int64_t value) {
    std::string digits = std::to_string(value);
    const std::size_t first = digits[0] == '-' ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, ",");
    return digits;
}

std::string format_size(std::int64_t size_bytes) {
    constexpr std::array units{"B", "KB", "MB", "GB", "TB"};
    double value = static_cast<double>(size_bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
    return printed(unit == 0 || value >= 100 ? "%.0f " : "%.1f ", value) + units[unit];
}

std::string format_number(double value, int digits) {
    if (!std::isfinite(value)) return "–";
    std::array<char, 400> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", digits, value);
    std::string text = buffer.data();
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == '.') text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

std::size_t display_width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string shorten(std::string_view text, std::size_t width) {
    if (display_width(text) <= width) return std::string(text);
    if (width == 0) return {};
    std::size_t at = 0;
    for (std::size_t kept = 0; at < text.size(); ++at) {
        if (!starts_character(text[at])) continue;
        if (kept++ == width - 1) break;
    }
    return std::string(text.substr(0, at)) + "…";
}

TextTable::TextTable(std::vector<std::string> header) : header_(std::move(header)) {
    for (auto& title : header_) {
        right_.push_back(!title.empty() && title[0] == '>');
        if (right_.back()) title.erase(0, 1);
    }
}

void TextTable::add(std::vector<std::string> row) {
    row.resize(header_.size());
    rows_.push_back(std::move(row));
}

void TextTable::print(std::FILE* out, std::string_view indent) const {
    std::vector<std::size_t> widths(header_.size());
    const auto widen = [&widths](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
    };
    widen(header_);
    for (const auto& row : rows_) widen(row);
    const auto print_row = [&](const std::vector<std::string>& row) {
        std::string line(indent);
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string pad(widths[i] - display_width(row[i]), ' ');
            line += (i ? "  " : "") + (right_[i] ? pad + row[i] : row[i] + pad);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        std::fprintf(out, "%s\n", line.c_str());
    };
    print_row(header_);
    for (const auto& row : rows_) print_row(row);
}

}  // namespace bourse::cli
