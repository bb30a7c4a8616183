// Our operators against the real Qlib's numbers (shared/spec/qlib_golden, made with pyqlib 0.9.7).
#include <gtest/gtest.h>

#include <map>

#include "factors/evaluate.hpp"
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
            series.fields[f].push_back(number(input[i][2 + f]));
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

// As spec/qlib.md says.
double tolerance(const std::string& expression, double expected) {
    if (is_regression(expression)) return 1e-6 + 1e-4 * std::fabs(expected);
    return 1e-9 + 2e-6 * std::fabs(expected);
}

void compare(const Golden& golden, const std::vector<bool>& skip = {}) {
    const Plan plan = compile(golden.expressions, {.strict_qlib = true});
    std::vector<double> out;
    for (std::size_t c = 0; c < golden.expressions.size(); ++c) {
        if (!skip.empty() && skip[c]) continue;
        // One expression a plan: in Qlib each reads its own rows only, and strict results depend on that.
        const Plan one = compile(golden.expressions[c], {.strict_qlib = true});
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
            const double got = static_cast<float>(values[s][row - golden.panel.series[s].first]);
            const bool same = std::isnan(expected) ? std::isnan(got)
                              : std::isinf(expected)
                                  ? got == expected
                                  : std::fabs(got - expected) <= tolerance(golden.expressions[c], expected);
            if (!same && wrong++ < 3)
                ADD_FAILURE() << golden.expressions[c] << " row " << i << " " << golden.panel.series[s].symbol
                              << ": expected " << expected << ", got " << got;
        }
        EXPECT_EQ(wrong, 0u) << golden.expressions[c];
    }
    EXPECT_EQ(plan.outputs.size(), golden.expressions.size());
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

// Without the traps most of Alpha158 must not differ: all but those whose values hang on them.
TEST(Golden, Alpha158EqualsQlib) {
    const auto expected = read_csv(shared_file("spec/qlib_golden/alpha158.csv"));
    if (expected.empty()) GTEST_SKIP() << "no shared folder";
    Golden golden;
    ASSERT_TRUE(read("alpha158.csv", golden));
    const std::map<std::string, std::string> families{
        {"ROC", "Ref($close,d)/$close"},
        {"MA", "Mean($close,d)/$close"},
        {"STD", "Std($close,d)/$close"},
        {"BETA", "Slope($close,d)/$close"},
        {"RSQR", "Rsquare($close,d)"},
        {"RESI", "Resi($close,d)/$close"},
        {"MAX", "Max($high,d)/$close"},
        {"MIN", "Min($low,d)/$close"},
        {"QTLU", "Quantile($close,d,0.8)/$close"},
        {"QTLD", "Quantile($close,d,0.2)/$close"},
        {"RANK", "Rank($close,d)"},
        {"RSV", "($close-Min($low,d))/(Max($high,d)-Min($low,d)+1e-12)"},
        {"IMAX", "IdxMax($high,d)/d"},
        {"IMIN", "IdxMin($low,d)/d"},
        {"IMXD", "(IdxMax($high,d)-IdxMin($low,d))/d"},
        {"CORR", "Corr($close,Log($volume+1),d)"},
        {"CORD", "Corr($close/Ref($close,1),Log($volume/Ref($volume,1)+1),d)"},
        {"CNTP", "Mean($close>Ref($close,1),d)"},
        {"CNTN", "Mean($close<Ref($close,1),d)"},
        {"CNTD", "Mean($close>Ref($close,1),d)-Mean($close<Ref($close,1),d)"},
        {"SUMP", "Sum(Greater($close-Ref($close,1),0),d)/(Sum(Abs($close-Ref($close,1)),d)+1e-12)"},
        {"VMA", "Mean($volume,d)/($volume+1e-12)"},
        {"VSTD", "Std($volume,d)/($volume+1e-12)"},
        {"WVMA", "Std(Abs($close/Ref($close,1)-1)*$volume,d)/(Mean(Abs($close/Ref($close,1)-1)*$volume,d)+1e-12)"}};
    std::vector<bool> skip;
    std::size_t checked = 0;
    for (auto& name : golden.expressions) {
        const auto digits = name.find_first_of("0123456789");
        const auto family = families.find(name.substr(0, digits));
        skip.push_back(digits == std::string::npos || family == families.end());
        if (skip.back()) {
            name = "$close";
            continue;
        }
        const std::string window = name.substr(digits);
        std::string text = family->second;
        for (std::size_t at = 0; (at = text.find(",d", at)) != std::string::npos; ++at) text.replace(at + 1, 1, window);
        if (const auto at = text.find("/d"); at != std::string::npos) text.replace(at + 1, 1, window);
        name = text;
        ++checked;
    }
    EXPECT_EQ(checked, 24u * 5);
    compare(golden, skip);
}

}  // namespace
}  // namespace bourse::factors
