// Processors against the real Qlib's numbers (shared/spec/qlib_golden/processors, made with pyqlib 0.9.7).
#include "datasets/processors.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <random>

#include "core/error.hpp"
#include "factors/support.hpp"

namespace bourse::datasets {
namespace {

using factors::test::number;
using factors::test::read_csv;
using factors::test::shared_file;
using nlohmann::json;

// Rows of input.csv, ordered by (date, instrument): the date's and the instrument's text beside the matrix.
struct Input {
    std::vector<std::string> features;
    Matrix matrix{0};
    std::vector<std::pair<std::string, std::string>> keys;
};

bool read_input(Input& input) {
    const auto rows = read_csv(shared_file("spec/qlib_golden/processors/input.csv"));
    if (rows.empty()) return false;
    input.features.assign(rows[0].begin() + 2, rows[0].end() - 1);
    input.matrix = Matrix(input.features.size());
    std::map<std::string, std::int64_t> days;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        days.try_emplace(rows[i][0], static_cast<std::int64_t>(days.size()));
        input.matrix.append(days[rows[i][0]], static_cast<std::int32_t>(i), static_cast<float>(number(rows[i].back())));
        for (std::size_t c = 0; c < input.features.size(); ++c)
            input.matrix.row(i - 1)[c] = static_cast<float>(number(rows[i][2 + c]));
        input.keys.emplace_back(rows[i][0], rows[i][1]);
    }
    return true;
}

struct Result {
    Matrix matrix;
    std::vector<std::uint8_t> keep;
    std::vector<std::vector<ColumnStep>> steps;
};

// Each processor on the output of the one before, fitted on 2024-03-01 to 2024-03-07, both inclusive.
Result run(const Input& input, const json& list) {
    Result result{input.matrix, std::vector<std::uint8_t>(input.keys.size(), 1), {}};
    std::vector<std::uint8_t> fit, dropped(input.features.size(), 0);
    for (const auto& [date, unused] : input.keys) fit.push_back(date <= "2024-03-07");
    for (const auto& one : list) {
        const auto read = read_processors(json::array({one}));
        const auto& processor = read.infer.empty() ? read.learn.at(0) : read.infer.at(0);
        ProcessedRows rows{result.matrix, input.features, fit, result.keep, dropped};
        result.steps.push_back(process(processor, rows).at(0).steps);
    }
    return result;
}

json feature(const char* name) { return {{"name", name}, {"fields_group", "feature"}}; }
json label(const char* name) { return {{"name", name}, {"fields_group", "label"}}; }

std::map<std::string, json> cases() {
    auto robust = feature("CSZScoreNorm"), no_clip = feature("RobustZScoreNorm"), minus = feature("Fillna");
    robust["method"] = "robust";
    no_clip["clip_outlier"] = false;
    minus["fill_value"] = -1;
    const json drop{{"name", "DropCol"}, {"col_list", {"F1", "F3"}}};
    const json keep{{"class", "FilterCol"}, {"kwargs", {{"col_list", {"F0", "F5"}}}}};
    const std::vector<std::pair<std::string, std::vector<json>>> all{
        {"DropnaProcessor_feature", {feature("DropnaProcessor")}},
        {"DropnaLabel", {"DropnaLabel"}},
        {"DropCol_F1_F3", {drop}},
        {"FilterCol_F0_F5", {keep}},
        {"TanhProcess", {"TanhProcess"}},
        {"ProcessInf", {"ProcessInf"}},
        {"Fillna", {"Fillna"}},
        {"Fillna_feature_m1", {minus}},
        {"MinMaxNorm_feature", {feature("MinMaxNorm")}},
        {"ZScoreNorm_feature", {feature("ZScoreNorm")}},
        {"RobustZScoreNorm_feature", {feature("RobustZScoreNorm")}},
        {"RobustZScoreNorm_feature_noclip", {no_clip}},
        {"CSZScoreNorm_feature", {feature("CSZScoreNorm")}},
        {"CSZScoreNorm_feature_robust", {robust}},
        {"CSZScoreNorm_label", {label("CSZScoreNorm")}},
        {"CSRankNorm_feature", {feature("CSRankNorm")}},
        {"CSRankNorm_label", {label("CSRankNorm")}},
        {"CSZFillna_feature", {feature("CSZFillna")}},
        {"chain_ProcessInf_RobustZScore_Fillna_DropnaLabel_CSRankNormLabel",
         {"ProcessInf", feature("RobustZScoreNorm"), feature("Fillna"), "DropnaLabel", label("CSRankNorm")}}};
    std::map<std::string, json> lists;
    for (const auto& [name, list] : all) {
        lists[name] = json::array();
        for (const auto& one : list) lists[name].push_back(one);
    }
    return lists;
}

bool same(double value, double expected, double tolerance) {
    if (std::isnan(expected) || std::isinf(expected))
        return std::isnan(expected) ? std::isnan(value) : value == expected;
    return std::abs(value - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

// Every row of a case, and no other.
void compare(const std::string& file, double tolerance) {
    Input input;
    const auto expected = read_csv(shared_file("spec/qlib_golden/processors/" + file));
    if (!read_input(input) || expected.empty()) GTEST_SKIP() << "shared/spec is absent";
    std::map<std::string, Result> results;
    std::map<std::string, std::size_t> met;
    for (const auto& [name, list] : cases()) results.emplace(name, run(input, list));
    std::map<std::pair<std::string, std::string>, std::size_t> row_of;
    for (std::size_t row = 0; row < input.keys.size(); ++row) row_of[input.keys[row]] = row;
    for (std::size_t i = 1; i < expected.size(); ++i) {
        const auto& line = expected[i];
        ASSERT_TRUE(results.contains(line[0])) << line[0];
        auto& result = results.at(line[0]);
        const std::size_t row = row_of.at({line[1], line[2]});
        ++met[line[0]];
        EXPECT_TRUE(result.keep[row]) << line[0] << " dropped " << line[1] << " " << line[2];
        for (std::size_t c = 0; c <= input.features.size(); ++c) {
            const double value = c < input.features.size() ? result.matrix.row(row)[c] : result.matrix.labels()[row];
            EXPECT_TRUE(same(value, number(line[3 + c]), tolerance))
                << line[0] << " " << line[1] << " " << line[2] << " column " << c << ": " << value << ", Qlib "
                << line[3 + c];
        }
    }
    for (auto& [name, result] : results)
        EXPECT_EQ(met[name], static_cast<std::size_t>(std::count(result.keep.begin(), result.keep.end(), 1))) << name;
}

TEST(Processors, GiveQlibsValuesInFloat64) { compare("output_f64.csv", 2e-6); }
TEST(Processors, GiveQlibsValuesInFloat32) { compare("output_f32.csv", 1e-5); }

// data/qlib_section.py made the values by the real Qlib.
TEST(Processors, SectionGivesQlibsValues) {
    const char* source = std::getenv("BOURSE_SOURCE");
    if (!source) GTEST_SKIP() << "BOURSE_SOURCE is not set";
    const auto lines = read_csv(std::string(source) + "/tests/unit/datasets/data/qlib_section.csv");
    ASSERT_GT(lines.size(), 1U);
    const std::vector<std::string> features(lines[0].begin() + 3, lines[0].end() - 1);
    std::map<std::string, std::vector<std::vector<std::string>>> forms;
    for (std::size_t i = 1; i < lines.size(); ++i) forms[lines[i][0]].push_back(lines[i]);
    const std::map<std::string, json> options{
        {"as_it_is", json::object()},
        {"clipped", {{"clip_feature_outlier", true}, {"clip_label_outlier", true}}},
        {"missing_stays", {{"fillna_feature", false}, {"fillna_label", false}}},
        {"neither", {{"shrink_feature_outlier", false}, {"fillna_feature", false}, {"fillna_label", false}}}};
    for (const auto& [form, kwargs] : options) {
        Matrix matrix(features.size());
        for (const auto& line : forms.at("input")) {
            matrix.append(line[1].back(), static_cast<std::int32_t>(matrix.rows()),
                          static_cast<float>(number(line.back())));
            for (std::size_t c = 0; c < features.size(); ++c)
                matrix.row(matrix.rows() - 1)[c] = static_cast<float>(number(line[3 + c]));
        }
        const auto lists = read_processors(json::array({{{"class", "ConfigSectionProcessor"}, {"kwargs", kwargs}}}));
        EXPECT_EQ(to_json(read_processors(to_json(lists))), to_json(lists));
        const std::vector<std::uint8_t> fit(matrix.rows(), 1);
        std::vector<std::uint8_t> keep(matrix.rows(), 1), dropped(features.size(), 0);
        Matrix raw = matrix;
        ProcessedRows rows{matrix, features, fit, keep, dropped};
        const auto applied = process(lists.infer.at(0), rows);
        const auto& expected = forms.at(form);
        ASSERT_EQ(expected.size(), matrix.rows());
        for (std::size_t row = 0; row < matrix.rows(); ++row)
            for (std::size_t c = 0; c <= features.size(); ++c) {
                const double value = c < features.size() ? matrix.row(row)[c] : matrix.labels()[row];
                EXPECT_TRUE(same(value, number(expected[row][3 + c]), 1e-5))
                    << form << " row " << row << " " << lines[0][3 + c] << ": " << value << ", Qlib "
                    << expected[row][3 + c];
            }
        // a model that is shown raw rows makes the same of them
        const std::size_t a_day = matrix.rows() / 4;
        for (std::size_t day = 0; day < 4; ++day) {
            const std::span all(raw.row(day * a_day).data(), a_day * features.size());
            for (const auto& step : feature_steps(applied, features.size()))
                if (const auto* across = std::get_if<CrossStep>(&step))
                    across->apply(all);
                else
                    for (std::size_t row = 0; row < a_day; ++row)
                        std::get<ColumnStep>(step).apply(all.subspan(row * features.size(), features.size()));
        }
        for (std::size_t row = 0; row < raw.rows(); ++row)
            for (std::size_t c = 0; c < features.size(); ++c)
                EXPECT_TRUE(same(raw.row(row)[c], matrix.row(row)[c], 0)) << form << " " << row << " " << features[c];
    }
}

TEST(Processors, LearnWhatQlibLearns) {
    Input input;
    const auto expected = read_csv(shared_file("spec/qlib_golden/processors/fitted_f64.csv"));
    if (!read_input(input) || expected.empty()) GTEST_SKIP() << "shared/spec is absent";
    const auto all = cases();
    for (std::size_t i = 1; i < expected.size(); ++i) {
        const auto& line = expected[i];
        const auto result = run(input, all.at(line[0]));
        const auto column = static_cast<std::size_t>(line[1][1] - '0');
        const auto& step = result.steps[0][0];
        const double a = step.on[column] ? step.a[column] : 0, b = step.on[column] ? step.b[column] : 1;
        const double value = line[2] == "std_train" ? b : line[2] == "max_val" ? a + b : a;
        if (line[0] == "MinMaxNorm_feature" && std::isinf(number(line[3]))) {  // inf - inf: no width
            EXPECT_TRUE(std::isinf(b) || std::isnan(b)) << line[0] << " " << line[1];
            continue;
        }
        EXPECT_TRUE(same(value, number(line[3]), 1e-7))
            << line[0] << " " << line[1] << " " << line[2] << ": " << value << ", Qlib " << line[3];
    }
}

// Two markets that agree in the rows learned from, and in nothing else.
TEST(Processors, LearnNothingFromOtherRows) {
    std::mt19937 random(5);
    std::normal_distribution<float> normal;
    const std::vector<std::string> features{"a", "b"};
    for (const char* name : {"MinMaxNorm", "ZScoreNorm", "RobustZScoreNorm", "Winsorize"})
        for (int trial = 0; trial < 25; ++trial) {
            Matrix one(2), other(2);
            std::vector<std::uint8_t> fit, dropped(2, 0), keep(60, 1);
            for (int row = 0; row < 60; ++row) {
                fit.push_back(row < 40);
                const float a = normal(random), b = normal(random);
                for (Matrix* matrix : {&one, &other}) {
                    matrix->append(row / 3, row % 3, 0);
                    const bool change = row >= 40 && matrix == &other;
                    matrix->row(static_cast<std::size_t>(row))[0] = change ? 1000 * normal(random) : a;
                    matrix->row(static_cast<std::size_t>(row))[1] = change ? std::nanf("") : b;
                }
            }
            const auto lists = read_processors(json::array({feature(name)}));
            const auto learn = [&](Matrix& matrix) {
                ProcessedRows rows{matrix, features, fit, keep, dropped};
                return process(lists.infer.at(0), rows).at(0).steps;
            };
            const auto first = learn(one), second = learn(other);
            ASSERT_EQ(first.size(), second.size());
            for (std::size_t i = 0; i < first.size(); ++i) {
                EXPECT_EQ(first[i].a, second[i].a) << name;
                EXPECT_EQ(first[i].b, second[i].b) << name;
            }
            for (std::size_t row = 0; row < 40; ++row)
                for (std::size_t c = 0; c < 2; ++c) EXPECT_EQ(one.row(row)[c], other.row(row)[c]) << name;
        }
}

// Orthogonal to a constant and to each exposure, and equal to what is left of y = 3 + 2 x + noise.
TEST(Processors, NeutralizeLeavesWhatExposuresDoNotExplain) {
    std::mt19937 random(9);
    std::normal_distribution<float> normal;
    Matrix matrix(3);
    std::vector<std::uint8_t> keep(50, 1), fit(50, 1), dropped(3, 0);
    for (int row = 0; row < 50; ++row) {
        matrix.append(0, row, 0);
        const auto values = matrix.row(static_cast<std::size_t>(row));
        values[0] = normal(random);
        values[1] = row == 7 ? std::nanf("") : normal(random);
        values[2] = 3 + 2 * values[0] + 0.1F * normal(random);
    }
    const std::vector<std::string> features{"x", "z", "y"};
    const auto lists = read_processors(json::array({{{"name", "Neutralize"}, {"exposures", {"x", "z"}}}}));
    ProcessedRows rows{matrix, features, fit, keep, dropped};
    process(lists.infer.at(0), rows);
    double sum = 0, with_x = 0, with_z = 0, squares = 0;
    for (std::size_t row = 0; row < 50; ++row) {
        if (row == 7) {
            EXPECT_TRUE(std::isnan(matrix.row(row)[2]));
            continue;
        }
        const double y = matrix.row(row)[2];
        sum += y;
        with_x += y * matrix.row(row)[0];
        with_z += y * matrix.row(row)[1];
        squares += y * y;
    }
    EXPECT_NEAR(sum, 0, 1e-4);
    EXPECT_NEAR(with_x, 0, 1e-4);
    EXPECT_NEAR(with_z, 0, 1e-4);
    EXPECT_NEAR(std::sqrt(squares / 49), 0.1, 0.03);
}

std::string refusal(const json& processors) {
    try {
        require_columns(read_processors(processors), std::vector<std::string>{"KMID", "RSV5"});
    } catch (const Error& e) {
        return std::string(e.what()) + " | " + e.hint();
    }
    return "accepted";
}

TEST(ReadProcessors, RefusesWhatNobodyCanDo) {
    EXPECT_NE(refusal({"CSRankNom"}).find("did you mean \"CSRankNorm\""), std::string::npos);
    EXPECT_NE(refusal({{{"name", "Fillna"}, {"fil_value", 1}}}).find("did you mean \"fill_value\""), std::string::npos);
    EXPECT_NE(refusal({{{"name", "DropCol"}, {"col_list", {"KMIDD"}}}}).find("did you mean \"KMID\""),
              std::string::npos);
    EXPECT_NE(refusal({"DropCol"}).find("needs col_list"), std::string::npos);
    EXPECT_NE(refusal({{"infer", {"DropnaLabel"}}}).find("it belongs into learn"), std::string::npos);
    EXPECT_NE(refusal({{"learn", {"ZScoreNorm"}}}).find("put it into infer"), std::string::npos);
    EXPECT_NE(refusal({{{"name", "ZScoreNorm"}, {"fit_start_time", "2010-01-01"}}}).find("no fit range of its own"),
              std::string::npos);
    EXPECT_NE(refusal({{{"name", "Winsorize"}, {"lower", 0.9}, {"upper", 0.1}}}).find("less than upper"),
              std::string::npos);
    EXPECT_NE(refusal({{{"name", "CSZScoreNorm"}, {"method", "median"}}}).find("\"zscore\" or \"robust\""),
              std::string::npos);
    EXPECT_NE(refusal({{{"name", "Fillna"}, {"fields_group", "x"}}}).find("\"feature\", \"label\" or null"),
              std::string::npos);
    for (const char* odd : {"7", "\"Fillna\"", "[7]", "[{}]", "[[]]", R"([{"class": 3}])", R"({"infer": 3})"})
        EXPECT_NE(refusal(json::parse(odd)), "accepted") << odd;
    EXPECT_EQ(refusal({"ProcessInf", "DropnaLabel", label("CSRankNorm")}), "accepted");
}

TEST(ReadProcessors, SurvivesItsOwnOutput) {
    for (const auto& [name, list] : cases()) {
        const auto once = to_json(read_processors(list));
        EXPECT_EQ(to_json(read_processors(once)), once) << name;
    }
}

}  // namespace
}  // namespace bourse::datasets
