#include "workers/common/conninfo.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>

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

using Options = std::map<std::string, std::string>;

std::optional<Options> read(const std::string& conninfo) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
        PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree);
    if (!parsed) return std::nullopt;
    Options options;
    for (const auto* option = parsed.get(); option->keyword; ++option)
        if (option->val) options[option->keyword] = option->val;
    return options;
}

std::string to_text(const Options& options) {
    std::string text;
    for (const auto& [keyword, value] : options) text += (text.empty() ? "" : " ") + keyword + "=" + quoted(value);
    return text;
}

}  // namespace

std::string with_defaults(const std::string& conninfo, const std::string& application_name,
                          std::chrono::milliseconds patience) {
    const auto said = read(conninfo);
    if (!said) return conninfo;
    Options options = *said;  // which wins: insert adds only what is not there
    options.insert({{"keepalives_idle", "10"}, {"keepalives_interval", "5"}, {"keepalives_count", "3"}});
    if (patience.count() > 0) {
        options.insert({"tcp_user_timeout", std::to_string(patience.count())});
        if (!std::getenv("PGCONNECT_TIMEOUT"))
            options.insert({"connect_timeout", std::to_string(std::max<std::int64_t>(
                                                   2, std::chrono::ceil<std::chrono::seconds>(patience).count()))});
    }
    options["application_name"] = application_name;
    return to_text(options);
}

std::string with_stall_limit(const std::string& conninfo) {
    auto options = read(conninfo);
    if (!options) return conninfo;
    options->insert({"tcp_user_timeout", "60000"});
    return to_text(*options);
}

}  // namespace bourse::workers
