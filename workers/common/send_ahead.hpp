// Sends the data of a COPY from a thread of its own, so that the next rows are computed while the server takes these.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

struct pg_conn;

namespace bourse::workers {

// From its construction until finish() nobody else may use the connection.
class SendAhead {
public:
    explicit SendAhead(pg_conn* raw) : raw_(raw), thread_([this] { run(); }) {}
    ~SendAhead();  // what was not sent yet is dropped
    SendAhead(const SendAhead&) = delete;
    SendAhead& operator=(const SendAhead&) = delete;

    // Takes the bytes and leaves an empty buffer; waits while `most_waiting` others are not sent. False: the connection
    // failed.
    bool send(std::vector<char>& buffer);
    // Waits until all is sent. False: the connection failed. The connection is the caller's again.
    bool finish();

private:
    static constexpr std::size_t most_waiting = 16;

    void run();
    void stop(bool drop);

    pg_conn* raw_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::vector<char>> waiting_, spare_;
    bool ended_ = false, failed_ = false;
    std::thread thread_;  // last: it uses the others
};

}  // namespace bourse::workers
