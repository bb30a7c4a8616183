#include "workers/common/connection.hpp"

#include <cstring>

#include <libpq-fe.h>

#include "workers/common/conninfo.hpp"

namespace bourse::workers {
namespace {

// The policy object is private to libpqxx: the handle leaves it through here, within one constructor call.
thread_local pg_conn* last_started = nullptr;

}  // namespace

HandlePolicy::handle HandlePolicy::do_startconnect(handle original) {
    handle started = connect_direct::do_startconnect(original);
    last_started = reinterpret_cast<pg_conn*>(started);
    return started;
}

Connection::Connection(const std::string& conninfo, const std::string& application_name,
                       std::chrono::milliseconds patience)
    : basic_connection_base<HandlePolicy>(with_defaults(conninfo, application_name, patience)),
      raw_(last_started),
      patience_(patience) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    inhibit_reactivation(true);  // a silent new session would lose LISTEN, locks and settings
#pragma GCC diagnostic pop
    const Deadline deadline(*this, patience);
    // Poolers carry the time zone of a client over to the sessions it is given; other settings are not asked for here.
    const char* zone = PQparameterStatus(raw_, "TimeZone");
    if (!zone || std::strcmp(zone, "UTC") != 0) set_variable("timezone", "'UTC'");
}

void Connection::drop_notices() {
    PQsetNoticeProcessor(
        raw_, [](void*, const char*) {}, nullptr);
}

void give_up_when_silent(pqxx::transaction_base& tx) { tx.exec(give_up_when_silent_sql); }

}  // namespace bourse::workers
