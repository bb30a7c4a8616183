// As-of join: for each row of a spine the newest row of a series that was there at its time.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace bourse::datasets {

struct AsofKey {
    std::int32_t instrument = 0;
    std::int64_t at = 0;  // of the spine its time, of the series the time from which on a row counts; microseconds

    bool comes_before(const AsofKey& other) const noexcept {
        return instrument != other.instrument ? instrument < other.instrument : at < other.at;
    }
};

// One pass over both, each ordered by (instrument, at): cost N + M. Usage, for each row of the spine in order:
//   while (merge.wants_row(key)) { fetch the next row of the series; merge.next(its key) or merge.end(); }
//   if (merge.matches(key)) the row that was accepted last is the one
// What is fetched replaces the row before only by accept(): the row fetched last lies in the future of the spine.
class AsofMerge {
public:
    static constexpr std::uint64_t for_ever = std::numeric_limits<std::uint64_t>::max();

    // tolerance_us: a row counts for so long, both ends included.
    explicit AsofMerge(std::uint64_t tolerance_us = for_ever) : tolerance_us_(tolerance_us) {}

    // Whether the row waiting (or the first, none being there yet) counts before the spine's row does.
    bool wants_row(const AsofKey& spine) const noexcept {
        return !ended_ && (!waiting_ || !spine.comes_before(*waiting_));
    }
    // The waiting row, if any, becomes the newest; another one waits.
    void next(const AsofKey& row) noexcept {
        newest_ = waiting_;
        waiting_ = row;
    }
    void end() noexcept {
        newest_ = waiting_ ? waiting_ : newest_;
        waiting_.reset();
        ended_ = true;
    }
    // Whether the newest row is of the spine's instrument and not too old.
    bool matches(const AsofKey& spine) const noexcept {
        return newest_ && newest_->instrument == spine.instrument &&
               static_cast<std::uint64_t>(spine.at) - static_cast<std::uint64_t>(newest_->at) <= tolerance_us_;
    }

private:
    std::uint64_t tolerance_us_;
    std::optional<AsofKey> newest_, waiting_;
    bool ended_ = false;
};

}  // namespace bourse::datasets
