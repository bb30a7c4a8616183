// Reads the small CSV files of the reference values.
#pragma once

#include <cstdio>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace bourse::indicators::testing {

struct Csv {
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> rows;

    std::size_t column(const std::string& name) const {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (names[i] == name) return i;
        throw std::runtime_error("no column " + name);
    }
    // NaN where the field is empty or no number.
    std::vector<double> numbers(std::size_t at) const {
        std::vector<double> values;
        for (const auto& row : rows) {
            char* end = nullptr;
            const double value = at < row.size() ? std::strtod(row[at].c_str(), &end) : 0;
            values.push_back(end != nullptr && end != row[at].c_str() ? value
                                                                      : std::numeric_limits<double>::quiet_NaN());
        }
        return values;
    }
    std::vector<double> numbers(const std::string& name) const { return numbers(column(name)); }
};

inline std::vector<std::string> fields(std::string line) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::vector<std::string> result(1);
    bool quoted = false;
    for (const char c : line) {
        if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            result.emplace_back();
        else
            result.back() += c;
    }
    return result;
}

inline Csv parse_csv(const std::string& text) {
    Csv csv;
    std::istringstream lines(text);
    std::string line;
    std::getline(lines, line);
    csv.names = fields(line);
    while (std::getline(lines, line))
        if (!line.empty()) csv.rows.push_back(fields(line));
    return csv;
}

inline bool exists(const std::string& path) { return std::ifstream(path).good(); }

inline std::string read_text(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

inline Csv read_csv(const std::string& path) { return parse_csv(read_text(path)); }

// Through the zstd program; empty when it is not there.
inline std::string read_text_zst(const std::string& path) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(("zstd -dcq '" + path + "' 2>/dev/null").c_str(), "r"),
                                                     pclose);
    std::string text;
    char buffer[1 << 16];
    while (const std::size_t n = pipe ? std::fread(buffer, 1, sizeof buffer, pipe.get()) : 0) text.append(buffer, n);
    return text;
}

inline Csv read_csv_zst(const std::string& path) { return parse_csv(read_text_zst(path)); }

}  // namespace bourse::indicators::testing
