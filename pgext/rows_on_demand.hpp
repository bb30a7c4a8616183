// Set-returning functions whose rows are made when they are fetched.
#pragma once

#include "pgext/contexts.hpp"

extern "C" {
#include "funcapi.h"
}

namespace bourse::pg {

// The body of such a function: begin() gives arguments for MadeRows, which lives from the first row to the last.
// MadeRows::next(values): fills the next row's columns, none of them NULL; false: there is none.
template <class MadeRows, std::size_t columns, class Begin>
Datum rows_on_demand(FunctionCallInfo fcinfo, Begin begin) {
    if (SRF_IS_FIRSTCALL()) {
        FuncCallContext* made = pg_call([=] {
            FuncCallContext* context = init_MultiFuncCall(fcinfo);
            TupleDesc shape = nullptr;
            if (get_call_result_type(fcinfo, nullptr, &shape) != TYPEFUNC_COMPOSITE)
                ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("rows are wanted in another form")));
            const MemoryContext before = MemoryContextSwitchTo(context->multi_call_memory_ctx);
            context->tuple_desc = BlessTupleDesc(CreateTupleDescCopy(shape));
            MemoryContextSwitchTo(before);
            return context;
        });
        made->user_fctx = emplace_in<MadeRows>(made->multi_call_memory_ctx, begin());
    }
    FuncCallContext* context = pg_call([=] { return per_MultiFuncCall(fcinfo); });
    auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    Datum values[columns];
    if (!static_cast<MadeRows*>(context->user_fctx)->next(values)) {
        pg_call([=] { end_MultiFuncCall(fcinfo, context); });
        result->isDone = ExprEndResult;
        fcinfo->isnull = true;
        return static_cast<Datum>(0);
    }
    ++context->call_cntr;
    result->isDone = ExprMultipleResult;
    Datum* from = values;
    return pg_call([=] {
        bool nulls[columns] = {};
        return HeapTupleGetDatum(heap_form_tuple(context->tuple_desc, from, nulls));
    });
}

}  // namespace bourse::pg
