// A worker's signing key and its file. The secret half lives in guarded, locked memory that no core file, no swap and
// no forked child gets, and is wiped at the end.
//
// The file, text, mode 0600 (or stricter), owned by the user who reads it:
//   bourse-signing-key 1
//   name NAME
//   public 64 hexadecimal digits
//   secret 64 hexadecimal digits, the seed of RFC 8032
#pragma once

#include <memory>
#include <string>

#include "signing/artifact_signature.hpp"

namespace bourse::workers {

class SigningKey {
public:
    // Error(invalid_argument) for a file that is not there, not a regular file, somebody else's, open to others, or no
    // key; the message never holds any of its content.
    static SigningKey read(const std::string& path);

    // A new key by the system's random source.
    static SigningKey make(const std::string& name);

    // Error(invalid_argument) when the file exists or cannot be written.
    void write(const std::string& path) const;

    const std::string& name() const noexcept { return name_; }
    const signing::PublicKey& public_key() const noexcept { return public_key_; }
    signing::Signature sign(std::string_view model, const signing::ArtifactIdentity& artifact) const;

private:
    using Secret = std::unique_ptr<unsigned char, void (*)(unsigned char*)>;  // libsodium's 64 bytes
    SigningKey(std::string name, Secret secret);

    std::string name_;
    Secret secret_;
    signing::PublicKey public_key_{};
};

}  // namespace bourse::workers
