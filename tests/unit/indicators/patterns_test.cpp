// Candlestick patterns against TA-Lib on series that are not in its reference folder: one made so that all of them
// fire (talib/make_patterns.py), and the daily bars of the S&P 500.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <sstream>

#include "indicators/csv.hpp"
#include "indicators/pattern.hpp"
#include "indicators/series.hpp"

namespace bourse::indicators::testing {
namespace {

// cdl_doji for CDLDOJI.
std::string our_name(std::string theirs) {
    for (char& c : theirs) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return theirs.insert(3, "_");
}

std::vector<double> signals(const std::string& name, const Bars& bars) {
    const Entry& entry = *find(name);
    return run(entry, defaults(*entry.info), bars).at("signal");
}

std::size_t pattern_count() {
    std::size_t count = 0;
    for (const Entry& entry : catalogue()) count += entry.info->family == pattern_family;
    return count;
}

Bars bars_of(const Csv& csv) {
    Bars bars;
    for (const char* name : {"open", "high", "low", "close"}) bars[name] = csv.numbers(name);
    return bars;
}

// "12:100 40:-80": row and value of each signal
std::map<std::size_t, double> parse_signals(const std::string& text) {
    std::map<std::size_t, double> result;
    std::istringstream words(text);
    for (std::string word; words >> word;)
        result[std::stoul(word)] = std::strtod(word.c_str() + word.find(':') + 1, nullptr);
    return result;
}

TEST(Patterns, AllFireWhereTaLibSees) {
    const char* source = std::getenv("BOURSE_SOURCE");
    if (source == nullptr) GTEST_SKIP() << "BOURSE_SOURCE is not set";
    const std::string folder = std::string(source) + "/tests/unit/indicators/talib/";
    const Bars bars = bars_of(read_csv(folder + "patterns.csv"));
    const Csv expected = read_csv(folder + "patterns_expected.csv");
    ASSERT_EQ(expected.rows.size(), 61U);
    EXPECT_EQ(pattern_count(), 61U);
    for (const double tick : {1.0, 1.0 / 64}) {  // without rounding, so that ties stay ties
        Bars priced = bars;
        for (auto& [name, column] : priced)
            for (double& x : column) x *= tick;
        for (const auto& row : expected.rows) {
            SCOPED_TRACE(row[0]);
            const auto wanted = parse_signals(row[1]);
            ASSERT_GE(wanted.size(), 2U);
            const auto values = signals(our_name(row[0]), priced);
            for (std::size_t t = 0; t < values.size(); ++t) {
                if (std::isnan(values[t])) continue;
                const auto found = wanted.find(t);
                ASSERT_EQ(values[t], found == wanted.end() ? 0 : found->second) << "row " << t << ", tick " << tick;
            }
        }
    }
}

TEST(Patterns, FireAsOftenAsTaLibOnTheSp500) {
    const std::string shared = std::string(BOURSE_SHARED) + "/data/";
    const Csv counts = read_csv(shared + "ta-reference/talib/pattern_counts_sp500.csv"),
              input = read_csv_zst(shared + "us/sp500_2013_2018.csv.zst");
    if (counts.rows.empty() || input.rows.empty()) GTEST_SKIP() << "no reference values";
    std::map<std::string, Csv> symbols;
    const std::size_t symbol = input.column("Name");
    for (const auto& row : input.rows) symbols[row.at(symbol)].rows.push_back(row);

    std::map<std::string, std::map<double, std::size_t>> found;
    std::size_t used = 0;
    for (auto& [name, csv] : symbols) {
        csv.names = input.names;
        const Bars bars = bars_of(csv);
        bool whole = true;
        for (const auto& [column, values] : bars)
            for (const double x : values) whole = whole && !std::isnan(x);
        if (!whole) continue;
        ++used;
        for (const auto& row : counts.rows) found[row[0]];
        for (auto& [pattern, values] : found)
            for (const double x : signals(our_name(pattern), bars))
                if (!std::isnan(x) && x != 0) ++values[x];
    }
    EXPECT_EQ(used, 476U);
    for (const auto& row : counts.rows) {
        const double value = std::strtod(row[1].c_str(), nullptr);
        EXPECT_EQ(std::to_string(found[row[0]][value]), row[2]) << row[0] << " " << row[1];
        found[row[0]].erase(value);
    }
    for (const auto& [pattern, values] : found)
        for (const auto& [value, count] : values) ADD_FAILURE() << pattern << " gives " << value;
}

}  // namespace
}  // namespace bourse::indicators::testing
