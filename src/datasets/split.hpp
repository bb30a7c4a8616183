// Time-ordered split of a dataset into train, valid and test, with purge: no row's label window reaches into the
// span that follows. Source: López de Prado (2018), Advances in Financial Machine Learning, section 7.4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace bourse::datasets {

enum class Span : std::uint8_t { train, valid, test, purged };
constexpr std::size_t span_count = 3;       // purged is none
const char* span_name(Span span) noexcept;  // "train", "valid", "test", "purged"

// Shares of the distinct timestamps, oldest first; they add up to 1.
struct SplitOptions {
    double train = 0.6;
    double valid = 0.2;
    double test = 0.2;
    std::optional<int> purge_bars;  // empty: as many as the label looks ahead
};

// Reads {"train", "valid", "test", "purge_bars"}. A share that is left out takes an equal part of what the others
// leave; with all three left out they are 0.6, 0.2, 0.2. Errors: unknown_option; invalid_argument for a share
// outside 0..1, a train share of 0, a sum that is not 1, purge_bars outside 0..100000.
SplitOptions read_split(const nlohmann::json& split);
nlohmann::json to_json(const SplitOptions& options);

// The spans over given timestamps, and which of them a row belongs to.
class TimeSplit {
public:
    // `timestamps`: distinct, ascending, any unit. Errors: insufficient_data when a share above 0 gets no timestamp.
    TimeSplit(std::vector<std::int64_t> timestamps, const SplitOptions& options);

    // The span that holds `ts`, one of the timestamps or between two of them, whatever its label.
    Span span_of(std::int64_t ts) const noexcept;
    // The same, or `purged` when the label reads anything at or after the start of the next span.
    // label_end: time of the last bar the label reads, >= ts.
    Span assign(std::int64_t ts, std::int64_t label_end) const noexcept;
    // The last timestamp that a label reads which looks `bars` timestamps ahead of `ts`; capped at the last one.
    std::int64_t ahead(std::int64_t ts, int bars) const noexcept;

    std::size_t timestamps_in(Span span) const noexcept;
    std::int64_t first(Span span) const noexcept { return timestamps_[begin(span)]; }
    std::int64_t last(Span span) const noexcept { return timestamps_[end(span) - 1]; }

private:
    std::size_t begin(Span span) const noexcept;
    std::size_t end(Span span) const noexcept;

    std::vector<std::int64_t> timestamps_;
    std::size_t train_end_ = 0;  // positions
    std::size_t valid_end_ = 0;
};

}  // namespace bourse::datasets
