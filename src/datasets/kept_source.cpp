#include "datasets/kept_source.hpp"

#include <algorithm>
#include <memory>

namespace bourse::datasets {

using factors::Bar;
using factors::Span;

namespace {

constexpr std::size_t chunk_bars = (std::size_t{4} << 20) / sizeof(Bar);

// The bars of a run that lie in the span, as they come.
void give(const Span& span, std::span<const Bar> run, const factors::TakeBars& each) {
    const auto inside = [&](const Bar& bar) { return bar.ts_us >= span.from_us && bar.ts_us < span.to_us; };
    for (auto from = run.begin(); from != run.end();) {
        from = std::find_if(from, run.end(), inside);
        const auto to = std::find_if_not(from, run.end(), inside);
        if (from != to) each(span.instrument_id, {from, to});
        from = to;
    }
}

}  // namespace

std::vector<factors::Instrument> KeptSource::instruments(const std::string& freq, const std::string& universe,
                                                         std::span<const std::int32_t> ids) {
    if (!ids.empty()) return source_.instruments(freq, universe, ids);
    const auto [at, fresh] = instruments_.try_emplace({freq, universe});
    if (fresh) at->second = source_.instruments(freq, universe, ids);
    return at->second;
}

std::vector<factors::Session> KeptSource::sessions(const std::string& calendar) {
    const auto [at, fresh] = sessions_.try_emplace(calendar);
    if (fresh) at->second = source_.sessions(calendar);
    return at->second;
}

std::vector<std::int64_t> KeptSource::times(const std::string& freq, const std::string& calendar) {
    const auto [at, fresh] = times_.try_emplace({freq, calendar});
    if (fresh) at->second = source_.times(freq, calendar);
    return at->second;
}

bool KeptSource::covers(const OfFrequency& kept, std::span<const Span> spans) const {
    return std::ranges::all_of(spans, [&](const Span& span) {
        const auto found = kept.find(span.instrument_id);
        return found != kept.end() && found->second.from_us <= span.from_us && found->second.to_us >= span.to_us;
    });
}

void KeptSource::forget() {
    bars_.clear();
    chunks_.clear();
    kept_bars_ = 0;
    keeping_ = false;
}

void KeptSource::keep(Kept& kept, std::span<const Bar> some) {
    if (chunks_.empty() || chunks_.back().capacity() - chunks_.back().size() < some.size())
        chunks_.emplace_back().reserve(std::max(chunk_bars, some.size()));
    auto& chunk = chunks_.back();
    chunk.insert(chunk.end(), some.begin(), some.end());
    const std::span<const Bar> run = std::span(chunk).last(some.size());
    auto& runs = kept.runs;
    if (!runs.empty() && std::to_address(runs.back().end()) == run.data())
        runs.back() = {runs.back().data(), runs.back().size() + run.size()};
    else
        runs.push_back(run);
    if ((kept_bars_ += some.size()) > most_bars_) forget();
}

void KeptSource::bars(const std::string& freq, std::span<const Span> spans, const factors::TakeBars& each) {
    const auto of_frequency = bars_.find(freq);
    if (of_frequency != bars_.end() && covers(of_frequency->second, spans)) {
        for (const Span& span : spans)
            for (const auto& run : of_frequency->second.at(span.instrument_id).runs) give(span, run, each);
        return;
    }
    // Two spans of an instrument: what lies between is not here.
    if (keeping_ && !std::ranges::all_of(spans, [&](const Span& span) {
            return bars_[freq].try_emplace(span.instrument_id, Kept{span.from_us, span.to_us, {}}).second;
        }))
        forget();
    source_.bars(freq, spans, [&](std::int32_t id, std::span<const Bar> some) {
        each(id, some);
        if (keeping_ && !some.empty()) keep(bars_[freq][id], some);
    });
}

}  // namespace bourse::datasets
