// Files that a command writes.
#pragma once

#include <string>
#include <string_view>

namespace bourse::cli {

// All or nothing: a full disk leaves the old file. Error(invalid_argument) with the reason.
void write_file(const std::string& path, std::string_view content);

}  // namespace bourse::cli
