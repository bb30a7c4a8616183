#include "pgext/settings.hpp"

#include "pgext/postgres.hpp"

namespace bourse::pg {

int model_cache_mb = 256;

void define_settings() {
    DefineCustomIntVariable("bourse.model_cache_mb", "Memory in which a session keeps models that it predicts with.",
                            "The least recently used go first; 0 keeps a model only while a statement uses it.",
                            &model_cache_mb, 256, 0, 1 << 20, PGC_USERSET, GUC_UNIT_MB, nullptr, nullptr, nullptr);
}

}  // namespace bourse::pg
