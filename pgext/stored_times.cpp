// StoredBars::times.
#include <memory>

#include "pgext/index_leaves.hpp"
#include "pgext/stored_bars.hpp"

extern "C" {
#include "access/genam.h"
#include "access/visibilitymap.h"
}

namespace bourse::pg {
namespace {

// Below here: only trivial locals, the server's errors jump over these frames.

// Rows of times last < ts < end that entries on the leaf lead to; returns the leaf to the right, if that can have more.
BlockNumber later_on_leaf(Relation index, BlockNumber block, Snapshot snapshot, TimestampTz last, TimestampTz end,
                          LeafRows& to) {
    to.count = 0;
    const auto before = [last](IndexTuple entry) { return first_key<TimestampTz>(entry) <= last; };
    const auto beyond = [end](IndexTuple entry) { return first_key<TimestampTz>(entry) >= end; };
    return each_on_leaf(index, block, snapshot, before, beyond, [&to](IndexTuple entry, ItemPointer rows, int count) {
        for (int i = 0; i < count; ++i) {
            to.times[to.count] = first_key<TimestampTz>(entry);
            to.rows[to.count++] = rows[i];
        }
    });
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

// A leaf, as the page above it knew it: no entry on it is later than `most`.
struct Leaf {
    BlockNumber block;
    TimestampTz most;
};
struct Leaves {
    int count = 0;
    Leaf leaves[MaxIndexTuplesPerPage];
};

// What a page above the leaves leads to; returns the page to the right.
BlockNumber leaves_below(Relation index, BlockNumber block, Snapshot snapshot, Leaves& to) {
    to.count = 0;
    const auto none = [](IndexTuple) { return false; };
    return each_on_leaf(index, block, snapshot, none, none, [&to](IndexTuple entry, ItemPointer, int) {
        // The first one leads to whatever is before the second, and has no key.
        if (to.count > 0) to.leaves[to.count - 1].most = first_key<TimestampTz>(entry);
        to.leaves[to.count++] = {BTreeTupleGetDownLink(entry), DT_NOEND};
    });
}

// All leaves from left to right, as the pages above them know them; of an index that is one leaf this one.
std::vector<Leaf> leaves_of(Relation index, Snapshot snapshot) {
    std::vector<Leaf> result;
    const int level = pg_call([=] { return _bt_getrootheight(index) > 0 ? 1 : 0; });
    BlockNumber at = pg_call([=] { return first_page(index, level, snapshot); });
    if (level == 0) return at == P_NONE ? result : std::vector{Leaf{at, DT_NOEND}};
    const auto below = std::make_unique<Leaves>();
    Leaves* to = below.get();
    while (at != P_NONE) {
        at = pg_call([=] {
            CHECK_FOR_INTERRUPTS();
            return leaves_below(index, at, snapshot, *to);
        });
        result.insert(result.end(), to->leaves, to->leaves + to->count);
    }
    return result;
}

}  // namespace

std::optional<std::vector<std::int64_t>> StoredBars::times(std::int64_t from_us, std::int64_t to_us) const {
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
    TimestampTz last = from_us - epoch_2000_us - 1;
    const TimestampTz beyond = to_us - epoch_2000_us;
    const auto take_later = [&](BlockNumber at) {
        const BlockNumber next = pg_call([=, &tables] {
            CHECK_FOR_INTERRUPTS();
            return later_on_leaf(index, at, tables.snapshot, last, beyond, *found);
        });
        const int count = pg_call([=, &tables] {
            return seen_times(*eye, tables.snapshot, *found, tables.only == nullptr,
                              [&tables](TupleTableSlot* bar) { return is_readable(tables, bar); });
        });
        for (int i = 0; i < count; ++i) result.push_back((last = found->times[i]) + epoch_2000_us);
        return next;
    };
    const auto leaves = leaves_of(index, tables.snapshot);
    bool at_end = false;  // of the index, or of the times that are asked for
    for (std::size_t i = 0; i < leaves.size() && !at_end; ++i) {
        if (leaves[i].most <= last) continue;  // no other time, however many rows have this one
        // What was split off since then, to the right of the leaf, too.
        const BlockNumber end = i + 1 < leaves.size() ? leaves[i + 1].block : P_NONE;
        BlockNumber at = leaves[i].block;
        while (at != P_NONE && at != end) at = take_later(at);
        at_end = at == P_NONE;
    }
    pg_call([=] {
        table_index_fetch_end(eye->fetch);
        ExecDropSingleTupleTableSlot(eye->slot);
        if (BufferIsValid(eye->visibility)) ReleaseBuffer(eye->visibility);
        index_close(index, AccessShareLock);
    });
    return result;
}

}  // namespace bourse::pg
