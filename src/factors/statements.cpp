#include "factors/statements.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "factors/evaluate.hpp"
#include "factors/operators/window.hpp"
#include "factors/plan_builder.hpp"

namespace bourse::factors {
namespace {

bool is_quarterly(std::string_view field) { return field.ends_with("_q"); }

// Periods in a row have numbers in a row.
int number_of(std::int32_t period, bool quarterly) {
    return quarterly ? period / 100 * 4 + period % 100 - 1 : static_cast<int>(period);
}

// What is known of one instrument at some time: values by period, a column a field.
class Periods {
public:
    Periods(std::size_t fields, bool quarterly) : fields_(fields), quarterly_(quarterly) {}

    void add(const Statement& published) {
        auto& values = known_[number_of(published.period, quarterly_)];
        values.resize(fields_, nan_value);
        values[published.field] = published.value;
    }
    bool empty() const { return known_.empty(); }
    int first() const { return known_.begin()->first; }
    int last() const { return known_.rbegin()->first; }

    // Periods first .. last as rows. Their times are the same whatever is the oldest: what hangs on where a window
    // begins has the same bits then.
    Series series(int first, int last) const {
        Series rows;
        const auto count = static_cast<std::size_t>(last - first + 1);
        rows.fields.assign(fields_, std::vector<double>(count, nan_value));
        for (int n = first; n <= last; ++n) rows.ts_us.push_back(std::int64_t{86'400'000'000} * n);
        for (auto at = known_.lower_bound(first); at != known_.end() && at->first <= last; ++at)
            for (std::size_t f = 0; f < fields_; ++f)
                rows.fields[f][static_cast<std::size_t>(at->first - first)] = at->second[f];
        return rows;
    }

private:
    std::size_t fields_;
    bool quarterly_;
    std::map<int, std::vector<double>> known_;
};

// The results at one time.
class Collapse {
public:
    Collapse(const Derivation& derivation, bool quarterly)
        : derivation_(derivation),
          quarterly_(quarterly),
          periods_{derivation.plan->field_names(), {}},
          evaluator_(*derivation.plan, periods_) {}

    void operator()(const Periods& known, const CheckInterrupts& interrupts, std::vector<double>& values) {
        std::fill(values.begin(), values.end(), nan_value);
        if (known.empty()) return;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto& result = derivation_.results[i];
            const bool newest = result.params.empty();  // P
            const int at = newest ? known.last() : number_of(static_cast<std::int32_t>(result.params[0]), quarterly_);
            if (at < known.first() || at > known.last()) continue;
            // Qlib loads the one period of PRef alone: windows over it see no other.
            const bool alone = !newest && derivation_.plan->rules.strict_qlib;
            values[i] = evaluate(known.series(alone ? at : known.first(), at),
                                 static_cast<std::size_t>(result.arguments[0]), interrupts);
        }
    }

private:
    double evaluate(const Series& rows, std::size_t output, const CheckInterrupts& interrupts) {
        evaluator_.run(rows, rows.rows() - 1, rows.rows(), out_, interrupts);
        return out_[output];
    }

    const Derivation& derivation_;
    bool quarterly_;
    Panel periods_;  // says which fields there are
    Evaluator evaluator_;
    std::vector<double> out_;
};

}  // namespace

void take_statements(MarketSource& source, const Derivation& derivation, Panel& panel,
                     const CheckInterrupts& interrupts) {
    std::vector<std::string> fields;
    for (const auto& field : derivation.plan->fields) fields.push_back(field.name.substr(1));
    const bool quarterly = is_quarterly(fields.front());
    std::vector<std::int32_t> ids;
    for (const auto& series : panel.series) ids.push_back(series.instrument_id);
    std::unordered_map<std::int32_t, std::vector<Statement>> published;
    source.statements(fields, ids, [&](std::int32_t id, const Statement& one) { published[id].push_back(one); });

    Collapse collapse(derivation, quarterly);
    std::vector<double> values(derivation.results.size(), nan_value);
    for (Series& own : panel.series) {
        check(interrupts);
        auto& statements = published[own.instrument_id];
        std::sort(statements.begin(), statements.end(), [](const Statement& a, const Statement& b) {
            return std::tie(a.known_us, a.field, a.period) < std::tie(b.known_us, b.field, b.period);
        });
        std::fill(values.begin(), values.end(), nan_value);
        Periods known(fields.size(), quarterly);
        auto next = statements.begin();
        for (std::size_t row = 0; row < own.rows(); ++row) {
            const auto before = next;
            for (; next != statements.end() && next->known_us < own.available_us[row]; ++next) known.add(*next);
            if (next != before) collapse(known, interrupts, values);
            for (std::size_t i = 0; i < values.size(); ++i)
                own.fields[static_cast<std::size_t>(derivation.results[i].field)][row] = values[i];
        }
    }
}

// A call of P: which fields it reads. Those with the same ones are evaluated together, and have the same periods.
void PlanBuilder::read_statements(Node& call, std::size_t at) const {
    if (call.reach.right > 0)
        throw expression_error(text_, at, call.op->name + " cannot look ahead: periods to come are not published",
                               "Ref with N < 0 belongs outside");
    std::vector<std::string> names;
    std::vector<char> seen(plan_.nodes.size(), 0);
    std::vector<int> open(call.inputs);
    while (!open.empty()) {
        const int index = open.back();
        const Node& node = plan_.nodes[static_cast<std::size_t>(index)];
        open.pop_back();
        if (std::exchange(seen[static_cast<std::size_t>(index)], 1)) continue;
        if (node.type == Node::Type::derived)
            throw expression_error(text_, at, node.op->name + " cannot stand inside " + call.op->name,
                                   call.op->name + " may stand inside " + node.op->name);
        if (node.type == Node::Type::field) {
            const std::string& name = plan_.fields[static_cast<std::size_t>(node.field)].name;
            if (is_clock(name))
                throw expression_error(text_, at, call.op->name + " has no sessions inside: its rows are periods",
                                       "operators of a session belong outside");
            if (!is_statement(name))
                throw expression_error(text_, at, call.op->name + " reads fields of statements alone, found $" + name,
                                       "they are written $$name; $" + name + " belongs outside");
            names.push_back(name.substr(1));
        }
        open.insert(open.end(), node.inputs.begin(), node.inputs.end());
    }
    std::sort(names.begin(), names.end());
    const bool quarterly = is_quarterly(names.front());
    for (const auto& name : names)
        if (is_quarterly(name) != quarterly)
            throw expression_error(text_, at, call.op->name + " reads quarterly and annual fields",
                                   "put each into a call of its own");
    if (!call.params.empty() && quarterly != (call.params[0] > 9999))
        throw expression_error(text_, at,
                               call.op->name + ": " + shown(call.params[0]) + " is no period of " +
                                   (quarterly ? "a quarterly" : "an annual") + " field",
                               "write 201902 for the second quarter, 2019 for the year");
    call.reach = {};
    for (const auto& name : names) call.text += (call.text.empty() ? "" : " ") + name;
}

// Outside of P a value of a statement stands at no row.
void PlanBuilder::refuse_bare_statements(int output) const {
    if (std::none_of(plan_.fields.begin(), plan_.fields.end(),
                     [](const FieldUse& use) { return is_statement(use.name); }))
        return;
    std::vector<char> seen(plan_.nodes.size(), 0);
    std::vector<int> open{output};
    while (!open.empty()) {
        const int index = open.back();
        const Node& node = plan_.nodes[static_cast<std::size_t>(index)];
        open.pop_back();
        if (std::exchange(seen[static_cast<std::size_t>(index)], 1)) continue;
        if (node.type == Node::Type::field && is_statement(plan_.fields[static_cast<std::size_t>(node.field)].name)) {
            const std::string& name = plan_.fields[static_cast<std::size_t>(node.field)].name;
            const auto at = text_.find("$" + name);
            throw expression_error(text_, at == text_.npos ? 0 : at, "$" + name + " stands outside of P and PRef",
                                   "write for example P($" + name + ")");
        }
        if (node.type == Node::Type::derived && node.op->elsewhere == Elsewhere::statements) continue;
        open.insert(open.end(), node.inputs.begin(), node.inputs.end());
    }
}

}  // namespace bourse::factors
