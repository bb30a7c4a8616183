// A database connection that never re-connects by itself and can COPY BINARY.
#pragma once

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
    // Throws pqxx::broken_connection. `application_name` shows in pg_stat_activity.
    explicit Connection(const std::string& conninfo, const std::string& application_name = "bourse");

    // libpq's handle, for COPY BINARY between two statements of an open transaction.
    pg_conn* raw() const noexcept { return raw_; }

private:
    pg_conn* raw_ = nullptr;
};

}  // namespace bourse::workers
