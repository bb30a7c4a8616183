#include "market/synthetic.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

#include "core/error.hpp"
#include "core/random.hpp"

namespace bourse::market {
namespace {

struct Stock {
    std::string symbol;
    double close;
    double base_log_volume;
    double signal_yesterday = 0;  // a[t-1]
    double signal_before = 0;     // a[t-2]: acts today
};

void check(const SyntheticOptions& o) {
    const auto require = [](bool ok, const char* text) {
        if (!ok) throw Error(ErrorKind::invalid_argument, text);
    };
    require(o.instruments >= 2 && o.instruments <= 10000, "instruments must be between 2 and 10000");
    require(o.days >= 10 && o.days <= 20000, "days must be between 10 and 20000");
    require(o.attainable_ic >= 0 && o.attainable_ic <= 0.9, "attainable IC must be between 0 and 0.9");
    require(o.daily_volatility > 0 && o.daily_volatility <= 0.1, "daily volatility must be above 0 and at most 0.1");
}

// Weekdays from Monday 2015-01-05.
class Weekdays {
public:
    std::string text() const {
        const std::chrono::year_month_day date{day_};
        char buffer[16];
        std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
        return buffer;
    }
    void next() {
        do {
            day_ += std::chrono::days{1};
        } while (std::chrono::weekday{day_}.iso_encoding() > 5);
    }

private:
    std::chrono::sys_days day_ = std::chrono::sys_days{std::chrono::year{2015} / 1 / 5};
};

double cents(double price) { return std::max(0.01, std::round(price * 100) / 100); }

}  // namespace

void synthesize_market(const SyntheticOptions& options, const std::function<void(const SyntheticBar&)>& bar) {
    check(options);
    Random random(options.seed);
    const double ic = options.attainable_ic;
    const double sigma = options.daily_volatility;
    const double beta = sigma * ic / std::sqrt(1 - ic * ic);

    std::vector<Stock> stocks;
    for (int i = 0; i < options.instruments; ++i) {
        char symbol[16];
        std::snprintf(symbol, sizeof symbol, "SYN%04d", i + 1);
        stocks.push_back({symbol, 50 + 450 * random.uniform(), 13 + 2 * random.uniform()});
    }
    Weekdays day;
    for (int t = 0; t < options.days; ++t, day.next()) {
        const double market = 0.0002 + 0.008 * random.normal();
        const std::string date = day.text();
        for (auto& stock : stocks) {
            const double signal = random.normal();
            const double change = market + beta * stock.signal_before + sigma * random.normal();
            const double open = cents(stock.close * (1 + 0.2 * sigma * random.normal()));
            stock.close =
                stock.close * std::max(0.5, 1 + change);  // a fall by half in a day never happens at these volatilities
            const double close = cents(stock.close);
            const double high = cents(std::max(open, close) * (1 + 0.4 * sigma * std::fabs(random.normal())));
            const double low = cents(std::min(open, close) * (1 - 0.4 * sigma * std::fabs(random.normal())));
            const double volume = std::round(std::exp(stock.base_log_volume + 0.5 * signal));
            stock.signal_before = stock.signal_yesterday;
            stock.signal_yesterday = signal;
            bar({stock.symbol, date, open, std::max({high, open, close}), std::min({low, open, close}), close, volume});
        }
    }
}

}  // namespace bourse::market
