// The settings bourse.* of a session, defined when the module is loaded.
#pragma once

namespace bourse::pg {

extern int model_cache_mb;  // bourse.model_cache_mb
extern int asof_memory_mb;  // bourse.asof_memory_mb

// Called once, in _PG_init, before the prefix is reserved.
void define_settings();

}  // namespace bourse::pg
