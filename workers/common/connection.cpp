#include "workers/common/connection.hpp"

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

Connection::Connection(const std::string& conninfo, const std::string& application_name)
    : basic_connection_base<HandlePolicy>(conninfo), raw_(last_started) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    inhibit_reactivation(true);  // a silent new session would lose LISTEN, locks and settings
#pragma GCC diagnostic pop
    set_variable("application_name", quote(application_name));
    set_variable("timezone", "'UTC'");
}

}  // namespace bourse::workers
