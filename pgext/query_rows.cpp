#include "pgext/query_rows.hpp"

#include <algorithm>

extern "C" {
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/syscache.h"
}

namespace bourse::pg {

std::string text_argument(FunctionCallInfo fcinfo, int n) {
    const Datum datum = PG_GETARG_DATUM(n);
    const text* value = pg_call([=] { return DatumGetTextPP(datum); });
    return {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
}

Cursor::Cursor(const std::string& query) {
    const char* text = query.c_str();
    portal_ = pg_call([=] {
        SPI_connect();
        SPIPlanPtr plan = SPI_prepare(text, 0, nullptr);
        if (!plan)
            ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
                            errmsg("the query cannot be prepared: %s", SPI_result_code_string(SPI_result))));
        return SPI_cursor_open(nullptr, plan, nullptr, nullptr, true);
    });
}

Cursor::Cursor(const char* query, int count, Oid* types, Datum* values, const char* nulls) {
    portal_ = pg_call([=] {
        SPI_connect();
        return SPI_cursor_open_with_args(nullptr, query, count, types, values, nulls, true, 0);
    });
}

SPITupleTable* Cursor::fetch(std::size_t rows) {
    Portal portal = portal_;
    SPITupleTable* old = batch_;
    if (!memory_)
        memory_ =
            pg_call([] { return AllocSetContextCreate(CurrentMemoryContext, "bourse batch", ALLOCSET_DEFAULT_SIZES); });
    MemoryContext memory = memory_;
    batch_ = pg_call([=] {
        if (old) SPI_freetuptable(old);
        MemoryContextReset(memory);
        SPI_cursor_fetch(portal, true, static_cast<long>(rows));
        MemoryContextSwitchTo(memory);
        return SPI_tuptable;
    });
    return batch_ && batch_->numvals > 0 ? batch_ : nullptr;
}

void Cursor::close() {
    Portal portal = portal_;
    pg_call([=] {
        SPI_cursor_close(portal);
        SPI_finish();
    });
}

Field field(SPITupleTable* batch, std::size_t row, int column) {
    return pg_call([=] {
        Field f{};
        f.value = SPI_getbinval(batch->vals[row], batch->tupdesc, column, &f.null);
        return f;
    });
}

ReturnSetInfo* begin_result(FunctionCallInfo fcinfo) {
    pg_call([=] { InitMaterializedSRF(fcinfo, 0); });
    return reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
}

void put(ReturnSetInfo* result, Datum* values, bool* nulls) {
    pg_call([=] { tuplestore_putvalues(result->setResult, result->setDesc, values, nulls); });
}

std::size_t rows_per_batch(const LoadedModel& model) {
    return std::clamp<std::size_t>((4u << 20) / model.evaluator->features().size(), 64, 4096);
}

namespace {

Oid fvec_type() {
    return pg_call([] {
        return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("fvec"),
                               ObjectIdGetDatum(get_namespace_oid("bourse", false)));
    });
}

}  // namespace

FeatureQuery::FeatureQuery(const LoadedModel& model, const std::string& query, const char* whose,
                           const std::string& example)
    : model_(model), cursor_(query) {
    const TupleDesc shape = cursor_.shape();
    const Oid type = shape && shape->natts == 1 ? TupleDescAttr(shape, 0)->atttypid : InvalidOid;
    is_fvec_ = type == fvec_type();
    if (!is_fvec_ && type != FLOAT8ARRAYOID && type != FLOAT4ARRAYOID)
        throw Error(ErrorKind::invalid_argument,
                    "the query of " + std::string(whose) + " must give one column of type bourse.fvec or float8[]",
                    example);
}

bool FeatureQuery::fetch(FeatureRows& rows, std::vector<bool>& missing) {
    SPITupleTable* batch = cursor_.fetch(rows_per_batch(model_));
    missing.clear();
    if (!batch) return false;
    for (std::size_t i = 0; i < batch->numvals; ++i) {
        const Field f = field(batch, i, 1);
        missing.push_back(f.null);
        if (f.null) continue;
        if (is_fvec_)
            rows.add_fvec(f.value);
        else
            rows.add_array(f.value);
    }
    return true;
}

}  // namespace bourse::pg
