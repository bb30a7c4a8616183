// Alpha158 of the A-share sample against the real Qlib's numbers (data/qlib_ashare.py made them).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "factors/evaluate.hpp"
#include "factors/sets/built_in_sets.hpp"
#include "factors/support.hpp"

namespace bourse::factors {
namespace {

using namespace test;

// A qlib bin file: the calendar index of the first value, then the values. Empty when it is not there.
std::vector<float> read_bin(const std::string& path) {
    const std::string bytes = indicators::testing::read_text(path);
    std::vector<float> values(bytes.size() / sizeof(float));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    return values;
}

struct Sample {
    Panel panel;
    std::size_t first = 0;  // position of row 0 in the calendar
};

Sample read_sample(const std::string& folder, const std::string& instrument) {
    const std::vector<std::string> fields{"open", "high", "low", "close", "volume"};
    Sample sample;
    std::vector<std::vector<double>> columns;
    for (const auto& field : fields) {
        const auto values = read_bin(folder + "features/" + instrument + "/" + field + ".day.bin");
        if (values.empty()) return {};
        sample.first = static_cast<std::size_t>(values[0]);
        columns.emplace_back(values.begin() + 1, values.end());
    }
    columns.emplace_back(columns[0].size(), missing);  // the sample has no $vwap
    sample.panel = panel_of({"open", "high", "low", "close", "volume", "vwap"}, std::move(columns));
    return sample;
}

TEST(QlibSample, Alpha158EqualsQlibOnAshares) {
    const auto folder = shared_file("data/ashare/qlib_sample/");
    const auto days = read_csv(folder + "calendars/day.txt");
    const char* source = std::getenv("BOURSE_SOURCE");
    if (days.empty() || !source) GTEST_SKIP() << "no shared folder";
    const auto expected = read_csv(std::string(source) + "/tests/unit/factors/data/qlib_ashare_alpha158.csv");
    ASSERT_GT(expected.size(), 50u);
    std::vector<std::string> expressions;
    for (const auto& feature : alpha158()) expressions.push_back(feature.expression);
    const Plan plan = compile(expressions, {.strict_qlib = true});
    std::map<std::string, Sample> samples;
    std::vector<double> out;
    std::size_t compared = 0;
    for (std::size_t i = 1; i < expected.size(); ++i) {
        ASSERT_EQ(expected[i].size(), 160u);
        auto found = samples.find(expected[i][0]);
        if (found == samples.end()) found = samples.emplace(expected[i][0], read_sample(folder, expected[i][0])).first;
        const Sample& sample = found->second;
        ASSERT_FALSE(sample.panel.series.empty()) << expected[i][0];
        const auto day = std::find(days.begin(), days.end(), std::vector<std::string>{expected[i][1]}) - days.begin();
        const auto row = static_cast<std::size_t>(day) - sample.first;
        Evaluator(plan, sample.panel).run(sample.panel.series[0], row, row + 1, out, {});
        for (std::size_t c = 0; c < out.size(); ++c) {
            const double value = number(expected[i][c + 2]), got = static_cast<float>(out[c]);
            ++compared;
            if (std::isnan(value))
                EXPECT_TRUE(std::isnan(got))
                    << expected[i][0] << " " << expected[i][1] << " " << expected[0][c + 2] << " " << got;
            else
                EXPECT_NEAR(got, value, 1e-6 + 1e-4 * std::fabs(value))
                    << expected[i][0] << " " << expected[i][1] << " " << expected[0][c + 2];
        }
    }
    EXPECT_GT(compared, 8000u);
}

}  // namespace
}  // namespace bourse::factors
