// The bytes of a file, unpacked while they are read, with the sha256 and the position of the bytes on disk.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "workers/common/sha256.hpp"

namespace bourse::cli {

enum class Packing { none, gzip, zstd };

// Hashes the bytes of a file as they pass; the one reader of the disk.
class HashedFile {
public:
    // Errors: unreadable_file when it is not there, no regular file, or not readable.
    explicit HashedFile(const std::string& path);
    ~HashedFile();
    HashedFile(const HashedFile&) = delete;
    HashedFile& operator=(const HashedFile&) = delete;

    std::size_t read(std::span<char> into);  // 0 at the end; throws Error(unreadable_file) when the disk fails
    std::int64_t size_bytes() const noexcept { return size_; }
    std::int64_t position() const noexcept { return position_; }
    std::int64_t modified_unix_us() const noexcept { return modified_us_; }
    const std::string& path() const noexcept { return path_; }
    // Reads what is left, then gives the digest; once.
    workers::Sha256 digest();

private:
    std::string path_;
    int handle_ = -1;
    std::int64_t size_ = 0, position_ = 0, modified_us_ = 0;
    workers::Sha256Stream hash_;
};

class ByteSource {
public:
    virtual ~ByteSource() = default;
    // Fills up to into.size() bytes; 0 at the end. Throws Error(unreadable_file) for damaged or truncated data.
    virtual std::size_t read(std::span<char> into) = 0;
};

// `file` outlives the source.
std::unique_ptr<ByteSource> open_source(HashedFile& file, Packing packing);

// What the first bytes of a file say it is.
enum class Content { text, gzip, zstd, parquet, binary };
Content content_of(std::span<const char> first_bytes) noexcept;

}  // namespace bourse::cli
