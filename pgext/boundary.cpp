#include "pgext/boundary.hpp"

namespace bourse::pg {
namespace {

int make_sqlstate(const char* code) noexcept { return MAKE_SQLSTATE(code[0], code[1], code[2], code[3], code[4]); }

}  // namespace

Failure describe_current_exception() noexcept {
    Failure failure;
    const auto say = [&](int sqlstate, const char* text) {
        failure.sqlstate = sqlstate;
        strlcpy(failure.message, text, sizeof failure.message);
    };
    try {
        throw;
    } catch (const PendingPgError&) {
        failure.pending = true;
    } catch (const Error& e) {
        say(make_sqlstate(sqlstate(e.kind())), e.what());
        strlcpy(failure.detail, e.detail().c_str(), sizeof failure.detail);
        strlcpy(failure.hint, e.hint().c_str(), sizeof failure.hint);
    } catch (const std::bad_alloc&) {
        say(ERRCODE_OUT_OF_MEMORY, "out of memory");
    } catch (const std::exception& e) {
        say(ERRCODE_INTERNAL_ERROR, e.what());
    } catch (...) {
        say(ERRCODE_INTERNAL_ERROR, "unknown C++ exception");
    }
    return failure;
}

void raise(const char* function, const Failure& failure) {
    if (failure.pending) PG_RE_THROW();
    ereport(ERROR, (errcode(failure.sqlstate), errmsg("%s", failure.message),
                    failure.detail[0] ? errdetail("%s", failure.detail) : 0,
                    failure.hint[0] ? errhint("%s", failure.hint) : 0, errcontext("C++ function %s", function)));
    pg_unreachable();
}

CheckInterrupts check_interrupts() {
    return [] { pg_call([] { CHECK_FOR_INTERRUPTS(); }); };
}

}  // namespace bourse::pg
