#include "factors/resampled_source.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;

double sum_of_present(double a, double b) { return std::isnan(a) ? b : std::isnan(b) ? a : a + b; }

// Prices in adjusted units until the last bar's factor is known.
class Longer {
public:
    void begin(std::int64_t ts) { *this = Longer{}, bar_.ts_us = ts; }
    bool empty() const { return parts_ == 0; }
    std::size_t parts() const { return parts_; }
    std::int64_t ts() const { return bar_.ts_us; }

    void add(const Bar& b) {
        const double f = b.factor;
        if (parts_++ == 0) {
            const auto ts = bar_.ts_us;
            bar_ = {ts, b.open * f, b.high * f, b.low * f, b.close * f, b.volume / f, b.amount, f};
            return;
        }
        bar_.high = std::max(bar_.high, b.high * f);
        bar_.low = std::min(bar_.low, b.low * f);
        bar_.close = b.close * f;
        bar_.volume = sum_of_present(bar_.volume, b.volume / f);
        bar_.amount = sum_of_present(bar_.amount, b.amount);
        bar_.factor = f;
    }
    Bar take() const {
        Bar bar = bar_;
        for (double* price : {&bar.open, &bar.high, &bar.low, &bar.close}) *price /= bar.factor;
        bar.volume *= bar.factor;
        return bar;
    }

private:
    Bar bar_{};
    std::size_t parts_ = 0;
};

}  // namespace

const ResampledSource::Calendars& ResampledSource::calendars(const std::string& name, const Frequency& longer,
                                                             std::int64_t first_us, std::int64_t last_us) {
    const auto found = calendars_.find(name);
    if (found != calendars_.end()) return found->second;
    Calendar shorter = read_calendar(source_, base_, name, first_us, last_us);
    const auto complete_until_us = shorter.close(last_us);
    return calendars_
        .emplace(name, Calendars{std::move(shorter), read_calendar(*this, longer, name, first_us, last_us),
                                 complete_until_us})
        .first->second;
}

std::vector<Instrument> ResampledSource::instruments(const std::string& freq, const std::string& universe,
                                                     std::span<const std::int32_t> ids) {
    const Frequency longer = parse_frequency(freq);
    std::vector<Instrument> all;
    if (stored_ == Stored::count) all = source_.instruments(freq, universe, ids);
    std::set<std::int32_t> stored;
    for (const auto& instrument : all) stored.insert(instrument.id);
    const auto shorter = source_.instruments(base_.name, universe, ids);
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> spans;
    for (const auto& i : shorter) {
        auto& span = spans.try_emplace(i.calendar, i.first_us, i.last_us).first->second;
        span = {std::min(span.first, i.first_us), std::max(span.second, i.last_us)};
    }
    for (Instrument i : shorter) {
        if (stored.contains(i.id)) continue;
        const auto& span = spans.at(i.calendar);
        const Calendars& c = calendars(i.calendar, longer, span.first, span.second);
        for (auto* ts : {&i.first_us, &i.last_us}) *ts = c.longer.position_holding(*ts, c.shorter.close(*ts));
        made_[i.id] = &c;
        all.push_back(std::move(i));
    }
    std::sort(all.begin(), all.end(), [](const Instrument& a, const Instrument& b) { return a.id < b.id; });
    return all;
}

std::vector<std::int64_t> ResampledSource::times(const std::string& freq, const std::string& calendar) {
    const Frequency longer = parse_frequency(freq);
    std::vector<std::int64_t> all;
    if (stored_ == Stored::count) all = source_.times(freq, calendar);
    for (const auto ts : source_.times(base_.name, calendar)) all.push_back(longer.floor(ts));
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

ResampledSource::Parts ResampledSource::parts(std::span<const Span> spans) const {
    Parts parts;
    for (const auto& span : spans) (made_.contains(span.instrument_id) ? parts.made : parts.stored).push_back(span);
    return parts;
}

// A session's first bars may start on the day before its date.
std::vector<Span> ResampledSource::widened(std::span<const Span> made, const Frequency& longer) const {
    std::vector<Span> spans(made.begin(), made.end());
    for (auto& span : spans) {
        span.from_us = std::max(beginning_us, span.from_us - day_us);
        span.to_us = std::min(end_of_time_us, span.to_us + longer.step_us);
    }
    return spans;
}

void ResampledSource::bars(const std::string& freq, std::span<const Span> spans, const TakeBars& each) {
    const Parts wanted = parts(spans);
    if (!wanted.stored.empty()) source_.bars(freq, wanted.stored, each);
    made_bars(freq, wanted.made, [&](std::int32_t id, const Made& made) { each(id, std::span(&made.bar, 1)); });
}

void ResampledSource::made_bars(const std::string& freq, std::span<const Span> spans,
                                const std::function<void(std::int32_t, const Made&)>& each) {
    const Parts wanted = parts(spans);
    if (wanted.made.empty()) return;
    std::map<std::int32_t, std::vector<Bar>> shorter;
    source_.bars(base_.name, widened(wanted.made, parse_frequency(freq)),
                 [&](std::int32_t id, std::span<const Bar> some) {
                     auto& bars = shorter[id];
                     bars.insert(bars.end(), some.begin(), some.end());
                 });
    for (const auto& span : wanted.made) {
        auto& bars = shorter[span.instrument_id];
        std::sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.ts_us < b.ts_us; });
        const Calendars& c = *made_.at(span.instrument_id);
        Longer longer;
        const auto put = [&] {
            if (!longer.empty() && longer.ts() >= span.from_us && longer.ts() < span.to_us)
                each(span.instrument_id, {longer.take(), longer.parts(), c.longer.close(longer.ts())});
        };
        for (const Bar& bar : bars) {
            if (c.shorter.has_sessions() && !keep_suspended_ && is_suspended(bar)) continue;
            const auto ts = c.longer.position_holding(bar.ts_us, c.shorter.close(bar.ts_us));
            if (longer.empty() || longer.ts() != ts) {
                put();
                longer.begin(ts);
            }
            longer.add(bar);
        }
        put();
    }
}

void ResampledSource::values(const std::string& freq, const std::string& field, std::span<const Span> spans,
                             const std::function<void(std::int32_t, std::int64_t, double)>& each) {
    const Parts wanted = parts(spans);
    if (!wanted.stored.empty()) source_.values(freq, field, wanted.stored, each);
    if (wanted.made.empty()) return;
    std::map<std::int32_t, std::map<std::int64_t, double>> shorter;  // in order of time
    source_.values(base_.name, field, widened(wanted.made, parse_frequency(freq)),
                   [&](std::int32_t id, std::int64_t ts, double value) {
                       if (present(value)) shorter[id][ts] = value;
                   });
    for (const auto& span : wanted.made) {
        const Calendars& c = *made_.at(span.instrument_id);
        std::map<std::int64_t, double> last;
        for (const auto& [ts, value] : shorter[span.instrument_id])
            last[c.longer.position_holding(ts, c.shorter.close(ts))] = value;
        for (const auto& [ts, value] : last)
            if (ts >= span.from_us && ts < span.to_us) each(span.instrument_id, ts, value);
    }
}

std::vector<std::string> ResampledSource::known_fields(const std::string& freq) {
    auto all = source_.known_fields(freq);
    for (auto& field : source_.known_fields(base_.name))
        if (std::find(all.begin(), all.end(), field) == all.end()) all.push_back(std::move(field));
    return all;
}

}  // namespace bourse::factors
