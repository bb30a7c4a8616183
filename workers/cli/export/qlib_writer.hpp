// The files of a Qlib data set, in a folder that gets its name when it is whole.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "market/qlib_layout.hpp"

namespace bourse::cli {

class QlibWriter {
public:
    // Errors: invalid_argument when `to` is there and not an empty folder, or cannot be made.
    explicit QlibWriter(std::string to);
    ~QlibWriter();  // removes what has got no name
    QlibWriter(const QlibWriter&) = delete;
    QlibWriter& operator=(const QlibWriter&) = delete;

    // `path` relative to the data set, '/' between folders. Errors: invalid_argument when it cannot be written.
    void write(const std::string& path, std::string_view content);
    void give_name();
    std::int64_t size_bytes() const noexcept { return size_bytes_; }
    std::int64_t files() const noexcept { return files_; }

private:
    std::string to_, part_;
    std::int64_t size_bytes_ = 0, files_ = 0;
    bool named_ = false;
};

// One line a row: date and values, as qlib's dump_bin reads them; rows without any value are left out. The shortest
// text that reads back as the same float32; nothing where there is none.
std::string qlib_csv(const std::vector<std::string>& times,
                     const std::vector<std::pair<std::string, market::QlibBin>>& fields);

}  // namespace bourse::cli
