#include "pgext/sorted_rows.hpp"

#include <array>

#include "core/error.hpp"

extern "C" {
#include "miscadmin.h"
#include "utils/typcache.h"
}

namespace bourse::pg {

SortedRows::SortedRows(TupleDesc shape, std::span<const AttrNumber> keys) {
    struct Order {
        std::array<AttrNumber, 4> columns;
        std::array<Oid, 4> operators, collations;
        std::array<bool, 4> nulls_first;
    } order{};
    const int count = static_cast<int>(keys.size());
    if (keys.size() > order.columns.size()) throw Error(ErrorKind::internal, "too many columns to sort by");
    std::copy(keys.begin(), keys.end(), order.columns.begin());
    pg_call([&] {
        scratch_ = AllocSetContextCreate(CurrentMemoryContext, "bourse rows", ALLOCSET_DEFAULT_SIZES);
        for (int i = 0; i < count; ++i) {
            const Form_pg_attribute column = TupleDescAttr(shape, order.columns[i] - 1);
            order.operators[i] = lookup_type_cache(column->atttypid, TYPECACHE_LT_OPR)->lt_opr;
            order.collations[i] = column->attcollation;
        }
        state_ =
            tuplesort_begin_heap(shape, count, order.columns.data(), order.operators.data(), order.collations.data(),
                                 order.nulls_first.data(), work_mem, nullptr, TUPLESORT_NONE);
        in_ = MakeSingleTupleTableSlot(shape, &TTSOpsVirtual);
        out_ = MakeSingleTupleTableSlot(shape, &TTSOpsMinimalTuple);
        memset(in_->tts_isnull, 0, static_cast<std::size_t>(shape->natts) * sizeof(bool));
    });
}

void SortedRows::put() {
    pg_call([this] {
        ExecStoreVirtualTuple(in_);
        tuplesort_puttupleslot(state_, in_);
        ExecClearTuple(in_);
    });
}

void SortedRows::sort() {
    pg_call([this] { tuplesort_performsort(state_); });
}

const Datum* SortedRows::next() {
    return pg_call([this]() -> const Datum* {
        if (!tuplesort_gettupleslot(state_, true, false, out_, nullptr)) return nullptr;
        slot_getallattrs(out_);
        return out_->tts_values;
    });
}

void SortedRows::end() {
    pg_call([this] {
        ExecDropSingleTupleTableSlot(in_);
        ExecDropSingleTupleTableSlot(out_);
        tuplesort_end(state_);
        MemoryContextDelete(scratch_);
    });
}

}  // namespace bourse::pg
