#include "factors/changed_source.hpp"

#include <algorithm>
#include <set>

namespace bourse::factors {
namespace {

// Something between 1.2 and 1.7 that differs from bar to bar.
double factor_of(std::int32_t id, std::int64_t ts) {
    auto mixed = (static_cast<std::uint64_t>(ts) ^ static_cast<std::uint64_t>(id) << 32) * 0x9e3779b97f4a7c15u;
    mixed ^= mixed >> 29;
    return 1.2 + static_cast<double>(mixed % 1000) / 2000;
}

}  // namespace

std::vector<Instrument> ChangedSource::instruments(const std::string& freq, const std::string& universe,
                                                   std::span<const std::int32_t> ids) {
    auto all = source_.instruments(freq, universe, ids);
    for (const auto& instrument : all) listed_[freq][instrument.id] = instrument;
    return all;
}

bool ChangedSource::is_later(const std::string& freq, std::int32_t id, std::int64_t ts_us) {
    const std::string& name = listed_[freq][id].calendar;
    auto found = calendars_.find({freq, name});
    if (found == calendars_.end()) {
        const Frequency frequency = parse_frequency(freq);
        found =
            calendars_
                .emplace(std::pair{freq, name}, read_calendar(source_, frequency, name, beginning_us, end_of_time_us))
                .first;
    }
    return found->second.close(ts_us) > now_us_;
}

// While a source gives rows it may not be asked for calendars.
void ChangedSource::read_calendars(const std::string& freq, std::span<const Span> spans) {
    for (const Span& span : spans) is_later(freq, span.instrument_id, span.from_us);
}

void ChangedSource::bars(const std::string& freq, std::span<const Span> spans, const TakeBars& each) {
    read_calendars(freq, spans);
    std::vector<Bar> bars;
    source_.bars(freq, spans, [&](std::int32_t id, std::span<const Bar> stored) {
        bars.assign(stored.begin(), stored.end());
        for (Bar& bar : bars) {
            if (!is_later(freq, id, bar.ts_us)) continue;
            const double factor = factor_of(id, bar.ts_us);
            bar.open *= factor;
            bar.high *= 1.1 * factor;
            bar.low *= 0.9 * factor;
            bar.close *= 2.9 - factor;
            bar.volume = 3 * bar.volume * factor + 7;
            bar.amount = 2 * bar.amount + 5;
        }
        each(id, bars);
    });
}

void ChangedSource::values(const std::string& freq, const std::string& field, std::span<const Span> spans,
                           const std::function<void(std::int32_t, std::int64_t, double)>& each) {
    read_calendars(freq, spans);
    // Nothing known at all: when its values became known was not recorded.
    std::set<std::pair<std::int32_t, std::int64_t>> known;
    if (known_)
        known_->values(freq, field, spans, [&](std::int32_t id, std::int64_t ts, double) { known.insert({id, ts}); });
    source_.values(freq, field, spans, [&](std::int32_t id, std::int64_t ts, double value) {
        const bool unknown = !known.empty() && !known.contains({id, ts});
        each(id, ts, unknown || is_later(freq, id, ts) ? value * factor_of(id, ts) + 1 : value);
    });
}

void ChangedSource::statements(std::span<const std::string> fields, std::span<const std::int32_t> ids,
                               const std::function<void(std::int32_t, const Statement&)>& each) {
    source_.statements(fields, ids, [&](std::int32_t id, const Statement& published) {
        Statement one = published;
        if (one.known_us > now_us_) one.value = one.value * factor_of(id, one.known_us) + 1;
        each(id, one);
    });
}

}  // namespace bourse::factors
