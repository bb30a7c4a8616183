// Text into HTML that is also well-formed XML.
#pragma once

#include <string>
#include <string_view>

namespace bourse::cli::report {

// For element content and attribute values in double quotes. Control characters that XML forbids become U+FFFD.
std::string escape(std::string_view text);

// <name>escaped text</name>, <name class="…">…</name>
std::string element(std::string_view name, std::string_view text, std::string_view css_class = {});

}  // namespace bourse::cli::report
