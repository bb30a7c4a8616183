// What a session asks of the server beside its statements.
#pragma once

#include "workers/common/connection.hpp"

namespace bourse::workers {

// The server is to notice within half a minute that this host has gone (no power, no cable), and to give back what an
// open transaction of this session holds; by itself it waits for hours. Settings of the session: not for a pooler's.
void let_server_notice_our_end(Connection& connection);

}  // namespace bourse::workers
