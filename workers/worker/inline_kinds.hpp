// Job kinds that the daemon does by itself, in the transaction that takes them: no child, no slot, no lease.
#pragma once

#include <string>
#include <vector>

#include "workers/task/handler.hpp"

namespace bourse::workers {

// Returns to succeed, throws to fail the attempt. It runs while the rows of a whole batch are locked: microseconds, no
// waiting, no database, no files.
using InlineHandler = void (*)(const Job&);

// Nothing when jobs of this kind need a child.
InlineHandler inline_handler(const std::string& kind);

// Those of `kinds` that have a handler here, or those that have none.
std::vector<std::string> inline_kinds(const std::vector<std::string>& kinds);
std::vector<std::string> child_kinds(const std::vector<std::string>& kinds);

}  // namespace bourse::workers
