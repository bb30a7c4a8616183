#include "workers/cli/import/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include <zlib.h>
#include <zstd.h>

#include "core/error.hpp"

namespace bourse::cli {
namespace {

constexpr std::size_t block_size = 256 * 1024;

[[noreturn]] void fail(const std::string& path, const std::string& why, std::string hint = {}) {
    throw Error(ErrorKind::unreadable_file, path + ": " + why, std::move(hint));
}

class PlainSource : public ByteSource {
public:
    explicit PlainSource(HashedFile& file) : file_(file) {}
    std::size_t read(std::span<char> into) override { return file_.read(into); }

private:
    HashedFile& file_;
};

class GzipSource : public ByteSource {
public:
    explicit GzipSource(HashedFile& file) : file_(file), input_(block_size) {
        if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw std::bad_alloc();
    }
    ~GzipSource() override { inflateEnd(&stream_); }

    std::size_t read(std::span<char> into) override {
        stream_.next_out = reinterpret_cast<Bytef*>(into.data());
        stream_.avail_out = static_cast<uInt>(into.size());
        while (stream_.avail_out == into.size()) {
            if (stream_.avail_in == 0) {
                const std::size_t count = file_.read(input_);
                if (count == 0) {
                    if (inside_) fail(file_.path(), "the gzip data is cut short", "copy or download it again");
                    return 0;
                }
                stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
                stream_.avail_in = static_cast<uInt>(count);
            }
            if (!inside_) {  // a further member, or zero padding
                if (*stream_.next_in == 0) {
                    ++stream_.next_in;
                    --stream_.avail_in;
                    continue;
                }
                inflateReset(&stream_);
                inside_ = true;
            }
            const int state = inflate(&stream_, Z_NO_FLUSH);
            if (state == Z_STREAM_END)
                inside_ = false;
            else if (state != Z_OK && state != Z_BUF_ERROR)
                fail(file_.path(),
                     std::string("the gzip data is damaged: ") + (stream_.msg ? stream_.msg : "unexpected content"),
                     "copy or download it again");
        }
        return into.size() - stream_.avail_out;
    }

private:
    HashedFile& file_;
    std::vector<char> input_;
    z_stream stream_{};
    bool inside_ = true;
};

class ZstdSource : public ByteSource {
public:
    explicit ZstdSource(HashedFile& file) : file_(file), context_(ZSTD_createDCtx()), input_(block_size) {
        if (!context_) throw std::bad_alloc();
        ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, 27);  // 128 MB: a hostile header cannot ask for more
    }
    ~ZstdSource() override { ZSTD_freeDCtx(context_); }

    std::size_t read(std::span<char> into) override {
        ZSTD_outBuffer out{into.data(), into.size(), 0};
        while (out.pos == 0) {
            if (buffer_.pos == buffer_.size) {
                const std::size_t count = file_.read(input_);
                if (count == 0) {
                    if (pending_ != 0) fail(file_.path(), "the zstd data is cut short", "copy or download it again");
                    return 0;
                }
                buffer_ = {input_.data(), count, 0};
            }
            pending_ = ZSTD_decompressStream(context_, &out, &buffer_);
            if (ZSTD_isError(pending_))
                fail(file_.path(), std::string("the zstd data is damaged: ") + ZSTD_getErrorName(pending_),
                     "copy or download it again");
        }
        return out.pos;
    }

private:
    HashedFile& file_;
    ZSTD_DCtx* context_;
    std::vector<char> input_;
    ZSTD_inBuffer buffer_{nullptr, 0, 0};
    std::size_t pending_ = 1;  // 0: at the end of a frame
};

}  // namespace

HashedFile::HashedFile(const std::string& path) : path_(path) {
    handle_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle_ < 0) fail(path, std::strerror(errno), errno == ENOENT ? "check the name and the folder" : "");
    struct stat info {};
    if (fstat(handle_, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(handle_);
        fail(path, "it is no regular file", "give files; a folder or pipe cannot be imported");
    }
    size_ = info.st_size;
    modified_us_ = static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1'000'000 + info.st_mtim.tv_nsec / 1000;
}

HashedFile::~HashedFile() { close(handle_); }

std::size_t HashedFile::read(std::span<char> into) {
    for (;;) {
        const ssize_t count = ::read(handle_, into.data(), into.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail(path_, std::strerror(errno));
        hash_.update(std::as_bytes(into.subspan(0, static_cast<std::size_t>(count))));
        position_ += count;
        return static_cast<std::size_t>(count);
    }
}

workers::Sha256 HashedFile::digest() {
    std::vector<char> block(block_size);
    while (read(block) > 0) {
    }
    return hash_.finish();
}

std::unique_ptr<ByteSource> open_source(HashedFile& file, Packing packing) {
    switch (packing) {
        case Packing::gzip:
            return std::make_unique<GzipSource>(file);
        case Packing::zstd:
            return std::make_unique<ZstdSource>(file);
        case Packing::none:
            break;
    }
    return std::make_unique<PlainSource>(file);
}

Content content_of(std::span<const char> first_bytes) noexcept {
    const std::string_view head(first_bytes.data(), first_bytes.size());
    if (head.starts_with("\x1f\x8b")) return Content::gzip;
    if (head.starts_with("\x28\xb5\x2f\xfd")) return Content::zstd;
    if (head.starts_with("PAR1")) return Content::parquet;
    if (head.find('\0') != std::string_view::npos) return Content::binary;
    return Content::text;
}

}  // namespace bourse::cli
