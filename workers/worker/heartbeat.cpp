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

// Also how soon a cancelled job is seen; shorter leases need shorter beats.
std::chrono::milliseconds interval(const Options& options) {
    return std::min(std::chrono::milliseconds(500), options.lease / 4);
}

}  // namespace

Heartbeat::Heartbeat(const Options& options)
    : options_(options), event_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), last_success_(Clock::now()) {
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
    attempts_.push_back(attempt);
}

void Heartbeat::untrack(const Attempt& attempt) {
    const std::lock_guard lock(mutex_);
    std::erase(attempts_, attempt);
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
        const auto attempts = attempts_;
        lock.unlock();
        beat(attempts);
        lock.lock();
        wake_.wait_for(lock, interval(options_), [this] { return ended_; });
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

void Heartbeat::beat(const std::vector<Attempt>& attempts) {
    try {
        if (!connection_) {
            connection_ = std::make_unique<Connection>(options_.db, "bourse-worker heartbeat");
            connection_->set_variable("client_min_messages", "error");
            connection_->set_variable("statement_timeout", std::to_string(options_.lease.count()));
        }
        give(heartbeat(*connection_, options_, attempts));
        last_success_ = Clock::now();
        if (std::exchange(failing_, false)) spdlog::info("event=heartbeat_back worker={}", options_.name);
    } catch (const std::exception& e) {
        const auto* sql = dynamic_cast<const pqxx::sql_error*>(&e);
        if (sql && sql->sqlstate() == "MB052" && register_again()) return;
        connection_.reset();
        if (!std::exchange(failing_, true))
            spdlog::warn("event=heartbeat_failed worker={} error=\"{}\"", options_.name, one_line(e.what()));
        if (Clock::now() - last_success_ < options_.lease) return;
        // Others may run these jobs by now. Fencing protects the data; stopping protects the machine.
        std::vector<Order> lost;
        for (const auto& attempt : attempts) lost.push_back({attempt, StopReason::lost});
        give(std::move(lost));
    }
}

}  // namespace bourse::workers
