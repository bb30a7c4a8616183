// What a file's name tells about its bars: BTCUSDT_1h.parquet, AAPL_data.csv.zst, BTCUSDT-1h-2024-01.csv.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "market/frequency.hpp"

namespace bourse::market {

struct FileName {
    std::string symbol;  // empty: the name has no word that looks like one
    std::optional<Frequency> freq;
};

// `path` may have folders and endings (.csv .txt .parquet .gz .zst). A symbol is a word of capitals and digits with a
// letter in it, a Chinese code (sz000001, 600000.SH), or a pair such as btcusdt; words are parted by _ - and blanks.
FileName read_file_name(std::string_view path);

}  // namespace bourse::market
