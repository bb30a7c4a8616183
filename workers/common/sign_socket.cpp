#include "workers/common/sign_socket.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "core/error.hpp"
#include "models/artifact.hpp"

namespace bourse::workers {
namespace {

constexpr int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

int sealed_file(std::span<const std::byte> bytes) {
    const int fd = memfd_create("artifact", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) fail("memfd_create");
    bool whole = true;
    for (std::size_t at = 0; whole && at < bytes.size();) {
        const auto written = write(fd, bytes.data() + at, bytes.size() - at);
        whole = written > 0;
        if (whole) at += static_cast<std::size_t>(written);
    }
    if (!whole || fcntl(fd, F_ADD_SEALS, seals) != 0) {
        const int error = errno;
        close(fd);
        errno = error;
        fail("hand over the artifact");
    }
    return fd;
}

SealedBytes::SealedBytes(int fd) {
    struct stat about {};
    const bool sealed =
        fd >= 0 && (fcntl(fd, F_GET_SEALS) & seals) == seals && fcntl(fd, F_GET_SEALS) >= 0 && fstat(fd, &about) == 0;
    const auto size = sealed ? static_cast<std::uint64_t>(about.st_size) : 0;
    void* mapped = MAP_FAILED;
    if (size > 0 && size <= models::max_artifact_bytes)
        mapped = mmap(nullptr, static_cast<std::size_t>(size), PROT_READ, MAP_PRIVATE, fd, 0);
    if (fd >= 0) close(fd);
    if (!sealed) throw Error(ErrorKind::corrupt_artifact, "what was handed over is no sealed memory file");
    if (size > models::max_artifact_bytes)
        throw Error(ErrorKind::too_large, "model artifact: " + std::to_string(size) + " bytes, allowed " +
                                              std::to_string(models::max_artifact_bytes));
    if (size > 0 && mapped == MAP_FAILED) throw Error(ErrorKind::internal, "the artifact cannot be mapped");
    if (size > 0) {
        data_ = static_cast<const std::byte*>(mapped);
        size_ = static_cast<std::size_t>(size);
    }
}

SealedBytes::~SealedBytes() {
    if (data_) munmap(const_cast<std::byte*>(data_), size_);
}

void send_packet(int socket, const nlohmann::json& content, int file) {
    std::string text = content.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    iovec part{text.data(), text.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    if (file >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &file, sizeof file);
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0) fail("send to the other side");
}

Packet receive_packet(int socket) {
    Packet packet;
    packet.text.resize(max_sign_packet_bytes);
    iovec part{packet.text.data(), packet.text.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t got;
    do got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); got >= 0 && header; header = CMSG_NXTHDR(&message, header))
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
            header->cmsg_len == CMSG_LEN(sizeof(int)))
            std::memcpy(&packet.file, CMSG_DATA(header), sizeof packet.file);
    packet.closed = got <= 0;
    packet.text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return packet;
}

}  // namespace bourse::workers
