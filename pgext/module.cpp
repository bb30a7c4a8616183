// What the server asks of every module: the magic block and the set-up at load.
#include "pgext/asof_scan.hpp"
#include "pgext/boundary.hpp"
#include "pgext/settings.hpp"

extern "C" {
#pragma GCC visibility push(default)
PG_MODULE_MAGIC;
void _PG_init(void);
#pragma GCC visibility pop
void _PG_init(void) {
    bourse::pg::define_settings();
    MarkGUCPrefixReserved("bourse");
    bourse::pg::offer_asof_scan();
}
}
