#include "pgext/two_samples.hpp"

namespace bourse::pg {
namespace {

constexpr std::int64_t max_values = MaxAllocSize / sizeof(double);

Datum combine(FunctionCallInfo fcinfo) {
    const MemoryContext context = aggregate_context(fcinfo);
    if (PG_ARGISNULL(1)) {
        if (PG_ARGISNULL(0)) PG_RETURN_NULL();
        return PG_GETARG_DATUM(0);
    }
    TwoSamples* into = transition_state(fcinfo);
    const auto* from = reinterpret_cast<const TwoSamples*>(PG_GETARG_POINTER(1));
    for (int i = 0; i < 2; ++i) append(into->side[i], from->side[i].span(), context);
    into->dropped += from->dropped;
    PG_RETURN_POINTER(into);
}

// dropped, n of both sides, then the values: read back by the same build in a parallel worker's leader.
Datum serialize(FunctionCallInfo fcinfo) {
    aggregate_context(fcinfo);
    const auto* state = reinterpret_cast<const TwoSamples*>(PG_GETARG_POINTER(0));
    const std::int64_t head[3] = {state->dropped, state->side[0].n, state->side[1].n};
    const std::size_t size = sizeof head + static_cast<std::size_t>(head[1] + head[2]) * sizeof(double);
    if (size > MaxAllocSize - VARHDRSZ)
        throw Error(ErrorKind::too_large, "a parallel worker's share of the aggregate is above 1 GB",
                    "set max_parallel_workers_per_gather = 0, or aggregate fewer rows");
    auto* bytes = pg_call([=] { return static_cast<bytea*>(palloc(VARHDRSZ + size)); });
    SET_VARSIZE(bytes, VARHDRSZ + size);
    char* at = VARDATA(bytes);
    std::memcpy(at, head, sizeof head);
    at += sizeof head;
    for (const auto& side : state->side) {
        if (side.n > 0) std::memcpy(at, side.values, static_cast<std::size_t>(side.n) * sizeof(double));
        at += static_cast<std::size_t>(side.n) * sizeof(double);
    }
    PG_RETURN_BYTEA_P(bytes);
}

Datum deserialize(FunctionCallInfo fcinfo) {
    const MemoryContext aggregate = aggregate_context(fcinfo);
    const auto* bytes = pg_call([&] { return PG_GETARG_BYTEA_PP(0); });
    const char* at = VARDATA_ANY(bytes);
    const std::size_t size = VARSIZE_ANY_EXHDR(bytes);
    std::int64_t head[3] = {0, 0, 0};
    if (size >= sizeof head) std::memcpy(head, at, sizeof head);
    if (size < sizeof head || head[1] < 0 || head[2] < 0 || head[1] > max_values || head[2] > max_values ||
        size != sizeof head + static_cast<std::size_t>(head[1] + head[2]) * sizeof(double))
        throw Error(ErrorKind::internal, "state of a parallel aggregate has " + std::to_string(size) + " bytes");
    TwoSamples* state = new_two_samples(aggregate);
    state->dropped = head[0];
    at += sizeof head;
    std::vector<double> values;
    for (int i = 0; i < 2; ++i) {
        values.resize(static_cast<std::size_t>(head[1 + i]));
        if (!values.empty()) std::memcpy(values.data(), at, values.size() * sizeof(double));
        append(state->side[i], values, aggregate);
        at += values.size() * sizeof(double);
    }
    PG_RETURN_POINTER(state);
}

}  // namespace

TwoSamples* new_two_samples(MemoryContext context) {
    return pg_call([=] { return static_cast<TwoSamples*>(MemoryContextAllocZero(context, sizeof(TwoSamples))); });
}

void append(TwoSamples::Side& side, std::span<const double> values, MemoryContext context) {
    const auto more = static_cast<std::int64_t>(values.size());
    if (more == 0) return;
    if (more > max_values - side.n)
        throw Error(ErrorKind::too_large,
                    "an aggregate holds at most " + std::to_string(max_values) + " values of one side",
                    "aggregate a random part of the rows");
    if (side.n + more > side.capacity) {
        const std::int64_t capacity =
            std::min(max_values, std::max({side.n + more, 2 * side.capacity, std::int64_t{64}}));
        double* old = side.values;
        const std::size_t size = static_cast<std::size_t>(capacity) * sizeof(double);
        side.values = pg_call([=] {
            return static_cast<double*>(old == nullptr ? MemoryContextAlloc(context, size) : repalloc(old, size));
        });
        side.capacity = capacity;
    }
    std::memcpy(side.values + side.n, values.data(), values.size() * sizeof(double));
    side.n += more;
}

MemoryContext aggregate_context(FunctionCallInfo fcinfo) {
    MemoryContext context = nullptr;
    if (AggCheckCallContext(fcinfo, &context) == 0)
        throw Error(ErrorKind::internal, "this function is part of an aggregate and cannot be called by itself");
    return context;
}

TwoSamples* transition_state(FunctionCallInfo fcinfo) {
    const MemoryContext context = aggregate_context(fcinfo);
    if (PG_ARGISNULL(0)) return new_two_samples(context);
    return reinterpret_cast<TwoSamples*>(PG_GETARG_POINTER(0));
}

BOURSE_PG_FUNCTION(bourse_two_samples_combine, combine);
BOURSE_PG_FUNCTION(bourse_two_samples_serialize, serialize);
BOURSE_PG_FUNCTION(bourse_two_samples_deserialize, deserialize);

}  // namespace bourse::pg
