#include "models/golden.hpp"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <type_traits>

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

template <class T>
TableOf<T> parse(const std::string& csv) {
    TableOf<T> table;
    std::size_t at = 0;
    if (csv.empty()) return table;
    table.columns = record(csv, at);
    while (at < csv.size()) {
        std::vector<T> row;
        for (const auto& field : record(csv, at)) {
            if (field.empty())
                row.push_back(std::numeric_limits<T>::quiet_NaN());
            else if constexpr (std::is_same_v<T, float>)
                row.push_back(std::strtof(field.c_str(), nullptr));
            else
                row.push_back(std::strtod(field.c_str(), nullptr));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}
template TableOf<float> parse<float>(const std::string& csv);
template TableOf<double> parse<double>(const std::string& csv);

Case::Case(const std::string& name) {
    const auto at = folder() / name;
    about = nlohmann::json::parse(read(at / "case.json"));
    model = read(at / "model.json");
    ubj = read(at / "model.ubj");
    inputs = parse<float>(read(at / "inputs.csv"));
    expected = parse<float>(read(at / "expected.csv"));
    inputs_inf = parse<float>(read(at / "inputs_inf.csv"));
    expected_inf = parse<float>(read(at / "expected_inf.csv"));
    if (!about["missing"].is_number()) return;
    const auto missing = about["missing"].get<float>();  // a setting of the caller's, not of the model
    for (auto& row : inputs.rows)
        for (auto& x : row)
            if (x == missing) x = std::numeric_limits<float>::quiet_NaN();
}

LightCase::LightCase(const std::string& name) {
    const auto at = folder() / name;
    about = nlohmann::json::parse(read(at / "case.json"));
    model = read(at / "model.txt");
    inputs = parse<double>(read(at / "inputs.csv"));
    expected = parse<double>(read(at / "expected.csv"));
    shap = parse<double>(read(at / "shap.csv"));
}

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }
std::uint32_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }

}  // namespace bourse::models::golden
