// What an indicator's SQL function returns: one value, or a composite of several.
#pragma once

#include "pgext/boundary.hpp"

namespace bourse::pg {

// The declared result row type, found once per call site and kept in the function's own memory.
inline TupleDesc result_row_type(FunctionCallInfo fcinfo) {
    if (fcinfo->flinfo->fn_extra == nullptr) {
        fcinfo->flinfo->fn_extra = pg_call([&] {
            MemoryContext before = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
            TupleDesc found = nullptr;
            if (get_call_result_type(fcinfo, nullptr, &found) != TYPEFUNC_COMPOSITE)
                elog(ERROR, "result is not a row type");
            found = BlessTupleDesc(CreateTupleDescCopy(found));
            MemoryContextSwitchTo(before);
            return found;
        });
    }
    return static_cast<TupleDesc>(fcinfo->flinfo->fn_extra);
}

inline Datum make_row(FunctionCallInfo fcinfo, std::span<Datum> values, std::span<bool> nulls) {
    TupleDesc type = result_row_type(fcinfo);
    if (static_cast<std::size_t>(type->natts) != values.size())
        throw Error(ErrorKind::internal, "result row has another shape");
    return pg_call([&] { return HeapTupleGetDatum(heap_form_tuple(type, values.data(), nulls.data())); });
}

}  // namespace bourse::pg
