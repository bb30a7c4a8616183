#include "pgext/settings.hpp"

#include "pgext/postgres.hpp"

namespace bourse::pg {

int model_cache_mb = 256;
int asof_memory_mb = 256;

namespace {
char* positions[4] = {};  // they live in the server's own memory

void define_position(const char* name, char** value) {
    DefineCustomStringVariable(name, "Where this session goes on looking for jobs; kept by bourse.job_pick.",
                               "A hint: empty, the whole queue is looked through.", value, "", PGC_USERSET,
                               GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE, nullptr, nullptr, nullptr);
}
}  // namespace

void define_settings() {
    DefineCustomIntVariable("bourse.model_cache_mb", "Memory in which a session keeps models that it predicts with.",
                            "The least recently used go first; 0 keeps a model only while a statement uses it.",
                            &model_cache_mb, 256, 0, 1 << 20, PGC_USERSET, GUC_UNIT_MB, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("bourse.asof_memory_mb", "Memory in which bourse.asof_join keeps the rows that it joins.",
                            "A join that needs more has both sides sorted by the server, within work_mem and on disk.",
                            &asof_memory_mb, 256, 0, 1 << 14, PGC_USERSET, GUC_UNIT_MB, nullptr, nullptr, nullptr);
    define_position("bourse.claim_mark", &positions[0]);
    define_position("bourse.claim_backlog", &positions[1]);
    define_position("bourse.take_mark", &positions[2]);
    define_position("bourse.take_backlog", &positions[3]);
}

}  // namespace bourse::pg
