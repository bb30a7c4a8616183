#include "pgext/stored_bars.hpp"

#include <array>
#include <memory>
#include <set>

#include "pgext/index_leaves.hpp"

extern "C" {
#include "access/genam.h"
#include "access/skey.h"
#include "partitioning/partbounds.h"
#include "partitioning/partdesc.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/partcache.h"
#include "utils/rls.h"
#include "utils/syscache.h"
}

namespace bourse::pg {
namespace {

using factors::Bar;
using factors::Span;

constexpr std::array column_names{"instrument_id", "ts",     "open",   "high",      "low",
                                  "close",         "volume", "amount", "adj_factor"};
constexpr std::size_t rows_at_a_time = std::size_t{1} << 18;

// Below here: only trivial locals, the server's errors jump over these frames.

// The one table that holds the value of a partition of its own; InvalidOid: there is none.
Oid partition_of(Relation all, Datum freq) {
    PartitionKey key = RelationGetPartitionKey(all);
    if (!key || key->strategy != PARTITION_STRATEGY_LIST || key->partnatts != 1 || key->partattrs[0] == 0)
        return InvalidOid;
    PartitionDesc parts = RelationGetPartitionDesc(all, true);
    bool found = false;
    const int at = parts->boundinfo
                       ? partition_list_bsearch(key->partsupfunc, key->partcollation, parts->boundinfo, freq, &found)
                       : -1;
    if (at < 0 || !found) return InvalidOid;
    const int part = parts->boundinfo->indexes[at];
    if (part < 0 || !parts->is_leaf[part]) return InvalidOid;
    int values = 0;
    for (int i = 0; i < parts->boundinfo->ndatums; ++i) values += parts->boundinfo->indexes[i] == part;
    return values == 1 ? parts->oids[part] : InvalidOid;
}

// The caller may read every row and column.
bool may_read(Oid table) {
    return pg_class_aclcheck(table, GetUserId(), ACL_SELECT) == ACLCHECK_OK &&
           check_enable_rls(table, InvalidOid, true) == RLS_NONE;
}

// Bytes before ts in a row that the migration's columns begin, none of which is missing; 0: it is another table.
int place_of_numbers(TupleDesc shape, const AttrNumber* columns, AttrNumber freq_column, int freq_length) {
    if (columns[0] != 1 || freq_column != 2 || freq_length + 1 > VARATT_SHORT_MAX) return 0;
    for (int i = 1; i < 9; ++i)
        if (columns[i] != 2 + i) return 0;
    for (int i = 2; i < 12; ++i)
        if (TupleDescAttr(shape, i)->attlen != 8 || !TupleDescAttr(shape, i)->attbyval) return 0;
    return static_cast<int>(MAXALIGN(sizeof(std::int32_t) + 1 + static_cast<std::size_t>(freq_length)));
}

bool types_are_known(TupleDesc shape, const AttrNumber* columns, AttrNumber known_at, AttrNumber data_version) {
    if (known_at <= 0 || TupleDescAttr(shape, known_at - 1)->atttypid != TIMESTAMPTZOID) return false;
    if (data_version <= 0 || TupleDescAttr(shape, data_version - 1)->atttypid != INT8OID) return false;
    for (int i = 0; i < 9; ++i) {
        const Oid wanted = i == 0 ? INT4OID : i == 1 ? TIMESTAMPTZOID : FLOAT8OID;
        if (columns[i] <= 0 || TupleDescAttr(shape, columns[i] - 1)->atttypid != wanted) return false;
    }
    return true;
}

Bar bar_by_columns(HeapTuple row, TupleDesc shape, const AttrNumber* columns) {
    double numbers[7];
    bool missing = false;
    for (int i = 0; i < 7; ++i) {
        const Datum value = heap_getattr(row, columns[i + 2], shape, &missing);
        numbers[i] = missing ? std::nan("") : DatumGetFloat8(value);
    }
    const Datum ts = heap_getattr(row, columns[1], shape, &missing);
    return {DatumGetTimestampTz(ts) + epoch_2000_us,
            numbers[0],
            numbers[1],
            numbers[2],
            numbers[3],
            numbers[4],
            numbers[5],
            numbers[6]};
}

// A row as the migration's columns begin it, a volume or an amount perhaps missing. False: it is another row.
bool plain_bar(HeapTupleHeader row, int numbers_at, std::int32_t& id, Bar& bar, TimestampTz& known_at,
               std::int64_t& version) {
    const auto* data = reinterpret_cast<const char*>(row) + row->t_hoff;
    const char* after = data + numbers_at + sizeof bar;
    if (numbers_at == 0 || HeapTupleHeaderGetNatts(row) < 12 || !VARATT_IS_1B(data + sizeof id)) return false;
    std::memcpy(&id, data, sizeof id);
    if (!(row->t_infomask & HEAP_HASNULL)) {
        std::memcpy(&bar, data + numbers_at, sizeof bar);
    } else {
        constexpr bits8 before = 0x7f, volume = 0x80, amount = 0x01, others = 0x0e;  // one bit a column
        if ((row->t_bits[0] & before) != before || (row->t_bits[1] & others) != others) return false;
        double numbers[8];
        const char* next = data + numbers_at;
        const auto take = [&next](double& number, bool there) {
            number = std::nan("");
            if (there) std::memcpy(&number, next, sizeof number);
            if (there) next += sizeof number;
        };
        for (int i = 0; i < 5; ++i) take(numbers[i], true);
        take(numbers[5], row->t_bits[0] & volume);
        take(numbers[6], row->t_bits[1] & amount);
        take(numbers[7], true);
        std::memcpy(&bar, numbers, sizeof bar);
        after = next;
    }
    std::memcpy(&known_at, after, sizeof known_at);
    std::memcpy(&version, after + sizeof known_at, sizeof version);
    bar.ts_us += epoch_2000_us;
    return true;
}

// The bar that the scan meets first; false: there is none.
bool next_time(IndexScanDesc scan, ScanDirection direction, TupleTableSlot* slot, AttrNumber column, TimestampTz& ts) {
    bool missing = false;
    if (!index_getnext_slot(scan, direction, slot)) return false;
    ts = DatumGetTimestampTz(slot_getattr(slot, column, &missing));
    ExecClearTuple(slot);
    return true;
}

// The rows of a span on this leaf; returns the leaf to the right, P_NONE where its entries end here.
BlockNumber rows_on_leaf(Relation key, BlockNumber block, Snapshot snapshot, const Span& span, LeafRows& to) {
    const TupleDesc shape = RelationGetDescr(key);
    const std::int32_t id = span.instrument_id;
    const TimestampTz end = span.to_us - epoch_2000_us;
    const auto before = [id](IndexTuple entry) { return first_key<std::int32_t>(entry) < id; };
    const auto beyond = [id, end, shape](IndexTuple entry) {
        bool missing = false;
        return first_key<std::int32_t>(entry) > id ||
               DatumGetTimestampTz(index_getattr(entry, 3, shape, &missing)) >= end;
    };
    to.count = 0;
    return each_on_leaf(key, block, snapshot, before, beyond, [&to](IndexTuple, ItemPointer rows, int count) {
        for (int i = 0; i < count; ++i) to.rows[to.count++] = rows[i];
    });
}

// The rows of a span on the leaf where its entries begin; returns as above.
BlockNumber rows_on_first_leaf(IndexScanDesc scan, const Span& span, Datum freq, LeafRows& to) {
    ScanKeyData keys[4];
    ScanKeyInit(&keys[0], 1, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(span.instrument_id));
    ScanKeyEntryInitialize(&keys[1], 0, 2, BTEqualStrategyNumber, InvalidOid, scan->indexRelation->rd_indcollation[1],
                           F_TEXTEQ, freq);
    ScanKeyInit(&keys[2], 3, BTGreaterEqualStrategyNumber, F_TIMESTAMP_GE,
                TimestampTzGetDatum(span.from_us - epoch_2000_us));
    ScanKeyInit(&keys[3], 3, BTLessStrategyNumber, F_TIMESTAMP_LT, TimestampTzGetDatum(span.to_us - epoch_2000_us));
    index_rescan(scan, keys, 4, nullptr, 0);
    to.count = 0;
    if (!index_getnext_tid(scan, ForwardScanDirection)) return P_NONE;
    const BTScanPosData& found = leaf_of(scan);
    for (int i = found.itemIndex; i <= found.lastItem; ++i) to.rows[to.count++] = found.items[i].heapTid;
    return found.moreRight ? found.nextPage : P_NONE;
}

}  // namespace

struct StoredBars::PageRows {
    int count = 0;
    std::int32_t ids[MaxHeapTuplesPerPage];
    Bar bars[MaxHeapTuplesPerPage];
    std::int64_t versions[MaxHeapTuplesPerPage];
};

std::optional<StoredBars> StoredBars::open(const std::string& freq) {
    const char* name = freq.c_str();
    const int length = static_cast<int>(freq.size());
    Tables tables{};
    Tables* to = &tables;
    const bool opened = pg_call([=] {
        if (IsolationIsSerializable()) return false;  // which wants to know every row that is read
        const Oid schema = get_namespace_oid("bourse", true);
        const Oid all = OidIsValid(schema) ? get_relname_relid("bar", schema) : InvalidOid;
        if (!OidIsValid(all) || get_rel_relkind(all) != RELKIND_PARTITIONED_TABLE || !may_read(all)) return false;
        to->freq = CStringGetTextDatum(name);
        to->all = table_open(all, AccessShareLock);
        const Oid leaf = partition_of(to->all, to->freq);
        to->leaf = OidIsValid(leaf) ? try_relation_open(leaf, AccessShareLock) : nullptr;
        const bool is_heap = to->leaf && to->leaf->rd_tableam == GetHeapamTableAmRoutine();
        AttrNumber freq_column = 0;
        if (is_heap) {
            for (int i = 0; i < 9; ++i) to->columns[i] = get_attnum(leaf, column_names[static_cast<std::size_t>(i)]);
            freq_column = get_attnum(leaf, "freq");
            to->known_at = get_attnum(leaf, "known_at");
            to->data_version = get_attnum(leaf, "data_version_id");
        }
        if (is_heap && types_are_known(RelationGetDescr(to->leaf), to->columns, to->known_at, to->data_version)) {
            const Oid key = RelationGetPrimaryKeyIndex(to->leaf);
            to->key = OidIsValid(key) ? index_open(key, AccessShareLock) : nullptr;
            const AttrNumber wanted[] = {to->columns[0], freq_column, to->columns[1]};
            if (to->key && !is_btree_of(to->key, wanted, 3)) {
                index_close(to->key, AccessShareLock);
                to->key = nullptr;
            }
        }
        if (!to->key) {
            if (to->leaf) relation_close(to->leaf, AccessShareLock);
            table_close(to->all, AccessShareLock);
            return false;
        }
        to->snapshot = GetActiveSnapshot();
        to->numbers_at = place_of_numbers(RelationGetDescr(to->leaf), to->columns, freq_column, length);
        if (to->known_at != 11 || to->data_version != 12) to->numbers_at = 0;
        return true;
    });
    if (!opened) return std::nullopt;
    return StoredBars(tables);
}

void StoredBars::close() {
    const Tables& tables = tables_;
    pg_call([&] {
        index_close(tables.key, AccessShareLock);
        relation_close(tables.leaf, AccessShareLock);
        table_close(tables.all, AccessShareLock);
    });
}

bool StoredBars::is_readable(const Tables& tables, TimestampTz known_at, std::int64_t version) {
    if (!tables.only) return true;
    const Readable& only = *tables.only;
    if (known_at > only.known_at_us - epoch_2000_us) return false;
    for (std::size_t i = only.versions.size(); i-- > 0;)  // mostly one range
        if (version >= only.versions[i].first) return version < only.versions[i].second;
    return false;
}

bool StoredBars::is_readable(const Tables& tables, TupleTableSlot* bar) {
    if (!tables.only) return true;
    bool missing = false;
    const TimestampTz known_at = DatumGetTimestampTz(slot_getattr(bar, tables.known_at, &missing));
    return is_readable(tables, known_at, DatumGetInt64(slot_getattr(bar, tables.data_version, &missing)));
}

// Rows of one page. What a correction left behind, or one to come, is for the server to judge, row by row; on a page
// that is visible to all there is none.
void StoredBars::read_page(const Tables& tables, const ItemPointerData* rows, int count, PageRows& to) {
    const TupleDesc shape = RelationGetDescr(tables.leaf);
    const Buffer buffer = ReadBuffer(tables.leaf, ItemPointerGetBlockNumber(rows));
    LockBuffer(buffer, BUFFER_LOCK_SHARE);
    const Page page = BufferGetPage(buffer);
    TestForOldSnapshot(tables.snapshot, tables.leaf, page);
    const bool all_visible = PageIsAllVisible(page) && !tables.snapshot->takenDuringRecovery;
    const OffsetNumber last = PageGetMaxOffsetNumber(page);
    to.count = 0;
    for (int i = 0; i < count; ++i) {
        ItemPointerData at = rows[i];
        HeapTupleData row{};
        const OffsetNumber offset = ItemPointerGetOffsetNumber(&at);
        const ItemId item = offset <= last ? PageGetItemId(page, offset) : nullptr;
        if (all_visible && item && ItemIdIsNormal(item))
            row.t_data = reinterpret_cast<HeapTupleHeader>(PageGetItem(page, item));
        else if (!heap_hot_search_buffer(&at, tables.leaf, buffer, tables.snapshot, &row, nullptr, true))
            continue;
        TimestampTz known_at = 0;
        std::int64_t& version = to.versions[to.count];
        if (!plain_bar(row.t_data, tables.numbers_at, to.ids[to.count], to.bars[to.count], known_at, version)) {
            bool missing = false;
            to.ids[to.count] = DatumGetInt32(heap_getattr(&row, tables.columns[0], shape, &missing));
            to.bars[to.count] = bar_by_columns(&row, shape, tables.columns);
            known_at = DatumGetTimestampTz(heap_getattr(&row, tables.known_at, shape, &missing));
            version = DatumGetInt64(heap_getattr(&row, tables.data_version, shape, &missing));
        }
        if (is_readable(tables, known_at, version)) ++to.count;
    }
    UnlockReleaseBuffer(buffer);
}

// In order of pages: a table that grew day by day has the bars of an instrument on as many pages as it has bars.
void StoredBars::take_rows(std::vector<ItemPointerData>& rows, PageRows& page, const TakePage& take) const {
    const Tables& tables = tables_;
    const auto before = [](const ItemPointerData& a, const ItemPointerData& b) {
        const auto place = [](const ItemPointerData& p) {
            return std::uint64_t{ItemPointerGetBlockNumberNoCheck(&p)} << 16 | ItemPointerGetOffsetNumberNoCheck(&p);
        };
        return place(a) < place(b);
    };
    if (!std::is_sorted(rows.begin(), rows.end(), before)) std::sort(rows.begin(), rows.end(), before);
    for (std::size_t from = 0; from < rows.size();) {
        std::size_t to = from + 1;
        const BlockNumber block = ItemPointerGetBlockNumberNoCheck(&rows[from]);
        while (to < rows.size() && to - from < MaxHeapTuplesPerPage &&
               ItemPointerGetBlockNumberNoCheck(&rows[to]) == block)
            ++to;
        const ItemPointerData* these = rows.data() + from;
        const int count = static_cast<int>(to - from);
        PageRows* into = &page;
        pg_call([&tables, these, count, into] {
            CHECK_FOR_INTERRUPTS();
            read_page(tables, these, count, *into);
        });
        take(page);
        from = to;
    }
    rows.clear();
}

void StoredBars::read(std::span<const Span> spans, const factors::TakeBars& take) {
    read_pages(spans, [&](const PageRows& page) {
        for (int first = 0, i = 1; i <= page.count; ++i) {
            if (i < page.count && page.ids[i] == page.ids[first]) continue;
            take(page.ids[first], std::span(page.bars + first, page.bars + i));
            first = i;
        }
    });
}

std::vector<std::int64_t> StoredBars::versions(std::span<const Span> spans) {
    std::set<std::int64_t> found;
    std::int64_t last = -1;
    read_pages(spans, [&](const PageRows& page) {
        for (int i = 0; i < page.count; ++i)
            if (page.versions[i] != std::exchange(last, page.versions[i])) found.insert(page.versions[i]);
    });
    return {found.begin(), found.end()};
}

void StoredBars::read_pages(std::span<const Span> spans, const TakePage& take) {
    const auto page = std::make_unique<PageRows>();
    const auto leaf = std::make_unique<LeafRows>();
    LeafRows* found = leaf.get();
    std::vector<ItemPointerData> rows;
    const Tables& tables = tables_;
    const IndexScanDesc scan =
        pg_call([&tables] { return index_beginscan(tables.leaf, tables.key, tables.snapshot, 4, 0); });
    for (const Span& span : spans) {
        BlockNumber next = pg_call([=, &tables, &span] {
            CHECK_FOR_INTERRUPTS();
            return rows_on_first_leaf(scan, span, tables.freq, *found);
        });
        rows.insert(rows.end(), found->rows, found->rows + found->count);
        while (next != P_NONE) {
            next = pg_call([=, &tables, &span] {
                CHECK_FOR_INTERRUPTS();
                return rows_on_leaf(tables.key, next, tables.snapshot, span, *found);
            });
            rows.insert(rows.end(), found->rows, found->rows + found->count);
        }
        if (rows.size() >= rows_at_a_time) take_rows(rows, *page, take);
    }
    take_rows(rows, *page, take);
    pg_call([=] { index_endscan(scan); });
}

std::vector<StoredBars::Edge> StoredBars::edges(std::span<const std::int32_t> instruments) const {
    std::vector<Edge> result;
    const Tables& tables = tables_;
    TupleTableSlot* slot = pg_call([&tables] { return table_slot_create(tables.leaf, nullptr); });
    IndexScanDesc scan = pg_call([&tables] { return index_beginscan(tables.leaf, tables.key, tables.snapshot, 1, 0); });
    for (const std::int32_t id : instruments) {
        TimestampTz times[2] = {};
        TimestampTz* to = times;
        const bool found = pg_call([=, &tables] {
            CHECK_FOR_INTERRUPTS();
            ScanKeyData key;
            ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(id));
            index_rescan(scan, &key, 1, nullptr, 0);
            if (!next_time(scan, ForwardScanDirection, slot, tables.columns[1], to[0])) return false;
            index_rescan(scan, &key, 1, nullptr, 0);
            return next_time(scan, BackwardScanDirection, slot, tables.columns[1], to[1]);
        });
        if (found) result.push_back({id, times[0] + epoch_2000_us, times[1] + epoch_2000_us});
    }
    pg_call([=] {
        index_endscan(scan);
        ExecDropSingleTupleTableSlot(slot);
    });
    return result;
}

}  // namespace bourse::pg
