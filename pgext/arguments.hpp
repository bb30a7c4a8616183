// Arguments and results of functions over expressions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pgext/boundary.hpp"
#include "pgext/contexts.hpp"

namespace bourse::pg {

// Errors: invalid_argument for NULL (and in texts_arg for NULL elements), naming the argument.
std::string text_arg(FunctionCallInfo fcinfo, int n, const char* name);
std::vector<std::string> texts_arg(FunctionCallInfo fcinfo, int n, const char* name);
// The elements of an int[] (T int32) or bigint[] (int64) where they lie; valid within the call.
template <class T>
std::span<const T> numbers_arg(FunctionCallInfo fcinfo, int n, const char* name) {
    static_assert(std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int64_t>);
    if (PG_ARGISNULL(n)) throw Error(ErrorKind::invalid_argument, std::string(name) + " must not be NULL");
    const Datum datum = PG_GETARG_DATUM(n);
    const ArrayType* array = pg_call([=] { return DatumGetArrayTypeP(datum); });
    if (pg_call([=] { return array_contains_nulls(const_cast<ArrayType*>(array)); }))
        throw Error(ErrorKind::invalid_argument, std::string(name) + " must not hold NULL");
    const int count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
    return {reinterpret_cast<const T*>(ARR_DATA_PTR(array)), static_cast<std::size_t>(count)};
}
// Microseconds since 1970 UTC; `missing` for NULL, the ends of time for infinities and years that bars do not reach.
std::int64_t time_arg(FunctionCallInfo fcinfo, int n, std::int64_t missing);
// As the server writes it; empty for NULL.
std::string time_text_arg(FunctionCallInfo fcinfo, int n);

Datum time_datum(std::int64_t unix_us);
Datum text_datum(const std::string& text);
Datum bytes_datum(std::span<const std::byte> bytes);
Datum text_array(const std::vector<std::string>& texts);
Datum int_array(const std::vector<std::int32_t>& values);

// The rows that a set-returning function has so far; memory of a row is given back after it.
class Rows {
public:
    explicit Rows(FunctionCallInfo fcinfo) {
        pg_call([&] { InitMaterializedSRF(fcinfo, 0); });
        info_ = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
        scratch_ =
            pg_call([] { return AllocSetContextCreate(CurrentMemoryContext, "bourse rows", ALLOCSET_DEFAULT_SIZES); });
    }
    // make(values, nulls): fills them, allocating in a context that is reset afterwards.
    template <class Make>
    void add(Make make) {
        Datum values[32];
        bool nulls[32] = {};
        {
            ContextScope scope(scratch_);
            make(values, nulls);
            pg_call([&] { tuplestore_putvalues(info_->setResult, info_->setDesc, values, nulls); });
        }
        if (++rows_ % 256 == 0) forget();
    }
    // Gives memory of rows back at once: for large ones.
    void forget() {
        pg_call([&] { MemoryContextReset(scratch_); });
    }

private:
    ReturnSetInfo* info_;
    MemoryContext scratch_;
    std::size_t rows_ = 0;
};

}  // namespace bourse::pg
