// 2000-01-01 00:00 UTC, from which the server counts, in microseconds since 1970, from which we do.
#pragma once

#include <cstdint>

namespace bourse {

inline constexpr std::int64_t epoch_2000_us = 946'684'800'000'000;

}  // namespace bourse
