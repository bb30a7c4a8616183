#include "workers/worker/signer.hpp"

#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <spdlog/spdlog.h>

#include "core/error.hpp"
#include "models/evaluator.hpp"
#include "workers/common/sha256.hpp"
#include "workers/common/sign_socket.hpp"

namespace bourse::workers {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

nlohmann::json refusal(const char* state, const std::string& message, const std::string& hint) {
    spdlog::warn("event=signature_refused sqlstate={} reason=\"{}\"", state, message);
    return {{"sqlstate", state}, {"message", message}, {"hint", hint}};
}

nlohmann::json sign(const SigningKey& key, std::string_view request, int file) {
    const SealedBytes artifact(file);  // closes it, whatever follows
    const auto asked = nlohmann::json::parse(request);
    const auto model = asked.at("model").get<std::string>();
    models::load_model(artifact.bytes());
    const auto identity = signing::identify(artifact.bytes());
    spdlog::info("event=artifact_signed model={} size_bytes={} sha256={} key={}", model, identity.size_bytes,
                 to_hex(identity.sha256), key.name());
    return {{"signature", to_hex(key.sign(model, identity))}, {"public_key", to_hex(key.public_key())}};
}

}  // namespace

Signer::Signer(SigningKey key) : key_(std::move(key)), event_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (event_fd_ < 0) fail("eventfd");
    thread_ = std::thread([this] { run(); });
}

Signer::~Signer() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    wake();
    thread_.join();
    close(event_fd_);
}

int Signer::open() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) fail("socketpair");
    {
        const std::lock_guard lock(mutex_);
        added_.push_back(ends[0]);
    }
    wake();
    return ends[1];
}

void Signer::wake() const noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(event_fd_, &one, sizeof one);  // full is as good
}

void Signer::answer(int socket, std::string_view request, int file) const {
    nlohmann::json reply;
    try {
        reply = sign(key_, request, file);
    } catch (const Error& e) {
        reply = refusal(sqlstate(e.kind()), e.what(), e.hint());
    } catch (const std::exception& e) {
        reply = refusal("XX000", e.what(), "");
    }
    try {
        send_packet(socket, reply, -1);
    } catch (const std::system_error&) {
        // The child has gone; its end is told by poll.
    }
}

void Signer::run() {
    std::vector<pollfd> watched{{event_fd_, POLLIN, 0}};
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (ended_) break;
            for (const int socket : added_) watched.push_back({socket, POLLIN, 0});
            added_.clear();
        }
        if (::poll(watched.data(), watched.size(), -1) < 0) continue;  // EINTR
        std::uint64_t count;
        if (watched[0].revents) [[maybe_unused]]
            const auto got = read(event_fd_, &count, sizeof count);
        std::vector<pollfd> kept{watched[0]};
        for (std::size_t i = 1; i < watched.size(); ++i) {
            if (watched[i].revents) {
                const auto packet = receive_packet(watched[i].fd);
                if (packet.closed) {
                    close(watched[i].fd);
                    continue;
                }
                answer(watched[i].fd, packet.text, packet.file);
            }
            kept.push_back(watched[i]);
        }
        watched = std::move(kept);
    }
    for (std::size_t i = 1; i < watched.size(); ++i) close(watched[i].fd);
    for (const int socket : added_) close(socket);
}

}  // namespace bourse::workers
