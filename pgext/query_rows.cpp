#include "pgext/query_rows.hpp"

#include <algorithm>

#include "pgext/contexts.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "tcop/pquery.h"
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

std::size_t Cursor::fetch_into(DestReceiver* to, std::size_t rows) {
    Portal portal = portal_;
    return pg_call([=] { return PortalRunFetch(portal, FETCH_FORWARD, static_cast<long>(rows), to); });
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

namespace {

// Where the executor's rows go. Called by the server, which no exception may pass: it becomes the server's own error.
struct FeatureReceiver {
    DestReceiver base;  // first, as the server looks at no more
    FeatureRows* rows;
    std::vector<bool>* missing;
    bool is_fvec;
    MemoryContext memory;

    void take(TupleTableSlot* slot) const {
        const ContextScope scope(memory);
        bool null = false;
        const Datum value = pg_call([&] { return slot_getattr(slot, 1, &null); });
        missing->push_back(null);
        if (null) return;
        if (is_fvec)
            rows->add_fvec(value);
        else
            rows->add_array(value);
    }
    static bool receive(TupleTableSlot* slot, DestReceiver* self) {
        Failure failure;
        try {
            reinterpret_cast<const FeatureReceiver*>(self)->take(slot);
            return true;
        } catch (...) {
            failure = describe_current_exception();
        }
        raise("features of a query", failure);
    }
};

}  // namespace

bool FeatureQuery::fetch(FeatureRows& rows, std::vector<bool>& missing) {
    if (!memory_)
        memory_ =
            pg_call([] { return AllocSetContextCreate(CurrentMemoryContext, "bourse batch", ALLOCSET_DEFAULT_SIZES); });
    missing.clear();
    const auto nothing = [](DestReceiver*) {};
    FeatureReceiver to{{FeatureReceiver::receive, [](DestReceiver*, int, TupleDesc) {}, nothing, nothing, DestNone},
                       &rows,
                       &missing,
                       is_fvec_,
                       memory_};
    const bool more = cursor_.fetch_into(&to.base, rows_per_batch(model_)) > 0;
    MemoryContext memory = memory_;
    pg_call([=] { MemoryContextReset(memory); });
    return more;
}

}  // namespace bourse::pg
