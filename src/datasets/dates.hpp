// Times in messages.
#pragma once

#include <cstdint>
#include <string>

namespace bourse::datasets {

// 2020-03-04, or 2020-03-04 09:30:00 where it is no midnight; UTC. us: microseconds since 1970.
std::string date_text(std::int64_t us);

}  // namespace bourse::datasets
