#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "schedule/cron.hpp"

namespace bourse::schedule {
namespace {

struct Field {
    const char* name;
    unsigned lowest, highest;
    std::span<const std::string> words;  // of lowest, lowest + 1, …
};

const std::vector<std::string> month_words{"jan", "feb", "mar", "apr", "may", "jun",
                                           "jul", "aug", "sep", "oct", "nov", "dec"};
const std::vector<std::string> weekday_words{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
const std::array<Field, 5> fields{{{"minute", 0, 59, {}},
                                   {"hour", 0, 23, {}},
                                   {"day of month", 1, 31, {}},
                                   {"month", 1, 12, month_words},
                                   {"day of week", 0, 7, weekday_words}}};

constexpr const char* form_hint =
    "five fields: minute hour day-of-month month day-of-week, for example 30 2 * * mon-fri";

struct Alias {
    std::string name, text;
};
const std::array<Alias, 7> aliases{{{"@hourly", "0 * * * *"},
                                    {"@daily", "0 0 * * *"},
                                    {"@midnight", "0 0 * * *"},
                                    {"@weekly", "0 0 * * 0"},
                                    {"@monthly", "0 0 1 * *"},
                                    {"@yearly", "0 0 1 1 *"},
                                    {"@annually", "0 0 1 1 *"}}};

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

// Reads one field; `at` is the position of the next character in the whole text, from 0.
class FieldReader {
public:
    FieldReader(std::string_view text, std::size_t begin, std::size_t end, const Field& field)
        : text_(text), at_(begin), end_(end), field_(field) {}

    std::uint64_t read() {
        std::uint64_t bits = item();
        while (at_ < end_) {
            if (text_[at_] != ',') fail("unexpected \"" + rest() + "\"", at_);
            ++at_;
            bits |= item();
        }
        return bits;
    }

private:
    [[noreturn]] void fail(const std::string& what, std::size_t at, const std::string& hint = form_hint) const {
        throw Error(
            ErrorKind::bad_expression,
            std::string(field_.name) + " of the cron expression: " + what + " at position " + std::to_string(at + 1),
            hint);
    }

    std::string rest() const { return std::string(text_.substr(at_, end_ - at_)); }
    bool take(char c) {
        if (at_ == end_ || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    // *, a, a-b, each with or without /step
    std::uint64_t item() {
        const std::size_t start = at_;
        unsigned from = field_.lowest, to = field_.highest;
        bool range = true;
        if (!take('*')) {
            from = to = value(false);
            range = take('-');
            if (range) to = value(true);
            if (from > to)
                fail("range " + std::string(text_.substr(start, at_ - start)) + " runs backwards", start,
                     "write it as a list of two ranges");
        }
        unsigned step = 1;
        if (take('/')) {
            const std::size_t begin = at_;
            step = digits();
            if (step == 0 || step > field_.highest)
                fail("step " + std::string(text_.substr(begin, at_ - begin)) + " is outside 1 to " +
                         std::to_string(field_.highest),
                     begin);
            if (!range) to = field_.highest;
        }
        std::uint64_t bits = 0;
        for (unsigned n = from; n <= to; n += step) bits |= std::uint64_t{1} << n;
        return bits;
    }

    unsigned value(bool ends_range) {
        const std::size_t begin = at_;
        if (at_ < end_ && std::isalpha(static_cast<unsigned char>(text_[at_])) != 0) return word(ends_range);
        const unsigned number = digits();
        if (number < field_.lowest || number > field_.highest)
            fail(std::string(text_.substr(begin, at_ - begin)) + " is outside " + std::to_string(field_.lowest) +
                     " to " + std::to_string(field_.highest),
                 begin);
        return number;
    }

    unsigned digits() {
        const std::size_t begin = at_;
        unsigned number = 0;
        while (at_ < end_ && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0)
            number = std::min(number * 10 + static_cast<unsigned>(text_[at_++] - '0'), 100000U);
        if (at_ == begin) fail(at_ == end_ ? "a number is missing" : "no number but \"" + rest() + "\"", begin);
        return number;
    }

    unsigned word(bool ends_range) {
        const std::size_t begin = at_;
        while (at_ < end_ && std::isalnum(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
        const std::string name = lower(text_.substr(begin, at_ - begin));
        for (unsigned i = 0; i < field_.words.size(); ++i)
            if (field_.words[i] == name) return field_.lowest + i == 0 && ends_range ? 7 : field_.lowest + i;
        const std::string near = nearest(name, field_.words);
        fail("unknown word \"" + name + "\"", begin, near.empty() ? form_hint : "did you mean " + near + "?");
    }

    std::string_view text_;
    std::size_t at_, end_;
    const Field& field_;
};

std::string_view resolve_alias(std::string_view text) {
    const std::string name = lower(text);
    std::vector<std::string> known;
    for (const auto& alias : aliases) {
        if (alias.name == name) return alias.text;
        known.push_back(alias.name);
    }
    const std::string near = nearest(name, known);
    throw Error(ErrorKind::bad_expression, "unknown cron name \"" + std::string(text) + "\"",
                "known names: @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually" +
                    (near.empty() ? "" : "; did you mean " + near + "?"));
}

struct Part {
    std::size_t begin, end;
};

std::vector<Part> split(std::string_view text) {
    std::vector<Part> parts;
    for (std::size_t at = 0; at < text.size();) {
        if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) == 0) ++at;
        parts.push_back({begin, at});
    }
    return parts;
}

}  // namespace

Cron parse_cron(std::string_view text) {
    auto parts = split(text);
    if (parts.size() == 1 && text[parts[0].begin] == '@') {
        text = resolve_alias(text.substr(parts[0].begin, parts[0].end - parts[0].begin));
        parts = split(text);
    }
    if (parts.size() != 5)
        throw Error(ErrorKind::bad_expression,
                    "a cron expression has 5 fields, this one " + std::to_string(parts.size()),
                    parts.size() == 6 ? "there are no seconds and no years: minute hour day-of-month month day-of-week"
                                      : form_hint);
    std::array<std::uint64_t, 5> bits{};
    const auto starred = [&](std::size_t i) { return text[parts[i].begin] == '*'; };
    for (std::size_t i = 0; i < 5; ++i) bits[i] = FieldReader(text, parts[i].begin, parts[i].end, fields[i]).read();
    Cron cron;
    cron.minutes = bits[0];
    cron.hours = static_cast<std::uint32_t>(bits[1]);
    cron.days = static_cast<std::uint32_t>(bits[2]);
    cron.months = static_cast<std::uint16_t>(bits[3]);
    cron.weekdays = static_cast<std::uint8_t>((bits[4] | bits[4] >> 7) & 0x7f);  // 7 is Sunday too
    cron.every_hour = starred(1);
    cron.starred_days = starred(2);
    cron.starred_weekdays = starred(4);
    if (!next_local(cron, 0))
        throw Error(ErrorKind::bad_expression,
                    "no day fits day of month, month and day of week of the cron expression, position " +
                        std::to_string(parts[2].begin + 1),
                    "30 February, for example, does not come");
    return cron;
}

}  // namespace bourse::schedule
