// The golden cases of ../shared/spec/models_golden: models that a library wrote, rows, and what it predicted.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace bourse::models::golden {

std::filesystem::path folder();  // may be absent: tests then skip

// The whole text of a file, or of the same name with .gz; empty when neither is there.
std::string read(const std::filesystem::path& path);

// Names of the cases that start with `prefix`, sorted.
std::vector<std::string> cases(std::string_view prefix);

template <class T>
struct TableOf {
    std::vector<std::string> columns;
    std::vector<std::vector<T>> rows;  // an empty field is NaN
    std::vector<T> flat() const {      // row-major
        std::vector<T> all;
        for (const auto& row : rows) all.insert(all.end(), row.begin(), row.end());
        return all;
    }
    // Column of that name; -1 when absent.
    int find(std::string_view name) const {
        const auto found = std::find(columns.begin(), columns.end(), name);
        return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
    }
    // Column `name` for one output, `name_k` for several.
    int find(const std::string& name, std::size_t k) const {
        const int numbered = find(name + "_" + std::to_string(k));
        return numbered >= 0 ? numbered : find(name);
    }
};
using Table = TableOf<float>;
template <class T>
TableOf<T> parse(const std::string& csv);  // float, double

struct Case {
    explicit Case(const std::string& name);
    nlohmann::json about;
    std::string model, ubj;                            // the file as JSON and as UBJ
    Table inputs, expected, inputs_inf, expected_inf;  // the last two may be empty
};

// One of LightGBM.
struct LightCase {
    explicit LightCase(const std::string& name);
    nlohmann::json about;
    std::string model;
    TableOf<double> inputs, expected, shap;  // the last may be empty
};

std::uint32_t bits(float value);
std::uint64_t bits(double value);

}  // namespace bourse::models::golden
