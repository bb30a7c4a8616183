// Sources other than the full TA-Lib reference: TA-Lib's own regression tables, Skender's Stock.Indicators,
// StockCharts' worked examples, Tulip's tests. Only where the convention is the same; the rest is named.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

#include "indicators/csv.hpp"
#include "indicators/series.hpp"

namespace bourse::indicators::testing {
namespace {

const std::string folder = std::string(BOURSE_SHARED) + "/data/ta-reference/";

using Column = std::vector<double>;

#define NEEDS(path) \
    if (!exists(path)) GTEST_SKIP() << "no reference values"

// Compares rows first.. where both have values; returns how many there were.
int expect_near_where_given(const Column& ours, const Column& theirs, std::size_t first, double relative,
                            double absolute) {
    int compared = 0;
    for (std::size_t t = first; t < std::min(ours.size(), theirs.size()); ++t) {
        if (std::isnan(ours[t]) || std::isnan(theirs[t])) continue;
        EXPECT_NEAR(ours[t], theirs[t], std::max(absolute, relative * std::fabs(theirs[t]))) << "row " << t;
        ++compared;
    }
    return compared;
}

// ---- Skender: 502 bars, full precision

struct SkenderCase {
    const char *file, *field, *name;
    std::vector<double> params;
    const char* output;
    std::size_t first = 0;  // recursions with another seed agree from here on
    double shift = 0;       // theirs = ours - shift
};
void PrintTo(const SkenderCase& row, std::ostream* out) { *out << row.file; }

class Skender : public ::testing::TestWithParam<SkenderCase> {};

TEST_P(Skender, HasTheSameValues) {
    const SkenderCase& expected = GetParam();
    const std::string path = folder + "skender/results/" + expected.file + ".standard.json";
    NEEDS(path);
    const Csv quotes = read_csv(folder + "skender/quotes/default.csv");
    Bars bars;
    for (const char* name : {"open", "high", "low", "close", "volume"}) bars[name] = quotes.numbers(name);
    bars["price"] = bars["close"];
    for (const auto& row : quotes.rows) bars["session"].push_back(std::strtod(row[0].substr(5, 2).c_str(), nullptr));
    Column theirs;
    for (const auto& row : nlohmann::json::parse(read_text(path)))
        theirs.push_back(row.at(expected.field).is_null() ? missing
                                                          : row.at(expected.field).get<double>() + expected.shift);
    ASSERT_EQ(theirs.size(), 502U);
    const Column ours = run(*find(expected.name), expected.params, bars).at(expected.output);
    for (std::size_t t = 0; t < ours.size() && expected.first == 0; ++t)
        EXPECT_EQ(std::isnan(ours[t]), std::isnan(theirs[t])) << "row " << t;
    EXPECT_GT(expect_near_where_given(ours, theirs, expected.first, 1e-9, 1e-9), 200);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Skender,
    ::testing::Values(
        SkenderCase{"sma", "sma", "sma", {20}, "sma"}, SkenderCase{"ema", "ema", "ema", {20}, "ema"},
        SkenderCase{"bb", "sma", "bbands", {20, 2, 2, 0}, "middle"},
        SkenderCase{"bb", "upperBand", "bbands", {20, 2, 2, 0}, "upper"},
        SkenderCase{"bb", "lowerBand", "bbands", {20, 2, 2, 0}, "lower"}, SkenderCase{"roc", "roc", "roc", {14}, "roc"},
        SkenderCase{"cci", "cci", "cci", {20}, "cci"}, SkenderCase{"willr", "williamsR", "willr", {14}, "willr"},
        SkenderCase{"stoch", "k", "stoch", {14, 3, 0, 3, 0}, "k", 17},
        SkenderCase{"stoch", "d", "stoch", {14, 3, 0, 3, 0}, "d"},
        SkenderCase{"dema", "dema", "dema", {14}, "dema", 250}, SkenderCase{"tema", "tema", "tema", {20}, "tema", 250},
        SkenderCase{"t3", "t3", "t3", {5, 0.7}, "t3", 250}, SkenderCase{"trix", "trix", "trix", {14}, "trix", 250},
        SkenderCase{"hma", "hma", "hma", {14}, "hma"}, SkenderCase{"vwma", "vwma", "vwma", {14}, "vwma"},
        SkenderCase{"slope", "slope", "linearreg_slope", {14}, "linearreg_slope"},
        SkenderCase{"stdev", "stdDev", "stddev", {14, 1}, "stddev"},
        SkenderCase{"uo", "ultimate", "ultosc", {7, 14, 28}, "ultosc"}, SkenderCase{"tr", "tr", "trange", {}, "trange"},
        SkenderCase{"adl", "adl", "ad", {}, "ad"},
        SkenderCase{"ichimoku", "tenkanSen", "ichimoku", {9, 26, 52, 26}, "tenkan"},
        SkenderCase{"ichimoku", "kijunSen", "ichimoku", {9, 26, 52, 26}, "kijun"},
        SkenderCase{"ichimoku", "senkouSpanA", "ichimoku", {9, 26, 52, 26}, "span_a"},
        SkenderCase{"ichimoku", "senkouSpanB", "ichimoku", {9, 26, 52, 26}, "span_b"},
        SkenderCase{"chexit", "chandelierExit", "chandelier", {22, 3}, "long_exit"},
        SkenderCase{"chop", "chop", "chop", {14}, "chop"}, SkenderCase{"awesome", "oscillator", "ao", {5, 34}, "ao"},
        SkenderCase{"vortex", "pvi", "vortex", {14}, "plusvi"}, SkenderCase{"vortex", "nvi", "vortex", {14}, "minusvi"},
        SkenderCase{"tsi", "tsi", "tsi", {25, 13}, "tsi"},
        SkenderCase{"supertrend", "superTrend", "supertrend", {10, 3}, "supertrend"},
        SkenderCase{"heikinashi", "open", "ha", {}, "open"}, SkenderCase{"heikinashi", "high", "ha", {}, "high"},
        SkenderCase{"heikinashi", "low", "ha", {}, "low"}, SkenderCase{"heikinashi", "close", "ha", {}, "close"},
        // sessions are months
        SkenderCase{"pivot-points", "pp", "pivots", {}, "pp"}, SkenderCase{"pivot-points", "r1", "pivots", {}, "r1"},
        SkenderCase{"pivot-points", "r2", "pivots", {}, "r2"}, SkenderCase{"pivot-points", "r3", "pivots", {}, "r3"},
        SkenderCase{"pivot-points", "s1", "pivots", {}, "s1"}, SkenderCase{"pivot-points", "s2", "pivots", {}, "s2"},
        SkenderCase{"pivot-points", "s3", "pivots", {}, "s3"},
        // the averages start as means of three and ten values
        SkenderCase{"chaikin-osc", "oscillator", "adosc", {3, 10}, "adosc", 250},
        // starts at 0, TA-Lib at the first volume
        SkenderCase{"obv", "obv", "obv", {}, "obv", 0, 96708880},
        // the fast average is seeded at its own bar 12
        SkenderCase{"macd", "macd", "macd", {12, 26, 9}, "macd", 250},
        SkenderCase{"macd", "signal", "macd", {12, 26, 9}, "signal", 250},
        SkenderCase{"macd", "histogram", "macd", {12, 26, 9}, "hist", 250}),
    [](const auto& row) { return std::string(row.param.name) + "_" + row.param.output; });

// Skender lists the bricks; the first starts at the rounded first close.
TEST(SkenderRenko, HasTheSameBricks) {
    NEEDS(folder + "skender/results/renko.standard.json");
    const Csv quotes = read_csv(folder + "skender/quotes/default.csv");
    std::map<std::string, double> theirs;
    double level = 0;
    for (const auto& brick : nlohmann::json::parse(read_text(folder + "skender/results/renko.standard.json"))) {
        theirs[brick.at("timestamp").get<std::string>().substr(0, 10)] += brick.at("isUp").get<bool>() ? 1 : -1;
        level = brick.at("close").get<double>();
    }
    ASSERT_GT(theirs.size(), 150U);
    const auto ours = run(*find("renko"), {1, 213}, {{"price", quotes.numbers("close")}});
    for (std::size_t t = 0; t < quotes.rows.size(); ++t)
        EXPECT_EQ(ours.at("bricks")[t], theirs[quotes.rows[t][0]]) << quotes.rows[t][0];
    EXPECT_EQ(ours.at("level").back(), level);
}

// ---- StockCharts: printed to a few decimals; its RSI, ATR and MACD sheets seed with the first value

struct StockChartsCase {
    const char* file;
    std::map<std::string, std::string> inputs;  // ours -> column
    const char* name;
    std::vector<double> params;
    std::map<std::string, std::string> outputs;  // ours -> column
    double tolerance;
};
void PrintTo(const StockChartsCase& row, std::ostream* out) { *out << row.file; }

class StockCharts : public ::testing::TestWithParam<StockChartsCase> {};

TEST_P(StockCharts, HasTheSameValues) {
    const StockChartsCase& expected = GetParam();
    const std::string path = folder + "stockcharts/cs-" + expected.file + ".csv";
    NEEDS(path);
    const Csv csv = read_csv(path);
    Bars bars;
    for (const auto& [ours, theirs] : expected.inputs) bars[ours] = csv.numbers(theirs);
    // The sheets leave the closes of the warm-up out where only highs and lows matter.
    if (bars.contains("high"))
        for (std::size_t t = 0; t < bars["close"].size(); ++t)
            if (std::isnan(bars["close"][t])) bars["close"][t] = bars["high"][t];
    const Entry& entry = *find(expected.name);
    const auto params = completed(*entry.info, expected.params);
    const auto values = run(entry, params, bars);
    for (const auto& [ours, theirs] : expected.outputs) {
        SCOPED_TRACE(theirs);
        const auto warm_up = static_cast<std::size_t>(entry.lookback(params));
        EXPECT_GT(expect_near_where_given(values.at(ours), csv.numbers(theirs), warm_up, 0, expected.tolerance), 7);
    }
}

const std::map<std::string, std::string> close_only{{"price", "Close"}};
const std::map<std::string, std::string> high_low_close{{"high", "High"}, {"low", "Low"}, {"close", "Close"}};

INSTANTIATE_TEST_SUITE_P(
    Table, StockCharts,
    ::testing::Values(
        StockChartsCase{"roc", close_only, "roc", {12}, {{"roc", "ROC"}}, 1e-7},
        StockChartsCase{"wma", close_only, "wma", {9}, {{"wma", "WMA"}}, 1e-3},
        StockChartsCase{"bbands",
                        close_only,
                        "bbands",
                        {20, 2, 2, 0},
                        {{"upper", "HighBand"}, {"middle", "MiddleBand"}, {"lower", "LowBand"}},
                        1e-5},
        StockChartsCase{"obv", {{"price", "Close"}, {"volume", "Volume"}}, "obv", {}, {{"obv", "OBV"}}, 0},
        StockChartsCase{"cci", high_low_close, "cci", {20}, {{"cci", "CCI"}}, 0.02},
        StockChartsCase{"percentr", high_low_close, "willr", {14}, {{"willr", "Williams_%R"}}, 1e-5},
        StockChartsCase{"vortex", high_low_close, "vortex", {14}, {{"plusvi", "+VI14"}, {"minusvi", "-VI14"}}, 1e-5},
        StockChartsCase{"soo", high_low_close, "stoch", {14, 1, 0, 3, 0}, {{"k", "SO"}, {"d", "SO_SIG"}}, 1e-5}),
    [](const auto& row) { return std::string(row.param.file); });

// ---- TA-Lib's regression tables: 252 bars, outputs at some index, to two decimals

struct RegressionCase {
    const char* file;
    std::map<std::string, std::string> where;  // column -> value
    const char* name;
    std::vector<std::string> params;  // a column each, or a number
    std::vector<std::string> outputs;
};
void PrintTo(const RegressionCase& row, std::ostream* out) { *out << row.name; }

class TaLibRegression : public ::testing::TestWithParam<RegressionCase> {};

double parameter(const Csv& csv, const std::vector<std::string>& row, const std::string& spec) {
    if (std::isdigit(static_cast<unsigned char>(spec[0]))) return std::strtod(spec.c_str(), nullptr);
    const std::string& text = row[csv.column(spec)];
    if (text == "TA_MAType_SMA") return 0;
    if (text == "TA_MAType_EMA") return 1;
    if (text == "TA_MAType_WMA") return 2;
    if (text.starts_with("TA_MAType_")) return missing;  // a kind that we refuse
    return std::strtod(text.c_str(), nullptr);
}

bool applies(const Csv& csv, const std::vector<std::string>& row, const RegressionCase& expected) {
    const auto is = [&](const char* name, const std::string& value) {
        const auto at = std::ranges::find(csv.names, name);
        return at == csv.names.end() || row[static_cast<std::size_t>(at - csv.names.begin())] == value;
    };
    if (!is("expectedRetCode", "TA_SUCCESS") || !is("compatibility", "TA_COMPATIBILITY_DEFAULT") ||
        !is("unstablePeriod", "0"))
        return false;
    for (const auto& [name, value] : expected.where)
        if (!is(name.c_str(), value)) return false;
    for (const auto& spec : expected.params)
        if (!std::isdigit(static_cast<unsigned char>(spec[0])) && std::isnan(parameter(csv, row, spec))) return false;
    return true;
}

TEST_P(TaLibRegression, HasTheSameValues) {
    const RegressionCase& expected = GetParam();
    const std::string path = folder + "talib/expected/" + expected.file + ".csv";
    NEEDS(path);
    const Csv csv = read_csv(path), input = read_csv(folder + "talib/reference_252_bars.csv");
    Bars bars;
    for (const char* name : {"open", "high", "low", "close", "volume"}) bars[name] = input.numbers(name);
    bars["price"] = bars["close"];
    const Entry& entry = *find(expected.name);
    int compared = 0;
    for (const auto& row : csv.rows) {
        if (!applies(csv, row, expected)) continue;
        const auto integer = [&](const std::string& name) { return std::stoi(row[csv.column(name)]); };
        const int begin = integer("expectedBegIdx"), count = integer("expectedNbElement");
        if (count == 0) continue;
        std::vector<double> params;
        for (const auto& spec : expected.params) params.push_back(parameter(csv, row, spec));
        if (params.size() == 1 && params[0] < entry.info->params[0].lowest) continue;  // a period of 1 that we refuse
        // TA-Lib starts its recursions just early enough for the first bar asked for.
        params = completed(*entry.info, params);
        const int warm_up = entry.lookback(params), from = begin - warm_up;
        ASSERT_GE(from, 0);
        Bars part;
        for (const auto& [name, column] : bars) part[name] = {column.begin() + from, column.begin() + begin + count};
        const auto values = run(entry, params, part);
        for (std::size_t k = 0; k < expected.outputs.size(); ++k) {
            const std::string suffix =
                std::ranges::find(csv.names, "oneOfTheExpectedOutReal") != csv.names.end() ? "" : std::to_string(k);
            const int at = integer("oneOfTheExpectedOutRealIndex" + suffix);
            const double value = std::strtod(row[csv.column("oneOfTheExpectedOutReal" + suffix)].c_str(), nullptr);
            EXPECT_NEAR(values.at(expected.outputs[k])[static_cast<std::size_t>(warm_up + at)], value, 0.011)
                << "bar " << begin + at;
            ++compared;
        }
    }
    EXPECT_GE(compared, 1);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TaLibRegression,
    ::testing::Values(
        RegressionCase{"ma", {{"optInMAType_1", "TA_MAType_SMA"}}, "sma", {"optInTimePeriod"}, {"sma"}},
        RegressionCase{"ma", {{"optInMAType_1", "TA_MAType_EMA"}}, "ema", {"optInTimePeriod"}, {"ema"}},
        RegressionCase{"ma", {{"optInMAType_1", "TA_MAType_WMA"}}, "wma", {"optInTimePeriod"}, {"wma"}},
        RegressionCase{"macd",
                       {{"testId", "TA_MACD_TEST"}},
                       "macd",
                       {"optInFastPeriod", "optInSlowPeriod", "optInSignalPeriod_2"},
                       {"macd", "signal", "hist"}},
        RegressionCase{"bbands",
                       {},
                       "bbands",
                       {"optInTimePeriod", "optInNbDevUp", "optInNbDevDn", "optInMethod_3"},
                       {"upper", "middle", "lower"}},
        RegressionCase{"rsi", {{"theFunction", "TA_RSI_TEST"}}, "rsi", {"optInTimePeriod"}, {"rsi"}},
        RegressionCase{"stoch",
                       {{"testId", "TEST_STOCH"}},
                       "stoch",
                       {"optInPeriod_0", "optInPeriod_1", "optInMAType_1", "optInPeriod_2", "optInMAType_2"},
                       {"k", "d"}},
        RegressionCase{"mom", {{"theFunction", "TA_ROC_TEST"}}, "roc", {"optInTimePeriod"}, {"roc"}},
        RegressionCase{"per_hlc", {{"theFunction", "TA_CCI_TEST"}}, "cci", {"optInTimePeriod1"}, {"cci"}},
        RegressionCase{"per_hlc", {{"theFunction", "TA_WILLR_TEST"}}, "willr", {"optInTimePeriod1"}, {"willr"}},
        RegressionCase{"ma", {{"optInMAType_1", "TA_MAType_TRIMA"}}, "trima", {"optInTimePeriod"}, {"trima"}},
        RegressionCase{"ma", {{"optInMAType_1", "TA_MAType_KAMA"}}, "kama", {"optInTimePeriod"}, {"kama"}},
        RegressionCase{"ma", {{"optInMAType_1", "TA_MAType_T3"}}, "t3", {"optInTimePeriod", "0.7"}, {"t3"}},
        RegressionCase{"mom", {{"theFunction", "TA_MOM_TEST"}}, "mom", {"optInTimePeriod"}, {"mom"}},
        RegressionCase{"mom", {{"theFunction", "TA_ROCR_TEST"}}, "rocr", {"optInTimePeriod"}, {"rocr"}},
        RegressionCase{"mom", {{"theFunction", "TA_ROCR100_TEST"}}, "rocr100", {"optInTimePeriod"}, {"rocr100"}},
        RegressionCase{"per_hlc", {{"theFunction", "TA_NATR_TEST"}}, "natr", {"optInTimePeriod1"}, {"natr"}},
        RegressionCase{"per_hlc",
                       {{"theFunction", "TA_ULTOSC_TEST"}},
                       "ultosc",
                       {"optInTimePeriod1", "optInTimePeriod2", "optInTimePeriod3"},
                       {"ultosc"}},
        RegressionCase{"per_hl", {{"theFunction", "TA_AROON_UP_TEST"}}, "aroon", {"optInTimePeriod"}, {"up"}},
        RegressionCase{"per_hl", {{"theFunction", "TA_AROON_DOWN_TEST"}}, "aroon", {"optInTimePeriod"}, {"down"}},
        RegressionCase{"per_hl", {{"theFunction", "TA_AROONOSC_TEST"}}, "aroonosc", {"optInTimePeriod"}, {"aroonosc"}},
        RegressionCase{
            "po", {{"doPercentage", "1"}}, "ppo", {"optInFastPeriod", "optInSlowPeriod", "optInMethod_2"}, {"ppo"}},
        RegressionCase{
            "po", {{"doPercentage", "0"}}, "apo", {"optInFastPeriod", "optInSlowPeriod", "optInMethod_2"}, {"apo"}},
        RegressionCase{"per_hlcv", {{"theFunction", "TA_MFI_TEST"}}, "mfi", {"optInTimePeriod"}, {"mfi"}},
        RegressionCase{"per_hlcv", {{"theFunction", "TA_AD_TEST"}}, "ad", {}, {"ad"}},
        RegressionCase{"per_hlcv", {{"theFunction", "TA_ADOSC_3_10_TEST"}}, "adosc", {"3", "10"}, {"adosc"}},
        RegressionCase{"per_ohlc", {{"theFunction", "TA_BOP_TEST"}}, "bop", {}, {"bop"}},
        RegressionCase{"per_ema", {{"theFunction", "TA_TRIX_TEST"}}, "trix", {"optInTimePeriod"}, {"trix"}},
        RegressionCase{"trange", {{"doAverage", "0"}}, "trange", {}, {"trange"}},
        RegressionCase{"stddev", {}, "stddev", {"optInTimePeriod", "optInNbDeviation_1"}, {"stddev"}},
        RegressionCase{"rsi", {{"theFunction", "TA_CMO_TEST"}}, "cmo", {"optInTimePeriod"}, {"cmo"}},
        RegressionCase{"adx", {{"id", "TST_ADX"}}, "adx", {"optInTimePeriod"}, {"adx"}},
        RegressionCase{"adx", {{"id", "TST_ADXR"}}, "adxr", {"optInTimePeriod"}, {"adxr"}},
        RegressionCase{"adx", {{"id", "TST_DX"}}, "dx", {"optInTimePeriod"}, {"dx"}},
        RegressionCase{"adx", {{"id", "TST_PLUS_DI"}}, "plus_di", {"optInTimePeriod"}, {"plus_di"}},
        RegressionCase{"adx", {{"id", "TST_MINUS_DI"}}, "minus_di", {"optInTimePeriod"}, {"minus_di"}},
        RegressionCase{"trange", {{"doAverage", "1"}}, "atr", {"optInTimePeriod"}, {"atr"}}),
    [](const auto& row) { return std::string(row.param.name) + "_" + row.param.outputs[0]; });

// ---- Tulip: 15 bars, three decimals; outputs are right-aligned

struct TulipCase {
    const char* line;  // with the options
    const char* name;
    std::vector<double> params;
    std::vector<std::string> inputs, outputs;  // in Tulip's order
    double scale = 1;                          // ours = theirs * scale
    double shift = 0;                          // ours = theirs + shift
};
void PrintTo(const TulipCase& row, std::ostream* out) { *out << row.line; }

class Tulip : public ::testing::TestWithParam<TulipCase> {};

std::vector<Column> tulip_arrays(const std::string& text, const std::string& line) {
    std::vector<Column> arrays;
    std::istringstream lines(text);
    std::string current;
    bool inside = false;
    while (std::getline(lines, current)) {
        if (inside && (current.empty() || current[0] != '{')) break;
        if (inside) {
            Column column;
            for (const auto& field : fields(current.substr(1, current.size() - 2)))
                column.push_back(std::strtod(field.c_str(), nullptr));
            arrays.push_back(column);
        }
        inside = inside || current == line;
    }
    return arrays;
}

TEST_P(Tulip, HasTheSameValues) {
    const TulipCase& expected = GetParam();
    NEEDS(folder + "tulip/untest.txt");
    const auto arrays = tulip_arrays(read_text(folder + "tulip/untest.txt"), expected.line);
    ASSERT_EQ(arrays.size(), expected.inputs.size() + expected.outputs.size());
    Bars bars;
    for (std::size_t i = 0; i < expected.inputs.size(); ++i) bars[expected.inputs[i]] = arrays[i];
    const auto values = run(*find(expected.name), expected.params, bars);
    for (std::size_t k = 0; k < expected.outputs.size(); ++k) {
        Column theirs = arrays[expected.inputs.size() + k], ours = values.at(expected.outputs[k]);
        for (double& value : theirs) value = value * expected.scale + expected.shift;
        const std::size_t count =
            std::min(theirs.size(),
                     static_cast<std::size_t>(std::ranges::count_if(ours, [](double x) { return !std::isnan(x); })));
        ASSERT_GT(count, 3U);
        theirs.erase(theirs.begin(), theirs.end() - static_cast<std::ptrdiff_t>(count));
        ours.erase(ours.begin(), ours.end() - static_cast<std::ptrdiff_t>(count));
        expect_near_where_given(ours, theirs, 0, 0, 0.00051 * expected.scale);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Tulip,
    ::testing::Values(
        TulipCase{"sma 5", "sma", {5}, {"price"}, {"sma"}}, TulipCase{"wma 5", "wma", {5}, {"price"}, {"wma"}},
        TulipCase{"bbands 5 2", "bbands", {5, 2, 2, 0}, {"price"}, {"lower", "middle", "upper"}},
        TulipCase{"rsi 5", "rsi", {5}, {"price"}, {"rsi"}}, TulipCase{"roc 5", "roc", {5}, {"price"}, {"roc"}, 100},
        TulipCase{"cci 5", "cci", {5}, {"high", "low", "close"}, {"cci"}},
        TulipCase{"willr 5", "willr", {5}, {"high", "low", "close"}, {"willr"}},
        TulipCase{"stoch 5 3 3", "stoch", {5, 3, 0, 3, 0}, {"high", "low", "close"}, {"k", "d"}},
        TulipCase{"mom 5", "mom", {5}, {"price"}, {"mom"}}, TulipCase{"rocr 5", "rocr", {5}, {"price"}, {"rocr"}},
        TulipCase{"stddev 5", "stddev", {5, 1}, {"price"}, {"stddev"}},
        TulipCase{"var 5", "var", {5, 1}, {"price"}, {"var"}}, TulipCase{"trima 5", "trima", {5}, {"price"}, {"trima"}},
        TulipCase{"tr", "trange", {}, {"high", "low", "close"}, {"trange"}},
        TulipCase{"fosc 5", "fosc", {5}, {"price"}, {"fosc"}},
        TulipCase{"nvi", "nvi", {}, {"price", "volume"}, {"nvi"}},
        TulipCase{"pvi", "pvi", {}, {"price", "volume"}, {"pvi"}},
        TulipCase{"qstick 5", "qstick", {5}, {"open", "close"}, {"qstick"}},
        TulipCase{"wad", "wad", {}, {"high", "low", "close"}, {"wad"}},
        TulipCase{"max 5", "max", {5}, {"price"}, {"max"}}, TulipCase{"min 5", "min", {5}, {"price"}, {"min"}},
        TulipCase{"sum 5", "sum", {5}, {"price"}, {"sum"}}, TulipCase{"md 5", "avgdev", {5}, {"price"}, {"avgdev"}},
        TulipCase{"crossover", "crossover", {}, {"price0", "price1"}, {"crossover"}},
        TulipCase{"fisher 5", "fisher", {5}, {"high", "low"}, {"fisher", "signal"}},
        TulipCase{"bop", "bop", {}, {"open", "high", "low", "close"}, {"bop"}},
        TulipCase{"avgprice", "avgprice", {}, {"open", "high", "low", "close"}, {"avgprice"}},
        // starts at 0, TA-Lib at the first volume
        TulipCase{"obv", "obv", {}, {"price", "volume"}, {"obv"}, 1, 5653100}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bourse::indicators::testing
