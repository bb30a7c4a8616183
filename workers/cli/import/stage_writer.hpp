// Sends parsed rows to pg_temp.bar_stage by COPY BINARY and sees on the way whether keys ascend.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>

#include "workers/cli/import/bar_times.hpp"
#include "workers/cli/import/row_parser.hpp"
#include "workers/cli/import/years_seen.hpp"
#include "workers/common/copy_binary.hpp"

namespace bourse::cli {

// Fields beside the always needed ones that some column of the file carries.
struct StageColumns {
    bool volume = false, amount = false, adj_factor = false, known_at = false;
};
StageColumns stage_columns(const market::ColumnMap& map);

class StageWriter {
public:
    // `symbol`, `freq`: of rows that carry none themselves; freq may be empty when every row has one.
    StageWriter(workers::Connection& connection, const BarTimes& times, const StageColumns& columns, std::string symbol,
                std::string freq);

    void write(const ParsedRow& row);
    std::int64_t finish();  // ends the COPY, sends the series; rows sent

    std::int64_t rows() const noexcept { return rows_; }
    // The times of every symbol and frequency rise strictly from row to row: no key repeats.
    bool keys_ascend() const noexcept { return keys_ascend_; }
    // (frequency, year) of rows below a day, for the partitions they need.
    const YearsSeen& years() const noexcept { return years_; }

private:
    struct Series {
        std::int32_t id;
        std::int64_t last_ts = std::numeric_limits<std::int64_t>::min();
    };
    std::pair<const std::string, Series>& series_of(const std::string& symbol, std::string_view freq);
    void note_key(Series& series, market::Frequency freq, std::int64_t ts);
    void number(const ParsedRow::Value& value);

    workers::Connection& connection_;
    workers::CopyWriter copy_;
    const BarTimes& times_;
    StageColumns columns_;
    std::int16_t fields_;
    std::string symbol_, freq_;
    std::int64_t rows_ = 0;
    bool keys_ascend_ = true;
    std::unordered_map<std::string, Series> series_;           // "symbol\nfreq"
    std::pair<const std::string, Series>* current_ = nullptr;  // files come symbol by symbol, mostly
    std::string key_;
    YearsSeen years_;
    std::string bytes_;
};

}  // namespace bourse::cli
