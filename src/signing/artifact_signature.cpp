#include "signing/artifact_signature.hpp"

#include <algorithm>

#include <sodium.h>

#include "core/error.hpp"

namespace bourse::signing {
namespace {

constexpr std::string_view domain = "bourse-artifact-signature-1\n";

}  // namespace

ArtifactIdentity identify(std::span<const std::byte> artifact) {
    ArtifactIdentity identity;
    identity.size_bytes = artifact.size();
    crypto_hash_sha256(identity.sha256.data(), reinterpret_cast<const unsigned char*>(artifact.data()),
                       artifact.size());
    return identity;
}

std::vector<unsigned char> statement(std::string_view model, const ArtifactIdentity& artifact) {
    std::vector<unsigned char> bytes(domain.size() + artifact.sha256.size() + 8 + model.size());
    auto at = std::copy(domain.begin(), domain.end(), bytes.begin());
    at = std::copy(artifact.sha256.begin(), artifact.sha256.end(), at);
    for (int shift = 0; shift < 64; shift += 8) *at++ = static_cast<unsigned char>(artifact.size_bytes >> shift);
    std::copy(model.begin(), model.end(), at);
    return bytes;
}

Signature sign(std::string_view model, const ArtifactIdentity& artifact, std::span<const unsigned char, 64> secret) {
    const auto message = statement(model, artifact);
    Signature signature{};
    if (crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), secret.data()) != 0)
        throw Error(ErrorKind::internal, "libsodium could not sign");
    return signature;
}

bool is_valid(std::string_view model, const ArtifactIdentity& artifact, const Signature& signature,
              const PublicKey& key) {
    const auto message = statement(model, artifact);
    return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

}  // namespace bourse::signing
