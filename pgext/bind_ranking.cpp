// bourse.ic and bourse.rank_ic: aggregates over (prediction, outcome) of one cross-section.
#include "pgext/two_samples.hpp"
#include "stats/ranking.hpp"

namespace bourse::pg {
namespace {

// Pairs are kept, prediction and outcome at the same place of the two sides.
Datum accumulate(FunctionCallInfo fcinfo) {
    TwoSamples* state = transition_state(fcinfo);
    const double prediction = PG_ARGISNULL(1) ? NAN : PG_GETARG_FLOAT8(1);
    const double outcome = PG_ARGISNULL(2) ? NAN : PG_GETARG_FLOAT8(2);
    if (!std::isfinite(prediction) || !std::isfinite(outcome)) {
        ++state->dropped;
    } else {
        const MemoryContext context = aggregate_context(fcinfo);
        append(state->side[0], {&prediction, 1}, context);
        append(state->side[1], {&outcome, 1}, context);
    }
    PG_RETURN_POINTER(state);
}

template <bool ranks>
Datum final(FunctionCallInfo fcinfo) {
    aggregate_context(fcinfo);
    if (PG_ARGISNULL(0)) PG_RETURN_NULL();
    const auto* state = reinterpret_cast<const TwoSamples*>(PG_GETARG_POINTER(0));
    const auto predictions = state->side[0].span();
    const auto outcomes = state->side[1].span();
    if (predictions.size() < stats::min_names_per_day) PG_RETURN_NULL();
    const auto value =
        ranks ? stats::spearman(predictions, outcomes, check_interrupts()) : stats::pearson(predictions, outcomes);
    if (!value) PG_RETURN_NULL();
    PG_RETURN_FLOAT8(*value);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_ic_accumulate, accumulate);
BOURSE_PG_FUNCTION(bourse_ic_final, final<false>);
BOURSE_PG_FUNCTION(bourse_rank_ic_final, final<true>);

}  // namespace bourse::pg
