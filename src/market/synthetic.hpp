// A seeded daily market with a planted signal whose attainable information coefficient is known.
//
// Process, for stock i and day t (weekdays):
//   a[i,t] ~ N(0,1)                              abnormal log volume, seen at the close of day t
//   r[i,t+2] = m[t+2] + beta * a[i,t] + e[i,t+2]  return of the day after next; m ~ N(0.0002, 0.008), e ~ N(0, sigma)
//   volume[i,t] = exp(base_i + 0.5 * a[i,t])
// Qlib's label at t is close[t+2] / close[t+1] - 1 = r[i,t+2]. The market term m is common to a day's cross-section, so
// the best possible daily IC is corr(beta * a, beta * a + e) = beta / sqrt(beta^2 + sigma^2). beta is chosen to make
// that the asked one. Prices are positive; open starts near the last close; high and low enclose open and close.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace bourse::market {

struct SyntheticOptions {
    int instruments = 60;  // 2..10000
    int days = 1000;       // 10..20000
    std::uint64_t seed = 1;
    double attainable_ic = 0.10;  // 0..0.9
    double daily_volatility = 0.015;
};

struct SyntheticBar {
    std::string symbol;  // SYN0001 …
    std::string date;    // YYYY-MM-DD
    double open, high, low, close, volume;
};

// Calls `bar` for every bar, day by day, symbols in order. Same options, same bars. Errors: invalid_argument.
void synthesize_market(const SyntheticOptions& options, const std::function<void(const SyntheticBar&)>& bar);

}  // namespace bourse::market
