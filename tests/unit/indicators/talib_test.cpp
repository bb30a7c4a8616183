// Every column of the TA-Lib reference that belongs to an indicator of the list, on all three series.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <sstream>

#include "indicators/csv.hpp"
#include "indicators/series.hpp"

namespace bourse::indicators::testing {
namespace {

const std::string folder = std::string(BOURSE_SHARED) + "/data/ta-reference/talib/";

// FUNCTION[__parameter=value…][.output]
struct Column {
    std::string function, output;
    std::map<std::string, double> params;
};

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

Column parse_column(std::string name) {
    Column column;
    if (const auto dot = name.find('.', name.rfind("__") == std::string::npos ? 0 : name.rfind('='));
        dot != std::string::npos) {
        // A dot may belong to a number: the output starts with a letter.
        const auto last = name.rfind('.');
        if (std::isalpha(static_cast<unsigned char>(name[last + 1]))) {
            column.output = name.substr(last + 1);
            name.resize(last);
        }
    }
    for (std::size_t at = 0; at != std::string::npos;) {
        const auto end = name.find("__", at);
        const std::string part = name.substr(at, end == std::string::npos ? end : end - at);
        if (at == 0)
            column.function = part;
        else
            column.params[part.substr(0, part.find('='))] = std::strtod(part.c_str() + part.find('=') + 1, nullptr);
        at = end == std::string::npos ? end : end + 2;
    }
    column.function = lower(column.function);
    if (column.function.starts_with("cdl")) column.function.insert(3, "_");
    return column;
}

// TA-Lib's upperband, macdsignal, slowk are our upper, signal, k.
std::string our_output(const Info& info, const std::string& theirs) {
    if (theirs.empty()) return std::string(info.outputs[0].name);
    std::string best;
    for (const auto& [name, unit, lowest, highest] : info.outputs)
        if (theirs.ends_with(name) && name.size() > best.size()) best = name;
    if (!best.empty()) return best;
    for (const auto& [name, unit, lowest, highest] : info.outputs)
        if (theirs.find(name) != std::string::npos) best = name;
    return best;
}

std::vector<double> our_params(const Info& info, const Column& column) {
    auto params = defaults(info);
    std::size_t used = 0;
    for (std::size_t i = 0; i < params.size(); ++i)
        if (const auto found = column.params.find(std::string(info.params[i].name)); found != column.params.end()) {
            params[i] = found->second;
            ++used;
        }
    EXPECT_EQ(used, column.params.size()) << "a parameter that ta." << info.name << " lacks";
    return params;
}

void expect_equal(const std::vector<double>& ours, const std::vector<double>& theirs, double price) {
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t t = 0; t < ours.size(); ++t) {
        ASSERT_EQ(std::isnan(ours[t]), !std::isfinite(theirs[t])) << "row " << t;
        if (std::isnan(ours[t])) continue;
        ASSERT_NEAR(ours[t], theirs[t], std::max(1e-9 * std::fabs(theirs[t]), 1e-12 * price)) << "row " << t;
    }
}

// What the reference feeds to functions that prices would make overflow or leave undefined: the place of the close
// between low and high.
const std::set<std::string> fed_with_units{"acos", "asin", "cosh", "exp", "sinh", "tan", "tanh"};
Bars unit_bars(Bars bars) {
    for (std::size_t t = 0; t < bars["close"].size(); ++t) {
        const double low = bars["low"][t], range = bars["high"][t] - low;
        bars["price"][t] = range == 0 ? 0.5 : (bars["close"][t] - low) / range;
    }
    return bars;
}

class TaLib : public ::testing::TestWithParam<const char*> {};

TEST_P(TaLib, HasTheSameValues) {
    const std::string series = GetParam();
    if (!exists(folder + "input_" + series + ".csv")) GTEST_SKIP() << "no reference values";
    const Csv input = read_csv(folder + "input_" + series + ".csv"),
              reference = read_csv_zst(folder + "talib_" + series + ".csv.zst");
    if (reference.rows.empty()) GTEST_SKIP() << "no zstd program";
    Bars bars;
    for (const char* name : {"open", "high", "low", "close", "volume"}) bars[name] = input.numbers(name);
    bars = with_derived(bars);
    const Bars unit = unit_bars(bars);
    const double price = *std::ranges::max_element(bars["close"]);

    std::set<std::string_view> covered;
    for (std::size_t i = 1; i < reference.names.size(); ++i) {
        const Column column = parse_column(reference.names[i]);
        const Entry* entry = find(column.function);
        SCOPED_TRACE(reference.names[i]);
        ASSERT_NE(entry, nullptr);
        const bool of_units = fed_with_units.contains(column.function);
        const auto values = run(*entry, our_params(*entry->info, column), of_units ? unit : bars);
        expect_equal(values.at(our_output(*entry->info, column.output)), reference.numbers(i), price);
        covered.insert(entry->info->name);
    }
    EXPECT_EQ(covered.size(), 201U);
    for (const Entry& entry : catalogue())
        EXPECT_EQ(covered.contains(entry.info->name), entry.info->source.starts_with("TA-Lib")) << entry.info->name;
}

// ---- a walk that is not in the reference, sampled, with random parameters (talib/make_values.py)

// "a=1 b=2"
std::map<std::string, double> parse_params(const std::string& text) {
    std::map<std::string, double> params;
    std::istringstream words(text);
    for (std::string word; words >> word;)
        params[word.substr(0, word.find('='))] = std::strtod(word.c_str() + word.find('=') + 1, nullptr);
    return params;
}

TEST(TaLibWalk, HasTheSameValues) {
    const char* source = std::getenv("BOURSE_SOURCE");
    if (source == nullptr) GTEST_SKIP() << "BOURSE_SOURCE is not set";
    const std::string kept = std::string(source) + "/tests/unit/indicators/talib/";
    const Csv input = read_csv(kept + "bars.csv"), expected = read_csv(kept + "values.csv");
    Bars bars;
    for (const char* name : {"open", "high", "low", "close", "volume"}) bars[name] = input.numbers(name);
    bars = with_derived(bars);
    Bars hundredths = bars;
    for (double& x : hundredths["price"]) x /= 100;
    std::set<std::string> functions;
    for (const auto& row : expected.rows) {
        SCOPED_TRACE(row[0] + " " + row[1] + " " + row[2]);
        const Column column{lower(row[0]), row[2] == "real" || row[2] == "integer" ? "" : row[2], parse_params(row[1])};
        functions.insert(column.function);
        const Entry* entry = find(column.function);
        ASSERT_NE(entry, nullptr);
        const auto params = our_params(*entry->info, column);
        EXPECT_EQ(std::to_string(entry->lookback(params)), row[3]);
        const bool small = fed_with_units.contains(column.function);
        const auto values = run(*entry, params, small ? hundredths : bars).at(our_output(*entry->info, column.output));
        std::istringstream words(row[4]);
        for (std::string word; words >> word;) {
            const double theirs = std::strtod(word.c_str() + word.find(':') + 1, nullptr);
            const double ours = values[std::stoul(word)];
            ASSERT_EQ(std::isnan(ours), !std::isfinite(theirs)) << word;
            // 1e-10: what sums that take out what leaves a window leave of prices of 100 and of percentages.
            if (std::isnan(ours)) continue;
            ASSERT_NEAR(ours, theirs, std::max(1e-9 * std::fabs(theirs), 1e-10)) << word;
        }
    }
    EXPECT_EQ(functions.size(), 140U);
}

// ---- where rounding decides (talib/make_deviations.py): equal until the bars stand still, and declared

TEST(TaLibDeviations, AreDeclaredAndBeginWhereTheBarsStandStill) {
    const char* source = std::getenv("BOURSE_SOURCE");
    if (source == nullptr) GTEST_SKIP() << "BOURSE_SOURCE is not set";
    const Csv table = read_csv(std::string(source) + "/tests/unit/indicators/talib/deviations.csv");
    Bars bars;
    for (const char* name : {"open", "high", "low", "close", "volume"}) bars[name] = table.numbers(name);
    bars = with_derived(bars);
    for (std::size_t i = 5; i < table.names.size(); ++i) {
        SCOPED_TRACE(table.names[i]);
        std::istringstream words(table.names[i]);
        std::vector<std::string> parts;
        for (std::string word; words >> word;) parts.push_back(word);
        const Entry& entry = *find(parts.front());
        EXPECT_FALSE(entry.info->deviation.empty());
        std::vector<double> params;
        for (std::size_t k = 1; k + 1 < parts.size(); ++k) params.push_back(std::atof(parts[k].c_str()));
        const bool of_volume = parts.front() == "pvo";
        const auto ours = run(entry, params, bars).at(parts.back());
        const auto theirs = table.numbers(i);
        const std::size_t still = of_volume ? 60 : 100;  // where the first stretch without a move begins
        std::size_t values = 0, different = 0;
        for (std::size_t t = 0; t < ours.size(); ++t) {
            ASSERT_EQ(std::isnan(ours[t]), std::isnan(theirs[t])) << "row " << t;
            if (std::isnan(ours[t])) continue;
            const bool equal = std::fabs(ours[t] - theirs[t]) <= std::max(1e-9 * std::fabs(theirs[t]), 1e-10);
            if (t < still) {
                ASSERT_TRUE(equal) << "row " << t << ": " << ours[t] << ", TA-Lib " << theirs[t];
            }
            values += t < still;
            different += !equal;
        }
        EXPECT_GT(values, 20U);
        EXPECT_GT(different, 0U) << "no longer a deviation: take its declaration back";
    }
}

INSTANTIATE_TEST_SUITE_P(Series, TaLib, ::testing::Values("crypto_BTCUSDT_1h", "us_AAPL_1d", "ashare_000333.SZ_1d"),
                         [](const auto& row) { return std::string(row.param).substr(0, 2); });

}  // namespace
}  // namespace bourse::indicators::testing
