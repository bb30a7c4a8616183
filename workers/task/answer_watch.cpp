#include "workers/task/answer_watch.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include <libpq-fe.h>
#include <spdlog/spdlog.h>

namespace bourse::workers {

AnswerWatch::AnswerWatch(Connection& connection, std::string conninfo, std::string name,
                         std::chrono::milliseconds patience)
    : connection_(connection), conninfo_(std::move(conninfo)), name_(std::move(name)), patience_(patience) {
    thread_ = std::thread([this] { run(); });
}

AnswerWatch::~AnswerWatch() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

// A statement is under way and the kernel has nothing for us to read. libpq's state is a number that the other thread
// writes: an old value is as good here, what counts is that it stays so from look to look.
bool AnswerWatch::waiting() const {
    if (PQtransactionStatus(connection_.raw()) != PQTRANS_ACTIVE) return false;
    pollfd socket{PQsocket(connection_.raw()), POLLIN, 0};
    return ::poll(&socket, 1, 0) == 0;
}

// When the session began to wait for us; "gone" when there is none. Empty: it works, or nobody could be asked.
std::string AnswerWatch::idle_since() const {
    try {
        Connection asking(conninfo_, name_ + " answer", patience_);
        const auto rows = ShortQuery(asking)->exec_params(
            "SELECT CASE WHEN a.state LIKE 'idle%' THEN a.state_change::text ELSE '' END FROM pg_stat_activity AS a "
            "WHERE a.pid = $1 AND a.application_name = $2",
            PQbackendPID(connection_.raw()), name_);
        return rows.empty() ? "gone" : rows[0][0].c_str();
    } catch (const pqxx::failure&) {  // no way to the server at all: the daemon sees that, too
        return {};
    }
}

void AnswerWatch::run() {
    std::string since;
    int looks = 0;
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, patience_ / 2, [this] { return ended_; })) {
        if (!waiting()) {
            since.clear();
            continue;
        }
        lock.unlock();
        const auto now_since = idle_since();
        lock.lock();
        looks = now_since.empty() || now_since != since ? 0 : looks + 1;
        since = now_since;
        if (ended_ || looks < 2 || !waiting()) continue;
        spdlog::warn("event=answer_lost ms={} action=end_session", patience_.count());
        shutdown(PQsocket(connection_.raw()), SHUT_RDWR);
        return;
    }
}

}  // namespace bourse::workers
