// Statistics of stored features: one pass over the rows of a span, every feature at once.
#include "pgext/fvec.hpp"
#include "stats/fixed_bins.hpp"

namespace bourse::pg {
namespace {

constexpr int rows_per_fetch = 2000;

void add_rows(std::vector<stats::ColumnStatistics>& columns) {
    for (std::uint64_t row = 0; row < SPI_processed; ++row) {
        bool is_null = false;
        const Datum datum =
            pg_call([&] { return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 1, &is_null); });
        if (is_null) throw Error(ErrorKind::internal, "a stored row has no features");
        const auto features = as_fvec(datum)->elements();
        if (columns.empty()) columns.resize(features.size());
        if (features.size() != columns.size())
            throw Error(ErrorKind::internal, "stored rows have " + std::to_string(columns.size()) + " and " +
                                                 std::to_string(features.size()) + " features");
        for (std::size_t f = 0; f < features.size(); ++f) columns[f].add(features[f]);
    }
}

std::vector<stats::ColumnStatistics> read_span(FunctionCallInfo fcinfo) {
    static const char query[] =
        "SELECT v.features FROM bourse.feature_value AS v WHERE v.feature_set_id OPERATOR(pg_catalog.=) $1 "
        "AND v.ts OPERATOR(pg_catalog.>=) $2 AND v.ts OPERATOR(pg_catalog.<) $3 "
        "ORDER BY v.ts, v.instrument_id";  // the mean has the same bits whatever the plan
    Oid types[] = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID};
    Datum values[] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), PG_GETARG_DATUM(2)};
    const Portal portal =
        pg_call([&] { return SPI_cursor_open_with_args(nullptr, query, 3, types, values, nullptr, true, 0); });
    std::vector<stats::ColumnStatistics> columns;
    for (;;) {
        pg_call([=] {
            CHECK_FOR_INTERRUPTS();
            SPI_cursor_fetch(portal, true, rows_per_fetch);
        });
        if (SPI_processed == 0) break;
        add_rows(columns);
        pg_call([] { SPI_freetuptable(SPI_tuptable); });
    }
    pg_call([=] { SPI_cursor_close(portal); });
    return columns;
}

// Bins and their counts as arrays of datums, in the server's memory.
struct BinArrays {
    explicit BinArrays(std::size_t different)
        : size(static_cast<int>(different)),
          bins(pg_call([=] { return static_cast<Datum*>(palloc(2 * different * sizeof(Datum) + 1)); })),
          counts(bins + different) {}
    int size;
    Datum* bins;
    Datum* counts;
};

// A row of either function: they differ in the type of counts. Frees the arrays.
template <class Column>
void put_column(ReturnSetInfo* output, std::size_t feature, const Column& column, const BinArrays& of, Oid count_type,
                int count_size, char count_align) {
    const bool empty = column.n == 0;
    pg_call([&] {
        Datum values[10] = {
            Int32GetDatum(static_cast<std::int32_t>(feature + 1)),
            Int64GetDatum(column.n),
            Int64GetDatum(column.missing),
            Int64GetDatum(column.infinite),
            Float8GetDatum(column.mean),
            Float8GetDatum(column.m2),
            Float4GetDatum(column.least),
            Float4GetDatum(column.greatest),
            PointerGetDatum(construct_array(of.bins, of.size, INT2OID, 2, true, TYPALIGN_SHORT)),
            PointerGetDatum(construct_array(of.counts, of.size, count_type, count_size, true, count_align))};
        bool nulls[10] = {false, false, false, false, empty, empty, empty, empty, false, false};
        tuplestore_putvalues(output->setResult, output->setDesc, values, nulls);
        pfree(DatumGetPointer(values[8]));
        pfree(DatumGetPointer(values[9]));
        pfree(of.bins);
    });
}

void put_row(ReturnSetInfo* output, std::size_t feature, stats::ColumnStatistics& column) {
    const BinArrays arrays(column.bins().size());
    std::size_t at = 0;
    for (const auto& [bin, count] : column.bins()) {
        arrays.bins[at] = Int16GetDatum(bin);
        arrays.counts[at++] = Int32GetDatum(count);
    }
    put_column(output, feature, column, arrays, INT4OID, 4, TYPALIGN_INT);
}

// feature_value_statistics(feature_set_id, from_ts, to_ts)
Datum feature_value_statistics(FunctionCallInfo fcinfo) {
    pg_call([=] { InitMaterializedSRF(fcinfo, 0); });
    auto* output = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    if (pg_call([] { return SPI_connect(); }) != SPI_OK_CONNECT) throw Error(ErrorKind::internal, "SPI_connect failed");
    auto columns = read_span(fcinfo);
    for (std::size_t f = 0; f < columns.size(); ++f) put_row(output, f, columns[f]);
    pg_call([] { SPI_finish(); });
    return Datum{0};
}

template <class T>
std::span<const T> elements_of(Datum datum) {
    const ArrayType* array = pg_call([=] { return DatumGetArrayTypeP(datum); });
    if (ARR_HASNULL(array) || ARR_NDIM(array) > 1)
        throw Error(ErrorKind::internal, "counts of a stored day are no plain array");
    return {reinterpret_cast<const T*>(ARR_DATA_PTR(array)),
            static_cast<std::size_t>(ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)))};
}

// Columns of the query in merged().
void add_day(HeapTuple tuple, TupleDesc shape, std::vector<stats::MergedStatistics>& features) {
    Datum values[10];
    bool nulls[10];
    pg_call([&] { heap_deform_tuple(tuple, shape, values, nulls); });
    const auto feature = static_cast<std::size_t>(DatumGetInt32(values[0]));
    if (feature == 0 || feature > fvec_max_length) throw Error(ErrorKind::internal, "a stored day has no feature");
    if (feature > features.size()) features.resize(feature);
    auto& into = features[feature - 1];
    into.missing += DatumGetInt64(values[2]);
    into.infinite += DatumGetInt64(values[3]);
    if (!nulls[4] && !nulls[5] && !nulls[6] && !nulls[7])
        into.add(DatumGetInt64(values[1]), DatumGetFloat8(values[4]), DatumGetFloat8(values[5]),
                 DatumGetFloat4(values[6]), DatumGetFloat4(values[7]));
    const auto bins = elements_of<std::int16_t>(values[8]);
    const auto counts = elements_of<std::int32_t>(values[9]);
    if (bins.size() != counts.size()) throw Error(ErrorKind::internal, "a stored day has more bins than counts");
    into.add_bins(bins, counts);
}

std::vector<stats::MergedStatistics> merged(FunctionCallInfo fcinfo) {
    static const char query[] =
        "SELECT s.feature, s.n, s.missing, s.infinite, s.mean, s.m2, s.min_value, s.max_value, s.bins, s.counts "
        "FROM bourse.feature_stats AS s WHERE s.feature_set_id OPERATOR(pg_catalog.=) $1 "
        "AND s.day OPERATOR(pg_catalog.>=) $2 AND s.day OPERATOR(pg_catalog.<) $3 "
        "ORDER BY s.day, s.feature";  // the mean has the same bits whatever the plan
    Oid types[] = {INT4OID, DATEOID, DATEOID};
    Datum values[] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), PG_GETARG_DATUM(2)};
    const Portal portal =
        pg_call([&] { return SPI_cursor_open_with_args(nullptr, query, 3, types, values, nullptr, true, 0); });
    std::vector<stats::MergedStatistics> features;
    const MemoryContext per_fetch =
        pg_call([] { return AllocSetContextCreate(CurrentMemoryContext, "days of features", ALLOCSET_DEFAULT_SIZES); });
    for (;;) {
        pg_call([=] {
            CHECK_FOR_INTERRUPTS();
            SPI_cursor_fetch(portal, true, rows_per_fetch);
        });
        if (SPI_processed == 0) break;
        // Long arrays are detoasted into memory of their own.
        const MemoryContext before = pg_call([=] { return MemoryContextSwitchTo(per_fetch); });
        for (std::uint64_t row = 0; row < SPI_processed; ++row)
            add_day(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, features);
        pg_call([=] {
            MemoryContextSwitchTo(before);
            MemoryContextReset(per_fetch);
            SPI_freetuptable(SPI_tuptable);
        });
    }
    pg_call([=] { SPI_cursor_close(portal); });
    return features;
}

void put_merged(ReturnSetInfo* output, std::size_t feature, const stats::MergedStatistics& column) {
    const BinArrays arrays(column.bins.size());
    for (std::size_t i = 0; i < column.bins.size(); ++i) {
        arrays.bins[i] = Int16GetDatum(column.bins[i].bin);
        arrays.counts[i] = Int64GetDatum(column.bins[i].count);
    }
    put_column(output, feature, column, arrays, INT8OID, 8, TYPALIGN_DOUBLE);
}

// merged_feature_statistics(feature_set_id, from_day, to_day)
Datum merged_feature_statistics(FunctionCallInfo fcinfo) {
    pg_call([=] { InitMaterializedSRF(fcinfo, 0); });
    auto* output = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    if (pg_call([] { return SPI_connect(); }) != SPI_OK_CONNECT) throw Error(ErrorKind::internal, "SPI_connect failed");
    const auto features = merged(fcinfo);
    for (std::size_t f = 0; f < features.size(); ++f) put_merged(output, f, features[f]);
    pg_call([] { SPI_finish(); });
    return Datum{0};
}

// fixed_bin(value real)
Datum fixed_bin(FunctionCallInfo fcinfo) {
    const float value = PG_GETARG_FLOAT4(0);
    if (!std::isfinite(value)) PG_RETURN_NULL();
    PG_RETURN_INT16(stats::fixed_bin(value));
}

std::int32_t bin_arg(FunctionCallInfo fcinfo) {
    const std::int32_t bin = PG_GETARG_INT32(0);
    if (std::abs(bin) > stats::last_fixed_bin)
        throw Error(ErrorKind::invalid_argument, "bin " + std::to_string(bin) + " is outside -" +
                                                     std::to_string(stats::last_fixed_bin) + " to " +
                                                     std::to_string(stats::last_fixed_bin));
    return bin;
}

Datum fixed_bin_from(FunctionCallInfo fcinfo) { PG_RETURN_FLOAT4(stats::fixed_bin_edges(bin_arg(fcinfo)).from); }
Datum fixed_bin_to(FunctionCallInfo fcinfo) { PG_RETURN_FLOAT4(stats::fixed_bin_edges(bin_arg(fcinfo)).to); }

}  // namespace

BOURSE_PG_FUNCTION(bourse_feature_value_statistics, feature_value_statistics);
BOURSE_PG_FUNCTION(bourse_merged_feature_statistics, merged_feature_statistics);
BOURSE_PG_FUNCTION(bourse_fixed_bin, fixed_bin);
BOURSE_PG_FUNCTION(bourse_fixed_bin_from, fixed_bin_from);
BOURSE_PG_FUNCTION(bourse_fixed_bin_to, fixed_bin_to);

}  // namespace bourse::pg
