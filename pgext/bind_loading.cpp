// bourse.insert_block: clean new bars straight into the leaf partitions of bourse.bar, many rows a page as COPY does.
#include "market/bar_rule.hpp"
#include "market/frequency.hpp"
#include "pgext/boundary.hpp"

#include <chrono>
#include <map>

namespace bourse::pg {
namespace {

constexpr std::int64_t not_given = std::numeric_limits<std::int64_t>::min();
constexpr std::size_t row_bytes = 76;  // int4 instrument, int8 ts, 7 float8, int8 known_at; little-endian, unpadded
constexpr std::size_t most_rows = 100'000;
constexpr int batch_rows = 1000;
constexpr int bar_columns = 12;

struct BlockRow {
    std::int32_t instrument;
    std::int64_t ts;        // microseconds since 1970
    double values[7];       // open high low close volume amount adj_factor; NaN: missing
    std::int64_t known_at;  // given or ts + step
};

struct Span {
    std::int64_t rows = 0, from_ts = 0, to_ts = 0, without_volume = 0;
};

struct Leaf {
    Relation relation;
    ResultRelInfo* result;
    BulkInsertState bulk;
    TupleTableSlot* slots[batch_rows];
};

template <class T>
T take(const char*& at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    at += sizeof value;
    return value;
}

// The rules are the server's to judge: that a client sent the row proves nothing.
BlockRow read_row(const char* at, std::size_t number, std::string_view freq, std::int64_t step, std::int64_t now) {
    BlockRow row{};
    row.instrument = take<std::int32_t>(at);
    row.ts = take<std::int64_t>(at);
    for (double& value : row.values) value = take<double>(at);
    row.known_at = take<std::int64_t>(at);
    market::RawBar raw;
    raw.symbol = "named by its instrument";
    raw.freq = freq;
    raw.ts = row.ts;
    market::Number* const prices[] = {&raw.open, &raw.high, &raw.low, &raw.close};
    for (int i = 0; i < 4; ++i) *prices[i] = {row.values[i], true};
    market::Number* const others[] = {&raw.volume, &raw.amount, &raw.adj_factor};
    for (int i = 0; i < 3; ++i) *others[i] = {row.values[4 + i], !std::isnan(row.values[4 + i])};
    if (row.known_at != not_given) raw.known_at = row.known_at;
    const auto rule = market::broken_rule(raw, now);
    if (!rule.empty())
        throw Error(ErrorKind::invalid_argument,
                    "row " + std::to_string(number) + " of the block breaks the rule " + std::string(rule),
                    "send it by bourse.load_bars, which keeps rejects");
    if (row.known_at == not_given) row.known_at = row.ts + step;
    return row;
}

int year_of(std::int64_t unix_us) {
    const auto day = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{unix_us}});
    return static_cast<int>(std::chrono::year_month_day{day}.year());
}

// Everything from here to insert_rows runs inside pg_call: trivial locals only.

// What is laid over a partition by hand (a trigger, a check, a further column) is for the executor: the staged path.
bool is_plain(Relation relation) {
    static constexpr Oid types[bar_columns] = {INT4OID,   InvalidOid, TIMESTAMPTZOID, FLOAT8OID,
                                               FLOAT8OID, FLOAT8OID,  FLOAT8OID,      FLOAT8OID,
                                               FLOAT8OID, FLOAT8OID,  TIMESTAMPTZOID, INT8OID};
    const TupleDesc columns = RelationGetDescr(relation);
    if (relation->rd_rel->relkind != RELKIND_RELATION || !relation->rd_rel->relispartition || relation->trigdesc ||
        columns->natts != bar_columns)
        return false;
    if (columns->constr && (columns->constr->num_check > 0 || columns->constr->has_generated_stored)) return false;
    for (int i = 0; i < bar_columns; ++i) {
        if (TupleDescAttr(columns, i)->attisdropped) return false;
        if (types[i] != InvalidOid && TupleDescAttr(columns, i)->atttypid != types[i]) return false;
    }
    return true;
}

Leaf* open_leaf(const char* name) {
    const Oid oid = get_relname_relid(name, get_namespace_oid("bourse", false));
    if (!OidIsValid(oid))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("bourse.bar has no partition %s", name),
                        errhint("make it with bourse.make_bar_partitions")));
    Leaf* leaf = static_cast<Leaf*>(palloc0(sizeof(Leaf)));
    leaf->relation = table_open(oid, RowExclusiveLock);
    if (!is_plain(leaf->relation))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("partition %s has triggers, checks or columns of its own", name),
                        errhint("load with bourse.load_bars")));
    leaf->result = makeNode(ResultRelInfo);
    InitResultRelInfo(leaf->result, leaf->relation, 0, nullptr, 0);
    ExecOpenIndices(leaf->result, false);
    leaf->bulk = GetBulkInsertState();
    return leaf;
}

void close_leaf(Leaf* leaf) {
    FreeBulkInsertState(leaf->bulk);
    table_finish_bulk_insert(leaf->relation, 0);
    for (TupleTableSlot* slot : leaf->slots)
        if (slot) ExecDropSingleTupleTableSlot(slot);
    ExecCloseIndices(leaf->result);
    table_close(leaf->relation, NoLock);
    pfree(leaf);
}

TupleTableSlot* fill_slot(Leaf* leaf, int number, const BlockRow& row, Datum freq, Datum version) {
    TupleTableSlot*& slot = leaf->slots[number];
    if (!slot) slot = table_slot_create(leaf->relation, nullptr);
    ExecClearTuple(slot);
    std::memset(slot->tts_isnull, 0, bar_columns * sizeof(bool));
    slot->tts_values[0] = Int32GetDatum(row.instrument);
    slot->tts_values[1] = freq;
    slot->tts_values[2] = TimestampTzGetDatum(row.ts - epoch_2000_us);
    for (int i = 0; i < 7; ++i) slot->tts_values[3 + i] = Float8GetDatum(row.values[i]);
    for (int i = 7; i < 9; ++i) slot->tts_isnull[i] = std::isnan(row.values[i - 3]);
    if (std::isnan(row.values[6])) slot->tts_values[9] = Float8GetDatum(1.0);
    slot->tts_values[10] = TimestampTzGetDatum(row.known_at - epoch_2000_us);
    slot->tts_values[11] = version;
    ExecStoreVirtualTuple(slot);
    slot->tts_tableOid = RelationGetRelid(leaf->relation);
    return slot;
}

void insert_batch(Leaf* leaf, EState* estate, const BlockRow* rows, int count, Datum freq, Datum version) {
    CHECK_FOR_INTERRUPTS();
    for (int i = 0; i < count; ++i) fill_slot(leaf, i, rows[i], freq, version);
    // Its name chose the partition; its bound must agree, and does for a year's every row or for none.
    if (!ExecPartitionCheck(leaf->result, leaf->slots[0], estate, false))
        ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
                        errmsg("partition %s is not for its bars", RelationGetRelationName(leaf->relation))));
    const MemoryContext before = MemoryContextSwitchTo(GetPerTupleMemoryContext(estate));
    table_multi_insert(leaf->relation, leaf->slots, count, GetCurrentCommandId(true), 0, leaf->bulk);
    MemoryContextSwitchTo(before);
    for (int i = 0; i < count; ++i) {
        ResetPerTupleExprContext(estate);
        list_free(ExecInsertIndexTuples(leaf->result, leaf->slots[i], estate, false, false, nullptr, NIL));
    }
    ResetPerTupleExprContext(estate);
}

// `years`: of every row; 0 where a frequency has one partition.
void insert_rows(const BlockRow* rows, const int* years, int count, const char* freq_name, std::int64_t version_id) {
    PreventCommandIfReadOnly("bourse.load_block()");
    const Relation bar = table_open(get_relname_relid("bar", get_namespace_oid("bourse", false)), RowExclusiveLock);
    EState* estate = CreateExecutorState();
    const Datum freq = CStringGetTextDatum(freq_name), version = Int64GetDatum(version_id);
    Leaf* leaf = nullptr;
    for (int from = 0, to = 0; from < count; from = to) {
        while (to < count && to - from < batch_rows && years[to] == years[from]) ++to;
        if (!leaf || years[from] != years[from - 1]) {
            if (leaf) close_leaf(leaf);
            char name[NAMEDATALEN];
            if (years[from] == 0)
                pg_snprintf(name, sizeof name, "bar_%s", freq_name);
            else
                pg_snprintf(name, sizeof name, "bar_%s_%04d", freq_name, years[from]);
            leaf = open_leaf(name);
        }
        insert_batch(leaf, estate, rows + from, to - from, freq, version);
    }
    if (leaf) close_leaf(leaf);
    FreeExecutorState(estate);
    table_close(bar, NoLock);
}

std::map<std::int32_t, Span> spans_of(const std::vector<BlockRow>& rows) {
    std::map<std::int32_t, Span> spans;
    Span* span = nullptr;
    std::int32_t instrument = 0;
    for (const auto& row : rows) {
        if (!span || row.instrument != instrument) {
            span = &spans[instrument = row.instrument];
            if (span->rows == 0) span->from_ts = span->to_ts = row.ts;
        }
        ++span->rows;
        span->from_ts = std::min(span->from_ts, row.ts);
        span->to_ts = std::max(span->to_ts, row.ts);
        span->without_volume += std::isnan(row.values[4]);
    }
    return spans;
}

Datum insert_block(FunctionCallInfo fcinfo) {
    struct Bytes {
        const char* data;
        std::size_t size;
    };
    const auto bytes = [fcinfo](int n) {
        const Datum datum = PG_GETARG_DATUM(n);
        return pg_call([datum] {
            const varlena* value = PG_DETOAST_DATUM_PACKED(datum);
            return Bytes{VARDATA_ANY(value), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(value))};
        });
    };
    const Bytes block = bytes(0), name = bytes(1);
    const std::string freq_name(name.data, name.size);
    const auto freq = market::frequency_named(freq_name);
    if (!freq || *freq == market::Frequency::mo1)
        throw Error(ErrorKind::invalid_argument, "a block of frequency '" + freq_name + "' cannot be loaded",
                    "use one of 1m, 5m, 15m, 30m, 1h, 4h, 1d, 1w");
    if (block.size == 0 || block.size % row_bytes != 0 || block.size / row_bytes > most_rows)
        throw Error(ErrorKind::invalid_argument, "a block has " + std::to_string(block.size) +
                                                     " bytes; expected 1 to " + std::to_string(most_rows) +
                                                     " rows of " + std::to_string(row_bytes));

    const std::size_t count = block.size / row_bytes;
    const std::int64_t now = GetCurrentTransactionStartTimestamp() + epoch_2000_us, step = market::step_us(*freq);
    std::vector<BlockRow> rows(count);
    std::vector<int> years(count, 0);
    for (std::size_t i = 0; i < count; ++i) {
        rows[i] = read_row(block.data + i * row_bytes, i + 1, freq_name, step, now);
        if (*freq < market::Frequency::d1) years[i] = year_of(rows[i].ts);
    }
    const std::int64_t version = PG_GETARG_INT64(2);
    std::vector<Datum> numbers;
    for (const auto& [instrument, span] : spans_of(rows))
        for (const std::int64_t number :
             {static_cast<std::int64_t>(instrument), span.rows, span.from_ts - epoch_2000_us,
              span.to_ts - epoch_2000_us, span.without_volume})
            numbers.push_back(Int64GetDatum(number));
    const BlockRow* first_row = rows.data();
    const int* first_year = years.data();
    const char* freq_text = freq_name.c_str();
    Datum* first_number = numbers.data();
    const int number_count = static_cast<int>(numbers.size());
    return PointerGetDatum(pg_call([=] {
        insert_rows(first_row, first_year, static_cast<int>(count), freq_text, version);
        return construct_array(first_number, number_count, INT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
    }));
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_insert_block, insert_block);

}  // namespace bourse::pg
