#include "workers/worker/heartbeat.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <spdlog/spdlog.h>

#include "workers/task/outcome.hpp"

namespace bourse::workers {
namespace {

// Also how soon a cancelled job is seen. Short leases need shorter beats: an extension comes at the latest one beat
// after a third of the lease is over, and may take a second try of a third of the lease (heartbeat_patience).
std::chrono::milliseconds interval(const Options& options) {
    return std::min(std::chrono::milliseconds(500), options.lease / 8);
}

}  // namespace

Heartbeat::Heartbeat(const Options& options)
    : options_(options),
      event_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      last_success_(Clock::now()),
      random_(std::random_device{}()) {
    if (event_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    thread_ = std::thread([this] { run(); });
}

Heartbeat::~Heartbeat() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    wake_.notify_one();
    thread_.join();
    close(event_fd_);
}

void Heartbeat::track(const Attempt& attempt) {
    const std::lock_guard lock(mutex_);
    tracked_.push_back({attempt, Clock::now()});
}

void Heartbeat::untrack(const Attempt& attempt) {
    const std::lock_guard lock(mutex_);
    std::erase_if(tracked_, [&](const Tracked& tracked) { return tracked.attempt == attempt; });
}

std::vector<Order> Heartbeat::take_orders() {
    std::uint64_t count = 0;
    while (read(event_fd_, &count, sizeof count) > 0) {
    }
    const std::lock_guard lock(mutex_);
    return std::exchange(orders_, {});
}

void Heartbeat::give(std::vector<Order> orders) {
    if (orders.empty()) return;
    {
        const std::lock_guard lock(mutex_);
        orders_.insert(orders_.end(), orders.begin(), orders.end());
    }
    const std::uint64_t one = 1;
    if (write(event_fd_, &one, sizeof one) < 0) spdlog::warn("event=eventfd_full");  // readable already
}

void Heartbeat::run() {
    std::unique_lock lock(mutex_);
    while (!ended_) {
        std::vector<Attempt> attempts;
        for (const auto& tracked : tracked_) attempts.push_back(tracked.attempt);
        lock.unlock();
        beat(attempts);
        lock.lock();
        wake_.wait_for(lock, pause(), [this] { return ended_; });
    }
}

// The register may lose us: rows long silent are deleted.
bool Heartbeat::register_again() {
    try {
        register_worker(*connection_, options_);
        return true;
    } catch (const std::exception& e) {
        spdlog::warn("event=register_failed worker={} error=\"{}\"", options_.name, one_line(e.what()));
        return false;
    }
}

// Longer and uneven while the server does not answer, so that many workers do not come back all at once.
std::chrono::milliseconds Heartbeat::pause() {
    const auto shortest = interval(options_);
    if (failures_ == 0) return shortest;
    const auto longest = std::max(shortest, std::min(options_.lease / 8, std::chrono::milliseconds(5'000)));
    const auto doubled = std::min(longest, shortest * (1 << std::min(failures_ - 1, 10)));
    return std::chrono::milliseconds(
        std::uniform_int_distribution<std::int64_t>(doubled.count() / 2, doubled.count())(random_));
}

void Heartbeat::connect() {
    connection_ = std::make_unique<Connection>(options_.db, "bourse-worker heartbeat", options_.heartbeat_patience());
    connection_->drop_notices();
}

// Others may run these jobs by now. Fencing protects the data; stopping protects the machine.
void Heartbeat::give_up() {
    std::vector<Order> lost;
    const auto now = Clock::now();
    {
        const std::lock_guard lock(mutex_);
        for (auto& tracked : tracked_) {
            if (tracked.given_up || now - std::max(tracked.since, last_success_) < options_.lease) continue;
            tracked.given_up = true;
            lost.push_back({tracked.attempt, StopReason::lost});
        }
    }
    if (lost.empty()) return;
    const auto silent = std::chrono::duration_cast<std::chrono::milliseconds>(now - last_success_);
    spdlog::error("event=leases_lost worker={} jobs={} silent_ms={} action=stop_children", options_.name, lost.size(),
                  silent.count());
    give(std::move(lost));
}

void Heartbeat::beat(const std::vector<Attempt>& attempts) {
    const auto sent = Clock::now();
    try {
        if (!connection_) connect();
        give(heartbeat(*connection_, options_, attempts));
        last_success_ = sent;
        if (std::exchange(failures_, 0) > 0) spdlog::info("event=heartbeat_back worker={}", options_.name);
    } catch (const std::exception& e) {
        const auto* sql = dynamic_cast<const pqxx::sql_error*>(&e);
        if (sql && sql->sqlstate() == "MB052" && register_again()) return;
        connection_.reset();
        if (++failures_ == 1)
            spdlog::warn("event=heartbeat_failed worker={} error=\"{}\"", options_.name, one_line(e.what()));
        give_up();
    }
}

}  // namespace bourse::workers
