// Rows of a query in batches, and rows of a function's result. For functions that read or return many rows.
#pragma once

#include <string>
#include <vector>

#include "pgext/boundary.hpp"
#include "pgext/model_rows.hpp"

extern "C" {
#include "tcop/dest.h"
#include "utils/portal.h"
#include "utils/tuplestore.h"
}

namespace bourse::pg {

std::string text_argument(FunctionCallInfo fcinfo, int n);

// A server-side cursor. A batch, and whatever is allocated while it is looked at, lives until the next fetch.
class Cursor {
public:
    // Any query of the user's, read-only, under the current snapshot.
    explicit Cursor(const std::string& query);
    Cursor(const char* query, int count, Oid* types, Datum* values, const char* nulls);

    TupleDesc shape() const { return portal_->tupDesc; }
    SPITupleTable* fetch(std::size_t rows);  // null after the last row
    // As many rows to `to`, which the executor hands them to as they stand in its pages: nothing is copied. How many.
    std::size_t fetch_into(DestReceiver* to, std::size_t rows);
    void close();

private:
    Portal portal_ = nullptr;
    SPITupleTable* batch_ = nullptr;
    MemoryContext memory_ = nullptr;  // the server frees it with SPI's own
};

struct Field {
    Datum value;
    bool null;
};
Field field(SPITupleTable* batch, std::size_t row, int column);

// The result of a set-returning function, kept until the call ends.
ReturnSetInfo* begin_result(FunctionCallInfo fcinfo);
void put(ReturnSetInfo* result, Datum* values, bool* nulls);

// Rows a fetch and block: enough to amortise both, at most 16 MB of features.
std::size_t rows_per_batch(const LoadedModel& model);

// A query of the user's that gives one column of features.
class FeatureQuery {
public:
    // Error(invalid_argument), saying `whose` query it is and how it is written, unless the column is bourse.fvec,
    // float8[] or real[].
    FeatureQuery(const LoadedModel& model, const std::string& query, const char* whose, const std::string& example);

    // Appends the next batch; rows of NULL are left out and true in `missing`. False: there are no more.
    bool fetch(FeatureRows& rows, std::vector<bool>& missing);
    void close() { cursor_.close(); }

private:
    const LoadedModel& model_;
    Cursor cursor_;
    bool is_fvec_ = false;
    MemoryContext memory_ = nullptr;  // what was unpacked of a batch; the server frees it with SPI's own
};

}  // namespace bourse::pg
