// What the text of a schedule says: a cron expression, or a time tied to sessions.
#pragma once

#include <string_view>
#include <variant>

#include "schedule/cron.hpp"
#include "schedule/session_rule.hpp"

namespace bourse::schedule {

using Spec = std::variant<Cron, SessionRule>;

// A text that starts with a letter is a session rule (no cron expression does). Errors: bad_expression, also for an
// empty text and one of more than 200 characters.
Spec parse_spec(std::string_view text);

}  // namespace bourse::schedule
