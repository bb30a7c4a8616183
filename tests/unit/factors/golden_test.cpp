// Our operators against the real Qlib's numbers (shared/spec/qlib_golden, made with pyqlib 0.9.7).
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "factors/evaluate.hpp"
#include "factors/sets/built_in_sets.hpp"
#include "factors/support.hpp"

namespace bourse::factors {
namespace {

using namespace test;

struct Golden {
    Panel panel;
    std::vector<std::string> expressions;
    std::vector<std::vector<double>> expected;               // [row][expression], rows as in the file
    std::vector<std::pair<std::size_t, std::size_t>> where;  // [row] series, row
};

std::int64_t days(const std::string& date) {
    std::tm tm{};
    tm.tm_year = std::stoi(date.substr(0, 4)) - 1900;
    tm.tm_mon = std::stoi(date.substr(5, 2)) - 1;
    tm.tm_mday = std::stoi(date.substr(8, 2));
    return timegm(&tm) / 86400;
}

// False where the shared folder is absent.
bool read(const std::string& name, Golden& golden) {
    const auto input = read_csv(shared_file("spec/qlib_golden/input_ohlcv.csv"));
    const auto expected = read_csv(shared_file("spec/qlib_golden/" + name));
    if (input.empty() || expected.empty()) return false;
    golden.panel.fields.assign(input[0].begin() + 2, input[0].end());
    std::map<std::pair<std::string, std::int64_t>, std::pair<std::size_t, std::size_t>> at;
    for (std::size_t i = 1; i < input.size(); ++i) {
        if (golden.panel.series.empty() || golden.panel.series.back().symbol != input[i][0]) {
            golden.panel.series.emplace_back();
            golden.panel.series.back().symbol = input[i][0];
            golden.panel.series.back().fields.resize(golden.panel.fields.size());
        }
        auto& series = golden.panel.series.back();
        at[{input[i][0], days(input[i][1])}] = {golden.panel.series.size() - 1, series.rows()};
        series.ts_us.push_back(days(input[i][1]) * day_us);
        for (std::size_t f = 0; f < golden.panel.fields.size(); ++f)
            series.fields[f].push_back(static_cast<float>(number(input[i][2 + f])));  // as Qlib stores them
    }
    golden.expressions.assign(expected[0].begin() + 2, expected[0].end());
    for (std::size_t i = 1; i < expected.size(); ++i) {
        golden.where.push_back(at.at({expected[i][0], days(expected[i][1])}));
        golden.expected.emplace_back();
        for (std::size_t c = 2; c < expected[i].size(); ++c) golden.expected.back().push_back(number(expected[i][c]));
    }
    for (std::size_t i = 0; i < golden.where.size(); ++i) {
        auto& series = golden.panel.series[golden.where[i].first];
        if (series.last == 0) series.first = golden.where[i].second;
        series.last = golden.where[i].second + 1;
    }
    return true;
}

bool is_regression(const std::string& e) {
    for (const char* name : {"Slope", "Rsquare", "Resi", "Corr", "Cov", "Skew", "Kurt"})
        if (e.find(name) != std::string::npos) return true;
    return false;
}

// As spec/qlib.md says; the corrected rules compute in double what Qlib computes in float32.
double tolerance(const std::string& expression, double expected, const Rules& rules) {
    if (!rules.strict_qlib) return 1e-5 + 1e-4 * std::fabs(expected);
    if (is_regression(expression)) return 1e-6 + 1e-4 * std::fabs(expected);
    return 1e-9 + 2e-6 * std::fabs(expected);
}

// Skip(expression, golden, series, row, expected): values that the corrected rules move. Without it: strict rules.
using Skip = std::function<bool(std::size_t, const Golden&, std::size_t, std::size_t, double)>;

void compare(const Golden& golden, const Skip& skip = {}) {
    const Rules rules{.strict_qlib = !skip};
    for (std::size_t c = 0; c < golden.expressions.size(); ++c) {
        // One expression a plan: in Qlib each reads its own rows only, and strict results depend on that.
        const Plan one = compile(golden.expressions[c], rules);
        Evaluator evaluator(one, golden.panel);
        std::size_t wrong = 0;
        std::map<std::size_t, std::vector<double>> values;
        for (std::size_t s = 0; s < golden.panel.series.size(); ++s) {
            const auto& series = golden.panel.series[s];
            evaluator.run(series, series.first, series.last, values[s], {});
        }
        for (std::size_t i = 0; i < golden.where.size(); ++i) {
            const auto [s, row] = golden.where[i];
            const double expected = golden.expected[i][c];
            if (skip && skip(c, golden, s, row, expected)) continue;
            const double got = static_cast<float>(values[s][row - golden.panel.series[s].first]);
            const bool same = std::isnan(expected) ? std::isnan(got)
                              : std::isinf(expected)
                                  ? got == expected
                                  : std::fabs(got - expected) <= tolerance(golden.expressions[c], expected, rules);
            if (!same && wrong++ < 3)
                ADD_FAILURE() << golden.expressions[c] << " row " << i << " " << golden.panel.series[s].symbol
                              << ": expected " << expected << ", got " << got;
        }
        EXPECT_EQ(wrong, 0u) << golden.expressions[c];
    }
}

TEST(Golden, OperatorsEqualQlib) {
    Golden golden;
    if (!read("ops.csv", golden)) GTEST_SKIP() << "no shared folder";
    ASSERT_GE(golden.expressions.size(), 51u);
    compare(golden);
}

// Qlib's windows that begin inside the history.
TEST(Golden, QueriesInsideTheHistoryEqualQlib) {
    Golden golden;
    if (!read("ops_midrange.csv", golden)) GTEST_SKIP() << "no shared folder";
    compare(golden);
}

// The files name a set's features; its expressions take their place, in the same order.
bool read_set(const std::string& name, const std::vector<NamedExpression>& set, Golden& golden) {
    if (!read(name, golden)) return false;
    EXPECT_EQ(golden.expressions.size(), set.size());
    for (std::size_t i = 0; i < set.size() && i < golden.expressions.size(); ++i) {
        EXPECT_EQ(golden.expressions[i], set[i].name) << "feature " << i + 1;
        golden.expressions[i] = set[i].expression;
    }
    return true;
}

// The rows of a market file: masked to its spans after evaluation over the whole query.
TEST(Golden, RowsOfSpansEqualQlib) {
    Golden golden;
    if (!read("ops_spans.csv", golden)) GTEST_SKIP() << "no shared folder";
    for (auto& series : golden.panel.series) series.first = 0, series.last = series.rows();
    compare(golden);
}

TEST(Golden, Alpha158EqualsQlib) {
    Golden golden;
    if (!read_set("alpha158.csv", alpha158(), golden)) GTEST_SKIP() << "no shared folder";
    ASSERT_EQ(golden.expressions.size(), 158u);
    compare(golden);
}

TEST(Golden, Alpha360EqualsQlib) {
    Golden golden;
    if (!read_set("alpha360.csv.zst", alpha360(), golden)) GTEST_SKIP() << "no shared folder";
    ASSERT_EQ(golden.expressions.size(), 360u);
    compare(golden);
}

// The corrected rules move Alpha158 where a trap is and nowhere else.
TEST(Golden, Alpha158DiffersFromQlibOnlyByItsTraps) {
    Golden golden;
    if (!read_set("alpha158.csv", alpha158(), golden)) GTEST_SKIP() << "no shared folder";
    std::size_t moved = 0;
    compare(golden, [&](std::size_t c, const Golden& g, std::size_t s, std::size_t row, double expected) {
        const auto& series = g.panel.series[s];
        const std::string name = alpha158()[c].name;
        const auto starts = [&](const char* prefix) { return name.rfind(prefix, 0) == 0; };
        const auto window =
            static_cast<std::size_t>(std::atoi(name.c_str() + name.find_first_of("0123456789") % name.size()));
        bool gap = false;
        for (std::size_t r = row + 1 > window ? row + 1 - window : 0; r <= row; ++r)
            gap = gap || std::isnan(series.fields[1][r]) || std::isnan(series.fields[2][r]);
        // IdxMax and IdxMin take a missing row for the extreme; Rsquare and Corr have an absolute limit.
        const bool trap = ((starts("IMAX") || starts("IMIN") || starts("IMXD")) && gap) ||
                          ((starts("RSQR") || starts("CORR") || starts("CORD")) && std::isnan(expected));
        moved += trap;
        return trap;
    });
    EXPECT_GT(moved, 100u);
}

}  // namespace
}  // namespace bourse::factors
