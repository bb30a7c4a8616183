// A time tied to the sessions of an exchange: "close+15m".
#pragma once

#include <cstdint>
#include <string_view>

namespace bourse::schedule {

enum class SessionEvent { open, close, break_start, break_end };

const char* name_of(SessionEvent event) noexcept;

struct SessionRule {
    SessionEvent event;
    std::int64_t offset_s;  // negative: before the event
};

// "open", "close", "break_start" or "break_end", then nothing, or + or - and a duration of h, m and s: "close-1h30m".
// Errors: bad_expression with the position (from 1); an offset above 24 hours.
SessionRule parse_session_rule(std::string_view text);

}  // namespace bourse::schedule
