#include "workers/cli/report/html.hpp"

namespace bourse::cli::report {

std::string escape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            case '\t':
            case '\n':
            case '\r':
                out += c;
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
                    out += "\xEF\xBF\xBD";
                else
                    out += c;
        }
    }
    return out;
}

std::string element(std::string_view name, std::string_view text, std::string_view css_class) {
    std::string out = "<" + std::string(name);
    if (!css_class.empty()) out += " class=\"" + escape(css_class) + "\"";
    return out + ">" + escape(text) + "</" + std::string(name) + ">";
}

}  // namespace bourse::cli::report
