// The table "Odd inputs" of docs/reference/expressions.md, row by row, for every operator of the list.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/error.hpp"
#include "factors/evaluate.hpp"
#include "factors/support.hpp"

namespace bourse::factors {
namespace {

using namespace test;

const std::vector<std::string> fields{"open", "high", "low", "close", "volume"};

// A call of every operator that needs no other series, with a window of `n` rows.
std::vector<std::string> one_of_each(int n) {
    std::vector<std::string> all;
    for (const auto& op : operators()) {
        if (op.elsewhere != Elsewhere::nowhere) continue;
        std::string text = op.name + "(";
        for (std::size_t i = 0; i < op.inputs.size(); ++i) {
            const std::string input = "$" + fields[(i + 3) % fields.size()];
            text += (i ? "," : "") + (op.takes == Kind::condition ? "(" + input + ">1)" : input);
        }
        for (const auto& p : op.params)
            if (std::isnan(p.fallback)) text += p.name == "N" ? "," + std::to_string(n) : ",0.3";
        all.push_back(text + ")");
    }
    return all;
}

std::string name_of(const std::string& call) { return call.substr(0, call.find('(')); }

std::vector<double> run(const Plan& plan, const Panel& panel) {
    std::vector<double> out;
    Evaluator(plan, panel).run(panel.series[0], 0, panel.series[0].rows(), out, {});
    return out;
}

Panel constant_panel(std::size_t rows, double value) {
    return panel_of(fields, std::vector<std::vector<double>>(fields.size(), std::vector<double>(rows, value)));
}

double last(const std::string& expression, std::vector<double> close) {
    return run(compile(expression), panel_of({"close"}, {std::move(close)})).back();
}

std::string refusal(const std::string& expression) {
    try {
        compile(expression);
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::bad_expression) << expression;
        return e.what();
    }
    return {};
}

// Values that are there although nothing is: conditions, counts, and what starts from a value of its own.
bool gives_a_value_of_nothing(const std::string& name) {
    const Operator& op = *find_operator(name);
    return op.gives == Kind::condition || name == "Count" || name == "Date";
}

TEST(OddInputs, EmptySeriesHasNoRows) {
    for (const auto& call : one_of_each(5)) EXPECT_TRUE(run(compile(call), constant_panel(0, 1)).empty()) << call;
}

TEST(OddInputs, OneBar) {
    const Panel panel = constant_panel(1, 7);
    for (const auto& call : one_of_each(5)) EXPECT_EQ(run(compile(call), panel).size(), 1u) << call;
    const auto is = [&](const std::string& call, double expected) {
        EXPECT_EQ(run(compile(call), panel)[0], expected) << call;
    };
    for (const char* call :
         {"Mean($close,5)", "Sum($close,5)", "Max($close,5)", "Min($close,5)", "Med($close,5)",
          "Quantile($close,5,0.3)", "WMA($close,5)", "EMA($close,5)", "Mean($close,0)", "Ref($close,0)"})
        is(call, 7);
    for (const char* call : {"Rank($close,5)", "IdxMax($close,5)", "IdxMin($close,5)", "Count($close,5)"}) is(call, 1);
    for (const char* call : {"Mad($close,5)", "Delta($close,0)"}) is(call, 0);
    for (const char* call : {"Std($close,5)", "Var($close,5)", "Skew($close,5)", "Kurt($close,5)", "Slope($close,5)",
                             "Rsquare($close,5)", "Resi($close,5)", "Corr($close,$open,5)", "Cov($close,$open,5)",
                             "Ref($close,1)", "Ref($close,-1)", "Delta($close,1)"})
        EXPECT_TRUE(std::isnan(run(compile(call), panel)[0])) << call;
}

TEST(OddInputs, AllMissingStaysMissing) {
    const Panel panel = constant_panel(80, missing);
    for (const auto& call : one_of_each(5)) {
        const auto out = run(compile(call), panel);
        if (name_of(call) == "Date") {  // of the row
            ASSERT_EQ(out[0], static_cast<double>(panel.series[0].ts_us[0] / day_us));
            continue;
        }
        for (const double value : out) {
            if (!gives_a_value_of_nothing(name_of(call)))
                ASSERT_TRUE(std::isnan(value)) << call << " " << value;
            else
                ASSERT_EQ(value, std::set<std::string>({"Ne", "Not", "IsNull"}).contains(name_of(call)) ? 1 : 0)
                    << call;
        }
    }
}

TEST(OddInputs, GapsAreSkippedInsideWindows) {
    EXPECT_EQ(last("Mean($close,3)", {1, missing, 5}), 3);
    EXPECT_EQ(last("Count($close,3)", {1, missing, 5}), 2);
    EXPECT_TRUE(std::isnan(last("Sum($close,2)", {1, missing, missing})));
    EXPECT_EQ(last("Slope($close,3)", {1, missing, 5}), 2);  // positions stay
    EXPECT_TRUE(std::isnan(last("Ref($close,1)", {1, missing, 5})));
    EXPECT_TRUE(std::isnan(last("$close+1", {1, 5, missing})));
}

TEST(OddInputs, EqualExpressionsAreComputedOnce) {
    const Plan plan = compile(std::vector<std::string>(50, "Std($close,5)/Mean($close, 5)"));
    EXPECT_EQ(std::set<int>(plan.outputs.begin(), plan.outputs.end()).size(), 1u);
}

TEST(OddInputs, InfinitiesAreMissingInsideWindowsAndPassThroughArithmetic) {
    const double inf = HUGE_VAL;
    EXPECT_EQ(last("$close+1", {inf}), inf);
    EXPECT_EQ(last("Abs($close)", {-inf}), inf);
    EXPECT_TRUE(std::isnan(last("$close-$close", {inf})));
    EXPECT_EQ(last("Ref($close,1)", {inf, 1}), inf);
    EXPECT_EQ(last("Mean($close,3)", {1, inf, 5}), 3);
    EXPECT_EQ(last("Max($close,3)", {1, inf, 5}), 5);
    EXPECT_EQ(last("EMA($close,1)", {5, inf}), 5);
    EXPECT_TRUE(std::isnan(last("Rank($close,3)", {1, 2, inf})));
    // An infinity leaves no trace once it has left the window.
    for (const auto& call : one_of_each(4)) {
        const Operator& op = *find_operator(name_of(call));
        std::vector<double> params;
        for (const auto& p : op.params)
            params.push_back(std::isnan(p.fallback) ? (p.name == "N" ? 4 : 0.3) : p.fallback);
        const int window = op.reach(params, {}).left;
        if (window == unbounded) continue;
        const auto rows = 60 + static_cast<std::size_t>(window);
        std::mt19937_64 random(5);
        Panel panel = random_panel(random, rows, 0);
        const auto before = run(compile(call), panel);
        for (auto& column : panel.series[0].fields) column[20] = inf, column[21] = -inf;
        const auto after = run(compile(call), panel);
        // rows whose windows still hold it are left out
        for (std::size_t i = std::max(std::size_t{26}, rows - 38); i < rows; ++i)
            ASSERT_TRUE(before[i] == after[i] || (std::isnan(before[i]) && std::isnan(after[i])))
                << call << " row " << i;
    }
}

TEST(OddInputs, AbsurdPeriods) {
    // 0: all rows so far, where an operator has a window; an error elsewhere
    EXPECT_EQ(last("Mean($close,0)", {1, 2, 6}), 3);
    EXPECT_EQ(last("Ref($close,0)", {1, 2, 6}), 6);
    EXPECT_EQ(last("Delta($close,0)", {1, 2, 6}), 0);
    EXPECT_EQ(refusal("EMA($close,0)"),
              "position 12: EMA: N must be a span of at least 1 row, or an alpha between 0 and 1, found 0");
    for (const auto& op : operators()) {
        if (op.elsewhere != Elsewhere::nowhere || op.params.empty() || op.params[0].name != "N") continue;
        std::string inputs;
        for (std::size_t i = 0; i < op.inputs.size(); ++i) inputs += (i ? ",$" : "$") + fields[i];
        const std::string rest = op.params.size() > 1 ? ",0.5)" : ")";
        const bool shifts = op.name == "Ref" || op.name == "Delta";  // -1: a row ahead
        const auto refused = [&](const std::string& n) {
            return !refusal(op.name + "(" + inputs + "," + n + rest).empty();
        };
        EXPECT_EQ(refused("-1"), !shifts) << op.name;
        EXPECT_EQ(refused("0"), op.name == "EMA") << op.name;
        for (const char* n : {"1000000000", "-1000000000", "1e999", "NaN", "$close", "'5'", "-0.5", "1e-400"})
            EXPECT_TRUE(refused(n)) << op.name << " " << n;
        EXPECT_FALSE(refused("100000")) << op.name;  // the widest
        EXPECT_TRUE(refused("100001")) << op.name;
        EXPECT_EQ(refused("2.5"), op.name != "EMA") << op.name;
    }
    EXPECT_EQ(refusal("Mean($close,-1)"), "position 13: Mean: N must be 0 .. 100000, found -1");
    EXPECT_EQ(refusal("Mean($close,1000000000)"), "position 13: Mean: N must be 0 .. 100000, found 1000000000");
    EXPECT_EQ(refusal("Mean($close,NaN)"), "position 16: expected \"(\" after \"NaN\", found \")\"");
}

TEST(OddInputs, NestingIsBoundedAndLengthToo) {
    const std::string deep = std::string(10000, '(') + "$close" + std::string(10000, ')');
    EXPECT_EQ(refusal(deep), "position 257: nested deeper than 256 levels");
    EXPECT_EQ(last(std::string(255, '(') + "$close" + std::string(255, ')'), {3}), 3);
    EXPECT_EQ(last(std::string(254, '-') + "$close", {3}), 3);
    EXPECT_NE(refusal("$close" + std::string(100000, ' ')).find("at most 100000 are allowed"), std::string::npos);
    std::string chain = "$close";
    for (int i = 1; i < 10000; ++i) chain += "+$close";  // long, not deep
    EXPECT_EQ(last(chain, {1}), 10000);
}

TEST(OddInputs, TwoThousandFeatures) {
    std::vector<std::string> expressions;
    for (int n = 1; n <= 2000; ++n)
        expressions.push_back("Mean($close," + std::to_string(n) + ")/Ref($close," + std::to_string(n % 50) + ")");
    std::vector<double> close;
    for (int i = 0; i < 100; ++i) close.push_back(1 + i % 7);
    const Panel panel = panel_of({"close"}, {close});
    const auto out = run(compile(expressions), panel);
    ASSERT_EQ(out.size(), 200000u);
    for (const std::size_t c : {0u, 999u, 1999u}) {
        const auto alone = run(compile(expressions[c]), panel);
        for (std::size_t r = 0; r < 100; ++r)
            ASSERT_TRUE(out[c * 100 + r] == alone[r] || (std::isnan(alone[r]) && std::isnan(out[c * 100 + r])))
                << c << " " << r;
    }
}

}  // namespace
}  // namespace bourse::factors
