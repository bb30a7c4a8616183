// Ed25519 signatures of model artifacts (RFC 8032, by libsodium). What is signed is a statement, not the file itself:
//   "bourse-artifact-signature-1\n"   28 bytes
//   sha256 of the artifact            32 bytes
//   size of the artifact               8 bytes, uint64 little-endian
//   name of the model                 UTF-8, to the end
// So that whoever knows the hash can check the signature without the file, and an artifact of one model cannot be
// passed off as another's.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace bourse::signing {

using Sha256 = std::array<unsigned char, 32>;
using PublicKey = std::array<unsigned char, 32>;
using Signature = std::array<unsigned char, 64>;

struct ArtifactIdentity {
    Sha256 sha256{};
    std::uint64_t size_bytes = 0;
};

// One pass over all bytes.
ArtifactIdentity identify(std::span<const std::byte> artifact);

std::vector<unsigned char> statement(std::string_view model, const ArtifactIdentity& artifact);

// secret: libsodium's 64 bytes, seed and public key.
Signature sign(std::string_view model, const ArtifactIdentity& artifact, std::span<const unsigned char, 64> secret);

// In constant memory, about 0.1 ms. Also false for a public key that is no point of the curve or of small order.
bool is_valid(std::string_view model, const ArtifactIdentity& artifact, const Signature& signature,
              const PublicKey& key);

}  // namespace bourse::signing
