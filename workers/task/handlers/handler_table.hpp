// The one table of job handlers, made from the list in CMakeLists.txt.
#pragma once

#include <string_view>

#include "workers/task/handler.hpp"

namespace bourse::workers {

// The handler of a job kind; nullptr for a kind that is not in the list.
Handler find_handler(std::string_view kind) noexcept;

}  // namespace bourse::workers
