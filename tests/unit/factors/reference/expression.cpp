#include "factors/reference/expression.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "factors/operators/operator.hpp"
#include "factors/reference/random_market.hpp"
#include "indicators/catalogue.hpp"

namespace bourse::factors::reference {
namespace {

struct Infix {
    const char* sign;
    int level;
};
const std::map<std::string, Infix>& infix() {
    static const std::map<std::string, Infix> all{
        {"Gt", {">", 0}},  {"Ge", {">=", 0}}, {"Lt", {"<", 0}},    {"Le", {"<=", 0}}, {"Eq", {"==", 0}},
        {"Ne", {"!=", 0}}, {"Or", {"|", 1}},  {"And", {"&", 2}},   {"Add", {"+", 3}}, {"Sub", {"-", 3}},
        {"Mul", {"*", 4}}, {"Div", {"/", 4}}, {"Power", {"**", 6}}};
    return all;
}
constexpr int unary_level = 5, postfix_level = 7, primary_level = 8;

std::string number_text(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", std::fabs(value));
    return (std::signbit(value) ? "-" : "") + std::string(text);
}

class Writer {
public:
    explicit Writer(std::mt19937_64& random) : random_(random) {}

    // As an operand where the grammar wants at least this level.
    std::string at_least(const Expression& e, int level) {
        int own = primary_level;
        const std::string text = plain(e, own);
        return own < level || random_() % 10 == 0 ? "(" + text + ")" : text;
    }

private:
    std::string space() { return random_() % 6 == 0 ? " " : ""; }

    std::string plain(const Expression& e, int& own) {
        if (e.is_number()) {
            own = std::signbit(e.number) ? unary_level : primary_level;
            return number_text(e.number);
        }
        if (e.op.empty()) return random_() % 20 == 0 ? "Feature('" + e.field + "')" : "$" + e.field;
        if (e.op == "@") {
            own = postfix_level;
            return at_least(e.inputs[0], postfix_level) + "@" + e.text;
        }
        if (e.op == "Neg" && random_() % 2) {
            own = unary_level;
            return "-" + space() + at_least(e.inputs[0], unary_level);
        }
        const auto sign = infix().find(e.op);
        if (sign == infix().end() || random_() % 5 == 0) return call(e);
        own = sign->second.level;
        // Comparisons do not chain; ** is right-associative and binds a unary minus on its right.
        const int left = e.op == "Power" ? postfix_level : own == 0 ? 1 : own;
        const int right = e.op == "Power" ? unary_level : own == 4 ? unary_level : own + 1;
        return at_least(e.inputs[0], left) + space() + sign->second.sign + space() + at_least(e.inputs[1], right);
    }

    std::string call(const Expression& e) {
        std::vector<std::string> arguments;
        if (e.op == "ChangeInstrument") arguments.push_back("'" + e.text + "'");
        for (const auto& input : e.inputs) arguments.push_back(at_least(input, 0));
        for (const double p : e.params) arguments.push_back(number_text(p));
        if (e.op != "ChangeInstrument" && !e.text.empty()) arguments.push_back("'" + e.text + "'");
        if (!e.function.empty()) arguments.push_back("\"" + e.function + "\"");
        std::string text = e.op + "(" + space();
        for (std::size_t i = 0; i < arguments.size(); ++i) text += (i ? "," + space() : "") + arguments[i];
        return text + space() + ")";
    }

    std::mt19937_64& random_;
};

class Maker {
public:
    explicit Maker(std::mt19937_64& random) : random_(random) {}

    Expression call(const std::string& name, int depth, bool future) {
        if (name == "@") return at_frequency();
        const Operator& op = *find_operator(name);
        Expression e;
        e.op = name;
        if (op.elsewhere == Elsewhere::period) future = false;  // what looks ahead cannot stand inside
        const std::size_t more = op.more_inputs > 0 ? random_() % 3 : 0;
        for (std::size_t i = 0; i < op.inputs.size() + more; ++i)
            e.inputs.push_back(op.takes == Kind::condition ? condition(depth - 1, future) : series(depth - 1, future));
        if (op.constants && random_() % 3 == 0)  // at least one stays a series
            e.inputs[random_() % e.inputs.size()] = number();
        if (std::all_of(e.inputs.begin(), e.inputs.end(), [](const Expression& i) { return i.is_number(); }))
            e.inputs[0] = series(depth - 1, future);
        if ((op.name == "If" || op.name == "Select") && random_() % 2) e.inputs[0] = condition(depth - 1, future);
        if (op.name == "CSNeutralizeGroup" && random_() % 2) e.inputs[1] = leaf("ties");
        parameters(op, e, future);
        if (op.elsewhere == Elsewhere::instrument) e.text = std::string(3, static_cast<char>('A' + random_() % 8));
        if (op.elsewhere == Elsewhere::across && random_() % 3 == 0) e.text = "few";
        if (op.elsewhere == Elsewhere::period) {
            e.text = random_() % 3 ? "1w" : "1mo";
            e.function = period_functions()[random_() % period_functions().size()];
        }
        return e;
    }

private:
    static Expression leaf(const std::string& field) {
        Expression e;
        e.field = field;
        return e;
    }

    Expression number() {
        static const double all[] = {0, 1, 2, -1, 0.5, 3, 1e-12, 100, -2.5};
        Expression e;
        e.number = all[random_() % 9];
        return e;
    }

    Expression any_leaf() { return leaf(stored_fields()[random_() % stored_fields().size()]); }

    Expression series(int depth, bool future) {
        if (depth <= 0 || random_() % 5 == 0) return any_leaf();
        const auto names = language_operators();
        for (;;) {
            const auto& name = names[random_() % names.size()];
            if (future || (name != "DayLast" && name != "BFillNan")) return call(name, depth, future);
        }
    }

    Expression condition(int depth, bool future) {
        static const char* const comparisons[] = {"Gt",  "Ge", "Lt",  "Le",     "Eq",   "Ne",
                                                  "And", "Or", "Not", "IsNull", "IsInf"};
        return call(comparisons[random_() % (depth > 0 ? 11 : 6)], depth, future);
    }

    // Inside another frequency the reference computes from the bars on: few operators, all well-conditioned.
    Expression at_frequency() {
        Expression e;
        e.op = "@";
        e.text = random_() % 3 ? "1w" : "1mo";
        e.inputs.push_back(simple());
        if (random_() % 4 == 0) {
            Expression sub;
            sub.op = "Sub";
            sub.inputs = {e.inputs[0], simple()};
            e.inputs[0] = sub;
        }
        return e;
    }
    Expression simple() {
        static const char* const fields[] = {"open", "high", "low", "close", "volume", "vwap", "noise", "ties"};
        static const char* const names[] = {"Mean", "Max", "Min", "Ref", "Sum", "Count", "Med"};
        Expression x = leaf(fields[random_() % 8]);
        if (random_() % 2) return x;
        Expression e;
        e.op = names[random_() % 7];
        e.inputs = {x};
        e.params = {static_cast<double>(1 + random_() % 6)};
        return e;
    }

    // Of Cut and DayCumsum.
    double optional(const std::string& name, bool future) {
        if (name == "left") return static_cast<double>(random_() % 7);
        if (name == "right") return future ? -static_cast<double>(random_() % 4) : 0;
        if (name == "start") return random_() % 3 ? 0 : 30;
        if (name == "end") return random_() % 3 ? 1439 : 100;
        static const double minutes[] = {1, 5, 60};  // granularity
        return minutes[random_() % 3];
    }

    void parameters(const Operator& op, Expression& e, bool future) {
        for (const auto& p : op.params) {
            if (!std::isnan(p.fallback)) {
                e.params.push_back(optional(p.name, future));
                continue;
            }
            if (p.name != "N") {  // q of Quantile
                static const double shares[] = {0, 1, 0.5, 0.2, 0.8, 0.3333};
                e.params.push_back(shares[random_() % 6]);
                continue;
            }
            for (bool found = false; !found;) {
                static const double odd[] = {0, 1, 2, 0.1, 0.9, 2.5, -1, -3, 100000};
                const double n = random_() % 4 == 0 ? odd[random_() % 9]
                                                    : static_cast<double>(1 + random_() % (random_() % 3 ? 30 : 90));
                found = n >= p.lowest && n <= p.highest && (!p.whole || n == std::floor(n)) && (future || n >= 0) &&
                        (!op.refuse || op.refuse(std::vector<double>{n}, {}).empty());
                if (found) e.params.push_back(n);
            }
        }
        if (op.name == "Quantile" && e.params.size() == 1) e.params.push_back(0.5);
    }

    std::mt19937_64& random_;
};

}  // namespace

std::string written(const Expression& expression, std::mt19937_64& random) {
    return Writer(random).at_least(expression, 0);
}

std::vector<std::string> language_operators() {
    static const std::vector<std::string> names = [] {
        std::set<std::string> indicator_names;
        for (const auto& entry : indicators::catalogue()) {
            std::string name(entry.info->name);
            for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
            indicator_names.insert(name);
            indicator_names.insert("TA_" + name);
            for (const auto& output : entry.info->outputs) {
                std::string upper(output.name);
                for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
                indicator_names.insert(name + "_" + upper);
            }
        }
        std::vector<std::string> all{"@"};
        for (const auto& op : operators())
            if (op.elsewhere == Elsewhere::statements)
                continue;  // over periods, not rows: statements_test.cpp
            else if (op.name == "Peer" || op.name == "IsInstrument" || op.name.ends_with("_RECENT"))
                continue;  // signals_test.cpp
            else if (op.name == "EMA" || op.name == "WMA" || !indicator_names.contains(op.name))
                all.push_back(op.name);
        return all;
    }();
    return names;
}

Expression random_expression(const std::string& root, std::mt19937_64& random) {
    return Maker(random).call(root, 3, true);
}

}  // namespace bourse::factors::reference
