// Every column of the TA-Lib reference that belongs to an indicator of the list, on all three series.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

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
    for (char& c : column.function) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (column.function.starts_with("cdl")) column.function.insert(3, "_");
    return column;
}

// TA-Lib's upperband, macdsignal, slowk are our upper, signal, k.
std::string our_output(const Info& info, const std::string& theirs) {
    if (theirs.empty()) return std::string(info.outputs[0]);
    std::string best;
    for (const auto name : info.outputs)
        if (theirs == name) return theirs;
    for (const auto name : info.outputs)
        if (theirs.find(name) != std::string::npos && name.size() > best.size()) best = name;
    if (theirs == info.name.data() + std::string("signal")) return "signal";
    if (theirs == info.name.data() + std::string("hist")) return "hist";
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
        ASSERT_EQ(std::isnan(ours[t]), std::isnan(theirs[t])) << "row " << t;
        if (std::isnan(ours[t])) continue;
        ASSERT_NEAR(ours[t], theirs[t], std::max(1e-9 * std::fabs(theirs[t]), 1e-12 * price)) << "row " << t;
    }
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
    bars["price"] = bars["close"];
    const double price = *std::ranges::max_element(bars["close"]);

    std::set<std::string_view> covered;
    for (std::size_t i = 1; i < reference.names.size(); ++i) {
        const Column column = parse_column(reference.names[i]);
        const Entry* entry = find(column.function);
        if (entry == nullptr) continue;
        SCOPED_TRACE(reference.names[i]);
        const auto values = run(*entry, our_params(*entry->info, column), bars);
        expect_equal(values.at(our_output(*entry->info, column.output)), reference.numbers(i), price);
        covered.insert(entry->info->name);
    }
    for (const Entry& entry : catalogue()) {
        EXPECT_TRUE(covered.contains(entry.info->name)) << entry.info->name << " has no reference column";
        EXPECT_TRUE(entry.info->source.starts_with("TA-Lib")) << entry.info->name;
    }
}

INSTANTIATE_TEST_SUITE_P(Series, TaLib, ::testing::Values("crypto_BTCUSDT_1h", "us_AAPL_1d", "ashare_000333.SZ_1d"),
                         [](const auto& row) { return std::string(row.param).substr(0, 2); });

}  // namespace
}  // namespace bourse::indicators::testing
