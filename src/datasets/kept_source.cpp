#include "datasets/kept_source.hpp"

#include <algorithm>

namespace bourse::datasets {

using factors::Bar;
using factors::Span;

namespace {

bool earlier(const Bar& a, const Bar& b) noexcept { return a.ts_us < b.ts_us; }

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
    kept_bars_ = 0;
    keeping_ = false;
}

void KeptSource::bars(const std::string& freq, std::span<const Span> spans, const factors::TakeBars& each) {
    const auto of_frequency = bars_.find(freq);
    if (of_frequency != bars_.end() && covers(of_frequency->second, spans)) {
        for (const Span& span : spans) {
            auto& kept = of_frequency->second.at(span.instrument_id);
            if (!kept.sorted) {
                if (!std::is_sorted(kept.bars.begin(), kept.bars.end(), earlier))
                    std::sort(kept.bars.begin(), kept.bars.end(), earlier);
                kept.sorted = true;
            }
            const auto before = [](const Bar& bar, std::int64_t ts) { return bar.ts_us < ts; };
            const auto from = std::lower_bound(kept.bars.begin(), kept.bars.end(), span.from_us, before);
            const auto to = std::lower_bound(from, kept.bars.end(), span.to_us, before);
            if (from < to) each(span.instrument_id, std::span(from, to));
        }
        return;
    }
    // Two spans of an instrument: what lies between is not here.
    if (keeping_ && !std::ranges::all_of(spans, [&](const Span& span) {
            return bars_[freq].try_emplace(span.instrument_id, Kept{span.from_us, span.to_us, {}, false}).second;
        }))
        forget();
    source_.bars(freq, spans, [&](std::int32_t id, std::span<const Bar> some) {
        each(id, some);
        if (!keeping_) return;
        auto& to = bars_[freq][id].bars;
        to.insert(to.end(), some.begin(), some.end());
        if ((kept_bars_ += some.size()) > most_bars_) forget();
    });
}

}  // namespace bourse::datasets
