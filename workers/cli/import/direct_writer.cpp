#include "workers/cli/import/direct_writer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include <libpq-fe.h>

#include "market/bar_rule.hpp"

namespace bourse::cli {
namespace {

static_assert(std::endian::native == std::endian::little, "blocks are little-endian");

constexpr std::size_t block_rows = 8000, row_bytes = 76;
constexpr std::size_t most_series_a_block = 1000;  // a series costs the server more than a row
constexpr std::int64_t lowest_us = -62135596800000000, highest_us = 253402300799000000;
constexpr std::int64_t not_given = std::numeric_limits<std::int64_t>::min();

// A key that is there, a wait for another load, a deadlock, what the server does not take: all for the staged path.
bool is_for_staging(std::string_view state) {
    constexpr std::array<std::string_view, 4> states{"23505", "55P03", "40P01", "22023"};
    return std::find(states.begin(), states.end(), state) != states.end();
}

[[noreturn]] void fail(PGconn* raw, const std::string& state, const std::string& message) {
    if (PQstatus(raw) != CONNECTION_OK) throw pqxx::broken_connection(message);
    if (is_for_staging(state)) throw NotSimple{};
    throw pqxx::sql_error(message, "bourse.load_block", state.c_str());
}

struct Result {
    PGresult* result;
    ~Result() { PQclear(result); }
    std::string state() const {
        const char* text = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        return text ? text : "";
    }
};

// One statement with text parameters on the raw connection, so that its SQLSTATE is known.
PGresult* ask(PGconn* raw, const char* statement, const std::vector<const char*>& values) {
    PGresult* result =
        PQexecParams(raw, statement, static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0);
    const auto status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return result;
    const Result failed{result};
    fail(raw, failed.state(), PQerrorMessage(raw));
}

template <class T>
void put(std::vector<char>& block, const T& value) {
    const char* bytes = reinterpret_cast<const char*>(&value);
    block.insert(block.end(), bytes, bytes + sizeof value);
}

std::string array_literal(const std::vector<std::string>& texts) {
    std::string literal = "{";
    for (const auto& text : texts) {
        if (literal.size() > 1) literal += ',';
        literal += '"';
        for (char c : text) {
            if (c == '"' || c == '\\') literal += '\\';
            literal += c;
        }
        literal += '"';
    }
    return literal + '}';
}

}  // namespace

DirectWriter::DirectWriter(workers::Connection& connection, const BarTimes& times, Options options)
    : connection_(connection), times_(times), options_(std::move(options)) {
    const auto freq = market::parse_frequency(options_.freq);
    if (!freq || *freq == market::Frequency::mo1) throw NotSimple{};
    freq_ = *freq;
    block_.reserve(block_rows * row_bytes);
    sent_.reserve(block_rows * row_bytes);
}

DirectWriter::~DirectWriter() {
    if (!on_its_way_) return;
    while (PGresult* result = PQgetResult(connection_.raw())) PQclear(result);
}

DirectWriter::Entry& DirectWriter::series_of(const std::string& symbol, std::int64_t ts) {
    if (current_ && current_->first == symbol) return *current_;
    const auto [entry, fresh] = series_.try_emplace(symbol);
    if (fresh) {
        entry->second.number = series_.size();
        entry->second.first_ts = ts;
        fresh_.push_back(&*entry);
        if (fresh_.size() > most_series_a_block) throw NotSimple{};
    }
    return *(current_ = &*entry);
}

void DirectWriter::write(const ParsedRow& row) {
    if (!row.rule.empty() || !row.ts || !row.freq.empty()) throw NotSimple{};
    const std::string& symbol = row.symbol.empty() ? options_.symbol : row.symbol;
    market::RawBar bar;
    bar.symbol = symbol;
    bar.freq = market::name_of(freq_);
    bar.ts = times_.bar_ts(*row.ts, freq_);
    const auto number = [](const ParsedRow::Value& value) { return market::Number{value.number, value.present}; };
    bar.open = number(row.open);
    bar.high = number(row.high);
    bar.low = number(row.low);
    bar.close = number(row.close);
    bar.volume = number(row.volume);
    bar.amount = number(row.amount);
    bar.adj_factor = number(row.adj_factor);
    if (row.known_at) bar.known_at = times_.instant(*row.known_at);
    // The server judges again, and by its own clock; here a file that will not go this way is known early.
    if (!market::broken_rule(bar, highest_us).empty() || *bar.ts < lowest_us || *bar.ts > highest_us) throw NotSimple{};
    if (bar.known_at && *bar.known_at > highest_us) throw NotSimple{};

    Entry& entry = series_of(symbol, *bar.ts);
    if (*bar.ts <= entry.second.last_ts) throw NotSimple{};
    entry.second.last_ts = *bar.ts;
    years_.note(freq_, *bar.ts);
    of_row_.push_back(&entry);
    put(block_, std::int32_t{0});
    put(block_, *bar.ts);
    for (const auto* value : {&bar.open, &bar.high, &bar.low, &bar.close, &bar.volume, &bar.amount, &bar.adj_factor})
        put(block_, value->present ? value->value : std::numeric_limits<double>::quiet_NaN());
    put(block_, bar.known_at.value_or(not_given));
    ++rows_;
    if (of_row_.size() == block_rows) send_block();
}

// Instruments are made as their symbols appear, as load_bars does; one with bars among or after these is not simple.
void DirectWriter::ask_for_series() {
    if (version_ == 0) {
        // Never waits long for another load's key, so that no load beside this one can meet it in a deadlock.
        const Result quick{ask(connection_.raw(), "SET LOCAL lock_timeout = '100ms'", {})};
        const Result opened{ask(connection_.raw(), "SELECT bourse.open_direct_load($1)", {options_.source.c_str()})};
        version_ = std::stoll(PQgetvalue(opened.result, 0, 0));
    }
    if (fresh_.empty()) return;
    std::vector<std::string> symbols;
    for (const auto* entry : fresh_) symbols.push_back(entry->first);
    const std::string version = std::to_string(version_), freq(market::name_of(freq_)), names = array_literal(symbols);
    const Result found{ask(connection_.raw(),
                           "SELECT instrument_id, (extract(epoch FROM newest) * 1000000)::bigint FROM "
                           "bourse.direct_series($1, $2, $3, $4)",
                           {version.c_str(), freq.c_str(), names.c_str(), options_.series.c_str()})};
    if (PQntuples(found.result) != static_cast<int>(fresh_.size())) throw NotSimple{};
    for (int i = 0; i < PQntuples(found.result); ++i) {
        Series& series = fresh_[static_cast<std::size_t>(i)]->second;
        series.instrument = std::stoi(PQgetvalue(found.result, i, 0));
        if (!PQgetisnull(found.result, i, 1) && std::stoll(PQgetvalue(found.result, i, 1)) >= series.first_ts)
            throw NotSimple{};
    }
    fresh_.clear();
}

void DirectWriter::send_block() {
    receive();
    if (of_row_.empty()) return;
    ask_for_series();
    if (years_.years().size() > years_made_) {
        options_.make_partitions(years_);
        years_made_ = years_.years().size();
    }
    for (std::size_t i = 0; i < of_row_.size(); ++i)
        std::memcpy(block_.data() + i * row_bytes, &of_row_[i]->second.instrument, sizeof(std::int32_t));
    std::swap(block_, sent_);
    block_.clear();
    of_row_.clear();
    const std::string version = std::to_string(version_), freq(market::name_of(freq_));
    const std::array<const char*, 3> values{sent_.data(), freq.c_str(), version.c_str()};
    const std::array<int, 3> lengths{static_cast<int>(sent_.size()), 0, 0}, formats{1, 0, 0};
    if (PQsendQueryParams(connection_.raw(), "SELECT bourse.load_block($1, $2, $3)", 3, nullptr, values.data(),
                          lengths.data(), formats.data(), 0) != 1)
        throw pqxx::broken_connection(PQerrorMessage(connection_.raw()));
    on_its_way_ = true;
}

void DirectWriter::receive() {
    if (!on_its_way_) return;
    on_its_way_ = false;
    std::string state, message;
    bool failed = false;
    while (PGresult* result = PQgetResult(connection_.raw())) {
        const Result one{result};
        if (PQresultStatus(result) == PGRES_TUPLES_OK || failed) continue;
        failed = true;
        state = one.state();
        message = PQresultErrorMessage(result);
    }
    if (failed) fail(connection_.raw(), state, message);
}

std::int64_t DirectWriter::finish() {
    send_block();
    receive();
    if (version_ == 0) throw NotSimple{};
    const Result patient{ask(connection_.raw(), "SET LOCAL lock_timeout TO DEFAULT", {})};
    return rows_;
}

}  // namespace bourse::cli
