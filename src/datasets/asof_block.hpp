// As-of join in memory: the spine's rows in order, and beside each the newest row of the series that counts from it on.
#pragma once

#include <limits>

#include "core/interrupt.hpp"
#include "core/large_vector.hpp"
#include "datasets/asof.hpp"
#include "datasets/byte_store.hpp"

namespace bourse::datasets {

// Usage: add() the spine, arrange(), offer() the series in any order, then next() until it is false. Where the series
// needs too much memory: start() with some instruments, offer() their rows, next() until it is false, and on.
// Cost: N times the bytes by which an instrument's times differ to order the spine (nothing where they come in order),
// then M steps where each instrument's rows of the series come in order, else M times the logarithm of its spine.
// Memory: the spine, 36 bytes a row of it, and at most one row of the series for each of its rows: a row that comes
// after the whole spine, or that a newer one hides from all of it, is not kept.
class AsofBlock {
public:
    static constexpr std::uint32_t no_instrument = std::numeric_limits<std::uint32_t>::max();

    // Instruments are numbers below `instruments`.
    explicit AsofBlock(std::uint32_t instruments, std::uint64_t tolerance_us = AsofMerge::for_ever)
        : instruments_(instruments), tolerance_us_(tolerance_us) {}

    // A row of the spine; of no_instrument it comes last and matches nothing. Beyond 2^32 - 1 rows: std::length_error.
    void add(std::uint32_t instrument, std::int64_t at, std::span<const std::byte> row);
    void arrange(const CheckInterrupts& interrupts);

    // Whether the spine has a row of it; after arrange().
    bool asks_for(std::uint32_t instrument) const noexcept { return first_[instrument] < first_[instrument + 1]; }

    // From now on rows of the series of the instruments from `first` up to `last` are offered, and next() gives their
    // rows of the spine, with the last of them those that have none. Rows offered before are forgotten.
    void start(std::uint32_t first, std::uint32_t last);
    // The end of the instruments from `first` on whose rows of the series fit into so many bytes together, each being
    // as long as the longest so far: `first` where its own do not.
    std::uint32_t fitting(std::uint32_t first, std::size_t bytes) const noexcept;

    // A row of the series that counts from `at` on; of those with the same `at` the greatest ts is the newest.
    void offer(std::uint32_t instrument, std::int64_t at, std::int64_t ts, std::span<const std::byte> row);

    struct SeriesRow {
        std::int64_t at, ts;
        std::size_t room;  // bytes that follow
        const std::byte* bytes() const noexcept { return reinterpret_cast<const std::byte*>(this + 1); }
    };
    struct Match {
        const std::byte* spine;   // as it was added; null: no bytes
        const SeriesRow* newest;  // null: none
    };
    // The rows of the spine by (instrument, at).
    bool next(Match& match) noexcept;
    // To the first of them again.
    void rewind() noexcept {
        segment_ = group_;
        position_ = first_[group_];
    }

    std::size_t bytes() const noexcept { return spine_bytes() + series_.bytes(); }
    std::size_t spine_bytes() const noexcept {
        return spine_.bytes() + key_bytes_ + sizeof(Key) * (sorted_.capacity() + room_.capacity()) +
               sizeof(std::uint32_t) * newest_.capacity();
    }

private:
    struct Key {
        std::int64_t at;
        std::uint32_t instrument, place;
        bool operator<(const Key& other) const noexcept { return at < other.at; }
    };
    void scatter(const CheckInterrupts& interrupts);
    void sort(std::size_t from, std::size_t to, const CheckInterrupts& interrupts);
    void radix_sort(std::size_t from, std::size_t to, const CheckInterrupts& interrupts);
    std::size_t slot(std::uint32_t instrument, std::int64_t at) noexcept;
    SeriesRow* series_row(std::uint32_t place) const noexcept {
        return reinterpret_cast<SeriesRow*>(series_.at(place));
    }

    std::uint32_t instruments_;
    std::uint64_t tolerance_us_;
    ByteStore spine_, series_;
    std::vector<LargeVector<Key>> keys_;  // as they came, in pieces, so that none is copied for those that follow
    std::size_t rows_ = 0, key_bytes_ = 0;
    LargeVector<Key> sorted_, room_;     // by instrument and time; for one instrument more
    std::vector<std::uint32_t> first_;   // of each instrument in sorted_; one more for those without, one for the end
    std::vector<std::uint32_t> cursor_;  // of each instrument: where its last row of the series went
    LargeVector<std::uint32_t> newest_;  // place of the row of the series that counts from this row of sorted_ on
    std::size_t longest_ = 0;            // row of the series, as it is kept
    std::size_t position_ = 0, end_ = 0, segment_ = 0, group_ = 0;
    const SeriesRow* carried_ = nullptr;
};

}  // namespace bourse::datasets
