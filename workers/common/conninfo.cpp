#include "workers/common/conninfo.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>

#include <libpq-fe.h>

namespace bourse::workers {
namespace {

std::string quoted(const std::string& value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

}  // namespace

std::string with_defaults(const std::string& conninfo, const std::string& application_name,
                          std::chrono::milliseconds patience) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
        PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree);
    if (!parsed) return conninfo;
    std::map<std::string, std::string> options{
        {"keepalives_idle", "10"}, {"keepalives_interval", "5"}, {"keepalives_count", "3"}};
    if (patience.count() > 0) {
        options["tcp_user_timeout"] = std::to_string(patience.count());
        if (!std::getenv("PGCONNECT_TIMEOUT"))
            options["connect_timeout"] =
                std::to_string(std::max<std::int64_t>(2, std::chrono::ceil<std::chrono::seconds>(patience).count()));
    }
    for (const auto* option = parsed.get(); option->keyword; ++option)
        if (option->val) options[option->keyword] = option->val;
    options["application_name"] = application_name;
    std::string text;
    for (const auto& [keyword, value] : options) text += (text.empty() ? "" : " ") + keyword + "=" + quoted(value);
    return text;
}

}  // namespace bourse::workers
