// What a procedure needs to know about the session that called it.
#include "pgext/boundary.hpp"

namespace {

// PL/pgSQL can catch no failed COMMIT: its exception block is a subtransaction, in which COMMIT always fails.
Datum may_commit(FunctionCallInfo) { return BoolGetDatum(SPI_inside_nonatomic_context()); }

}  // namespace

BOURSE_PG_FUNCTION(bourse_may_commit, may_commit);
