#include "workers/worker/pooler.hpp"

#include <algorithm>
#include <iterator>

#include <libpq-fe.h>

#include "core/error.hpp"

namespace bourse::workers {
namespace {

int server_process(Connection& connection) {
    return ShortQuery(connection)->exec1("SELECT pg_backend_pid()")[0].as<int>();
}

void require_transactions(Connection& connection) {
    const Deadline deadline(connection, connection.patience());
    try {
        pqxx::work tx(connection, "probe");
        tx.exec("SELECT 1");
        tx.commit();
    } catch (const pqxx::sql_error& e) {
        throw Error(ErrorKind::unavailable,
                    std::string("the pooler between worker and server refuses transactions: ") + e.what(),
                    "connect to the server itself, or set pool_mode = transaction or session");
    }
}

}  // namespace

bool shares_sessions(Connection& one, Connection& other) {
    int mine = server_process(one);
    if (mine == PQbackendPID(one.raw())) return false;
    require_transactions(one);
    int others = server_process(other);
    for (int round = 0; round < 5; ++round) {  // an idle pooler gives both the session that was free last
        const int mine_now = server_process(one), others_now = server_process(other);
        if (mine_now == others_now || mine_now != mine || others_now != others) return true;
    }
    return false;
}

std::vector<std::string> without_session(const std::vector<std::string>& kinds) {
    static const std::vector<std::string> session_free{"noop", "sleep", "sql"};
    std::vector<std::string> left;
    std::copy_if(kinds.begin(), kinds.end(), std::back_inserter(left), [](const std::string& kind) {
        return std::find(session_free.begin(), session_free.end(), kind) != session_free.end();
    });
    return left;
}

}  // namespace bourse::workers
