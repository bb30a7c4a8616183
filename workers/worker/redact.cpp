#include "workers/worker/redact.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <libpq-fe.h>

namespace bourse::workers {
namespace {

constexpr std::string_view mask = "***";

bool ends_value(char c) { return std::isspace(static_cast<unsigned char>(c)) || std::strchr("&;,\"'`)}]", c); }

// Of "password=x", "PASSWORD : x", "passwd='x'", "token=x": the x.
void mask_assignments(std::string& text) {
    constexpr std::array names{"password", "passwd", "passphrase", "secret", "token", "api_key", "apikey"};
    std::string lower = text;
    const auto to_lower = [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); };
    std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
    for (const std::string_view name : names) {
        for (std::size_t at = 0; (at = lower.find(name, at)) != std::string::npos;) {
            at += name.size();
            auto from = at;
            if (from < lower.size() && (lower[from] == '"' || lower[from] == '\'')) ++from;  // {"password": "x"}
            while (from < lower.size() && lower[from] == ' ') ++from;
            if (from >= lower.size() || (lower[from] != '=' && lower[from] != ':')) continue;
            ++from;
            while (from < lower.size() && (lower[from] == ' ' || lower[from] == '"' || lower[from] == '\'')) ++from;
            auto to = from;
            while (to < lower.size() && !ends_value(lower[to])) ++to;
            text.replace(from, to - from, mask);
            lower.replace(from, to - from, mask);
            at = from + mask.size();
        }
    }
}

// Of "scheme://user:x@host": the x.
void mask_addresses(std::string& text) {
    for (std::size_t at = 0; (at = text.find("://", at)) != std::string::npos;) {
        at += 3;
        auto end = at;
        while (end < text.size() && text[end] != '/' && !ends_value(text[end])) ++end;
        const auto host = text.rfind('@', end == 0 ? 0 : end - 1);
        const auto colon = text.find(':', at);
        if (host == std::string::npos || host < at || colon == std::string::npos || colon >= host) continue;
        text.replace(colon + 1, host - colon - 1, mask);
    }
}

}  // namespace

Redactor::Redactor(const std::string& conninfo) {
    if (auto* options = PQconninfoParse(conninfo.c_str(), nullptr)) {
        for (auto* o = options; o->keyword; ++o)
            if ((!std::strcmp(o->keyword, "password") || !std::strcmp(o->keyword, "sslpassword")) && o->val && *o->val)
                secrets_.emplace_back(o->val);
        PQconninfoFree(options);
    }
    if (const char* password = std::getenv("PGPASSWORD"); password && *password) secrets_.emplace_back(password);
    // The longest first: one may be part of another.
    std::sort(secrets_.begin(), secrets_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Redactor::clean(std::string text) const {
    for (const auto& secret : secrets_)
        for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos; at += mask.size())
            text.replace(at, secret.size(), mask);
    mask_assignments(text);
    mask_addresses(text);
    return text;
}

}  // namespace bourse::workers
