#include "market/file_name.hpp"

#include <gtest/gtest.h>

namespace bourse::market {
namespace {

TEST(FileName, TellsSymbolAndFrequency) {
    struct Case {
        const char* path;
        const char* symbol;
        std::optional<Frequency> freq;
    };
    const Case cases[] = {
        {"BTCUSDT_1h.parquet", "BTCUSDT", Frequency::h1},
        {"/data/x/ADAUSDT_1h_spot.csv.zst", "ADAUSDT", Frequency::h1},
        {"BTCUSDT-4h-2024-01.csv", "BTCUSDT", Frequency::h4},
        {"BTCUSDT-1M-2024.csv.gz", "BTCUSDT", Frequency::mo1},
        {"AAPL_data.csv", "AAPL", std::nullopt},
        {"SPY.parquet", "SPY", std::nullopt},
        {"T.parquet", "T", std::nullopt},
        {"BRK.B.csv", "BRK.B", std::nullopt},
        {"polars_zstd_sz000001.parquet", "SZ000001", std::nullopt},
        {"600000.SH.csv", "600000.SH", std::nullopt},
        {"btcusdt_15m.csv", "BTCUSDT", Frequency::m15},
        {"sp500_2013_2018.csv.zst", "", std::nullopt},
        {"prices.csv", "", std::nullopt},
        {"2024.csv", "", std::nullopt},
    };
    for (const auto& c : cases) {
        const auto name = read_file_name(c.path);
        EXPECT_EQ(name.symbol, c.symbol) << c.path;
        EXPECT_EQ(name.freq, c.freq) << c.path;
    }
}

}  // namespace
}  // namespace bourse::market
