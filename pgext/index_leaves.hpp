// Entries of a B-tree, one leaf page after another to the right. A scan of the server compares each entry with its keys
// and hands it out by itself: several times what it costs to look at one.
#pragma once

#include "pgext/postgres.hpp"

extern "C" {
#include "access/nbtree.h"
#include "access/relscan.h"
#include "storage/bufmgr.h"
}

namespace bourse::pg {

// Below here: only trivial locals, the server's errors jump over these frames. The rows that entries lead to are still
// to be judged by the snapshot, which must be an MVCC one: no page stays pinned.

inline IndexTuple entry_at(Page page, OffsetNumber at) {
    return reinterpret_cast<IndexTuple>(PageGetItem(page, PageGetItemId(page, at)));
}

// Calls each(entry, rows, count) for what lies on the page, ascending, from the first entry on that is not
// before(entry) until it says false. An entry that leads to several rows has them ascending. Returns the page to the
// right; P_NONE: there is none, or each said false.
template <class Before, class Each>
BlockNumber each_on_leaf(Relation index, BlockNumber block, Snapshot snapshot, Before before, Each each) {
    const Buffer buffer = _bt_getbuf(index, block, BT_READ);
    const Page page = BufferGetPage(buffer);
    TestForOldSnapshot(snapshot, index, page);
    const auto* about = BTPageGetOpaque(page);
    BlockNumber next = about->btpo_next;
    const bool heeds_dead = !snapshot->takenDuringRecovery;  // on a replica they are dead to the primary
    const OffsetNumber last = P_IGNORE(about) ? InvalidOffsetNumber : PageGetMaxOffsetNumber(page);
    OffsetNumber at = P_FIRSTDATAKEY(about);
    if (at <= last && before(entry_at(page, last))) at = last + 1;
    for (OffsetNumber end = last; at < end;) {
        const OffsetNumber middle = at + (end - at) / 2;
        if (before(entry_at(page, middle)))
            at = middle + 1;
        else
            end = middle;
    }
    for (; at <= last; ++at) {
        if (heeds_dead && ItemIdIsDead(PageGetItemId(page, at))) continue;
        const IndexTuple entry = entry_at(page, at);
        const bool several = BTreeTupleIsPosting(entry);
        if (!each(entry, several ? BTreeTupleGetPosting(entry) : &entry->t_tid,
                  several ? static_cast<int>(BTreeTupleGetNPosting(entry)) : 1)) {
            next = P_NONE;
            break;
        }
    }
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

// The leftmost leaf.
inline BlockNumber first_leaf(Relation index, Snapshot snapshot) {
    const Buffer buffer = _bt_get_endpoint(index, 0, false, snapshot);
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
