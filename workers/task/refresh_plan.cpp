#include "workers/task/refresh_plan.hpp"

#include <algorithm>

namespace bourse::workers {
namespace {

using namespace factors;

std::string hash_of(std::span<const std::int64_t> positions) {  // FNV-1a, 64 bits
    std::uint64_t hash = 14695981039346656037u;
    for (const auto position : positions)
        for (int byte = 0; byte < 8; ++byte)
            hash = (hash ^ (static_cast<std::uint64_t>(position) >> (8 * byte) & 0xff)) * 1099511628211u;
    return std::to_string(hash);
}

// Known positions are still the first ones: nothing appeared between them.
bool only_grew(const Calendar& calendar, const nlohmann::json& known) {
    const auto state = known.find(calendar.name());
    if (state == known.end()) return true;  // none of its instruments was stored
    const auto count = state->at("count").get<std::size_t>();
    return count <= calendar.listed().size() && state->at("hash") == hash_of(calendar.listed().first(count)) &&
           state->at("sessions") == calendar.sessions_loaded();
}

struct Range {
    std::int64_t from_us = end_of_time_us, to_us = beginning_us;
    void add(std::int64_t from, std::int64_t to) {
        from_us = std::min(from_us, from);
        to_us = std::max(to_us, to);
    }
    bool empty() const { return from_us >= to_us; }
};

// What moves an instrument that others read moves those.
void spread(const PanelReader& reader, const Dependence& on, std::map<std::int32_t, Range>& ranges) {
    Range moved;
    std::map<std::int32_t, std::string> symbols;
    for (const auto& instrument : reader.instruments()) symbols[instrument.id] = instrument.symbol;
    for (const auto& [id, range] : ranges)
        if (on.on_all || std::find(on.symbols.begin(), on.symbols.end(), symbols[id]) != on.symbols.end())
            moved.add(range.from_us, range.to_us);
    if (moved.empty()) return;
    for (const auto& instrument : reader.instruments()) ranges[instrument.id].add(moved.from_us, moved.to_us);
}

}  // namespace

nlohmann::json calendar_state(const std::map<std::string, Calendar>& calendars) {
    auto state = nlohmann::json::object();
    for (const auto& [name, calendar] : calendars)
        state[name] = {{"count", calendar.listed().size()},
                       {"hash", hash_of(calendar.listed())},
                       {"sessions", calendar.sessions_loaded()}};
    return state;
}

std::vector<DirtySpan> moved_too(const PanelReader& reader, const Plan& plan, std::span<const DirtySpan> dirty,
                                 const nlohmann::json& known_calendars) {
    std::map<std::int32_t, Range> ranges;
    for (const auto& span : dirty) ranges[span.instrument_id].add(span.from_us, span.to_us);
    const auto before = ranges;

    std::map<std::string, std::int64_t> shifted;  // calendar -> time from which its rows moved
    for (const auto& [name, calendar] : reader.calendars()) {
        if (only_grew(calendar, known_calendars)) continue;
        std::int64_t from = end_of_time_us;
        for (const auto& instrument : reader.instruments())
            if (const auto range = ranges.find(instrument.id); instrument.calendar == name && range != ranges.end())
                from = std::min(from, range->second.from_us);
        const bool same_kind =
            known_calendars.at(name).at("sessions") == calendar.sessions_loaded() && !calendar.sessions_loaded();
        shifted[name] = same_kind ? from : beginning_us;
    }
    for (const auto& instrument : reader.instruments())
        if (const auto from = shifted.find(instrument.calendar);
            from != shifted.end() && instrument.last_us >= from->second)
            ranges[instrument.id].add(from->second, end_of_time_us);
    spread(reader, dependence(plan), ranges);

    std::vector<DirtySpan> more;
    for (const auto& [id, range] : ranges) {
        const auto known = before.find(id);
        const bool same =
            known != before.end() && known->second.from_us == range.from_us && known->second.to_us == range.to_us;
        if (!same && !range.empty()) more.push_back({id, range.from_us, range.to_us});
    }
    return more;
}

std::vector<PanelReader::Want> plan_refresh(const PanelReader& reader, const Plan& plan,
                                            std::span<const DirtySpan> dirty,
                                            const std::map<std::int32_t, StoredSpan>& stored,
                                            std::int64_t kept_from_us) {
    std::map<std::int32_t, Range> ranges;
    std::map<std::int32_t, std::int64_t> done;
    for (const auto& span : dirty) {
        ranges[span.instrument_id].add(span.from_us, span.to_us);
        auto& until = done.try_emplace(span.instrument_id, span.done_us).first->second;
        until = std::min(until, span.done_us);
    }
    const Reach reach = plan.reach();

    std::vector<PanelReader::Want> wants;
    for (std::size_t i = 0; i < reader.instruments().size(); ++i) {
        const auto& instrument = reader.instruments()[i];
        Range range = ranges[instrument.id];
        if (!range.empty()) {
            if (reach.left == unbounded)
                range.to_us = end_of_time_us;
            else if (range.to_us < end_of_time_us)
                range.to_us = reader.calendar(instrument).after(range.to_us, static_cast<std::size_t>(reach.left)) + 1;
        }
        if (range.empty() || range.to_us <= kept_from_us) continue;
        const auto rows = stored.find(instrument.id);
        if (rows == stored.end() || range.from_us < rows->second.first_us)
            range = {beginning_us, end_of_time_us};
        else
            range.from_us = std::min(range.from_us, rows->second.last_us + 1);
        const std::int64_t changed = std::max(range.from_us, done[instrument.id]);
        range.from_us = std::max(changed, kept_from_us);
        if (range.empty()) continue;
        wants.push_back({i, range.from_us, range.to_us});
        wants.back().changed_us = changed;
    }
    return wants;
}

}  // namespace bourse::workers
