// Times in messages and options.
#pragma once

#include <cstdint>
#include <string>

namespace bourse::datasets {

// 2020-03-04, or 2020-03-04 09:30:00 where it is no midnight; UTC. us: microseconds since 1970.
std::string date_text(std::int64_t us);
// Of 2020-03-04 or 2020-03-04T09:30:00Z, UTC; microseconds since 1970. Errors: invalid_argument, which says `what` it
// is.
std::int64_t read_time(const std::string& text, const std::string& what);

}  // namespace bourse::datasets
