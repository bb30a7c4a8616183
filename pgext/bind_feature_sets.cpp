// What a feature set is made of, and whether it looks ahead: explain_expressions, check_lookahead.
#include <chrono>
#include <map>
#include <random>

#include "factors/evaluate.hpp"
#include "factors/lookahead.hpp"
#include "pgext/arguments.hpp"
#include "pgext/spi_source.hpp"

namespace bourse::pg {
namespace {

using namespace factors;

// check_lookahead_of(expressions text[], freq text, instruments int, bars int, times int)
Datum check_lookahead_of(FunctionCallInfo fcinfo) {
    const auto expressions = texts_arg(fcinfo, 0, "expressions");
    const auto frequency = parse_frequency(text_arg(fcinfo, 1, "freq"));
    LookaheadSample sample;
    std::size_t* const sizes[] = {&sample.instruments, &sample.rows, &sample.times};
    for (int i = 0; i < 3; ++i) {
        if (PG_ARGISNULL(2 + i)) continue;
        const std::int32_t size = PG_GETARG_INT32(2 + i);
        if (size < 1)
            throw Error(ErrorKind::invalid_argument, "a sample of " + std::to_string(size) + ", expected at least 1");
        *sizes[i] = static_cast<std::size_t>(size);
    }
    const Plan plan = compile_registered(expressions);
    Rows rows(fcinfo);
    SpiScope spi;
    SpiSource source;
    const KnownSource known = [](std::int64_t us) {
        const std::string at = std::to_string(us / 1000000.0);
        std::string text;
        spi_rows("SELECT to_timestamp(" + at + ")::text", [&](const SpiRow& row) { text = row.text(1); });
        return std::make_unique<SpiSource>(text);
    };
    const auto findings = check_lookahead(plan, source, frequency.name, known, sample, check_interrupts());
    for (std::size_t i = 0; i < findings.size(); ++i)
        rows.add([&](Datum* values, bool*) {
            values[0] = Int32GetDatum(static_cast<std::int32_t>(i + 1));
            values[1] = BoolGetDatum(findings[i].leaks);
            values[2] = BoolGetDatum(findings[i].has_values);
            values[3] = text_datum(findings[i].evidence);
        });
    return static_cast<Datum>(0);
}

// A random walk under every field: the time a node takes hardly depends on the values.
Panel made_up_panel(const Plan& plan, std::size_t rows) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> step(-0.02, 0.02);
    Panel panel;
    panel.fields = plan.field_names();
    Series& series = panel.series.emplace_back();
    for (std::size_t i = 0; i < rows; ++i) series.ts_us.push_back(static_cast<std::int64_t>(i) * 86'400'000'000);
    for (std::size_t f = 0; f < panel.fields.size(); ++f) {
        double value = 100;
        auto& column = series.fields.emplace_back();
        for (std::size_t i = 0; i < rows; ++i) column.push_back(value *= 1 + step(random));
    }
    return panel;
}

// Nanoseconds a row of each node, the least of some runs.
std::vector<double> measure(const Plan& plan, const CheckInterrupts& interrupts) {
    constexpr std::size_t rows = 2000;
    using Clock = std::chrono::steady_clock;
    const Panel panel = made_up_panel(plan, rows);
    std::vector<double> best(plan.nodes.size(), 1e300), out;
    Evaluator evaluator(plan, panel);
    auto last = Clock::now();
    evaluator.watch([&](std::size_t node) {
        const auto now = Clock::now();
        best[node] = std::min(best[node], std::chrono::duration<double, std::nano>(now - last).count() / rows);
        last = now;
    });
    for (int run = 0; run < 3; ++run) {
        last = Clock::now();
        evaluator.run(panel.series[0], 0, rows, out, interrupts);
    }
    return best;
}

class Explanation {
public:
    Explanation(const Plan& plan, Rows& rows) : rows_(rows) {
        const auto interrupts = check_interrupts();
        for (const int output : plan.outputs) {
            check(interrupts);  // each goes over all nodes
            count(plan, {output});
        }
        add(plan, {});
    }

private:
    // One feature hangs on these nodes of a plan and on what is below them.
    void count(const Plan& plan, const std::vector<int>& nodes) {
        auto& features = features_.try_emplace(&plan, plan.nodes.size(), 0).first->second;
        std::vector<char> below(plan.nodes.size(), 0), read(plan.fields.size(), 0);
        for (const int node : nodes) below[static_cast<std::size_t>(node)] = 1;
        for (std::size_t n = plan.nodes.size(); n-- > 0;) {
            if (!below[n]) continue;
            ++features[n];
            if (plan.nodes[n].type == Node::Type::field) read[static_cast<std::size_t>(plan.nodes[n].field)] = 1;
            for (const int input : plan.nodes[n].inputs) below[static_cast<std::size_t>(input)] = 1;
        }
        for (const auto& derivation : plan.derivations) {
            std::vector<int> arguments;
            for (const auto& result : derivation.results)
                if (read[static_cast<std::size_t>(result.field)])
                    for (const int argument : result.arguments)
                        arguments.push_back(derivation.plan->outputs[static_cast<std::size_t>(argument)]);
            if (!arguments.empty()) count(*derivation.plan, arguments);
        }
    }

    // Rows of a plan; those of its derivations come first, since its fields read them. Returns the numbers of its
    // outputs.
    std::vector<std::int32_t> add(const Plan& plan, const std::string& place) {
        std::map<int, std::vector<std::int32_t>> derived;  // field -> the nodes it is made of
        for (const auto& derivation : plan.derivations) {
            const auto numbers = add(*derivation.plan, place_of(derivation));
            for (const auto& result : derivation.results)
                for (const int argument : result.arguments)
                    derived[result.field].push_back(numbers[static_cast<std::size_t>(argument)]);
        }
        const auto interrupts = check_interrupts();
        const auto cost = measure(plan, interrupts);
        std::vector<std::int32_t> number(plan.nodes.size(), 0);
        for (std::size_t n = 0; n < plan.nodes.size(); ++n) {
            const Node& node = plan.nodes[n];
            if (features_.at(&plan)[n] == 0) continue;  // a constant that was folded into another
            number[n] = next_++;
            std::vector<std::int32_t> inputs;
            for (const int input : node.inputs) inputs.push_back(number[static_cast<std::size_t>(input)]);
            if (const auto from = derived.find(node.field); node.type == Node::Type::field && from != derived.end())
                inputs = from->second;
            rows_.add([&](Datum* values, bool* nulls) {
                values[0] = Int32GetDatum(number[n]);
                values[1] = text_datum(print(plan, static_cast<int>(n), interrupts));
                values[2] = text_datum(place);
                nulls[2] = place.empty();
                values[3] = int_array(inputs);
                values[4] = Int32GetDatum(features_.at(&plan)[n]);
                values[5] = Int32GetDatum(node.reach.left);
                nulls[5] = node.reach.left == unbounded;
                values[6] = Float8GetDatum(node.type == Node::Type::call ? cost[n] : 0);
            });
        }
        std::vector<std::int32_t> numbers;
        for (const int output : plan.outputs) numbers.push_back(number[static_cast<std::size_t>(output)]);
        return numbers;
    }

    static std::string place_of(const Derivation& derivation) {
        switch (derivation.elsewhere) {
            case Elsewhere::instrument:
                return "of " + derivation.text;
            case Elsewhere::frequency:
                return "at " + derivation.text;
            case Elsewhere::period:
                return "over " + derivation.text;
            case Elsewhere::statements:
                return "over periods of " + derivation.text;
            default:
                return derivation.text.empty() ? "of all members" : "of all members of " + derivation.text;
        }
    }

    Rows& rows_;
    std::map<const Plan*, std::vector<std::int32_t>> features_;  // how many hang on each node
    std::int32_t next_ = 1;
};

// built_in_operator(name)
Datum built_in_operator(FunctionCallInfo fcinfo) {
    const auto name = text_arg(fcinfo, 0, "name");
    return BoolGetDatum(name == "Feature" || find_operator(name) != nullptr);
}

// explain_expressions(expressions text[])
Datum explain_expressions(FunctionCallInfo fcinfo) {
    const auto expressions = texts_arg(fcinfo, 0, "expressions");
    const Plan plan = compile_registered(expressions);
    Rows rows(fcinfo);
    Explanation(plan, rows);
    return static_cast<Datum>(0);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_built_in_operator, built_in_operator);
BOURSE_PG_FUNCTION(bourse_check_lookahead, check_lookahead_of);
BOURSE_PG_FUNCTION(bourse_explain_expressions, explain_expressions);

}  // namespace bourse::pg
