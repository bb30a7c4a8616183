#include "factors/reference/definitions.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "factors/reference/across.hpp"
#include "factors/reference/windows.hpp"

namespace bourse::factors::reference {
namespace {

using test::day;
using test::day_us;

// --- one row -------------------------------------------------------------------------------------------------------

using Args = std::vector<double>;
const std::map<std::string, std::function<Expected(const Args&)>>& one_row() {
    const auto truth = [](bool holds) { return exactly(holds ? 1 : 0); };
    const auto is_missing = [](double v) { return std::isnan(v); };
    static const std::map<std::string, std::function<Expected(const Args&)>> all{
        {"Abs", [](const Args& v) { return exactly(v[0] < 0 ? -v[0] : v[0]); }},
        {"Sign", [=](const Args& v) { return is_missing(v[0]) ? none()
                                                              : exactly(v[0] > 0   ? 1
                                                                        : v[0] < 0 ? -1
                                                                                   : 0); }},
        {"Log",
         [=](const Args& v) {
             if (is_missing(v[0]) || v[0] < 0) return none();
             const long double value = std::log(static_cast<long double>(v[0]));
             return Expected{value, std::isinf(value) ? 0 : 4 * unit_roundoff * std::fabs(value), true};
         }},
        {"Neg", [](const Args& v) { return exactly(-v[0]); }},
        // IEEE says what a sum, difference, product and quotient of two doubles is
        {"Add", [](const Args& v) { return exactly(v[0] + v[1]); }},
        {"Sub", [](const Args& v) { return exactly(v[0] - v[1]); }},
        {"Mul", [](const Args& v) { return exactly(v[0] * v[1]); }},
        {"Div", [](const Args& v) { return exactly(v[0] / v[1]); }},
        {"Power",
         [](const Args& v) {
             const auto value =
                 static_cast<double>(std::pow(static_cast<long double>(v[0]), static_cast<long double>(v[1])));
             return Expected{value, std::isinf(value) ? 0 : 4 * unit_roundoff * std::fabs(value) + 1e-320L, true};
         }},
        {"Greater",
         [=](const Args& v) { return is_missing(v[0]) || is_missing(v[1]) ? none() : exactly(std::max(v[0], v[1])); }},
        {"Less",
         [=](const Args& v) { return is_missing(v[0]) || is_missing(v[1]) ? none() : exactly(std::min(v[0], v[1])); }},
        {"Gt", [=](const Args& v) { return truth(v[0] > v[1]); }},
        {"Ge", [=](const Args& v) { return truth(v[0] >= v[1]); }},
        {"Lt", [=](const Args& v) { return truth(v[0] < v[1]); }},
        {"Le", [=](const Args& v) { return truth(v[0] <= v[1]); }},
        {"Eq", [=](const Args& v) { return truth(v[0] == v[1]); }},
        {"Ne", [=](const Args& v) { return truth(v[0] != v[1]); }},
        {"And", [=](const Args& v) { return truth(v[0] != 0 && v[1] != 0); }},
        {"Or", [=](const Args& v) { return truth(v[0] != 0 || v[1] != 0); }},
        {"Not", [=](const Args& v) { return truth(v[0] == 0); }},
        {"Select", [=](const Args& v) { return is_missing(v[0]) || v[0] == 0 ? none() : exactly(v[1]); }},
        {"IsNull", [=](const Args& v) { return truth(is_missing(v[0])); }},
        {"IsInf", [=](const Args& v) { return truth(std::fabs(v[0]) > std::numeric_limits<double>::max()); }},
        {"If", [=](const Args& v) { return is_missing(v[0]) ? none() : exactly(v[0] != 0 ? v[1] : v[2]); }},
    };
    return all;
}

// --- other rows of the instrument ----------------------------------------------------------------------------------

Expected shifted(const std::string& op, const std::vector<double>& x, std::size_t row, double n) {
    const auto at = static_cast<std::ptrdiff_t>(row) - static_cast<std::ptrdiff_t>(n);
    const double there =
        at < 0 || at >= static_cast<std::ptrdiff_t>(x.size()) ? missing : x[static_cast<std::size_t>(at)];
    return exactly(op == "Ref" ? there : x[row] - there);
}

// A day's bar is the whole session: its first minute, and its last. contrib_test.cpp has bars within a day.
Expected of_session(const Expression& e, const std::vector<double>& x, const Rows& own, std::size_t row) {
    if (e.op == "Date") return exactly(std::floor(static_cast<double>(own.ts[row]) / static_cast<double>(day_us)));
    const bool before = e.op == "DayCumsum" && std::floor(e.params[0] / e.params[2]) > 0;
    return exactly(before ? 0 : x[row]);
}

bool is_filled_or_cut(const std::string& op) { return op == "FFillNan" || op == "BFillNan" || op == "Cut"; }

Expected filled_or_cut(const Expression& e, const std::vector<double>& x, std::size_t row) {
    const auto rows = static_cast<std::ptrdiff_t>(x.size()), at = static_cast<std::ptrdiff_t>(row);
    if (e.op == "Cut") {
        const auto left = static_cast<std::ptrdiff_t>(e.params[0]), right = static_cast<std::ptrdiff_t>(-e.params[1]);
        return at < left || at >= rows - right ? none() : exactly(x[row]);
    }
    const std::ptrdiff_t step = e.op == "FFillNan" ? -1 : 1;
    for (std::ptrdiff_t r = at; r >= 0 && r < rows; r += step)
        if (!std::isnan(x[static_cast<std::size_t>(r)])) return exactly(x[static_cast<std::size_t>(r)]);
    return none();
}

// --- another instrument --------------------------------------------------------------------------------------------

// The position of the other calendar at ts; where its bar closes later than what is known, the one before.
Expected of_instrument(Market& market, const std::string& symbol, const Values& x, std::size_t instrument,
                       std::size_t row) {
    const Rows& own = market.daily[instrument];
    for (std::size_t other = 0; other < market.daily.size(); ++other) {
        const Rows& there = market.daily[other];
        if (there.symbol != symbol) continue;
        const Grid& grid = market.grids[there.calendar];
        const std::int64_t ts = own.ts[row], known = own.available[row];
        const auto here = grid.close.find(ts);
        // A holiday there. Before the first and after the last session that is loaded nobody knows.
        if (here == grid.close.end() && grid.sessions && ts > grid.close.begin()->first &&
            ts < grid.close.rbegin()->first)
            return none();
        std::int64_t position = ts;
        if ((here == grid.close.end() ? ts + day_us : here->second) > known) {
            auto before = grid.close.lower_bound(ts);
            while (before != grid.close.begin() &&
                   (before == grid.close.end() || before->first >= ts || before->second > known))
                --before;
            if (before == grid.close.end() || before->first >= ts || before->second > known) return none();
            position = before->first;
        }
        const auto at = there.at(position);
        if (at < 0 || !there.has_bar[static_cast<std::size_t>(at)]) return none();
        return exactly(x[other][static_cast<std::size_t>(at)]);
    }
    return none();
}

// --- periods -------------------------------------------------------------------------------------------------------

Expected put_together(Sample v, const std::string& function) {
    if (function == "count") return exactly(static_cast<long double>(v.x.size()));
    if (v.x.empty()) return none();
    if (function == "first") return exactly(v.x.front());
    if (function == "last") return exactly(v.x.back());
    if (function == "sum") {
        long double sizes = 0;
        for (const auto value : v.x) sizes += std::fabs(value);
        return {v.sum(), some_roundings * sizes, true};
    }
    if (function == "mean") return {v.mean(), some_roundings * v.largest(), true};
    std::sort(v.x.begin(), v.x.end());
    if (function == "min") return exactly(v.x.front());
    if (function == "max") return exactly(v.x.back());
    return {(v.x[(v.x.size() - 1) / 2] + v.x[v.x.size() / 2]) / 2, some_roundings * v.largest(), true};
}

Expected of_period(const Market& market, const Expression& e, const std::vector<double>& x, const Rows& own,
                   std::size_t row) {
    const Grid periods = market.longer_grid(own.calendar, e.text);
    for (auto at = periods.close.rbegin(); at != periods.close.rend(); ++at) {
        if (at->second > own.available[row]) continue;
        Sample in;
        bool any = false;
        for (std::size_t r = 0; r <= row; ++r)
            if (period_of(own.ts[r], e.text).first == at->first) {
                any = true;
                if (std::isfinite(x[r])) in.x.push_back(x[r]);
            }
        return any ? put_together(in, e.function) : none();
    }
    return none();
}

// Inside @FREQ: everything from the bars on. Only the operators that random_expression() puts there.
std::vector<double> from_scratch(Market& market, const Expression& e, const Rows& rows) {
    if (e.op.empty()) return rows.fields.at(e.field);
    std::vector<std::vector<double>> inputs;
    for (const auto& input : e.inputs) inputs.push_back(from_scratch(market, input, rows));
    std::vector<double> out;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        Expected value;
        if (const auto over = over_one(e.op))
            value = over(inputs[0], row, e.params);
        else if (e.op == "Ref")
            value = shifted(e.op, inputs[0], row, e.params[0]);
        else
            value = one_row().at(e.op)({inputs[0][row], inputs[1][row]});
        out.push_back(static_cast<double>(value.value));
    }
    return out;
}

// The newest bar of the frequency that is closed; it counts until three later positions are.
Expected at_frequency(Market& market, const Expression& e, const Rows& own, std::size_t row) {
    const Rows bars = market.longer(own, e.text);
    const auto values = from_scratch(market, e.inputs[0], bars);
    const std::int64_t known = own.available[row];
    for (std::size_t at = bars.size(); at-- > 0;) {
        if (bars.available[at] > known || !bars.has_bar[at]) continue;
        int later = 0;
        for (const auto& [ts, close] : market.longer_grid(own.calendar, e.text).close)
            later += ts > bars.ts[at] && close <= known;
        if (later >= 3) return none();
        Sample sizes;
        for (std::size_t r = 0; r <= at; ++r)
            for (const char* field : {"high", "volume", "vwap", "noise", "ties"})
                if (std::isfinite(bars.fields.at(field)[r])) sizes.x.push_back(bars.fields.at(field)[r]);
        return {values[at], 10 * some_roundings * sizes.largest(), true};
    }
    return none();
}

// Windows over values beyond it may overflow where the reference's long doubles have room.
bool near_infinity(const std::vector<double>& x, std::size_t row) {
    return std::any_of(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(row) + 1,
                       [](double v) { return std::isfinite(v) && std::fabs(v) > 1e300; });
}

}  // namespace

Expected expected(Market& market, const Expression& e, const std::vector<const Values*>& inputs, std::size_t instrument,
                  std::size_t row) {
    const Rows& own = market.daily[instrument];
    if (e.op.empty()) {
        const double value = own.fields.at(e.field)[row];
        return {value, std::isfinite(value) ? 4 * unit_roundoff * std::fabs(value) : 0, true};
    }
    if (e.op == "@") return at_frequency(market, e, own, row);
    if (const auto plain = one_row().find(e.op); plain != one_row().end()) {
        Args args;
        for (const Values* input : inputs) args.push_back((*input)[instrument][row]);
        return plain->second(args);
    }
    const auto& x = (*inputs[0])[instrument];
    if (const auto over = over_one(e.op)) return near_infinity(x, row) ? not_compared() : over(x, row, e.params);
    if (const auto over = over_two(e.op)) return over(x, (*inputs[1])[instrument], row, e.params);
    if (e.op == "Ref" || e.op == "Delta") return shifted(e.op, x, row, e.params[0]);
    if (e.op == "DayCumsum" || e.op == "DayLast" || e.op == "Date") return of_session(e, x, own, row);
    if (is_filled_or_cut(e.op)) return filled_or_cut(e, x, row);
    if (e.op == "Mask" || e.op == "ChangeInstrument") return of_instrument(market, e.text, *inputs[0], instrument, row);
    if (e.op == "TResample") return of_period(market, e, x, own, row);
    return across_members(market, e, inputs, instrument, row);
}

}  // namespace bourse::factors::reference
