#include "workers/common/send_ahead.hpp"

#include <libpq-fe.h>

namespace bourse::workers {

SendAhead::~SendAhead() { stop(true); }

bool SendAhead::send(std::vector<char>& buffer) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failed_ || waiting_.size() < most_waiting; });
    if (failed_) return false;
    waiting_.push_back(std::move(buffer));
    buffer = {};
    if (!spare_.empty()) {
        buffer = std::move(spare_.front());
        spare_.pop_front();
    }
    changed_.notify_all();
    return true;
}

bool SendAhead::finish() {
    stop(false);
    return !failed_;
}

void SendAhead::stop(bool drop) {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        if (drop) waiting_.clear();
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void SendAhead::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        std::vector<char> buffer = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        const bool sent = PQputCopyData(raw_, buffer.data(), static_cast<int>(buffer.size())) == 1;
        buffer.clear();
        lock.lock();
        if (!sent) {
            failed_ = true;
            waiting_.clear();
            changed_.notify_all();
            return;
        }
        spare_.push_back(std::move(buffer));
        changed_.notify_all();
    }
}

}  // namespace bourse::workers
