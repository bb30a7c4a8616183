#include "workers/task/handlers/handler_table.hpp"

#include <utility>

#include "handlers.inc"

namespace bourse::workers {

#define DECLARE(name, Type) void handle_##name(const Job& job, Context& context);
BOURSE_HANDLERS(DECLARE)
#undef DECLARE

Handler find_handler(std::string_view kind) noexcept {
    static constexpr std::pair<std::string_view, Handler> table[] = {
#define ENTRY(name, Type) {#name, handle_##name},
        BOURSE_HANDLERS(ENTRY)
#undef ENTRY
    };
    for (const auto& [name, handler] : table)
        if (name == kind) return handler;
    return nullptr;
}

}  // namespace bourse::workers
