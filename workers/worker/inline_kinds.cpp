#include "workers/worker/inline_kinds.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "core/error.hpp"

namespace bourse::workers {
namespace {

// Fails with the text of `fail`, where there is one: a failure to try policies, alerts and dependencies with.
void do_noop(const Job& job) {
    const auto fail = job.args.find("fail");
    if (fail == job.args.end()) return;
    if (!fail->is_string())
        throw Error(ErrorKind::invalid_argument, "fail in args of noop is no text", "what the job is to fail with");
    throw std::runtime_error(fail->get<std::string>());
}

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
