// Operators whose argument is evaluated elsewhere: for another instrument, period by period, at another frequency.
#include <array>

#include "factors/operators/families.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {

const Operator& frequency_operator() {
    static const Operator op = [] {
        Operator o;
        o.name = "@";
        o.inputs = {"x"};
        o.texts = {{"frequency"}};
        o.elsewhere = Elsewhere::frequency;
        return o;
    }();
    return op;
}

std::span<const std::string> period_functions() {
    static const std::array<std::string, 8> names{"sum", "mean", "min", "max", "first", "last", "median", "count"};
    return names;
}

std::vector<Operator> make_custom(std::span<const CustomOperator> list) {
    std::vector<Operator> all;
    for (const auto& custom : list) {
        Operator op;
        op.name = custom.name;
        for (int i = 1; i <= custom.inputs; ++i) op.inputs.push_back("x" + std::to_string(i));
        for (int i = 1; i <= custom.params; ++i)
            op.params.push_back({"p" + std::to_string(i), nan_value, -1e300, 1e300, false});
        op.elsewhere = Elsewhere::function;
        op.function = custom.function;
        op.refuse = [why = custom.unusable](std::span<const double>, const Rules&) { return why; };
        all.push_back(std::move(op));
    }
    return all;
}

std::vector<Operator> elsewhere_operators() {
    Operator c;
    c.name = "ChangeInstrument";
    c.inputs = {"x"};
    c.texts = {{"symbol"}};
    c.texts_first = true;
    c.elsewhere = Elsewhere::instrument;
    c.keeps_single = true;
    c.summary = "x of another instrument at the same ts: of the market, of a peer";
    c.missing =
        "missing where that instrument has no bar at this ts; where its bar closes later than this one, its bar before "
        "counts";
    Operator m = c;
    m.name = "Mask";
    m.texts_first = false;
    m.summary = "as ChangeInstrument, with the symbol last";
    Operator o = m;
    o.name = "Peer";
    o.summary = "as Mask, also where there is no such instrument: features that can do without";
    o.missing = "as Mask; missing everywhere where no instrument of this symbol has bars";
    Operator i = o;
    i.name = "IsInstrument";
    i.keeps_single = false;
    i.summary = "1 on the rows of the instrument of this symbol, 0 on those of others, whatever x is";
    i.missing = "never missing";
    Operator r;
    r.name = "TResample";
    r.inputs = {"x"};
    r.texts = {{"frequency"}, {"function"}};
    r.elsewhere = Elsewhere::period;
    r.summary = "x over the rows of the newest closed period (1w, 1mo …): sum mean min max first last median count";
    r.missing = "missing values are skipped; missing where the period has none left and before the first closed one";
    Operator p;
    p.name = "P";
    p.inputs = {"x"};
    p.elsewhere = Elsewhere::statements;
    p.summary =
        "x over the fiscal periods published by then ($$name fields, their newest revisions): its newest period";
    p.missing = "missing before anything is published; a period that is not is a missing value inside x";
    Operator at = p;
    at.name = "PRef";
    at.params = {{"period", nan_value, 1, 999999, true}};
    at.refuse = [](std::span<const double> params, const Rules&) -> std::string {
        const auto period = static_cast<int>(params[0]);
        if (period <= 9999 || (period >= 100000 && period % 100 >= 1 && period % 100 <= 4)) return {};
        return "period must be a year, or a year and its quarter as in 201902";
    };
    at.summary = "as P, of one period: 201902 is the second quarter of 2019, 2019 a year";
    at.missing = "missing before the period lies between the published ones, and where its value is missing";
    return {c, m, o, i, r, p, at};
}

}  // namespace bourse::factors
