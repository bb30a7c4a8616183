#include "models/golden.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>

namespace bourse::models::golden {
namespace {

// One CSV record with quotes; moves `at` behind its line end.
std::vector<std::string> record(const std::string& csv, std::size_t& at) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (; at < csv.size(); ++at) {
        const char c = csv[at];
        if (quoted && c == '"' && at + 1 < csv.size() && csv[at + 1] == '"')
            fields.back().push_back(csv[++at]);
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            fields.emplace_back();
        else if (c == '\n' && !quoted)
            break;
        else if (c != '\r')
            fields.back().push_back(c);
    }
    ++at;
    return fields;
}

}  // namespace

std::filesystem::path folder() { return std::filesystem::path(BOURSE_SHARED) / "spec/models_golden"; }

std::string read(const std::filesystem::path& path) {
    std::string text;
    if (std::ifstream plain(path, std::ios::binary); plain)
        return {std::istreambuf_iterator<char>(plain), std::istreambuf_iterator<char>()};
    auto found = path;
    found += ".gz";
    const gzFile file = gzopen(found.c_str(), "rb");
    if (!file) return text;
    char buffer[1 << 16];
    for (int n; (n = gzread(file, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(n));
    gzclose(file);
    return text;
}

std::vector<std::string> cases(std::string_view prefix) {
    std::vector<std::string> names;
    if (!std::filesystem::exists(folder())) return names;
    for (const auto& entry : std::filesystem::directory_iterator(folder()))
        if (entry.path().filename().string().starts_with(prefix)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<float> Table::flat() const {
    std::vector<float> all;
    for (const auto& row : rows) all.insert(all.end(), row.begin(), row.end());
    return all;
}

int Table::find(std::string_view name) const {
    const auto found = std::find(columns.begin(), columns.end(), name);
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

Table parse(const std::string& csv) {
    Table table;
    std::size_t at = 0;
    if (csv.empty()) return table;
    table.columns = record(csv, at);
    while (at < csv.size()) {
        std::vector<float> row;
        for (const auto& field : record(csv, at))
            row.push_back(field.empty() ? std::numeric_limits<float>::quiet_NaN()
                                        : std::strtof(field.c_str(), nullptr));
        table.rows.push_back(std::move(row));
    }
    return table;
}

Case::Case(const std::string& name) {
    const auto at = folder() / name;
    about = nlohmann::json::parse(read(at / "case.json"));
    model = read(at / "model.json");
    ubj = read(at / "model.ubj");
    inputs = parse(read(at / "inputs.csv"));
    expected = parse(read(at / "expected.csv"));
    inputs_inf = parse(read(at / "inputs_inf.csv"));
    expected_inf = parse(read(at / "expected_inf.csv"));
    if (!about["missing"].is_number()) return;
    const auto missing = about["missing"].get<float>();  // a setting of the caller's, not of the model
    for (auto& row : inputs.rows)
        for (auto& x : row)
            if (x == missing) x = std::numeric_limits<float>::quiet_NaN();
}

std::uint32_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }

}  // namespace bourse::models::golden
