// StoredBars::times.
#include <memory>

#include "pgext/index_leaves.hpp"
#include "pgext/stored_bars.hpp"

extern "C" {
#include "access/genam.h"
#include "access/skey.h"
#include "access/visibilitymap.h"
#include "utils/fmgroids.h"
}

namespace bourse::pg {
namespace {

constexpr std::int64_t epoch_2000_us = (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;

// Below here: only trivial locals, the server's errors jump over these frames.

// Rows after this time that entries on the leaf lead to; returns the leaf to the right.
BlockNumber later_on_leaf(Relation index, BlockNumber block, Snapshot snapshot, TimestampTz last, LeafRows& to) {
    to.count = 0;
    const auto before = [last](IndexTuple entry) { return first_key<TimestampTz>(entry) <= last; };
    const auto beyond = [](IndexTuple) { return false; };
    return each_on_leaf(index, block, snapshot, before, beyond, [&to](IndexTuple entry, ItemPointer rows, int count) {
        for (int i = 0; i < count; ++i) {
            to.times[to.count] = first_key<TimestampTz>(entry);
            to.rows[to.count++] = rows[i];
        }
    });
}

// The leaf where entries after this time begin; P_NONE: there are none.
BlockNumber leaf_after(IndexScanDesc scan, TimestampTz last) {
    ScanKeyData key;
    ScanKeyInit(&key, 1, BTGreaterStrategyNumber, F_TIMESTAMP_GT, TimestampTzGetDatum(last));
    index_rescan(scan, &key, 1, nullptr, 0);
    return index_getnext_tid(scan, ForwardScanDirection) ? leaf_of(scan).currPage : P_NONE;
}

// Where rows are looked at, whether the snapshot sees them.
struct Seeing {
    IndexFetchTableData* fetch;
    TupleTableSlot* slot;
    Buffer visibility;  // of the map that says which pages are visible to all
};

// counts(slot): whether a row that is seen counts; not asked where all do.
template <class Counts>
bool sees(Seeing& seeing, Snapshot snapshot, ItemPointer row, bool all_count, Counts counts) {
    if (all_count && VM_ALL_VISIBLE(seeing.fetch->rel, ItemPointerGetBlockNumber(row), &seeing.visibility)) return true;
    bool again = false;
    const bool seen = table_index_fetch_tuple(seeing.fetch, row, snapshot, seeing.slot, &again, nullptr);
    const bool is_one = seen && (all_count || counts(seeing.slot));
    ExecClearTuple(seeing.slot);
    return is_one;
}

// Of times that ascend, each once that has a row the snapshot sees and that counts, to the front; returns how many.
template <class Counts>
int seen_times(Seeing& seeing, Snapshot snapshot, LeafRows& rows, bool all_count, Counts counts) {
    int count = 0;
    for (int i = 0; i < rows.count; ++i) {
        CHECK_FOR_INTERRUPTS();
        if (count > 0 && rows.times[count - 1] == rows.times[i]) continue;
        if (sees(seeing, snapshot, &rows.rows[i], all_count, counts)) rows.times[count++] = rows.times[i];
    }
    return count;
}

// A valid index that begins with, and is of, this column; null: there is none.
Relation index_on(Relation table, AttrNumber column) {
    Relation found = nullptr;
    List* all = RelationGetIndexList(table);
    for (int i = 0; i < list_length(all) && !found; ++i) {
        found = index_open(list_nth_oid(all, i), AccessShareLock);
        if (is_btree_of(found, &column, 1)) break;
        index_close(found, AccessShareLock);
        found = nullptr;
    }
    list_free(all);
    return found;
}

}  // namespace

std::optional<std::vector<std::int64_t>> StoredBars::times() const {
    const Tables& tables = tables_;
    Relation index = pg_call([&tables] { return index_on(tables.leaf, tables.columns[1]); });
    if (!index) return std::nullopt;
    std::vector<std::int64_t> result;
    const auto leaf = std::make_unique<LeafRows>();
    LeafRows* found = leaf.get();
    Seeing seeing = pg_call([&tables] {
        return Seeing{table_index_fetch_begin(tables.leaf), table_slot_create(tables.leaf, nullptr), InvalidBuffer};
    });
    Seeing* eye = &seeing;
    IndexScanDesc scan = pg_call([&] { return index_beginscan(tables.leaf, index, tables.snapshot, 1, 0); });
    // Where a time has entries on many leaves, a look from the root passes them sooner.
    constexpr int most_in_vain = 8;
    int in_vain = 0;
    TimestampTz last = DT_NOBEGIN;
    BlockNumber at = pg_call([&] { return first_leaf(index, tables.snapshot); });
    while (at != P_NONE) {
        at = pg_call([=, &tables] {
            CHECK_FOR_INTERRUPTS();
            return later_on_leaf(index, at, tables.snapshot, last, *found);
        });
        in_vain = found->count == 0 ? in_vain + 1 : 0;
        const int count = pg_call([=, &tables] {
            return seen_times(*eye, tables.snapshot, *found, tables.only == nullptr,
                              [&tables](TupleTableSlot* bar) { return is_readable(tables, bar); });
        });
        for (int i = 0; i < count; ++i) result.push_back((last = found->times[i]) + epoch_2000_us);
        if (in_vain < most_in_vain || at == P_NONE) continue;
        at = pg_call([=] { return leaf_after(scan, last); });
        in_vain = 0;
    }
    pg_call([=] {
        index_endscan(scan);
        table_index_fetch_end(eye->fetch);
        ExecDropSingleTupleTableSlot(eye->slot);
        if (BufferIsValid(eye->visibility)) ReleaseBuffer(eye->visibility);
        index_close(index, AccessShareLock);
    });
    return result;
}

}  // namespace bourse::pg
