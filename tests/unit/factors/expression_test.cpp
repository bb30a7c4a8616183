// The language: grammar, errors with positions, shared subexpressions, reach, and the rules that differ from Qlib.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/error.hpp"
#include "factors/evaluate.hpp"
#include "factors/support.hpp"

namespace bourse::factors {
namespace {

using namespace test;

std::vector<double> values(const std::string& expression, const Panel& panel, Rules rules = {}) {
    const Plan plan = compile(expression, rules);
    std::vector<double> out;
    Evaluator(plan, panel).run(panel.series[0], 0, panel.series[0].rows(), out, {});
    return out;
}

double last(const std::string& expression, std::vector<double> close) {
    return values(expression, panel_of({"close"}, {std::move(close)})).back();
}

struct Message {
    std::string what, hint;
};
Message error_of(const std::string& expression) {
    try {
        const Plan plan = compile(expression);
        require_fields(plan, built_in_fields());
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::bad_expression) << expression;
        return {e.what(), e.hint()};
    }
    ADD_FAILURE() << "no error for " << expression;
    return {};
}

TEST(Expression, PrecedenceIsPythons) {
    EXPECT_EQ(last("$close + 2 * 3", {1}), 7);
    EXPECT_EQ(last("($close + 2) * 3", {1}), 9);
    EXPECT_EQ(last("-$close ** 2", {3}), -9);
    EXPECT_EQ(last("2 ** 3 ** 2 + 0 * $close", {3}), 512);
    EXPECT_EQ(last("2 ** -1 * $close", {3}), 1.5);
    EXPECT_EQ(last("10 - 4 - $close", {3}), 3);
    EXPECT_EQ(last("$close - - 2", {3}), 5);
    EXPECT_EQ(last("If(($close > 2) & ($close < 6), 1, 0)", {3}), 1);
    EXPECT_EQ(last("If(($close > 5) | ($close == 3), 1, 0)", {3}), 1);
    EXPECT_EQ(last("$Close", {3}), 3);  // field names ignore case
    EXPECT_EQ(last("1e-2*$close + .5", {100}), 1.5);
}

TEST(Expression, ErrorsTellPositionAndWhatWasExpected) {
    EXPECT_EQ(error_of("Maen($close,5)").what, "position 1: unknown operator \"Maen\"");
    EXPECT_EQ(error_of("Maen($close,5)").hint, "did you mean \"Mean\"?");
    EXPECT_EQ(error_of("Mean($clsoe,5)").what, "position 6: unknown field \"$clsoe\"");
    EXPECT_EQ(error_of("Mean($clsoe,5)").hint, "did you mean \"$close\"?");
    EXPECT_EQ(error_of("Mean($close,5").what, "position 14: expected \",\" or \")\", found the end");
    EXPECT_EQ(error_of("$close +").what,
              "position 9: expected a number, a $field, an operator or \"(\", found the end");
    EXPECT_EQ(error_of("$close 5").what, "position 8: expected an operator or the end, found \"5\"");
    EXPECT_EQ(error_of("").what, "position 1: the expression is empty");
    EXPECT_EQ(error_of("close/2").what, "position 6: expected \"(\" after \"close\", found \"/\"");
    EXPECT_EQ(error_of("1+1").what, "position 1: the expression is the number 2 for every row");
    EXPECT_EQ(error_of("$a > 1 > 2").what, "position 8: comparisons cannot be chained");
    EXPECT_EQ(error_of("$open>2 & $close<6").what.substr(0, 40), "position 7: And expects a condition, fou");
    EXPECT_EQ(error_of("Mean($close)").what, "position 1: Mean expects 2 arguments, found 1");
    EXPECT_EQ(error_of("Mean($close, $open)").what, "position 14: Mean expects a number as N, found a series");
    EXPECT_EQ(error_of("Mean(3, 5)").what, "position 6: Mean expects a series as x, found the number 3");
    EXPECT_EQ(error_of("$$roe_q").what, "position 1: $$roe_q stands outside of P and PRef");
    EXPECT_EQ(error_of("$收盘 + Maen($close)").what, "position 7: unknown operator \"Maen\"");  // characters, not bytes
}

TEST(Expression, AbsurdParametersAreErrors) {
    for (const char* e : {"Mean($close,-1)",
                          "Mean($close,1000000000)",
                          "Mean($close,2.5)",
                          "Mean($close,0.5,1)",
                          "Std($close,0.5)",
                          "Ref($close,1e9)",
                          "Ref($close,1.5)",
                          "Quantile($close,5,1.5)",
                          "RSI($close,0)",
                          "RSI($close,-1)",
                          "RSI($close,1e9)",
                          "Mean($close,1e999)",
                          "Mean($close,NaN)",
                          "EMA($close,0)",
                          "EMA($close,-3)",
                          "Corr($close,$open,-1)",
                          "Skew($close,2)",
                          "Slope($close,0.5)",
                          "$close /",
                          "()",
                          "Mean()",
                          "Mean(,)",
                          "$",
                          "Mean($close,5))",
                          "((((",
                          "'x'",
                          "\"x\"",
                          "$close // 2",
                          "~$close",
                          "$close % 2",
                          "Not($close)",
                          "\x01",
                          "$close + \xff\xfe"})
        EXPECT_FALSE(error_of(e).what.empty()) << e;
}

TEST(Expression, DeepNestingIsAnErrorNotACrash) {
    std::string parentheses(10000, '('), calls, minus(10000, '-'), power = "$close";
    for (int i = 0; i < 10000; ++i) calls += "Abs(", power += "**2";
    EXPECT_NE(error_of(parentheses + "$close" + std::string(10000, ')')).what.find("nested deeper"), std::string::npos);
    EXPECT_NE(error_of(calls + "$close" + std::string(10000, ')')).what.find("nested deeper"), std::string::npos);
    EXPECT_NE(error_of(minus + "$close").what.find("nested deeper"), std::string::npos);
    EXPECT_NE(error_of(power).what.find("nested deeper"), std::string::npos);
    // A long chain is not deep, and its value is exact.
    std::string chain = "$close";
    for (int i = 1; i < 10000; ++i) chain += "+$close";
    EXPECT_EQ(last(chain, {1}), 10000);
    EXPECT_NE(error_of("$close" + std::string(200000, ' ')).what.find("at most"), std::string::npos);
}

TEST(Expression, CommonPartsAreOneNode) {
    const std::vector<std::string> expressions{"Mean($close,5)/$close", "Mean($close, 5) / $close", "$close*$open",
                                               "$open*$close",          "Mean( $CLOSE ,5)",         "Std($close,5)"};
    const Plan plan = compile(expressions);
    EXPECT_EQ(plan.outputs[0], plan.outputs[1]);
    EXPECT_EQ(plan.outputs[2], plan.outputs[3]);
    EXPECT_EQ(plan.nodes[static_cast<std::size_t>(plan.outputs[0])].inputs[0], plan.outputs[4]);
    EXPECT_EQ(plan.fields.size(), 2u);
}

TEST(Expression, ReachCountsRowsReadBesideTheRow) {
    const auto reach = [](const std::string& e) { return compile(e).reach(); };
    EXPECT_EQ(reach("$close").left, 0);
    EXPECT_EQ(reach("Mean($close,5)").left, 4);
    EXPECT_EQ(reach("Mean(Ref($close,3),5)").left, 7);
    EXPECT_EQ(reach("Mean($close,5)+Std($close,20)").left, 19);
    EXPECT_EQ(reach("Delta($close,3)").left, 3);
    EXPECT_EQ(reach("Ref($close,-2)/Ref($close,-1)-1").right, 2);
    EXPECT_EQ(reach("Ref($close,-2)/Ref($close,-1)-1").left, 0);
    EXPECT_EQ(reach("EMA($close,5)").left, unbounded);
    EXPECT_EQ(reach("Mean(RSI($close,14),5)").left, unbounded);
    EXPECT_EQ(reach("Mean($close,0)").left, unbounded);
}

TEST(Expression, MissingValuesWithoutQlibsTraps) {
    const Panel panel = panel_of({"close"}, {{1, 2, missing, 4, 4}});
    const auto is = [&](const std::string& e, std::size_t row, double expected) {
        const double got = values(e, panel)[row];
        if (std::isnan(expected))
            EXPECT_TRUE(std::isnan(got)) << e << " " << got;
        else
            EXPECT_DOUBLE_EQ(got, expected) << e;
    };
    is("IdxMax($close,4)", 3, 4);
    is("IdxMin($close,4)", 3, 1);
    is("Ref($close,0)", 1, 2);
    is("If($close,1,0)", 2, missing);
    is("If($close>0,1,0)", 2, 0);
    is("Ne($close,1)*1", 2, 1);
    is("WMA($close,3)", 1, (1 * 1 + 2 * 2) / 3.0);
    is("WMA($close,3)", 3, (1 * 2 + 3 * 4) / 4.0);
    is("Count($close,3)", 2, 2);
    is("Rank($close,5)", 4, (2 + 1.5) / 4);
    is("Greater($close,3)", 2, missing);
    is("Log(0-$close)", 0, missing);
    is("Std($close,2)", 4, 0);
    is("Corr($close,$close,2)", 4, missing);
    is("Skew($close*0,4)", 4, missing);
}

TEST(Expression, StdOfConstantsIsExactlyZero) {
    for (const double value : {0.1, 1e-9, 1e9 + 0.1, 3.3333}) {
        const Panel panel = panel_of({"close"}, {std::vector<double>(300, value)});
        for (const char* e : {"Std($close,7)", "Var($close,60)", "$close-Mean($close,13)", "Slope($close,10)",
                              "Cov($close,$close,20)"}) {
            const auto out = values(e, panel);
            for (std::size_t i = 2; i < out.size(); ++i) ASSERT_EQ(out[i], 0) << e << " of " << value << " row " << i;
        }
    }
}

TEST(Expression, OldOutliersLeaveNoTrace) {
    std::vector<double> close(200, 1.5);
    close[10] = 1e15;
    const auto out = values("Std($close,5)", panel_of({"close"}, {close}));
    for (std::size_t i = 15; i < out.size(); ++i) ASSERT_EQ(out[i], 0) << i;
}

TEST(Expression, IndicatorsAreOperatorsUnderUpperCaseNames) {
    EXPECT_NE(find_operator("RSI"), nullptr);
    EXPECT_NE(find_operator("MACD_SIGNAL"), nullptr);
    EXPECT_NE(find_operator("TA_EMA"), nullptr);
    EXPECT_EQ(find_operator("EMA")->missing.substr(0, 13), "a missing row");  // Qlib's owns the bare name
    std::mt19937_64 random(5);
    const Panel panel = random_panel(random, 60, 0);
    const auto macd = values("MACD($close)", panel), named = values("MACD_MACD($close,12,26,9)", panel);
    const auto difference = values("MACD($close)-MACD_SIGNAL($close)-MACD_HIST($close)", panel);
    EXPECT_DOUBLE_EQ(macd.back(), named.back());
    EXPECT_NEAR(difference.back(), 0, 1e-12);
}

// Mostly right: calls with arguments of the right kind, infix operators, now and then a wrong number.
std::string random_expression(std::mt19937_64& random, int depth) {
    static const std::vector<std::string> fields{"$open", "$high", "$low", "$close", "$volume"},
        infix{" + ", "-", "*", "/", " ** ", ">", "<=", "!="};
    if (depth == 0 || random() % 4 == 0) return fields[random() % fields.size()];
    if (random() % 3 == 0)
        return "(" + random_expression(random, depth - 1) + infix[random() % infix.size()] +
               random_expression(random, depth - 1) + ")";
    const Operator& op = operators()[random() % operators().size()];
    std::string text = op.name + "(";
    for (std::size_t i = 0; i < op.inputs.size(); ++i) {
        const std::string input = random_expression(random, depth - 1);
        text += (i ? "," : "") + (op.takes == Kind::condition ? "(" + input + ">1)" : input);
    }
    for (const auto& p : op.params)
        if (std::isnan(p.fallback))
            text += p.name == "q" ? ",0.4" : "," + std::to_string(random() % 10 == 0 ? 0 : 4 + random() % 40);
    return text + ")";
}

// Whatever is typed: a plan that can be run, or an error with a position.
TEST(Expression, AnyTextIsAPlanOrAnError) {
    std::mt19937_64 random(99);
    std::vector<std::string> tokens{"$close",      "$open", "$volume",
                                    "$",           "$$x",   "(",
                                    ")",           "(",     ")",
                                    ",",           ",",     "+",
                                    "-",           "*",     "/",
                                    "**",          "&",     "|",
                                    ">",           "<",     ">=",
                                    "==",          "!=",    "0",
                                    "1",           "5",     "0.5",
                                    "-1",          "1e9",   "1e999",
                                    ".",           "1.5.2", " ",
                                    "~",           "'",     "\"",
                                    "//",          "\xc3",  "\xe4\xb8\xad",
                                    "@1w",         "@",     ",'X')",
                                    "'1w','sum')", "\n",    "x"};
    for (const auto& op : operators()) tokens.push_back(op.name + "(");
    for (const auto& op : operators()) tokens.push_back(op.name + "($close");
    const Panel panel = random_panel(random, 30, 0.1);
    int plans = 0, errors = 0;
    for (int trial = 0; trial < 30000; ++trial) {
        std::string text = trial % 4 == 0 ? random_expression(random, 3) : trial % 4 == 1 ? "$close" : "";
        for (std::size_t n = trial % 8 == 0 ? 0 : 1 + random() % 9; n > 0; --n)
            text += tokens[random() % tokens.size()];
        if (random() % 3 == 0)
            text += std::string(
                static_cast<std::size_t>(std::max<std::ptrdiff_t>(
                    0, std::count(text.begin(), text.end(), '(') - std::count(text.begin(), text.end(), ')'))),
                ')');
        try {
            const Plan plan = compile(text, {.strict_qlib = trial % 5 == 0});
            require_fields(plan, panel.fields);
            if (!plan.derivations.empty()) {  // needs more than a panel
                ++plans;
                continue;
            }
            std::vector<double> out;
            Evaluator(plan, panel).run(panel.series[0], 0, 30, out, {});
            ASSERT_EQ(out.size(), 30u);
            ++plans;
        } catch (const Error& e) {
            ASSERT_EQ(e.kind(), ErrorKind::bad_expression) << text;
            ASSERT_EQ(std::string(e.what()).substr(0, 9), "position ") << text << ": " << e.what();
            ++errors;
        }
    }
    EXPECT_GT(plans, 500);
    EXPECT_GT(errors, 5000);
}

TEST(Expression, CancellationIsSeen) {
    std::mt19937_64 random(1);
    const Panel panel = random_panel(random, 200000, 0);
    const Plan plan = compile("Mad($close,50000)");
    std::vector<double> out;
    int calls = 0;
    const CheckInterrupts stop = [&] {
        if (++calls == 3) throw Error(ErrorKind::cancelled, "stopped");
    };
    EXPECT_THROW(Evaluator(plan, panel).run(panel.series[0], 0, 200000, out, stop), Error);
    EXPECT_EQ(calls, 3);
}

// Whatever operator, of a small and of a wide window: on a million rows it looks for a cancellation on the way, not
// only before it begins.
TEST(Expression, EveryOperatorCanBeCancelled) {
    std::mt19937_64 random(2);
    constexpr std::size_t rows = 1'050'000;
    const Panel panel = random_panel(random, rows, 0);
    std::vector<double> out;
    for (const auto& op : operators()) {
        if (op.elsewhere != Elsewhere::nowhere) continue;
        for (const char* window : {",20", ",2000"}) {
            std::string text = op.name + "(", params;
            for (std::size_t i = 0; i < op.inputs.size(); ++i)
                text += (i ? "," : "") + std::string(op.takes == Kind::condition ? "($close>20)" : "$close");
            for (const auto& p : op.params)
                if (std::isnan(p.fallback)) params += p.name == "N" ? window : ",0.3";
            int calls = 0;
            const CheckInterrupts stop = [&] {
                if (++calls == 2) throw Error(ErrorKind::cancelled, "stopped");
            };
            const Plan plan = compile(text + params + ")");
            EXPECT_THROW(Evaluator(plan, panel).run(panel.series[0], 0, rows, out, stop), Error) << text << params;
            if (params.find(window) == std::string::npos) break;  // no window
        }
    }
}

// A window kept in order sorts the whole column first: in runs, each of which looks.
TEST(Expression, SortingAMillionRowsCanBeCancelled) {
    std::mt19937_64 random(3);
    std::vector<double> close;
    for (int i = 0; i < 500'000; ++i) close.push_back(static_cast<double>(random()));
    const Panel panel = panel_of({"close"}, {close});
    std::vector<double> out;
    int calls = 0;
    const CheckInterrupts count = [&] {
        if (++calls == 12) throw Error(ErrorKind::cancelled, "stopped");
    };
    // Before the first row is looked at: ranks alone are 8 million units of work, sorting 16 runs of half a million.
    EXPECT_THROW(Evaluator(compile("Med($close,100000)"), panel).run(panel.series[0], 0, 500'000, out, count), Error);
    EXPECT_EQ(calls, 12);
}

// How often compiling looks for a cancellation, and that one ends it.
int looks(std::span<const std::string> expressions, int stop_at = 0) {
    int calls = 0;
    const CheckInterrupts count = [&] {
        if (++calls == stop_at) throw Error(ErrorKind::cancelled, "stopped");
    };
    if (stop_at > 0)
        EXPECT_THROW(compile(expressions, {}, {}, count), Error);
    else
        compile(expressions, {}, {}, count);
    return calls;
}

std::string chain(const std::string& term, int terms) {
    std::string text = "$close";
    for (int i = 0; i < terms; ++i) text += term;
    return text;
}

TEST(Expression, CompilingLooksForACancellation) {
    // The same terms again and again: they cost time, though they make no new nodes.
    const std::vector<std::string> repeated(100, chain("+$close*2", 1000));
    EXPECT_GE(looks(repeated), 300);
    EXPECT_EQ(looks(repeated, 3), 3);
    // Numbers are folded as they are read.
    EXPECT_GE(looks(std::vector<std::string>{chain("+1*2", 10000)}), 30);
    // Each text a derivation of its own, with another pass over the graph.
    std::vector<std::string> elsewhere;
    for (int i = 0; i < 1000; ++i)
        elsewhere.push_back("Mask($close*" + std::to_string(i) + ",'S" + std::to_string(i) + "')");
    const int all = looks(elsewhere);
    EXPECT_GE(all, looks(std::vector<std::string>{chain("+$close*2", 1000)}) + 5);
    EXPECT_EQ(looks(elsewhere, all), all) << "the last one, too, ends it";
    // A name of a field that is as long as the expression, put together term by term.
    EXPECT_GE(looks(std::vector<std::string>{"CSRank(" + chain("+$close", 4000) + ")"}), 50);
}

TEST(Expression, AChainInsideAnotherOperatorIsNotDeep) {
    const std::string text = "CSRank(" + chain("-$a", 15000) + ")";
    const Plan plan = compile(text);
    ASSERT_EQ(plan.derivations.size(), 1u);
    EXPECT_EQ(plan.derivations[0].plan->nodes.size(), 15002u);
    EXPECT_TRUE(print(plan, plan.outputs[0]).starts_with("CSRank(Sub(Sub("));
}

TEST(Expression, ManyFieldsOfALongExpressionAreKeptShort) {
    std::string text = "$f0";
    for (int i = 1; i < 10000; ++i) text += "+$f" + std::to_string(i);
    const Plan plan = compile(text);
    ASSERT_EQ(plan.fields.size(), 10000u);
    std::size_t bytes = 0;
    for (const auto& field : plan.fields) bytes += field.expression.size();
    EXPECT_LE(bytes, 10000u * 303);
    EXPECT_EQ(plan.fields[9999].position, text.rfind('$') + 1);
}

}  // namespace
}  // namespace bourse::factors
