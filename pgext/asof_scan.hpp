// bourse.asof_join in FROM: a scan of its own gives each row where it lies, which a function's result would copy twice.
#pragma once

namespace bourse::pg {

// Has the planner offered that scan. Called once, in _PG_init.
void offer_asof_scan();

}  // namespace bourse::pg
