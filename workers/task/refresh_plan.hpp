// Which rows a refresh must compute, given what is dirty, what is stored and how the calendars have changed.
#pragma once

#include <map>
#include <span>
#include <vector>

#include <nlohmann/json.hpp>

#include "factors/panel_reader.hpp"

namespace bourse::workers {

// Times as microseconds since 1970, [from, to).
struct DirtySpan {
    std::int32_t instrument_id;
    std::int64_t from_us;
    std::int64_t to_us;
    std::int64_t done_us = factors::beginning_us;  // rows before it that the range moves are stored already
};

// First and last stored row of an instrument.
struct StoredSpan {
    std::int64_t first_us;
    std::int64_t last_us;
};

// What is kept of the calendars between refreshes: {"XNYS": {"count": n, "hash": "…"}}.
nlohmann::json calendar_state(const std::map<std::string, factors::Calendar>& calendars);

// What dirty ranges move beside their own instruments:
// - a dirty row of an instrument that others read (all, where a cross-section is taken) moves those too;
// - a calendar in which positions appeared between known ones: every instrument of it from the first dirty time on
//   (from the beginning when its sessions were loaded or changed).
std::vector<DirtySpan> moved_too(const factors::PanelReader& reader, const factors::Plan& plan,
                                 std::span<const DirtySpan> dirty, const nlohmann::json& known_calendars);

// The rows to compute for ranges, those that moved_too() gave among them. One entry an instrument at most. Rules:
// - a dirty row moves the rows whose windows hold it: `reach.left` positions on, all later ones when it is unbounded;
// - rows between the stored ones and the dirty range are computed too (they exist since the instrument goes on);
// - a range before the first stored row, or no stored row: the whole instrument;
// - rows before `kept_from_us` are no longer stored, though they may have changed (Want::changed_us);
// - rows before the first `done_us` of the instrument's ranges are stored already.
std::vector<factors::PanelReader::Want> plan_refresh(const factors::PanelReader& reader, const factors::Plan& plan,
                                                     std::span<const DirtySpan> dirty,
                                                     const std::map<std::int32_t, StoredSpan>& stored,
                                                     std::int64_t kept_from_us = factors::beginning_us);

}  // namespace bourse::workers
