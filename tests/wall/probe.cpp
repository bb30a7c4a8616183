// Functions that throw, raise and loop, to test the wall: every object made must be destroyed, whatever happens.
#include <atomic>
#include <stdexcept>

#include "pgext/boundary.hpp"
#include "pgext/contexts.hpp"

namespace {

using namespace bourse;
using namespace bourse::pg;

int live = 0;

struct Counted {
    Counted() { ++live; }
    ~Counted() { --live; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    std::vector<double> ballast = std::vector<double>(1000);
};

Datum probe(FunctionCallInfo fcinfo) {
    Counted counted;
    switch (PG_GETARG_INT32(0)) {
        case 0:
            throw Error(ErrorKind::unknown_model, "no model \"x\"", "train one", "three others exist");
        case 1:
            throw std::bad_alloc();
        case 2:
            throw std::out_of_range("index 9");
        case 3:
            throw 42;
        case 4:  // a server error keeps its SQLSTATE, detail and hint
            pg_call([] {
                ereport(ERROR, (errcode(ERRCODE_DIVISION_BY_ZERO), errmsg("from the server"), errdetail("a detail"),
                                errhint("a hint")));
            });
            break;
        case 5:
            pg_call([] { DirectFunctionCall1(int4in, CStringGetDatum("zzz")); });
            break;
        case 6:  // an exception out of pg_call leaves the handler stack right for the next error
            try {
                pg_call([] { throw Error(ErrorKind::internal, "inner"); });
            } catch (const Error&) {
            }
            pg_call([] { ereport(ERROR, (errmsg("after inner"))); });
            break;
        case 7:
            pg_call([] {
                SPI_connect();
                SPI_execute("SELECT 1/0", true, 0);
                SPI_finish();
            });
            break;
        case 8: {
            const auto interrupts = check_interrupts();
            for (;;) interrupts();
        }
        case 9:
            emplace_in<Counted>(CurrentMemoryContext);
            break;  // dies with the context
        default:
            break;
    }
    PG_RETURN_INT32(live);
}

Datum probe_live(FunctionCallInfo) { return Int32GetDatum(live); }

}  // namespace

extern "C" {
#pragma GCC visibility push(default)
PG_MODULE_MAGIC;
#pragma GCC visibility pop
}
BOURSE_PG_FUNCTION(bourse_probe, probe);
BOURSE_PG_FUNCTION(bourse_probe_live, probe_live);
