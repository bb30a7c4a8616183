// How a child asks its daemon for a signature: packets on a socket pair that the child inherits.
//   request  {"model": name}, and as SCM_RIGHTS a sealed memfd that holds the artifact
//   reply    {"signature": hex, "public_key": hex} or {"sqlstate", "message", "hint"}
// Sealed: the daemon maps it without a copy, and nobody can change the bytes that it has looked at.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

namespace bourse::workers {

inline constexpr int sign_fd_of_child = 4;
inline constexpr std::size_t max_sign_packet_bytes = 16384;

// A memory file with these bytes that can no longer be changed; the caller closes it. Throws std::system_error.
int sealed_file(std::span<const std::byte> bytes);

// The bytes of such a file, mapped read-only. Throws Error(corrupt_artifact) when it is not sealed, Error(too_large).
class SealedBytes {
public:
    explicit SealedBytes(int fd);  // closes fd
    ~SealedBytes();
    SealedBytes(const SealedBytes&) = delete;
    SealedBytes& operator=(const SealedBytes&) = delete;
    std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }

private:
    const std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

// Throws std::system_error. `file` may be -1: none.
void send_packet(int socket, const nlohmann::json& content, int file);

struct Packet {
    bool closed = false;  // the other side has gone
    std::string text;     // as it came: foreign bytes
    int file = -1;        // the reader closes it
};
Packet receive_packet(int socket);

}  // namespace bourse::workers
