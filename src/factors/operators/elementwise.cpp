// Operators that look at one row: arithmetic, comparisons, logic, choice.
#include <cmath>

#include "factors/operators/families.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

template <class F>
auto map_one(F f) {
    return [f](const Frame& frame) {
        const Column x = frame.inputs[0];
        for (std::size_t i = 0; i < frame.rows; ++i) frame.out[i] = f(x[i]);
        frame.work.done(frame.rows);
    };
}

template <class F>
auto map_two(F f) {
    return [f](const Frame& frame) {
        const Column a = frame.inputs[0], b = frame.inputs[1];
        for (std::size_t i = 0; i < frame.rows; ++i) frame.out[i] = f(a[i], b[i]);
        frame.work.done(frame.rows);
    };
}

Reach same_row(std::span<const double>, const Rules&) { return {}; }

Operator elementwise(std::string name, std::vector<std::string> inputs, std::string summary, std::string missing,
                     std::function<void(const Frame&)> evaluate, Kind takes = Kind::number, Kind gives = Kind::number) {
    Operator op;
    op.name = std::move(name);
    op.inputs = std::move(inputs);
    op.summary = std::move(summary);
    op.missing = std::move(missing);
    op.takes = takes;
    op.gives = gives;
    op.constants = true;
    op.keeps_single = true;
    op.reach = same_row;
    op.lane_form = LaneForm::each_row;
    op.evaluate = std::move(evaluate);
    return op;
}

void choose(const Frame& frame) {
    const Column c = frame.inputs[0], a = frame.inputs[1], b = frame.inputs[2];
    const bool strict = frame.rules.strict_qlib;
    for (std::size_t i = 0; i < frame.rows; ++i) {
        if (std::isnan(c[i]) && !strict)
            frame.out[i] = nan_value;
        else
            frame.out[i] = c[i] != 0 ? a[i] : b[i];  // NaN != 0: in Qlib a missing condition counts as true
    }
    frame.work.done(frame.rows);
}

void select(const Frame& frame) {
    const Column c = frame.inputs[0], x = frame.inputs[1];
    for (std::size_t i = 0; i < frame.rows; ++i) frame.out[i] = std::isnan(c[i]) || c[i] == 0 ? nan_value : x[i];
    frame.work.done(frame.rows);
}

double sign(double x) { return std::isnan(x) ? x : static_cast<double>((x > 0) - (x < 0)); }

}  // namespace

std::vector<Operator> elementwise_operators() {
    const std::string one = "missing in, missing out", two = "missing where either is missing";
    std::vector<Operator> all;
    all.push_back(elementwise("Abs", {"x"}, "absolute value", one, map_one([](double x) { return std::fabs(x); })));
    all.push_back(elementwise("Sign", {"x"}, "-1, 0 or 1", one, map_one(sign)));
    all.push_back(elementwise("Log", {"x"}, "natural logarithm; of 0 -infinity, of negative numbers missing", one,
                              map_one([](double x) { return x < 0 ? nan_value : std::log(x); })));
    all.push_back(elementwise("Neg", {"x"}, "-x; written as a minus sign", one, map_one([](double x) { return -x; })));
    all.push_back(elementwise("Add", {"a", "b"}, "a + b", two, map_two([](double a, double b) { return a + b; })));
    all.back().commutes = true;
    all.push_back(elementwise("Sub", {"a", "b"}, "a - b", two, map_two([](double a, double b) { return a - b; })));
    all.push_back(elementwise("Mul", {"a", "b"}, "a * b", two, map_two([](double a, double b) { return a * b; })));
    all.back().commutes = true;
    all.push_back(elementwise("Div", {"a", "b"}, "a / b; x/0 is infinite, 0/0 missing", two,
                              map_two([](double a, double b) { return a / b; })));
    all.push_back(
        elementwise("Power", {"a", "b"}, "a ** b", two, map_two([](double a, double b) { return std::pow(a, b); })));
    all.push_back(elementwise("Greater", {"a", "b"}, "the greater of a and b", two, map_two([](double a, double b) {
                                  return std::isnan(a) || std::isnan(b) ? nan_value : (a > b ? a : b);
                              })));
    all.push_back(elementwise("Less", {"a", "b"}, "the lesser of a and b", two, map_two([](double a, double b) {
                                  return std::isnan(a) || std::isnan(b) ? nan_value : (a < b ? a : b);
                              })));
    const std::string comparison = "false where either is missing";
    const auto compare = [&](const char* name, const char* summary, auto f) {
        all.push_back(elementwise(name, {"a", "b"}, summary, comparison, map_two(f), Kind::number, Kind::condition));
    };
    compare("Gt", "a > b", [](double a, double b) { return a > b ? 1.0 : 0.0; });
    compare("Ge", "a >= b", [](double a, double b) { return a >= b ? 1.0 : 0.0; });
    compare("Lt", "a < b", [](double a, double b) { return a < b ? 1.0 : 0.0; });
    compare("Le", "a <= b", [](double a, double b) { return a <= b ? 1.0 : 0.0; });
    compare("Eq", "a == b", [](double a, double b) { return a == b ? 1.0 : 0.0; });
    compare("Ne", "a != b", [](double a, double b) { return a != b ? 1.0 : 0.0; });
    all.back().missing = "true where either is missing";
    const std::string logic = "conditions are never missing";
    const auto condition = [&](const char* name, std::vector<std::string> inputs, const char* summary, auto f) {
        all.push_back(elementwise(name, std::move(inputs), summary, logic, f, Kind::condition, Kind::condition));
        all.back().constants = false;
    };
    condition("And", {"a", "b"}, "both conditions; written a & b",
              map_two([](double a, double b) { return a != 0 && b != 0 ? 1.0 : 0.0; }));
    condition("Or", {"a", "b"}, "either condition; written with a vertical bar",
              map_two([](double a, double b) { return a != 0 || b != 0 ? 1.0 : 0.0; }));
    condition("Not", {"a"}, "the opposite of a condition", map_one([](double a) { return a == 0 ? 1.0 : 0.0; }));
    all.push_back(elementwise("If", {"condition", "a", "b"},
                              "a where the condition holds (or the number is not 0), else b",
                              "a missing condition gives missing (strict_qlib: counts as true)", choose));
    all.push_back(elementwise("Select", {"condition", "x"}, "x where the condition holds (or the number is not 0)",
                              "missing where it does not, and where either is missing (Qlib drops those rows, and its "
                              "windows close up)",
                              select));
    const auto test = [&](const char* name, const char* summary, auto f) {
        all.push_back(elementwise(name, {"x"}, summary, "never missing", map_one(f), Kind::number, Kind::condition));
    };
    test("IsNull", "whether x is missing", [](double x) { return std::isnan(x) ? 1.0 : 0.0; });
    test("IsInf", "whether x is infinite", [](double x) { return std::isinf(x) ? 1.0 : 0.0; });
    give_lane_forms(all, {{"Abs", LaneForm::abs},
                          {"Neg", LaneForm::neg},
                          {"Add", LaneForm::add},
                          {"Sub", LaneForm::sub},
                          {"Mul", LaneForm::mul},
                          {"Div", LaneForm::div},
                          {"Greater", LaneForm::greater},
                          {"Less", LaneForm::less},
                          {"Gt", LaneForm::gt},
                          {"Ge", LaneForm::ge},
                          {"Lt", LaneForm::lt},
                          {"Le", LaneForm::le},
                          {"Eq", LaneForm::eq},
                          {"Ne", LaneForm::ne}});
    return all;
}

}  // namespace bourse::factors
