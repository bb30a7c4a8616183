#include "workers/cli/export/qlib_writer.hpp"

#include <unistd.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "core/error.hpp"

namespace bourse::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_write(const std::string& path, const std::string& why) {
    throw Error(ErrorKind::invalid_argument, "cannot write \"" + path + "\": " + why, "choose another folder");
}

}  // namespace

QlibWriter::QlibWriter(std::string to) : to_(std::move(to)) {
    while (to_.size() > 1 && to_.back() == '/') to_.pop_back();
    part_ = to_ + ".part." + std::to_string(getpid());
    std::error_code error;
    if (fs::exists(to_, error) && !(fs::is_directory(to_, error) && fs::is_empty(to_, error)))
        cannot_write(to_, "it is there already and not an empty folder");
    fs::create_directories(part_, error);
    if (error) cannot_write(part_, error.message());
}

QlibWriter::~QlibWriter() {
    std::error_code ignored;
    if (!named_) fs::remove_all(part_, ignored);
}

void QlibWriter::write(const std::string& path, std::string_view content) {
    const fs::path whole = fs::path(part_) / path;
    std::error_code error;
    fs::create_directories(whole.parent_path(), error);
    if (error) cannot_write(whole.parent_path().string(), error.message());
    errno = 0;
    std::ofstream file(whole, std::ios::binary | std::ios::trunc);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.close();
    if (!file) cannot_write(whole.string(), std::strerror(errno));
    size_bytes_ += static_cast<std::int64_t>(content.size());
    ++files_;
}

void QlibWriter::give_name() {
    std::error_code error;
    fs::rename(part_, to_, error);  // replaces an empty folder
    if (error) cannot_write(to_, error.message());
    named_ = true;
}

std::string qlib_csv(const std::vector<std::string>& times,
                     const std::vector<std::pair<std::string, market::QlibBin>>& fields) {
    std::string text = "date";
    std::size_t first = std::numeric_limits<std::size_t>::max(), last = 0;
    for (const auto& [name, bin] : fields) {
        text += "," + name;
        if (bin.values.empty()) continue;
        first = std::min(first, bin.start);
        last = std::max(last, bin.start + bin.values.size());
    }
    text += "\n";
    char buffer[32];
    for (std::size_t at = first; at < last; ++at) {
        std::string row = times[at];
        bool any = false;
        for (const auto& [name, bin] : fields) {
            row += ',';
            if (at < bin.start || at >= bin.start + bin.values.size() || std::isnan(bin.values[at - bin.start]))
                continue;
            row.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, bin.values[at - bin.start]).ptr);
            any = true;
        }
        if (any) text += row + "\n";
    }
    return text;
}

}  // namespace bourse::cli
