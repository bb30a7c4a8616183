// What a worker sleeps on: the bell, its signals, its heartbeat thread.
#pragma once

#include <cerrno>
#include <csignal>
#include <string>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <pqxx/pqxx>

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

class Bell final : public pqxx::notification_receiver {
public:
    Bell(pqxx::connection_base& c, const std::string& channel) : notification_receiver(c, channel) {}
    void operator()(const std::string&, int) override { rung_ = true; }
    bool take() noexcept { return std::exchange(rung_, false); }

private:
    bool rung_ = false;
};

}  // namespace bourse::workers
