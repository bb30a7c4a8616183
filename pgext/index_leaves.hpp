// Entries of a B-tree, one leaf page after another to the right. A scan of the server compares each entry with its keys
// and hands it out by itself: several times what it costs to look at one.
#pragma once

#include "pgext/postgres.hpp"

extern "C" {
#include "access/nbtree.h"
#include "access/relscan.h"
#include "catalog/pg_am.h"
#include "storage/bufmgr.h"
}

namespace bourse::pg {

// Below here: only trivial locals, the server's errors jump over these frames. The rows that entries lead to are still
// to be judged by the snapshot, which must be an MVCC one: no page stays pinned.

// A valid B-tree of all rows by these columns alone.
inline bool is_btree_of(Relation index, const AttrNumber* columns, int count) {
    if (index->rd_rel->relam != BTREE_AM_OID || !index->rd_index->indisvalid || index->rd_index->indnkeyatts != count)
        return false;
    if (!heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, nullptr)) return false;
    for (int i = 0; i < count; ++i)
        if (index->rd_index->indkey.values[i] != columns[i]) return false;
    return true;
}

// Rows that entries on a leaf lead to, with their times where those are wanted.
struct LeafRows {
    int count = 0;
    ItemPointerData rows[MaxTIDsPerBTreePage];
    TimestampTz times[MaxTIDsPerBTreePage];
};

inline IndexTuple entry_at(Page page, OffsetNumber at) {
    return reinterpret_cast<IndexTuple>(PageGetItem(page, PageGetItemId(page, at)));
}

// The first entry from `at` to `last` that is not before(entry); last + 1: all are.
template <class Before>
OffsetNumber first_not(Page page, OffsetNumber at, OffsetNumber last, Before before) {
    if (at > last || before(entry_at(page, last))) return last + 1;
    for (OffsetNumber end = last; at < end;) {
        const OffsetNumber middle = at + (end - at) / 2;
        if (before(entry_at(page, middle)))
            at = middle + 1;
        else
            end = middle;
    }
    return at;
}

// Calls each(entry, rows, count), ascending, for what lies on the page and is neither before nor beyond what is looked
// for. An entry that leads to several rows has them ascending. Returns the page to the right; P_NONE: there is none, or
// the entries end here.
template <class Before, class Beyond, class Each>
BlockNumber each_on_leaf(Relation index, BlockNumber block, Snapshot snapshot, Before before, Beyond beyond,
                         Each each) {
    const Buffer buffer = _bt_getbuf(index, block, BT_READ);
    const Page page = BufferGetPage(buffer);
    TestForOldSnapshot(snapshot, index, page);
    const auto* about = BTPageGetOpaque(page);
    const bool heeds_dead = !snapshot->takenDuringRecovery;  // on a replica they are dead to the primary
    const OffsetNumber last = P_IGNORE(about) ? InvalidOffsetNumber : PageGetMaxOffsetNumber(page);
    OffsetNumber at = first_not(page, P_FIRSTDATAKEY(about), last, before);
    const OffsetNumber end = first_not(page, at, last, [beyond](IndexTuple entry) { return !beyond(entry); });
    for (; at < end; ++at) {
        if (heeds_dead && ItemIdIsDead(PageGetItemId(page, at))) continue;
        const IndexTuple entry = entry_at(page, at);
        const bool several = BTreeTupleIsPosting(entry);
        each(entry, several ? BTreeTupleGetPosting(entry) : &entry->t_tid,
             several ? static_cast<int>(BTreeTupleGetNPosting(entry)) : 1);
    }
    const BlockNumber next = end <= last ? P_NONE : about->btpo_next;
    _bt_relbuf(index, buffer);
    return next;
}

// The value of a first column that is fixed in length and never missing.
template <class Number>
Number first_key(IndexTuple entry) {
    Number value;
    std::memcpy(&value, reinterpret_cast<const char*>(entry) + IndexInfoFindDataOffset(entry->t_info), sizeof value);
    return value;
}

// The leftmost page of a level, the leaves' is 0; P_NONE: the index is empty.
inline BlockNumber first_page(Relation index, int level, Snapshot snapshot) {
    const Buffer buffer = _bt_get_endpoint(index, static_cast<std::uint32_t>(level), false, snapshot);
    if (!BufferIsValid(buffer)) return P_NONE;
    const BlockNumber block = BufferGetBlockNumber(buffer);
    _bt_relbuf(index, buffer);
    return block;
}

// The leaf where a scan that has found its first entry stands, and what it found there.
inline const BTScanPosData& leaf_of(IndexScanDesc scan) {
    return static_cast<const BTScanOpaqueData*>(scan->opaque)->currPos;
}

}  // namespace bourse::pg
