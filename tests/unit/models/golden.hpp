// The golden cases of ../shared/spec/models_golden: models that a library wrote, rows, and what it predicted.
#pragma once

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

struct Table {
    std::vector<std::string> columns;
    std::vector<std::vector<float>> rows;  // an empty field is NaN
    std::vector<float> flat() const;       // row-major
    // Column of that name; -1 when absent.
    int find(std::string_view name) const;
};
Table parse(const std::string& csv);

struct Case {
    explicit Case(const std::string& name);
    nlohmann::json about;
    std::string model, ubj;                            // the file as JSON and as UBJ
    Table inputs, expected, inputs_inf, expected_inf;  // the last two may be empty
};

std::uint32_t bits(float value);

}  // namespace bourse::models::golden
