#include "workers/common/sha256.hpp"

#include <sodium.h>

#include "core/error.hpp"

namespace bourse::workers {

Sha256Stream::Sha256Stream() : state_(std::make_unique<crypto_hash_sha256_state>()) {
    crypto_hash_sha256_init(state_.get());
}
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::update(std::span<const std::byte> bytes) {
    crypto_hash_sha256_update(state_.get(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

Sha256 Sha256Stream::finish() {
    Sha256 digest{};
    crypto_hash_sha256_final(state_.get(), digest.data());
    return digest;
}

Sha256 sha256(std::span<const std::byte> bytes) {
    Sha256Stream stream;
    stream.update(bytes);
    return stream.finish();
}

std::string to_hex(std::span<const unsigned char> bytes) {
    std::string text(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
    text.pop_back();
    return text;
}

void from_hex(std::string_view text, std::span<unsigned char> bytes) {
    std::size_t read = 0;
    if (text.size() != bytes.size() * 2 ||
        sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &read, nullptr) != 0 ||
        read != bytes.size())
        throw Error(ErrorKind::internal, "expected " + std::to_string(bytes.size() * 2) + " hexadecimal digits");
}

std::string sha256_hex(std::string_view text) {
    return to_hex(sha256(std::as_bytes(std::span(text.data(), text.size()))));
}

}  // namespace bourse::workers
