// A market in memory: what PanelReader reads in the tests of expressions.
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "core/error.hpp"
#include "factors/evaluate.hpp"
#include "factors/panel_reader.hpp"
#include "factors/support.hpp"

namespace bourse::factors::test {

class MemorySource final : public MarketSource {
public:
    struct Listed {
        std::int32_t id;
        std::string symbol, calendar;
    };
    std::vector<Listed> listed;                                                            // in order of id
    std::map<std::string, std::map<std::int32_t, std::map<std::int64_t, Bar>>> stored;     // freq, instrument, ts
    std::map<std::string, std::map<std::int32_t, std::map<std::int64_t, double>>> fields;  // name: at every frequency
    std::map<std::string, std::map<std::int32_t, std::vector<Statement>>> published;       // by name; field unused
    std::map<std::string, std::vector<Session>> calendars;
    std::map<std::string, std::vector<Span>> universes;

    void add(const std::string& freq, std::int32_t id, std::int64_t ts, double close, double volume = 1000) {
        stored[freq][id][ts] = {ts, close, close + 1, close - 1, close, volume, close * volume, 1};
    }

    std::vector<Instrument> instruments(const std::string& freq, const std::string& universe,
                                        std::span<const std::int32_t> ids) override {
        std::set<std::int32_t> members;
        if (universe != "all") {
            if (!universes.contains(universe)) throw Error(ErrorKind::invalid_argument, "unknown universe " + universe);
            for (const auto& span : universes[universe]) members.insert(span.instrument_id);
        }
        std::vector<Instrument> result;
        for (const auto& i : listed) {
            const auto& bars = stored[freq][i.id];
            if (bars.empty() || (universe != "all" && !members.contains(i.id))) continue;
            if (!ids.empty() && std::find(ids.begin(), ids.end(), i.id) == ids.end()) continue;
            result.push_back({i.id, i.symbol, i.calendar, bars.begin()->first, bars.rbegin()->first});
        }
        return result;
    }
    std::vector<Session> sessions(const std::string& calendar) override { return calendars[calendar]; }
    std::vector<std::int64_t> times(const std::string& freq, const std::string& calendar) override {
        std::set<std::int64_t> all;
        for (const auto& i : listed)
            if (i.calendar == calendar)
                for (const auto& [ts, bar] : stored[freq][i.id]) all.insert(ts);
        return {all.begin(), all.end()};
    }
    void bars(const std::string& freq, std::span<const Span> spans, const TakeBars& each) override {
        for (const auto& span : spans)
            for (const auto& [ts, bar] : stored[freq][span.instrument_id])
                if (ts >= span.from_us && ts < span.to_us) each(span.instrument_id, std::span(&bar, 1));
    }
    void values(const std::string&, const std::string& field, std::span<const Span> spans,
                const std::function<void(std::int32_t, std::int64_t, double)>& each) override {
        for (const auto& span : spans)
            for (const auto& [ts, value] : fields[field][span.instrument_id])
                if (ts >= span.from_us && ts < span.to_us) each(span.instrument_id, ts, value);
    }
    void statements(std::span<const std::string> wanted, std::span<const std::int32_t> ids,
                    const std::function<void(std::int32_t, const Statement&)>& each) override {
        for (std::size_t f = 0; f < wanted.size(); ++f)
            for (const auto id : ids)
                for (auto one : published[wanted[f]][id]) one.field = f, each(id, one);
    }
    std::int32_t instrument_id(const std::string& symbol) override {
        for (const auto& i : listed)
            if (i.symbol == symbol) return i.id;
        throw Error(ErrorKind::invalid_argument, "unknown symbol \"" + symbol + "\"");
    }
    std::vector<std::string> known_fields(const std::string&) override {
        std::vector<std::string> names(built_in_fields().begin(), built_in_fields().end());
        for (const auto& [name, values] : fields) names.push_back(name);
        for (const auto& [name, values] : published) names.push_back("$" + name);
        return names;
    }
    std::vector<CustomOperator> custom_operators() override {
        return {{"Sums", "sums", 1, 1, ""}, {"FullMean", "full", 1, 0, ""}};
    }
    // sums: running sums times a number; full: the mean of the whole sample, which looks ahead.
    std::vector<double> call(const std::string& function, std::span<const std::span<const double>> columns,
                             std::span<const double> params) override {
        std::vector<double> out;
        double sum = 0, count = 0;
        for (const double x : columns[0]) {
            if (!std::isnan(x)) sum += x, ++count;
            out.push_back(sum * (params.empty() ? 1 : params[0]));
        }
        if (function == "full") std::fill(out.begin(), out.end(), sum / count);
        return out;
    }
    void members(const std::string& universe, const std::function<void(const Span&)>& each) override {
        for (const auto& span : universes[universe]) each(span);
    }
};

// What came out: instrument and ts to values, and when each row is known.
struct Answer {
    struct Row {
        std::int64_t available_us;
        std::vector<double> values;
    };
    std::map<std::pair<std::int32_t, std::int64_t>, Row> rows;

    double at(std::int32_t id, std::int64_t ts, std::size_t column = 0) const {
        return rows.at({id, ts}).values[column];
    }
};

struct Question {
    std::string freq = "1d";
    std::string universe = "all";
    std::vector<std::int32_t> instruments = {};
    std::int64_t from_us = beginning_us, to_us = end_of_time_us;
    std::size_t block_bytes = std::size_t{256} << 20;
    Rules rules = {};
};

inline Answer ask(MemorySource& source, const std::vector<std::string>& expressions, const Question& question = {}) {
    const Plan plan = compile(expressions, question.rules, [&] { return source.custom_operators(); });
    if (!reads_only_built_in(plan)) require_fields(plan, source.known_fields(question.freq));
    PanelRequest request = request_for(plan, question.freq);
    request.universe = question.universe;
    request.instruments = question.instruments;
    PanelReader reader(source, std::move(request));
    Answer answer;
    std::vector<double> columns;
    for (const auto& block : reader.blocks(reader.want_all(question.from_us, question.to_us), question.block_bytes)) {
        const Panel panel = reader.read(block);
        for (const auto& series : panel.series) {
            Evaluator(plan, panel).run(series, series.first, series.last, columns, {});
            const std::size_t asked = series.last - series.first;
            for (std::size_t r = 0; r < asked; ++r) {
                auto& row = answer.rows[{series.instrument_id, series.ts_us[series.first + r]}];
                row.available_us = series.available_us[series.first + r];
                row.values.clear();
                for (std::size_t c = 0; c < expressions.size(); ++c) row.values.push_back(columns[c * asked + r]);
            }
        }
    }
    return answer;
}

inline std::int64_t day(int n) { return n * day_us; }  // days since 1970-01-01, a Thursday

}  // namespace bourse::factors::test
