#include "workers/cli/output_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"

namespace bourse::cli {

void write_file(const std::string& path, std::string_view content) {
    const std::string part = path + ".part";
    errno = 0;
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.close();
    std::error_code error;
    if (file) std::filesystem::rename(part, path, error);
    if (file && !error) return;
    const std::string reason = error ? error.message() : std::strerror(errno);
    std::filesystem::remove(part, error);
    throw Error(ErrorKind::invalid_argument, "cannot write \"" + path + "\": " + reason, "choose another --to");
}

}  // namespace bourse::cli
