#include "workers/cli/import/stage_writer.hpp"

#include "core/epoch_2000.hpp"

namespace bourse::cli {
namespace {

// Columns that the file does not have are not sent.
std::string copy_statement(const StageColumns& columns) {
    return std::string("COPY pg_temp.bar_stage (row_no, line, series, ts, open, high, low, close") +
           (columns.volume ? ", volume" : "") + (columns.amount ? ", amount" : "") +
           (columns.adj_factor ? ", adj_factor" : "") + (columns.known_at ? ", known_at" : "") +
           ", raw, rule, reason) FROM STDIN (FORMAT binary)";
}

// What the server's timestamptz holds, in microseconds since 1970; beyond it a time is sent as infinity, which the
// rules refuse.
constexpr std::int64_t lowest_us = -62135596800000000, highest_us = 253402300799000000;

}  // namespace

StageColumns stage_columns(const market::ColumnMap& map) {
    StageColumns columns;
    for (const auto& group : map.groups) {
        const auto has = [&](market::Field field) { return group[field] != market::no_column; };
        columns.volume |= has(market::Field::volume);
        columns.amount |= has(market::Field::amount);
        columns.adj_factor |= has(market::Field::adj_factor) || has(market::Field::adj_close);
        columns.known_at |= has(market::Field::known_at);
    }
    return columns;
}

StageWriter::StageWriter(workers::Connection& connection, const BarTimes& times, const StageColumns& columns,
                         std::string symbol, std::string freq)
    : connection_(connection),
      copy_(connection, copy_statement(columns)),
      times_(times),
      columns_(columns),
      symbol_(std::move(symbol)),
      freq_(std::move(freq)) {
    fields_ = static_cast<std::int16_t>(11 + columns.volume + columns.amount + columns.adj_factor + columns.known_at);
}

std::pair<const std::string, StageWriter::Series>& StageWriter::series_of(const std::string& symbol,
                                                                          std::string_view freq) {
    key_.assign(symbol).append(1, '\n').append(freq);
    if (!current_ || current_->first != key_)
        current_ = &*series_.try_emplace(key_, Series{static_cast<std::int32_t>(series_.size() + 1)}).first;
    return *current_;
}

void StageWriter::note_key(Series& series, market::Frequency freq, std::int64_t ts) {
    if (ts <= series.last_ts) keys_ascend_ = false;
    series.last_ts = ts;
    years_.note(freq, ts);
}

void StageWriter::number(const ParsedRow::Value& value) {
    if (value.present)
        copy_.float8(value.number);
    else
        copy_.null();
}

void StageWriter::write(const ParsedRow& row) {
    const std::string& symbol = row.symbol.empty() ? symbol_ : row.symbol;
    const std::string& freq_text = row.freq.empty() ? freq_ : row.freq;
    const auto freq = market::parse_frequency(freq_text);
    const std::string_view freq_name = freq ? market::name_of(*freq) : std::string_view(freq_text);
    Series& series = series_of(symbol, freq_name).second;

    copy_.row(fields_);
    copy_.int8(++rows_);
    copy_.int8(row.line);
    copy_.int4(series.id);
    const auto time = [this](std::int64_t us) {
        copy_.int8(us < lowest_us    ? std::numeric_limits<std::int64_t>::min()
                   : us > highest_us ? std::numeric_limits<std::int64_t>::max()
                                     : us - epoch_2000_us);
    };
    if (row.ts) {
        const std::int64_t ts = freq ? times_.bar_ts(*row.ts, *freq) : times_.instant(*row.ts);
        time(ts);
        if (row.rule.empty() && freq && ts >= lowest_us && ts <= highest_us) note_key(series, *freq, ts);
    } else {
        copy_.null();
    }
    for (const auto* value : {&row.open, &row.high, &row.low, &row.close}) number(*value);
    if (columns_.volume) number(row.volume);
    if (columns_.amount) number(row.amount);
    if (columns_.adj_factor) number(row.adj_factor);
    if (columns_.known_at) {
        if (row.known_at)
            time(times_.instant(*row.known_at));
        else
            copy_.null();
    }
    if (row.rule.empty()) {
        copy_.null();
        copy_.null();
        copy_.null();
        return;
    }
    bytes_ = '\x01' + row.raw;  // jsonb's binary form: version 1, then its text
    copy_.text(bytes_);
    copy_.text(row.rule);
    copy_.text(row.reason);
}

std::int64_t StageWriter::finish() {
    const std::int64_t rows = copy_.finish();
    workers::CopyWriter series(connection_,
                               "COPY pg_temp.bar_series (series, symbol, freq) FROM STDIN (FORMAT binary)");
    for (const auto& [key, one] : series_) {
        const auto split = key.rfind('\n');  // a symbol may hold a line break, a frequency is trimmed
        series.row(3);
        series.int4(one.id);
        series.text(std::string_view(key).substr(0, split));
        series.text(std::string_view(key).substr(split + 1));
    }
    series.finish();
    return rows;
}

}  // namespace bourse::cli
