#include "workers/common/keepalive.hpp"

namespace bourse::workers {

void let_server_notice_our_end(Connection& connection) {
    ShortQuery(connection)
        ->exec("SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3");
}

}  // namespace bourse::workers
