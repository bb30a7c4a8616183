#include "workers/worker/inline_kinds.hpp"

#include <algorithm>
#include <iterator>

namespace bourse::workers {
namespace {

void do_noop(const Job&) {}

std::vector<std::string> chosen(const std::vector<std::string>& kinds, bool is_inline) {
    std::vector<std::string> result;
    std::copy_if(kinds.begin(), kinds.end(), std::back_inserter(result),
                 [is_inline](const std::string& kind) { return (inline_handler(kind) != nullptr) == is_inline; });
    return result;
}

}  // namespace

InlineHandler inline_handler(const std::string& kind) { return kind == "noop" ? do_noop : nullptr; }

std::vector<std::string> inline_kinds(const std::vector<std::string>& kinds) { return chosen(kinds, true); }

std::vector<std::string> child_kinds(const std::vector<std::string>& kinds) { return chosen(kinds, false); }

}  // namespace bourse::workers
