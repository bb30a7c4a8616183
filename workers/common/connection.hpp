// A database connection that never re-connects by itself, does not wait for ever, and can COPY BINARY.
#pragma once

#include <chrono>
#include <string>

#include <pqxx/pqxx>

struct pg_conn;  // libpq's PGconn

namespace bourse::workers {

// Keeps the raw handle that libpqxx 6.4 hides, because it has no COPY BINARY of its own.
class HandlePolicy : public pqxx::connect_direct {
public:
    using connect_direct::connect_direct;
    handle do_startconnect(handle original) override;
};

class Connection : public pqxx::basic_connection_base<HandlePolicy> {
public:
    // Throws pqxx::broken_connection. `application_name` shows in pg_stat_activity. `patience`: how long the server may
    // take to accept, and to answer the statements of a ShortQuery; 0: as long as it likes.
    explicit Connection(const std::string& conninfo, const std::string& application_name = "bourse",
                        std::chrono::milliseconds patience = {});

    // Notices are for people, not for a daemon's log. No setting of the session: it may be a pooler's.
    void drop_notices();

    // libpq's handle, for COPY BINARY between two statements of an open transaction.
    pg_conn* raw() const noexcept { return raw_; }
    std::chrono::milliseconds patience() const noexcept { return patience_; }

private:
    pg_conn* raw_ = nullptr;
    std::chrono::milliseconds patience_;
};

// Ends the session of a connection that does not answer in time: its socket is shut down by a thread of its own, and
// the statement that waits throws pqxx::broken_connection. Whether the server has done it stays unknown. Nothing else
// helps against a half-open connection whose kernel buffers still take what we send.
class Deadline {
public:
    Deadline(Connection& connection, std::chrono::milliseconds patience);  // 0: none
    ~Deadline();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

private:
    std::uint64_t id_ = 0;
};

// Statements that are transactions of their own, answered within the connection's patience, all together.
class ShortQuery {
public:
    explicit ShortQuery(Connection& connection) : deadline_(connection, connection.patience()), tx_(connection) {}
    pqxx::nontransaction* operator->() noexcept { return &tx_; }

private:
    Deadline deadline_;
    pqxx::nontransaction tx_;
};

// For a transaction that holds locks on which other workers wait (a job's row, its owner's share): the server is to
// roll it back when this process says nothing for 10 s between two statements, being stopped or cut off. LOCAL: also
// right behind a pooler.
void give_up_when_silent(pqxx::transaction_base& tx);
inline constexpr const char* give_up_when_silent_sql = "SET LOCAL idle_in_transaction_session_timeout = 10000";
inline constexpr const char* always_give_up_when_silent_sql = "SET idle_in_transaction_session_timeout = 10000";

}  // namespace bourse::workers
