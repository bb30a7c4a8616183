// bourse.ks_test and bourse.psi, on arrays and as aggregates over (value, is_current).
#include "pgext/float8_arrays.hpp"
#include "pgext/two_samples.hpp"
#include "stats/drift_reference.hpp"
#include "stats/ks.hpp"
#include "stats/sorting.hpp"

namespace bourse::pg {
namespace {

std::string note_text(stats::KsNote note, std::int64_t dropped) {
    std::string text;
    if (note == stats::KsNote::insufficient_data) text = "insufficient_data";
    if (note == stats::KsNote::constant) text = "constant";
    if (note == stats::KsNote::heavy_ties) text = "heavy_ties";
    if (dropped > 0) text += (text.empty() ? "dropped " : "; dropped ") + std::to_string(dropped);
    return text;
}

Datum ks_row(FunctionCallInfo fcinfo, const stats::KsResult& result, std::int64_t dropped) {
    const bool empty = result.note == stats::KsNote::insufficient_data;
    const std::string note = note_text(result.note, dropped);
    const char* method = result.method == stats::KsMethod::exact ? "exact" : "asymptotic";
    const char* note_chars = note.c_str();
    const bool has_note = !note.empty();
    return pg_call([&] {
        TupleDesc shape;
        if (get_call_result_type(fcinfo, nullptr, &shape) != TYPEFUNC_COMPOSITE) elog(ERROR, "ks_test returns a row");
        shape = BlessTupleDesc(shape);
        Datum values[6] = {Float8GetDatum(result.statistic),
                           Float8GetDatum(result.p_value),
                           Int64GetDatum(static_cast<int64>(result.n_a)),
                           Int64GetDatum(static_cast<int64>(result.n_b)),
                           CStringGetTextDatum(method),
                           CStringGetTextDatum(note_chars)};
        bool nulls[6] = {empty, empty, false, false, empty, !has_note};
        return HeapTupleGetDatum(heap_form_tuple(shape, values, nulls));
    });
}

Datum ks_arrays(FunctionCallInfo fcinfo) {
    auto a = finite_values(PG_GETARG_DATUM(0));
    auto b = finite_values(PG_GETARG_DATUM(1));
    const auto result =
        stats::ks_test(std::move(a.values), std::move(b.values), stats::KsMethod::automatic, check_interrupts());
    return ks_row(fcinfo, result, a.dropped + b.dropped);
}

std::optional<double> psi_of(std::vector<double> reference, const std::vector<double>& current, int bins) {
    const auto interrupts = check_interrupts();
    stats::sort_checked(std::span(reference), interrupts);
    const auto edges = stats::quantile_edges(reference, bins);  // refuses bad bins, also without data
    if (reference.empty() || current.empty()) return std::nullopt;
    return stats::psi(stats::bin_counts(edges, reference, interrupts), stats::bin_counts(edges, current, interrupts));
}

Datum float8_or_null(FunctionCallInfo fcinfo, std::optional<double> value) {
    if (!value) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(*value);
}

Datum psi_arrays(FunctionCallInfo fcinfo) {
    auto reference = finite_values(PG_GETARG_DATUM(0));
    const auto current = finite_values(PG_GETARG_DATUM(1));
    return float8_or_null(fcinfo, psi_of(std::move(reference.values), current.values, PG_GETARG_INT32(2)));
}

// Side 0 is the reference, side 1 the current data.
Datum accumulate(FunctionCallInfo fcinfo) {
    TwoSamples* state = transition_state(fcinfo);
    const double value = PG_ARGISNULL(1) ? NAN : PG_GETARG_FLOAT8(1);
    if (PG_ARGISNULL(2) || !std::isfinite(value))
        ++state->dropped;
    else
        append(state->side[PG_GETARG_BOOL(2) ? 1 : 0], {&value, 1}, aggregate_context(fcinfo));
    PG_RETURN_POINTER(state);
}

struct Samples {
    std::vector<double> reference;
    std::vector<double> current;
    std::int64_t dropped = 0;
};

// A copy: the state may be used again by a window frame.
Samples samples_of(FunctionCallInfo fcinfo) {
    aggregate_context(fcinfo);
    if (PG_ARGISNULL(0)) return {};
    const auto* state = reinterpret_cast<const TwoSamples*>(PG_GETARG_POINTER(0));
    const auto reference = state->side[0].span();
    const auto current = state->side[1].span();
    return {{reference.begin(), reference.end()}, {current.begin(), current.end()}, state->dropped};
}

Datum ks_final(FunctionCallInfo fcinfo) {
    auto samples = samples_of(fcinfo);
    const auto result = stats::ks_test(std::move(samples.reference), std::move(samples.current),
                                       stats::KsMethod::automatic, check_interrupts());
    return ks_row(fcinfo, result, samples.dropped);
}

Datum psi_final(FunctionCallInfo fcinfo) {
    auto samples = samples_of(fcinfo);
    return float8_or_null(fcinfo, psi_of(std::move(samples.reference), samples.current, stats::default_psi_bins));
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_ks_arrays, ks_arrays);
BOURSE_PG_FUNCTION(bourse_psi_arrays, psi_arrays);
BOURSE_PG_FUNCTION(bourse_two_samples_accumulate, accumulate);
BOURSE_PG_FUNCTION(bourse_ks_final, ks_final);
BOURSE_PG_FUNCTION(bourse_psi_final, psi_final);

}  // namespace bourse::pg
