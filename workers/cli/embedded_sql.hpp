// The text of migrations/ and sql/, compiled into the program.
#pragma once

#include <string_view>
#include <vector>

namespace bourse::cli {

struct EmbeddedFile {
    std::string_view name;  // as in LIST: 0001_platform, features/refresh
    std::string_view text;
};

const std::vector<EmbeddedFile>& embedded_migrations();  // in order of application
const std::vector<EmbeddedFile>& embedded_sql();         // in dependency order
const char* embedded_extension_sha256();                 // of the extension script built beside this program

}  // namespace bourse::cli
