#include "schedule/session_rule.hpp"

#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace bourse::schedule {
namespace {

constexpr std::array<const char*, 4> event_names{"open", "close", "break_start", "break_end"};
constexpr std::int64_t longest_s = 24 * 3600;
constexpr const char* form_hint =
    "open, close, break_start or break_end, then an offset such as +15m, -30m or +1h30m; or a cron expression";

[[noreturn]] void fail(const std::string& what, std::size_t at, const std::string& hint = form_hint) {
    throw Error(ErrorKind::bad_expression, "schedule: " + what + " at position " + std::to_string(at + 1), hint);
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    SessionRule read() {
        const SessionEvent event = read_event();
        if (end()) return {event, 0};
        const char sign = text_[at_];
        if (sign != '+' && sign != '-') fail("\"" + rest() + "\" is no offset", at_);
        ++at_;
        const std::size_t begin = at_;
        if (end()) fail("a duration is missing", begin);
        std::int64_t offset_s = 0;
        while (!end()) offset_s += part_s();
        if (offset_s > longest_s) fail("an offset above 24 hours", begin);
        return {event, sign == '-' ? -offset_s : offset_s};
    }

private:
    bool end() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
        return at_ == text_.size();
    }
    std::string rest() const { return std::string(text_.substr(at_)); }

    std::string word() {
        std::string name;
        for (; at_ < text_.size() && (std::isalpha(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_');
             ++at_)
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(text_[at_])));
        return name;
    }

    SessionEvent read_event() {
        end();
        const std::size_t begin = at_;
        const std::string name = word();
        for (std::size_t i = 0; i < event_names.size(); ++i)
            if (name == event_names[i]) return static_cast<SessionEvent>(i);
        const std::vector<std::string> known(event_names.begin(), event_names.end());
        const std::string near = nearest(name, known);
        fail("unknown event \"" + name + "\"", begin, near.empty() ? form_hint : "did you mean " + near + "?");
    }

    std::int64_t part_s() {
        const std::size_t begin = at_;
        std::int64_t number = 0;
        for (; at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0; ++at_)
            number = std::min<std::int64_t>(number * 10 + (text_[at_] - '0'), 1'000'000);
        if (at_ == begin) fail("no number but \"" + rest() + "\"", begin);
        const std::size_t unit_at = at_;
        const std::string unit = word();
        if (unit == "h") return number * 3600;
        if (unit == "m" || unit == "min") return number * 60;
        if (unit == "s") return number;
        fail(unit.empty() ? "a unit is missing" : "unknown unit \"" + unit + "\"", unit_at, "units are h, m and s");
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

const char* name_of(SessionEvent event) noexcept { return event_names[static_cast<std::size_t>(event)]; }

SessionRule parse_session_rule(std::string_view text) { return Reader(text).read(); }

}  // namespace bourse::schedule
