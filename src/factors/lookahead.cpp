#include "factors/lookahead.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>

#include "core/error.hpp"
#include "factors/changed_source.hpp"
#include "factors/evaluate.hpp"

namespace bourse::factors {
namespace {

std::string time_text(std::int64_t us) {
    using namespace std::chrono;
    const sys_time<microseconds> at{microseconds(us)};
    const auto date = floor<days>(at);
    const year_month_day day(date);
    const hh_mm_ss clock(floor<seconds>(at - date));
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()));
    return text;
}

std::string value_text(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return std::isnan(value) ? "missing" : text;
}

struct Values {
    Panel panel;
    std::vector<std::vector<double>> columns;  // [series][expression * rows + row]
};

std::vector<std::int32_t> sampled(const PanelReader& reader, std::size_t most) {
    std::vector<const Instrument*> all;
    for (const auto& instrument : reader.instruments()) all.push_back(&instrument);
    std::stable_sort(all.begin(), all.end(), [](const Instrument* a, const Instrument* b) {
        return a->last_us - a->first_us > b->last_us - b->first_us;
    });
    std::set<std::string> calendars;  // the first of each calendar before all others
    std::stable_partition(all.begin(), all.end(),
                          [&](const Instrument* i) { return calendars.insert(i->calendar).second; });
    std::vector<std::int32_t> ids;
    for (std::size_t i = 0; i < std::min(most, all.size()); ++i) ids.push_back(all[i]->id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

Values evaluate_sample(const Plan& plan, MarketSource& source, const std::string& freq,
                       const std::vector<std::int32_t>& ids, std::size_t rows, const CheckInterrupts& interrupts) {
    PanelRequest request = request_for(plan, freq);
    request.instruments = ids;
    PanelReader reader(source, std::move(request));
    std::vector<PanelReader::Want> wants;
    for (std::size_t i = 0; i < reader.instruments().size(); ++i) {
        const auto& instrument = reader.instruments()[i];
        wants.push_back({i, reader.calendar(instrument).before(instrument.last_us, rows - 1), end_of_time_us});
    }
    Values values{reader.read(std::move(wants), interrupts), {}};
    Evaluator evaluator(plan, values.panel);
    for (const auto& series : values.panel.series)
        evaluator.run(series, series.first, series.last, values.columns.emplace_back(), interrupts);
    return values;
}

// Closing times of rows, evenly over the sample; the last row has no future.
std::vector<std::int64_t> times_to_change(const Panel& panel, std::size_t count) {
    std::vector<std::int64_t> times;
    for (std::size_t n = 0; n < count; ++n) {
        const Series& series = panel.series[n % panel.series.size()];
        const std::size_t rows = series.last - series.first;
        if (rows >= 2)
            times.push_back(series.available_us[series.first + std::min(rows - 2, rows * (n + 1) / (count + 1))]);
    }
    return times;
}

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b)); }

// Compares what was known at `now`; says where the first difference is.
std::size_t compare(const Values& before, const Values& after, std::int64_t now,
                    std::vector<LookaheadFinding>& findings) {
    std::size_t rows = 0;
    for (std::size_t s = 0; s < before.panel.series.size(); ++s) {
        const Series& series = before.panel.series[s];
        const std::size_t count = series.last - series.first;
        for (std::size_t r = 0; r < count; ++r) {
            if (series.available_us[series.first + r] > now) continue;
            ++rows;
            for (std::size_t c = 0; c < findings.size(); ++c) {
                const double was = before.columns[s][c * count + r], is = after.columns[s][c * count + r];
                findings[c].has_values = findings[c].has_values || !std::isnan(was);
                if (findings[c].leaks || same_bits(was, is)) continue;
                findings[c].leaks = true;
                findings[c].evidence = series.symbol + " at " + time_text(series.ts_us[series.first + r]) + ": " +
                                       value_text(was) + " becomes " + value_text(is) +
                                       " when what is known only after " + time_text(now) + " changes";
            }
        }
    }
    return rows;
}

}  // namespace

std::vector<LookaheadFinding> check_lookahead(const Plan& plan, MarketSource& source, const std::string& freq,
                                              const KnownSource& known, const LookaheadSample& sample,
                                              const CheckInterrupts& interrupts) {
    std::vector<LookaheadFinding> findings(plan.outputs.size());
    if (!reads_only_built_in(plan)) require_fields(plan, source.known_fields(freq));
    std::size_t rows = 0, times = 0, instruments = 0;
    PanelRequest everybody;
    everybody.freq = freq;
    const auto ids = sampled(PanelReader(source, everybody), sample.instruments);
    if (!ids.empty()) {
        const Values before = evaluate_sample(plan, source, freq, ids, sample.rows, interrupts);
        instruments = before.panel.series.size();
        for (const auto now : times_to_change(before.panel, sample.times)) {
            const auto known_then = known ? known(now) : nullptr;
            ChangedSource changed(source, now, known_then.get());
            rows += compare(before, evaluate_sample(plan, changed, freq, ids, sample.rows, interrupts), now, findings);
            ++times;
        }
    }
    for (std::size_t c = 0; c < findings.size(); ++c) {
        LookaheadFinding& finding = findings[c];
        if (const int ahead = plan.reach(c).right; ahead > 0 && !finding.leaks) {
            finding.leaks = true;
            finding.evidence = "reads " + std::to_string(ahead) + " bars ahead";
        }
        if (!finding.evidence.empty()) continue;
        finding.evidence = rows == 0 ? "there are too few " + freq + " bars to try it on"
                                     : "nothing moved: the future of " + std::to_string(times) +
                                           " times was changed, " + std::to_string(rows) + " rows of " +
                                           std::to_string(instruments) + " instruments compared";
        if (rows > 0 && !finding.has_values) finding.evidence += "; none of them has a value";
    }
    return findings;
}

}  // namespace bourse::factors
