// Panels for the tests of expressions.
#pragma once

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "factors/operators/operator.hpp"
#include "factors/panel.hpp"
#include "indicators/csv.hpp"

namespace bourse::factors::test {

inline const double missing = std::numeric_limits<double>::quiet_NaN();
inline constexpr std::int64_t day_us = 86'400'000'000;

inline std::string shared_file(const std::string& name) {
    const char* shared = std::getenv("BOURSE_SHARED");
    return std::string(shared ? shared : BOURSE_SHARED) + "/" + name;
}

// Rows of fields, the header first; a file named .zst goes through the zstd program. Empty when it cannot be read.
inline std::vector<std::vector<std::string>> read_csv(const std::string& path) {
    std::istringstream text(path.ends_with(".zst") ? indicators::testing::read_text_zst(path)
                                                   : indicators::testing::read_text(path));
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(text, line);) rows.push_back(indicators::testing::fields(line));
    return rows;
}

inline double number(const std::string& text) { return text.empty() ? missing : std::strtod(text.c_str(), nullptr); }

// What operators of a session read (operator.hpp): UTC's days and their minutes.
inline void add_clocks(Panel& panel) {
    panel.fields.insert(panel.fields.end(), {std::string(clock_day), std::string(clock_minute)});
    for (Series& series : panel.series) {
        std::vector<double> day, minute;
        for (const auto ts : series.ts_us) {
            const auto of_day = (ts % day_us + day_us) % day_us;
            day.push_back(static_cast<double>((ts - of_day) / day_us));
            minute.push_back(static_cast<double>(of_day / 60'000'000));
        }
        series.fields.push_back(std::move(day));
        series.fields.push_back(std::move(minute));
    }
}

// One series of business days with columns as given.
inline Panel panel_of(std::vector<std::string> fields, std::vector<std::vector<double>> columns) {
    Panel panel;
    panel.fields = std::move(fields);
    Series series;
    series.instrument_id = 1;
    series.symbol = "AAA";
    const std::size_t rows = columns.front().size();
    for (std::size_t i = 0; i < rows; ++i)
        series.ts_us.push_back((19000 + static_cast<std::int64_t>(i + i / 5 * 2)) * day_us);
    series.fields = std::move(columns);
    series.last = rows;
    panel.series.push_back(std::move(series));
    add_clocks(panel);
    return panel;
}

// A random walk with open, high, low, close, volume, amount; `gaps`: share of missing rows; some ties and flat rows.
inline Panel random_panel(std::mt19937_64& random, std::size_t rows, double gaps) {
    std::uniform_real_distribution<double> unit(0, 1);
    std::vector<std::vector<double>> columns(6);
    double close = 20 + 80 * unit(random);
    for (std::size_t i = 0; i < rows; ++i) {
        const double open = close;
        if (unit(random) > 0.1) close = std::round(open * (0.97 + 0.06 * unit(random)) * 100) / 100;
        const double high = std::max(open, close) * (1 + 0.01 * unit(random)),
                     low = std::min(open, close) * (1 - 0.01 * unit(random));
        const double volume = std::floor(1000 * unit(random) * unit(random)) + (unit(random) < 0.05 ? -1 : 1) * 0.0;
        const bool gap = unit(random) < gaps;
        const double values[] = {open, high, low, close, volume, volume * close};
        for (std::size_t c = 0; c < 6; ++c) columns[c].push_back(gap ? missing : values[c]);
    }
    return panel_of({"open", "high", "low", "close", "volume", "amount"}, std::move(columns));
}

}  // namespace bourse::factors::test
