// SHA-256 by libsodium.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct crypto_hash_sha256_state;

namespace bourse::workers {

using Sha256 = std::array<unsigned char, 32>;

class Sha256Stream {
public:
    Sha256Stream();
    ~Sha256Stream();
    void update(std::span<const std::byte> bytes);
    Sha256 finish();

private:
    std::unique_ptr<crypto_hash_sha256_state> state_;
};

Sha256 sha256(std::span<const std::byte> bytes);
std::string to_hex(std::span<const unsigned char> bytes);              // lower case
void from_hex(std::string_view text, std::span<unsigned char> bytes);  // Error(internal) unless exactly these bytes
std::string sha256_hex(std::string_view text);

}  // namespace bourse::workers
