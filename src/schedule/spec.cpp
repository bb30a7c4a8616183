#include "schedule/spec.hpp"

#include <cctype>
#include <string>

#include "core/error.hpp"

namespace bourse::schedule {

Spec parse_spec(std::string_view text) {
    constexpr std::size_t longest = 200;
    if (text.size() > longest)
        throw Error(ErrorKind::bad_expression, "a schedule has " + std::to_string(text.size()) + " bytes, at most " +
                                                   std::to_string(longest) + " are accepted");
    for (const char c : text) {
        if (std::isspace(static_cast<unsigned char>(c)) != 0) continue;
        if (std::isalpha(static_cast<unsigned char>(c)) != 0) return parse_session_rule(text);
        return parse_cron(text);
    }
    throw Error(ErrorKind::bad_expression, "the schedule is empty",
                "write a cron expression such as 30 2 * * mon-fri, or open+15m, close-30m");
}

}  // namespace bourse::schedule
