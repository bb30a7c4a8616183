// Signs the artifacts that children hand over, on a thread of its own: checking a large one must not hold up the
// daemon. The key never leaves this process. What is signed has been read whole by our own reader first, so that a
// child which was led astray by the bytes it parsed can get nothing signed that a backend could not load.
#pragma once

#include <list>
#include <mutex>
#include <thread>

#include "workers/common/signing_key.hpp"

namespace bourse::workers {

class Signer {
public:
    explicit Signer(SigningKey key);
    ~Signer();
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;

    // The end of a new socket pair that a child is to get; the caller closes it once the child has it. Requests are
    // answered until the child's end is closed. Throws std::system_error.
    int open();

    const SigningKey& key() const noexcept { return key_; }

private:
    void run();
    void wake() const noexcept;
    void answer(int socket, std::string_view request, int file) const;

    const SigningKey key_;
    int event_fd_;
    std::mutex mutex_;
    bool ended_ = false;
    std::list<int> added_;  // not watched by the thread yet
    std::thread thread_;    // last: it uses all of the above
};

}  // namespace bourse::workers
