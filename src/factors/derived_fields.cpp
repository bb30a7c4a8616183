#include "factors/derived_fields.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/error.hpp"
#include "factors/derived_rows.hpp"
#include "factors/evaluate.hpp"
#include "factors/statements.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {

// Where a derivation is evaluated; kept from one panel to the next.
struct DerivedFields::Place {
    std::unique_ptr<ResampledSource> resampled;
    std::unique_ptr<PanelReader> reader;
    std::map<std::string, Calendar> periods;  // of TResample, by calendar
};

namespace {

constexpr std::int32_t no_instrument = -1;

struct TimeSpan {
    std::int64_t first_us = end_of_time_us, last_us = beginning_us;
};

TimeSpan rows_of(const Panel& panel) {
    TimeSpan span;
    for (const auto& series : panel.series) {
        if (series.rows() == 0) continue;
        span.first_us = std::min(span.first_us, series.ts_us.front());
        span.last_us = std::max(span.last_us, series.ts_us.back());
    }
    return span;
}

bool tells_identity(const Derivation::Result& result) { return result.op->name == "IsInstrument"; }

// Whether all that reads the instrument can do without.
bool may_be_absent(const Derivation& derivation) {
    return std::all_of(derivation.results.begin(), derivation.results.end(),
                       [](const auto& result) { return tells_identity(result) || result.op->name == "Peer"; });
}

std::int32_t find_instrument(MarketSource& source, const std::string& freq, const std::string& symbol) {
    for (const auto& instrument : source.instruments(freq, "all", {}))
        if (instrument.symbol == symbol) return instrument.id;
    return no_instrument;
}

void take_identity(const Derivation& derivation, Panel& panel) {
    for (const auto& result : derivation.results)
        for (Series& own : panel.series)
            if (tells_identity(result))
                own.fields[static_cast<std::size_t>(result.field)].assign(own.rows(),
                                                                          own.symbol == derivation.text ? 1 : 0);
}

std::string word(const std::string& text, int n) {
    const auto space = text.find(' ');
    return n == 0 ? text.substr(0, space) : text.substr(space + 1);
}

}  // namespace

DerivedFields::DerivedFields(const PanelReader& reader) : reader_(reader) {}
DerivedFields::~DerivedFields() = default;

DerivedFields::Place& DerivedFields::place(const Derivation& derivation) {
    auto& place = places_[&derivation];
    if (place) return *place;
    place = std::make_unique<Place>();
    const PanelRequest& own = reader_.request();
    PanelRequest request = own;
    request.members = own.members.empty() ? own.universe : own.members;
    request.fields = derivation.plan->field_names();
    request.reach = derivation.plan->rows_to_read();
    request.plan = derivation.plan.get();
    request.root = own.root ? own.root : &reader_.source();
    if (own.root_freq.empty()) request.root_freq = reader_.frequency().name;
    MarketSource* source = &reader_.source();
    if (derivation.elsewhere == Elsewhere::instrument) {
        request.universe = "all";
        request.instruments = {may_be_absent(derivation) ? find_instrument(*source, request.freq, derivation.text)
                                                         : source->instrument_id(derivation.text)};
    } else if (derivation.elsewhere == Elsewhere::across) {
        request.universe = derivation.text.empty() ? request.members : derivation.text;
        request.instruments.clear();
    } else if (derivation.elsewhere == Elsewhere::frequency) {
        const Frequency wanted = parse_frequency(derivation.text), root = parse_frequency(request.root_freq);
        request.freq = wanted.name;
        source = request.root;
        if (wanted.step_us > root.step_us) {
            place->resampled = std::make_unique<ResampledSource>(*request.root, root, own.keep_suspended);
            source = place->resampled.get();
        }
        if (!reads_only_built_in(*derivation.plan)) require_fields(*derivation.plan, source->known_fields(wanted.name));
    }
    place->reader = std::make_unique<PanelReader>(*source, std::move(request));
    if (derivation.elsewhere == Elsewhere::period) {
        const Frequency& shorter = reader_.frequency();
        const Frequency period = parse_frequency(word(derivation.text, 0));
        if (period.step_us <= shorter.step_us)
            throw Error(ErrorKind::bad_expression,
                        "TResample: a period of " + period.name + " is no longer than the bars, " + shorter.name);
        ResampledSource times(reader_.source(), shorter, own.keep_suspended);
        for (const auto& [name, calendar] : place->reader->calendars()) {
            TimeSpan span;
            for (const auto& instrument : place->reader->instruments())
                if (instrument.calendar == name)
                    span = {std::min(span.first_us, instrument.first_us), std::max(span.last_us, instrument.last_us)};
            place->periods.emplace(name, read_calendar(times, period, name, span.first_us, span.last_us));
        }
    }
    return *place;
}

void DerivedFields::fill(Panel& panel, const CheckInterrupts& interrupts) {
    const auto rows = rows_of(panel);
    if (rows.first_us > rows.last_us) return;
    for (const auto& derivation : reader_.request().plan->derivations) {
        if (derivation.elsewhere == Elsewhere::instrument) from_instrument(derivation, panel, interrupts);
        if (derivation.elsewhere == Elsewhere::frequency) from_frequency(derivation, panel, interrupts);
        if (derivation.elsewhere == Elsewhere::period) from_periods(derivation, panel, interrupts);
        if (derivation.elsewhere == Elsewhere::function) from_functions(derivation, panel, interrupts);
        if (derivation.elsewhere == Elsewhere::statements)
            take_statements(reader_.source(), derivation, panel, interrupts);
        if (derivation.elsewhere == Elsewhere::across) from_members(derivation, panel, interrupts);
    }
}

void DerivedFields::from_instrument(const Derivation& derivation, Panel& panel, const CheckInterrupts& interrupts) {
    PanelReader& there = *place(derivation).reader;
    take_identity(derivation, panel);
    if (there.instruments().empty()) return;  // no bars: missing everywhere
    const auto rows = rows_of(panel);
    const auto& calendar = there.calendar(there.instruments()[0]);
    // The row before the first may be the newest one that is closed. Qlib's windows begin with the query.
    const auto from = derivation.plan->rules.strict_qlib ? rows.first_us : calendar.before(rows.first_us, 3);
    const Panel other = there.read({{0, from, rows.last_us + 1}}, interrupts);
    const Series& series = other.series[0];
    std::vector<double> values;
    Evaluator(*derivation.plan, other).run(series, series.first, series.last, values, interrupts);
    const std::size_t count = series.last - series.first;
    for (Series& own : panel.series) {
        const auto at = rows_at_same_time(own, series, calendar, derivation.plan->rules.strict_qlib);
        for (const auto& result : derivation.results)
            if (!tells_identity(result))
                take_rows(at, std::span(values).subspan(static_cast<std::size_t>(result.arguments[0]) * count, count),
                          own.fields[static_cast<std::size_t>(result.field)]);
    }
}

void DerivedFields::from_frequency(const Derivation& derivation, Panel& panel, const CheckInterrupts& interrupts) {
    PanelReader& there = *place(derivation).reader;
    std::vector<PanelReader::Want> wants;
    std::unordered_map<std::int32_t, Series*> own;
    for (Series& series : panel.series) {
        const auto at = there.find(series.instrument_id);
        if (at < 0 || series.rows() == 0) continue;
        const auto& instrument = there.instruments()[static_cast<std::size_t>(at)];
        wants.push_back({static_cast<std::size_t>(at),
                         std::min(there.calendar(instrument).before(series.ts_us.front(), 5),
                                  series.available_us.front() - reader_.frequency().step_us),
                         series.available_us.back() + 1});
        own[series.instrument_id] = &series;
    }
    std::vector<double> values;
    // A series' rows must come together: no pieces of time, as cross-sections inside would have them.
    const bool together = wants.empty() || dependence(*derivation.plan).on_all;
    const auto blocks =
        together ? std::vector<std::vector<PanelReader::Want>>{wants} : there.blocks(wants, std::size_t{64} << 20);
    for (const auto& block : blocks) {
        const Panel other = there.read(block, interrupts);
        Evaluator evaluator(*derivation.plan, other);
        for (const Series& series : other.series) {
            Series& mine = *own.at(series.instrument_id);
            evaluator.run(series, series.first, series.last, values, interrupts);
            const std::size_t count = series.last - series.first;
            const auto at = newest_closed_rows(
                mine, reader_.frequency(), series, there.frequency(),
                there.calendar(there.instruments()[static_cast<std::size_t>(there.find(series.instrument_id))]));
            for (const auto& result : derivation.results)
                take_rows(at, std::span(values).subspan(static_cast<std::size_t>(result.arguments[0]) * count, count),
                          mine.fields[static_cast<std::size_t>(result.field)]);
        }
    }
}

void DerivedFields::from_periods(const Derivation& derivation, Panel& panel, const CheckInterrupts& interrupts) {
    Place& here = place(derivation);
    PanelReader& there = *here.reader;
    const std::string function = word(derivation.text, 1);
    for (Series& own : panel.series) {
        const auto at = there.find(own.instrument_id);
        if (at < 0 || own.rows() == 0) continue;
        const auto index = static_cast<std::size_t>(at);
        const Calendar& periods = here.periods.at(there.instruments()[index].calendar);
        // Two closed periods at least, whole.
        const auto from = periods.before(own.ts_us.front(), 4) - 86'400'000'000;
        const Panel other = there.read({{index, from, own.ts_us.back() + 1}}, interrupts);
        const Series& series = other.series[0];
        std::vector<double> values;
        Evaluator(*derivation.plan, other).run(series, series.first, series.last, values, interrupts);
        const std::size_t count = series.last - series.first;
        for (const auto& result : derivation.results)
            take_periods(own, series,
                         std::span(values).subspan(static_cast<std::size_t>(result.arguments[0]) * count, count),
                         periods, function, own.fields[static_cast<std::size_t>(result.field)]);
    }
}

// The function sees the instrument's rows from its first bar to the last that is read.
void DerivedFields::from_functions(const Derivation& derivation, Panel& panel, const CheckInterrupts& interrupts) {
    PanelReader& there = *place(derivation).reader;
    std::vector<double> values;
    for (Series& own : panel.series) {
        const auto at = there.find(own.instrument_id);
        if (at < 0 || own.rows() == 0) continue;
        const Panel whole =
            there.read({{static_cast<std::size_t>(at), beginning_us, own.ts_us.back() + 1}}, interrupts);
        const Series& series = whole.series[0];
        Evaluator(*derivation.plan, whole).run(series, series.first, series.last, values, interrupts);
        const std::size_t count = series.last - series.first;
        for (const auto& result : derivation.results) {
            std::vector<std::span<const double>> columns;
            for (const int argument : result.arguments)
                columns.push_back(
                    std::span<const double>(values).subspan(static_cast<std::size_t>(argument) * count, count));
            const auto answer = there.source().call(result.op->function, columns, result.params);
            auto& to = own.fields[static_cast<std::size_t>(result.field)];
            // both end at the same row
            for (std::size_t back = 1; back <= std::min(count, own.rows()); ++back)
                to[own.rows() - back] = answer[count - back];
        }
        check(interrupts);
    }
}

void DerivedFields::from_members(const Derivation& derivation, Panel& panel, const CheckInterrupts& interrupts) {
    PanelReader& there = *place(derivation).reader;
    const auto rows = rows_of(panel);
    CrossSections sections(panel, there.instruments().size(), derivation.plan->outputs.size());
    std::vector<double> values;
    for (const auto& block : there.blocks(there.want_all(rows.first_us, rows.last_us + 1), std::size_t{64} << 20)) {
        const Panel others = there.read(block, interrupts);
        Evaluator evaluator(*derivation.plan, others);
        for (const Series& series : others.series) {
            evaluator.run(series, series.first, series.last, values, interrupts);
            sections.add(static_cast<std::size_t>(there.find(series.instrument_id)), series, values);
        }
    }
    for (const auto& result : derivation.results) {
        sections.evaluate(*result.op, result.arguments, interrupts);
        for (Series& own : panel.series)
            sections.take(own, there.find(own.instrument_id), own.fields[static_cast<std::size_t>(result.field)]);
    }
}

}  // namespace bourse::factors
