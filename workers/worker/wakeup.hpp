// What a worker sleeps on: the bell, its signals, its heartbeat thread.
#pragma once

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "workers/common/connection.hpp"

namespace bourse::workers {

// SIGTERM, SIGINT and SIGCHLD as a file descriptor: nothing to race with, nothing async-signal-unsafe.
// Make it before any thread starts: threads inherit the mask.
class Signals {
public:
    Signals() {
        sigemptyset(&set_);
        for (const int signal : {SIGTERM, SIGINT, SIGCHLD}) sigaddset(&set_, signal);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
        fd_ = signalfd(-1, &set_, SFD_CLOEXEC | SFD_NONBLOCK);
        if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
    }
    ~Signals() { close(fd_); }
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    int fd() const noexcept { return fd_; }

    // How many SIGTERM or SIGINT have come since the last call.
    int take_stops() noexcept {
        int stops = 0;
        signalfd_siginfo info;
        while (read(fd_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) stops += info.ssi_signo != SIGCHLD;
        return stops;
    }

private:
    sigset_t set_;
    int fd_;
};

// Hears NOTIFY on a channel.
class Bell final : public pqxx::notification_receiver {
public:
    Bell(Connection& c, const std::string& name) : notification_receiver(c, name), connection_(c) {}
    // libpqxx takes its LISTEN back on the way out, and would wait for a server that has gone silent.
    ~Bell() { shutdown(connection_.sock(), SHUT_RDWR); }
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    void operator()(const std::string&, int) override { rung_ = true; }
    bool take() noexcept { return std::exchange(rung_, false); }

private:
    Connection& connection_;
    bool rung_ = false;
};

// Decides which rings of the bell are worth a look at the queue. Anybody who may connect can ring, as often as he
// likes: rings that keep bringing no job are answered at most every 50 ms, all at once, until one brings a job again.
class FalseAlarms {
public:
    using Clock = std::chrono::steady_clock;

    // A ring: when to look. Several workers are rung for one job, so some rings in vain are as it should be.
    Clock::time_point answer(Clock::time_point now) {
        const auto delay = in_vain_ <= 16 ? std::chrono::milliseconds(0)
                                          : std::chrono::milliseconds(std::min(50, 1 << std::min(in_vain_ - 17, 6)));
        if (now < last_ + delay) return last_ + delay;
        last_ = now;
        ++in_vain_;
        return now;
    }
    void brought_jobs() noexcept { in_vain_ = 0; }

private:
    Clock::time_point last_{};
    int in_vain_ = 0;
};

}  // namespace bourse::workers
