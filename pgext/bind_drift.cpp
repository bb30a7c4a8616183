// bourse.drift_statistics: all features of a model against its training data, in one pass over the stored rows.
#include <numeric>

#include "pgext/float8_arrays.hpp"
#include "pgext/fvec.hpp"
#include "stats/ks.hpp"
#include "stats/psi.hpp"
#include "stats/sorting.hpp"

namespace bourse::pg {
namespace {

constexpr std::size_t max_values = 250'000'000;     // 1 GB of float4
constexpr std::size_t max_exact_cells = 1'000'000;  // below, the exact law costs less than the sort
constexpr int rows_per_fetch = 2000;

// One row of bourse.drift_reference.
struct Reference {
    std::string feature;
    std::size_t place = 0;  // in the stored vector, from 0
    std::int64_t missing = 0;
    std::vector<double> edges;
    std::vector<std::int64_t> counts;
    std::vector<double> sample;
    std::int64_t n() const { return std::accumulate(counts.begin(), counts.end(), std::int64_t{0}); }
};

// A cell of the current SPI result; it lives as long as that. Error when it is NULL.
Datum cell(std::uint64_t row, int column) {
    bool is_null = false;
    const Datum value =
        pg_call([&] { return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &is_null); });
    if (is_null) throw Error(ErrorKind::internal, "drift query gave NULL in column " + std::to_string(column));
    return value;
}

std::vector<double> float8_cell(std::uint64_t row, int column) {
    auto cells = finite_values(cell(row, column));
    if (cells.dropped > 0) throw Error(ErrorKind::internal, "drift reference has missing or infinite numbers");
    return std::move(cells.values);
}

void run_query(const char* query, int arguments, Oid* types, Datum* values) {
    const int code = pg_call([=] { return SPI_execute_with_args(query, arguments, types, values, nullptr, true, 0); });
    if (code != SPI_OK_SELECT) throw Error(ErrorKind::internal, "drift query gave code " + std::to_string(code));
}

std::vector<Reference> read_references(Datum model_version_id, Datum feature_set_id) {
    static const char query[] =
        "SELECT r.feature, pg_catalog.array_position(s.features, r.feature), r.missing, r.edges, "
        "r.counts::pg_catalog.float8[], r.sample "
        "FROM bourse.drift_reference AS r CROSS JOIN bourse.feature_set AS s "
        "WHERE r.model_version_id OPERATOR(pg_catalog.=) $1 AND s.feature_set_id OPERATOR(pg_catalog.=) $2 "
        "AND r.feature OPERATOR(pg_catalog.=) ANY (s.features) ORDER BY r.position, r.feature";
    Oid types[] = {INT8OID, INT4OID};
    Datum values[] = {model_version_id, feature_set_id};
    run_query(query, 2, types, values);
    std::vector<Reference> references;
    for (std::uint64_t row = 0; row < SPI_processed; ++row) {
        Reference reference;
        const Datum name = cell(row, 1);
        const char* feature = pg_call([=] { return TextDatumGetCString(name); });
        reference.feature = feature;
        reference.place = static_cast<std::size_t>(DatumGetInt32(cell(row, 2)) - 1);
        reference.missing = DatumGetInt64(cell(row, 3));
        reference.edges = float8_cell(row, 4);
        for (const double count : float8_cell(row, 5)) reference.counts.push_back(static_cast<std::int64_t>(count));
        reference.sample = float8_cell(row, 6);
        if (reference.counts.size() != reference.edges.size() + 1 ||
            !std::is_sorted(reference.edges.begin(), reference.edges.end()) ||
            !std::is_sorted(reference.sample.begin(), reference.sample.end()))
            throw Error(ErrorKind::internal, "drift reference of feature \"" + reference.feature + "\" is damaged",
                        "train the model again");
        references.push_back(std::move(reference));
    }
    return references;
}

void append_rows(std::vector<float>& matrix, const std::vector<Reference>& references) {
    for (std::uint64_t row = 0; row < SPI_processed; ++row) {
        const auto features = as_fvec(cell(row, 1))->elements();
        for (const Reference& reference : references) {
            if (reference.place >= features.size())
                throw Error(ErrorKind::internal, "stored row has " + std::to_string(features.size()) + " features, \"" +
                                                     reference.feature + "\" is number " +
                                                     std::to_string(reference.place + 1));
            matrix.push_back(features[reference.place]);
        }
    }
    if (matrix.size() > max_values)
        throw Error(ErrorKind::too_large, "drift compares at most " + std::to_string(max_values) + " values at once",
                    "ask for a shorter span");
}

// Row-major: a row per stored row with from_ts <= ts < to_ts of the universe's members, a column per reference.
std::vector<float> read_matrix(FunctionCallInfo fcinfo, const std::vector<Reference>& references) {
    static const char query[] =
        "SELECT v.features FROM bourse.feature_value AS v WHERE v.feature_set_id OPERATOR(pg_catalog.=) $1 "
        "AND v.ts OPERATOR(pg_catalog.>=) $2 AND v.ts OPERATOR(pg_catalog.<) $3 AND ($4 OPERATOR(pg_catalog.=) 'all' "
        "OR EXISTS ("
        "SELECT FROM bourse.universe AS u WHERE u.name OPERATOR(pg_catalog.=) $4 "
        "AND u.instrument_id OPERATOR(pg_catalog.=) v.instrument_id AND u.span OPERATOR(pg_catalog.@>) v.ts))";
    Oid types[] = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID};
    Datum values[] = {PG_GETARG_DATUM(1), PG_GETARG_DATUM(2), PG_GETARG_DATUM(3), PG_GETARG_DATUM(4)};
    const Portal portal =
        pg_call([&] { return SPI_cursor_open_with_args(nullptr, query, 4, types, values, nullptr, true, 0); });
    std::vector<float> matrix;
    for (;;) {
        pg_call([=] { SPI_cursor_fetch(portal, true, rows_per_fetch); });
        if (SPI_processed == 0) break;
        append_rows(matrix, references);
        pg_call([] { SPI_freetuptable(SPI_tuptable); });
    }
    pg_call([=] { SPI_cursor_close(portal); });
    return matrix;
}

struct Comparison {
    std::int64_t n = 0;
    std::int64_t missing = 0;
    stats::KsResult ks;
    double psi = NAN;
};

Comparison compare(const Reference& reference, std::span<const float> matrix, std::size_t columns, std::size_t column,
                   const CheckInterrupts& interrupts) {
    std::vector<double> current;
    Comparison result;
    for (std::size_t i = column; i < matrix.size(); i += columns)
        if (std::isfinite(matrix[i]))
            current.push_back(matrix[i]);
        else
            ++result.missing;
    check(interrupts);
    result.n = static_cast<std::int64_t>(current.size());
    stats::sort_checked(std::span(current), interrupts);
    const bool small = reference.sample.size() * current.size() <= max_exact_cells;
    result.ks = stats::ks_test_sorted(reference.sample, current,
                                      small ? stats::KsMethod::exact : stats::KsMethod::asymptotic, interrupts);
    if (!current.empty() && !reference.sample.empty())
        result.psi = stats::psi(reference.counts, stats::bin_counts(reference.edges, current, interrupts));
    return result;
}

void put_row(ReturnSetInfo* output, const Reference& reference, const Comparison& comparison) {
    const char* feature = reference.feature.c_str();
    const bool empty = std::isnan(comparison.ks.statistic);
    const std::int64_t n = reference.n();
    pg_call([&] {
        Datum values[8] = {CStringGetTextDatum(feature),          Int64GetDatum(n),
                           Int64GetDatum(reference.missing),      Int64GetDatum(comparison.n),
                           Int64GetDatum(comparison.missing),     Float8GetDatum(comparison.ks.statistic),
                           Float8GetDatum(comparison.ks.p_value), Float8GetDatum(comparison.psi)};
        bool nulls[8] = {false, false, false, false, false, empty, empty, std::isnan(comparison.psi)};
        tuplestore_putvalues(output->setResult, output->setDesc, values, nulls);
    });
}

Datum drift_statistics(FunctionCallInfo fcinfo) {
    pg_call([=] { InitMaterializedSRF(fcinfo, 0); });
    auto* output = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    if (pg_call([] { return SPI_connect(); }) != SPI_OK_CONNECT) throw Error(ErrorKind::internal, "SPI_connect failed");
    const auto references = read_references(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
    const auto matrix = references.empty() ? std::vector<float>{} : read_matrix(fcinfo, references);
    const auto interrupts = check_interrupts();
    for (std::size_t column = 0; column < references.size(); ++column)
        put_row(output, references[column], compare(references[column], matrix, references.size(), column, interrupts));
    pg_call([] { SPI_finish(); });
    return Datum{0};
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_drift_statistics, drift_statistics);

}  // namespace bourse::pg
