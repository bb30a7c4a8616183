// What we ask of libpq beside what the user's connection string says.
#pragma once

#include <chrono>
#include <string>

namespace bourse::workers {

// `conninfo` (keywords or a postgresql:// address) in keyword form, with
//   application_name   ours, whatever it says
//   TCP keepalives     a connection whose other end has gone is noticed within half a minute, also while it waits
//   patience           where it is above zero: connect_timeout (libpq counts whole seconds, at least 2) and
//                      tcp_user_timeout (how long bytes may stay unacknowledged, or unsent because nobody takes them)
// What it says itself, and PGCONNECT_TIMEOUT, win. A text that libpq cannot read is returned as it is.
std::string with_defaults(const std::string& conninfo, const std::string& application_name,
                          std::chrono::milliseconds patience);

// For a session whose statements may take as long as they like: `conninfo` with a tcp_user_timeout of a minute, unless
// it names one. Without, a half-open connection that something is to be sent on lives until TCP gives up (15 minutes).
std::string with_stall_limit(const std::string& conninfo);

}  // namespace bourse::workers
