#include "workers/worker/pooler.hpp"

#include <algorithm>
#include <iterator>
#include <memory>

#include <libpq-fe.h>

#include "core/error.hpp"
#include "workers/task/outcome.hpp"

namespace bourse::workers {
namespace {

int server_process(Connection& connection) {
    return ShortQuery(connection)->exec1("SELECT pg_backend_pid()")[0].as<int>();
}

// By libpq itself: the pooler says why and hangs up, and libpqxx keeps only the second half of that.
void require_transactions(Connection& connection) {
    const Deadline deadline(connection, connection.patience());
    for (const char* statement : {"BEGIN", "COMMIT"}) {
        const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.raw(), statement), &PQclear);
        if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) continue;
        const std::string said = PQerrorMessage(connection.raw());
        if (said.find("transaction") == std::string::npos) throw pqxx::broken_connection(said);
        throw Error(ErrorKind::unavailable,
                    "the pooler between worker and server refuses transactions: " + one_line(said),
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
