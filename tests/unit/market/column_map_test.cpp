#include "market/column_map.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace bourse::market {
namespace {

using Columns = std::vector<std::string>;

std::string named(const Columns& columns, const ColumnGroup& group, Field field) {
    return group[field] == no_column ? "" : columns[static_cast<std::size_t>(group[field])];
}

TEST(ColumnMap, ByName) {
    const Columns columns{"date", "open", "high", "low", "close", "volume", "Name"};
    const auto map = map_columns(columns, {});
    ASSERT_EQ(map.groups.size(), 1u);
    EXPECT_EQ(named(columns, map.groups[0], Field::ts), "date");
    EXPECT_EQ(named(columns, map.groups[0], Field::symbol), "Name");
    EXPECT_EQ(named(columns, map.groups[0], Field::volume), "volume");
    EXPECT_EQ(named(columns, map.groups[0], Field::clock), "");
}

TEST(ColumnMap, ExchangeKlines) {
    const Columns columns{
        "Open time", "Open", "High", "Low", "Close", "Volume", "Close time", "Quote asset volume", "Number of trades"};
    const auto map = map_columns(columns, {});
    EXPECT_EQ(map.layout, "exchange klines");
    EXPECT_EQ(named(columns, map.groups[0], Field::ts), "Open time");
    EXPECT_EQ(named(columns, map.groups[0], Field::amount), "Quote asset volume");
    EXPECT_EQ(named(columns, map.groups[0], Field::close), "Close");
}

TEST(ColumnMap, HeaderlessKlines) {
    const auto columns = headerless_columns(12);
    EXPECT_EQ(map_columns(columns, {}).layout, "exchange klines");
    EXPECT_NO_THROW(headerless_columns(6));
    EXPECT_THROW(headerless_columns(7), Error);
}

TEST(ColumnMap, YahooTellsAFactor) {
    const Columns columns{"Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"};
    const auto map = map_columns(columns, {});
    EXPECT_EQ(map.layout, "yahoo");
    EXPECT_EQ(named(columns, map.groups[0], Field::adj_close), "Adj Close");
    const auto chosen = map_columns(columns, parse_map_option("close=Adj Close"));
    EXPECT_EQ(named(columns, chosen.groups[0], Field::close), "Adj Close");
    EXPECT_EQ(named(columns, chosen.groups[0], Field::adj_close), "");
}

TEST(ColumnMap, QlibPricesAreAdjustedAlready) {
    EXPECT_TRUE(map_columns(Columns{"symbol", "date", "open", "high", "low", "close", "volume", "factor"}, {})
                    .adjusted_by_factor);
    EXPECT_FALSE(
        map_columns(Columns{"ts_code", "trade_date", "open", "high", "low", "close", "volume", "adj_factor"}, {})
            .adjusted_by_factor);
}

TEST(ColumnMap, TwoLevelPandasColumns) {
    const Columns columns{"('Adj Close', 'AAPL')",
                          "('Close', 'AAPL')",
                          "('High', 'AAPL')",
                          "('Low', 'AAPL')",
                          "('Open', 'AAPL')",
                          "('Volume', 'AAPL')",
                          "Date"};
    const auto map = map_columns(columns, {});
    ASSERT_EQ(map.groups.size(), 1u);
    EXPECT_EQ(map.groups[0].symbol, "AAPL");
    EXPECT_EQ(named(columns, map.groups[0], Field::ts), "Date");
    EXPECT_EQ(named(columns, map.groups[0], Field::open), "('Open', 'AAPL')");
}

TEST(ColumnMap, TwoLevelWithSeveralSymbols) {
    Columns columns{"('Date', '')"};
    for (const char* symbol : {"AA", "BB"})
        for (const char* field : {"Open", "High", "Low", "Close"})
            columns.push_back(std::string("('") + field + "', '" + symbol + "')");
    const auto map = map_columns(columns, {});
    ASSERT_EQ(map.groups.size(), 2u);
    EXPECT_EQ(map.groups[1].symbol, "BB");
    EXPECT_EQ(named(columns, map.groups[1], Field::close), "('Close', 'BB')");
    EXPECT_EQ(named(columns, map.groups[1], Field::ts), "('Date', '')");
}

TEST(ColumnMap, DateAndClockInTwoColumns) {
    const Columns columns{"<TICKER>", "<DATE>", "<TIME>", "<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>", "<VOL>"};
    const auto map = map_columns(columns, {});
    EXPECT_EQ(named(columns, map.groups[0], Field::ts), "<DATE>");
    EXPECT_EQ(named(columns, map.groups[0], Field::clock), "<TIME>");
    EXPECT_EQ(named(columns, map.groups[0], Field::symbol), "<TICKER>");
}

TEST(ColumnMap, SaysWhatIsMissing) {
    try {
        map_columns(Columns{"date", "open", "px_close"}, {});
        FAIL() << "accepted";
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::refused_file);
        EXPECT_EQ(std::string(e.what()), "no column was recognised as high, low, close");
        EXPECT_NE(e.hint().find("px_close"), std::string::npos);
    }
}

TEST(ColumnMap, RefusesWrongOptions) {
    EXPECT_THROW(parse_map_option("ts"), Error);
    EXPECT_THROW(parse_map_option("ts=a,ts=b"), Error);
    try {
        parse_map_option("clos=x");
        FAIL() << "accepted";
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::unknown_option);
        EXPECT_NE(e.hint().find("did you mean close"), std::string::npos);
    }
    try {
        map_columns(Columns{"date", "open", "high", "low", "close", "adj_close"}, parse_map_option("close=adjclos"));
        FAIL() << "accepted";
    } catch (const Error& e) {
        EXPECT_NE(e.hint().find("did you mean adj_close"), std::string::npos);
    }
}

}  // namespace
}  // namespace bourse::market
