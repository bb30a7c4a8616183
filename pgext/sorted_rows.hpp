// Rows in an order of their columns, sorted by the server: within work_mem in memory, beyond it on disk.
#pragma once

#include <span>

#include "pgext/contexts.hpp"

extern "C" {
#include "executor/tuptable.h"
#include "utils/tuplesort.h"
}

namespace bourse::pg {

class SortedRows {
public:
    // Rows of this shape, ascending by these columns (from 1). To be made before SPI is entered: it lives in the
    // current memory context.
    SortedRows(TupleDesc shape, std::span<const AttrNumber> keys);

    // make(values, nulls): fills them, allocating in a context that is reset afterwards.
    template <class Make>
    void add(Make make) {
        {
            ContextScope scope(scratch_);
            make(in_->tts_values, in_->tts_isnull);
            put();
        }
        if (++rows_ % 256 == 0) pg_call([this] { MemoryContextReset(scratch_); });
    }
    void sort();
    // The next row, from columns 0 on, valid until the next call; null: there is none. After sort().
    const Datum* next();
    // Gives memory and files back; an error leaves that to the server.
    void end();

private:
    void put();

    MemoryContext scratch_ = nullptr;
    Tuplesortstate* state_ = nullptr;
    TupleTableSlot *in_ = nullptr, *out_ = nullptr;
    std::size_t rows_ = 0;
};

}  // namespace bourse::pg
