#include "datasets/processors/time_range.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "core/error.hpp"
#include "datasets/dates.hpp"

namespace bourse::datasets {
namespace {

constexpr auto never = std::numeric_limits<std::int64_t>::max();

struct Lives {
    std::int64_t first, last;
};

[[noreturn]] void beside(const Processor& processor, const char* which, std::int64_t us) {
    throw Error(ErrorKind::invalid_argument,
                "processors: the dataset has no bar " + std::string(which) + " " + date_text(us) + ", " +
                    processor.name + "'s time",
                "choose a time within the dataset's span");
}

// The time of a bar that is meant by each of the range's times, as Qlib finds it in its calendar.
Lives aligned(const Processor& processor, std::span<const LabelRow> rows) {
    Lives asked{never, -never};
    for (const auto& row : rows) {
        if (processor.start_us && row.ts >= *processor.start_us) asked.first = std::min(asked.first, row.ts);
        if (processor.end_us && row.ts <= *processor.end_us) asked.last = std::max(asked.last, row.ts);
    }
    if (processor.start_us && asked.first == never) beside(processor, "at or after", *processor.start_us);
    if (processor.end_us && asked.last == -never) beside(processor, "at or before", *processor.end_us);
    return asked;
}

}  // namespace

bool has_time_range(std::span<const Processor> processors) noexcept {
    return std::ranges::any_of(processors, [](const auto& one) { return one.kind == Processor::Kind::time_range; });
}

std::unordered_set<std::int32_t> out_of_time_range(std::span<const Processor> processors,
                                                   std::span<const LabelRow> rows) {
    std::unordered_map<std::int32_t, Lives> all;
    for (const auto& row : rows) {
        auto& lives = all.try_emplace(row.instrument_id, Lives{row.ts, row.ts}).first->second;
        lives = {std::min(lives.first, row.ts), std::max(lives.last, row.ts)};
    }
    std::unordered_set<std::int32_t> out;
    for (const auto& processor : processors) {
        if (processor.kind != Processor::Kind::time_range) continue;
        const Lives asked = aligned(processor, rows);
        for (const auto& [id, lives] : all)
            if (lives.first > asked.first || lives.last < asked.last) out.insert(id);
    }
    return out;
}

}  // namespace bourse::datasets
