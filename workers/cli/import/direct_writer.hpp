// Clean new bars in blocks to bourse.load_block, one block on its way while the next is parsed.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include "workers/cli/import/bar_times.hpp"
#include "workers/cli/import/row_parser.hpp"
#include "workers/cli/import/years_seen.hpp"
#include "workers/common/connection.hpp"

namespace bourse::cli {

// The load is none for the direct path: roll back and stage the whole file. No error of the file.
struct NotSimple {};

class DirectWriter {
public:
    struct Options {
        std::string source, symbol, freq;  // of rows that carry none themselves; freq is one name of a fixed length
        std::string series;                // JSON: exchange and calendar of new instruments
        std::function<void(const YearsSeen&)>
            make_partitions;  // called before a block goes out, while none is on its way
    };
    // Inside an open transaction. Throws NotSimple for a frequency that varies from row to row, or a month.
    DirectWriter(workers::Connection& connection, const BarTimes& times, Options options);
    ~DirectWriter();  // waits for the block that is on its way
    DirectWriter(const DirectWriter&) = delete;
    DirectWriter& operator=(const DirectWriter&) = delete;

    // Throws NotSimple at the first row that is no clean bar after the last one of its series and after those that
    // the database has, and when another load holds a key.
    void write(const ParsedRow& row);
    std::int64_t finish();  // sends the rest, ends the short lock_timeout; rows sent
    std::int64_t rows() const noexcept { return rows_; }
    std::int64_t data_version_id() const noexcept { return version_; }

private:
    struct Series {
        std::int32_t instrument = 0;  // 0: not asked for yet
        std::size_t number;
        std::int64_t last_ts = std::numeric_limits<std::int64_t>::min(), first_ts;
    };
    using Entry = std::pair<const std::string, Series>;

    Entry& series_of(const std::string& symbol, std::int64_t ts);
    void send_block();
    void ask_for_series();
    void receive();

    workers::Connection& connection_;
    const BarTimes& times_;
    Options options_;
    market::Frequency freq_;
    std::int64_t rows_ = 0, version_ = 0;
    std::unordered_map<std::string, Series> series_;
    Entry* current_ = nullptr;
    std::vector<Entry*> fresh_;   // first seen in this block
    std::vector<Entry*> of_row_;  // of the block
    std::vector<char> block_,
        sent_;  // fixed width rows, see bourse.load_block; instruments are filled in when it goes out
    YearsSeen years_;
    std::size_t years_made_ = 0;
    bool on_its_way_ = false;
};

}  // namespace bourse::cli
