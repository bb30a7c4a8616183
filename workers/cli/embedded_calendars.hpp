// The sessions that ship with the program: share/calendars, compiled in.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace bourse::cli {

struct EmbeddedCalendar {
    std::string_view name;                // XNYS
    std::span<const unsigned char> zstd;  // CSV, packed
};

const std::vector<EmbeddedCalendar>& embedded_calendars();  // ordered by name

}  // namespace bourse::cli
