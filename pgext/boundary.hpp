// The wall between C++ exceptions and the server's longjmp.
#pragma once

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "pgext/pg_call.hpp"

namespace bourse::pg {

// Plain data: it must survive after every C++ object of the call is gone.
struct Failure {
    bool pending = false;  // the server holds the error itself
    int sqlstate = ERRCODE_INTERNAL_ERROR;
    char message[1024] = "unknown C++ exception";
    char detail[512] = "";
    char hint[1024] = "";
};

Failure describe_current_exception() noexcept;
[[noreturn]] void raise(const char* function, const Failure& failure);

// The callable that long loops of src/ take: cancel and statement_timeout act within one call of it.
CheckInterrupts check_interrupts();

// Every SQL-callable function is one line of extern "C" around this.
template <Datum (*Body)(FunctionCallInfo)>
Datum guarded(const char* function, FunctionCallInfo fcinfo) {
    Failure failure;
    try {
        return Body(fcinfo);
    } catch (...) {
        failure = describe_current_exception();
    }
    // The handler is closed and no destructor is owed: longjmp is legal from here.
    raise(function, failure);
}

}  // namespace bourse::pg

#define BOURSE_PG_FUNCTION(symbol, body)                                                    \
    extern "C" {                                                                            \
    __attribute__((visibility("default"))) Datum symbol(PG_FUNCTION_ARGS);                  \
    __attribute__((visibility("default"))) const Pg_finfo_record* pg_finfo_##symbol(void);  \
    PG_FUNCTION_INFO_V1(symbol);                                                            \
    Datum symbol(PG_FUNCTION_ARGS) { return ::bourse::pg::guarded<body>(#symbol, fcinfo); } \
    }                                                                                       \
    static_assert(true)
