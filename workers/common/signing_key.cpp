#include "workers/common/signing_key.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.hpp"
#include "workers/common/sha256.hpp"

namespace bourse::workers {
namespace {

constexpr std::size_t max_file_bytes = 4096;
constexpr std::string_view first_line = "bourse-signing-key 1";
constexpr const char* remedy = "bourse keygen --to FILE makes a key";

[[noreturn]] void refuse(const std::string& path, const std::string& problem, const std::string& hint = remedy) {
    throw Error(ErrorKind::invalid_argument, "signing key file " + path + ": " + problem, hint);
}

class File {
public:
    explicit File(int fd) : fd_(fd) {}
    ~File() {
        if (fd_ >= 0) close(fd_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int fd() const noexcept { return fd_; }

private:
    int fd_;
};

// Guard pages around it, locked, left out of core files (sodium_malloc) and empty in forked children.
std::unique_ptr<unsigned char, void (*)(unsigned char*)> secret_bytes(std::size_t size) {
    if (sodium_init() < 0) throw Error(ErrorKind::unavailable, "libsodium has no source of random numbers");
    std::unique_ptr<unsigned char, void (*)(unsigned char*)> bytes(static_cast<unsigned char*>(sodium_malloc(size)),
                                                                   [](unsigned char* p) { sodium_free(p); });
    if (!bytes) throw Error(ErrorKind::unavailable, "no locked memory for a signing key", "raise the limit: ulimit -l");
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto begin = reinterpret_cast<std::uintptr_t>(bytes.get()) / page * page;
    const auto end = reinterpret_cast<std::uintptr_t>(bytes.get()) + size;
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_WIPEONFORK);
    return bytes;
}

void check_access(const File& file, const std::string& path) {
    struct stat about {};
    if (fstat(file.fd(), &about) != 0 || !S_ISREG(about.st_mode)) refuse(path, "it is no regular file");
    if (about.st_uid != geteuid() && about.st_uid != 0)
        refuse(path, "it belongs to user " + std::to_string(about.st_uid) + ", not to this one", "chown it");
    if ((about.st_mode & 077) != 0) {
        char mode[8];
        std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(about.st_mode & 07777));
        refuse(path, "others may read or write it (mode " + std::string(mode) + ")", "chmod 600 " + path);
    }
    if (about.st_size > static_cast<off_t>(max_file_bytes)) refuse(path, "it is no signing key: too long");
}

// Takes "word value\n" off the front of `text`; the value, or nothing when the line is another.
std::string_view take_line(std::string_view& text, std::string_view word, const std::string& path) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    if (end == std::string_view::npos || !line.starts_with(word) || line.size() <= word.size() + 1 ||
        line[word.size()] != ' ')
        refuse(path, "it is no signing key: the line \"" + std::string(word) + " …\" is not where it belongs");
    text.remove_prefix(end + 1);
    return line.substr(word.size() + 1);
}

void from_hex(std::string_view text, unsigned char* to, std::size_t size, const std::string& path) {
    std::size_t read = 0;
    if (text.size() != size * 2 || sodium_hex2bin(to, size, text.data(), text.size(), nullptr, &read, nullptr) != 0 ||
        read != size)
        refuse(path, "it is no signing key: expected " + std::to_string(size * 2) + " hexadecimal digits");
}

bool is_name(std::string_view name) {
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@-";
    return !name.empty() && name.size() <= 64 && name.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

SigningKey::SigningKey(std::string name, Secret secret) : name_(std::move(name)), secret_(std::move(secret)) {
    std::memcpy(public_key_.data(), secret_.get() + crypto_sign_SEEDBYTES, public_key_.size());
    sodium_mprotect_readonly(secret_.get());
}

SigningKey SigningKey::read(const std::string& path) {
    const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (file.fd() < 0) refuse(path, std::string("it cannot be opened: ") + std::strerror(errno));
    check_access(file, path);
    const auto content = secret_bytes(max_file_bytes);
    std::size_t size = 0;
    for (ssize_t n; size < max_file_bytes && (n = ::read(file.fd(), content.get() + size, max_file_bytes - size)) != 0;
         size += static_cast<std::size_t>(n))
        if (n < 0) refuse(path, std::string("it cannot be read: ") + std::strerror(errno));
    std::string_view text(reinterpret_cast<const char*>(content.get()), size);
    if (!text.starts_with(first_line) || text.size() <= first_line.size() || text[first_line.size()] != '\n')
        refuse(path, "it is no signing key: it does not start with \"" + std::string(first_line) + "\"");
    text.remove_prefix(first_line.size() + 1);
    const std::string name(take_line(text, "name", path));
    if (!is_name(name)) refuse(path, "its name is not 1 to 64 letters, digits, _ . @ and -");
    signing::PublicKey stated{};
    from_hex(take_line(text, "public", path), stated.data(), stated.size(), path);
    const auto seed = secret_bytes(crypto_sign_SEEDBYTES);
    from_hex(take_line(text, "secret", path), seed.get(), crypto_sign_SEEDBYTES, path);
    if (!text.empty()) refuse(path, "it is no signing key: something follows the secret");
    auto secret = secret_bytes(crypto_sign_SECRETKEYBYTES);
    signing::PublicKey derived{};
    crypto_sign_seed_keypair(derived.data(), secret.get(), seed.get());
    if (derived != stated) refuse(path, "its public half does not belong to its secret half");
    return {name, std::move(secret)};
}

SigningKey SigningKey::make(const std::string& name) {
    if (!is_name(name))
        throw Error(ErrorKind::invalid_argument, "key name \"" + name.substr(0, 100) + "\" is not allowed",
                    "1 to 64 letters, digits, _ . @ and -");
    auto secret = secret_bytes(crypto_sign_SECRETKEYBYTES);
    signing::PublicKey public_key{};
    crypto_sign_keypair(public_key.data(), secret.get());
    return {name, std::move(secret)};
}

void SigningKey::write(const std::string& path) const {
    const auto head = std::string(first_line) + "\nname " + name_ + "\npublic " + to_hex(public_key_) + "\nsecret ";
    constexpr std::size_t digits = crypto_sign_SEEDBYTES * 2;
    const std::size_t size = head.size() + digits + 1;
    const auto content = secret_bytes(size + 1);
    std::memcpy(content.get(), head.data(), head.size());
    sodium_bin2hex(reinterpret_cast<char*>(content.get()) + head.size(), digits + 1, secret_.get(),
                   crypto_sign_SEEDBYTES);
    content.get()[size - 1] = '\n';

    const File file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.fd() < 0)
        refuse(path, errno == EEXIST ? "it exists already" : std::string("it cannot be made: ") + std::strerror(errno),
               errno == EEXIST ? "keys are never overwritten: choose another name" : "");
    bool whole = fchmod(file.fd(), 0600) == 0;  // whatever the umask says
    for (std::size_t at = 0; whole && at < size;) {
        const auto written = ::write(file.fd(), content.get() + at, size - at);
        whole = written > 0;
        if (whole) at += static_cast<std::size_t>(written);
    }
    if (!whole || fsync(file.fd()) != 0) {
        const std::string problem = std::strerror(errno);
        unlink(path.c_str());
        refuse(path, "it cannot be written: " + problem, "");
    }
}

signing::Signature SigningKey::sign(std::string_view model, const signing::ArtifactIdentity& artifact) const {
    return signing::sign(model, artifact, std::span<const unsigned char, 64>(secret_.get(), 64));
}

}  // namespace bourse::workers
