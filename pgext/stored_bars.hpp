// Bars straight from the pages of their table: the executor would spend several times what a bar costs to read.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "factors/market_source.hpp"
#include "pgext/boundary.hpp"

namespace bourse::pg {

// The table that holds all bars of a frequency and the index of its primary key, open for one call. Reads as the
// caller, in the snapshot of the caller's statement, as a SELECT from bourse.bar would.
class StoredBars {
public:
    // What a pinned dataset may read: bars of these loads, [from, to) ascending, that were known by then.
    struct Readable {
        std::int64_t known_at_us = 0;
        std::vector<std::pair<std::int64_t, std::int64_t>> versions;
    };
    // None where only a SELECT will do: the caller may not read the whole of bourse.bar, or reads parts of it by a
    // policy; the frequency is kept in several tables; the transaction is serializable; the table is not as the
    // migration made it. Close it after use; what an error leaves open the server closes.
    static std::optional<StoredBars> open(const std::string& freq);
    void close();
    // From now on reads only what is readable, which lives as long. Not for edges().
    void restrict_to(const Readable& readable) noexcept { tables_.only = &readable; }

    // Raw bars of each instrument in its span, in any order. `take` may not throw away the server's errors.
    void read(std::span<const factors::Span> spans, const factors::TakeBars& take);

    // Loads that wrote the bars of these spans, ascending.
    std::vector<std::int64_t> versions(std::span<const factors::Span> spans);

    // First and last bar of those of the instruments that have one, in the order they are given.
    struct Edge {
        std::int32_t instrument_id;
        std::int64_t first_us, last_us;
    };
    std::vector<Edge> edges(std::span<const std::int32_t> instruments) const;

    // Times from <= ts < to at which any instrument has a bar, ascending, by one look into the index of times for each;
    // none where there is no such index.
    std::optional<std::vector<std::int64_t>> times(std::int64_t from_us, std::int64_t to_us) const;

private:
    struct Tables {
        Relation all, leaf, key;
        Snapshot snapshot;
        AttrNumber columns[9];  // instrument_id, ts, open, high, low, close, volume, amount, adj_factor
        Datum freq;
        AttrNumber known_at, data_version;
        int numbers_at;  // bytes from a row's data to ts where all stands as the migration made it; 0: it does not
        const Readable* only;
    };
    struct PageRows;
    explicit StoredBars(const Tables& tables) : tables_(tables) {}
    using TakePage = std::function<void(const PageRows&)>;
    static bool is_readable(const Tables& tables, TimestampTz known_at, std::int64_t version);
    static bool is_readable(const Tables& tables, TupleTableSlot* bar);
    static void read_page(const Tables& tables, const ItemPointerData* rows, int count, PageRows& to);
    void read_pages(std::span<const factors::Span> spans, const TakePage& take);
    void take_rows(std::vector<ItemPointerData>& rows, PageRows& page, const TakePage& take) const;

    Tables tables_;
};

}  // namespace bourse::pg
