#include "workers/cli/import/row_parser.hpp"

#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

namespace bourse::cli {
namespace {

using market::Field;
using market::ParsedTime;

constexpr std::int64_t day_us = 86'400'000'000;

std::string text_of(const Cell& cell) {
    switch (cell.kind) {
        case Cell::Kind::missing:
            return {};
        case Cell::Kind::text:
            return to_utf8(cell.text);
        case Cell::Kind::number:
            if (cell.whole) return std::to_string(cell.integer);
            break;
        default:
            return std::to_string(cell.integer);
    }
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, cell.number).ptr;
    return {buffer, end};
}

std::string raw_json(const std::vector<Cell>& cells, const std::vector<std::string>& columns) {
    auto raw = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < cells.size() && i < 200; ++i)
        if (cells[i].kind != Cell::Kind::missing) {
            std::string text = text_of(cells[i]);
            if (text.size() > 1000) text = to_utf8(std::string_view(text).substr(0, 1000)) + "…";
            raw[i < columns.size() ? to_utf8(columns[i]) : "column " + std::to_string(i + 1)] = std::move(text);
        }
    return raw.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<ParsedTime> time_of(const Cell& cell, const Cell* clock) {
    switch (cell.kind) {
        case Cell::Kind::missing:
            return std::nullopt;
        case Cell::Kind::instant:
            return ParsedTime{cell.integer, true, false};
        case Cell::Kind::local_time:
            return ParsedTime{cell.integer, false, false};
        case Cell::Kind::date:
            return ParsedTime{cell.integer * day_us, false, true};
        case Cell::Kind::number:
            if (cell.whole) return market::time_from_integer(cell.integer);
            if (std::abs(cell.number) < 9e15 && cell.number == std::floor(cell.number))
                return market::time_from_integer(static_cast<std::int64_t>(cell.number));
            return std::nullopt;
        case Cell::Kind::text:
            break;
    }
    if (!clock || clock->kind != Cell::Kind::text) return market::parse_time(cell.text);
    std::string clock_text(market::trimmed(clock->text));
    if (clock_text.size() == 6 && clock_text.find_first_not_of("0123456789") == std::string::npos)  // HHMMSS
        clock_text = clock_text.substr(0, 2) + ":" + clock_text.substr(2, 2) + ":" + clock_text.substr(4);
    return market::parse_time(std::string(market::trimmed(cell.text)) + " " + clock_text);
}

// The words of a field that could not be read.
void reject(ParsedRow& row, const char* rule, std::string reason, const std::vector<Cell>& cells,
            const std::vector<std::string>& columns) {
    if (!row.rule.empty()) return;  // the first one counts
    row.rule = rule;
    row.reason = std::move(reason);
    row.raw = raw_json(cells, columns);
}

std::string quoted(const Cell& cell) {
    std::string text = text_of(cell);
    if (text.size() > 60) text = to_utf8(std::string_view(text).substr(0, 60)) + "…";
    return "'" + text + "'";
}

}  // namespace

void RowParser::parse(const std::vector<Cell>& cells, std::int64_t line, std::vector<ParsedRow>& rows) const {
    rows.resize(map_.groups.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].line = line;
        parse_group(cells, map_.groups[i], rows[i]);
    }
}

void RowParser::parse_group(const std::vector<Cell>& cells, const market::ColumnGroup& group, ParsedRow& row) const {
    row.rule.clear();
    row.reason.clear();
    row.raw.clear();
    static const Cell none;
    const auto cell = [&](Field field) -> const Cell& {
        return group[field] == market::no_column ? none : cells[static_cast<std::size_t>(group[field])];
    };

    row.symbol = group.symbol;
    if (row.symbol.empty() && group[Field::symbol] != market::no_column)
        row.symbol = market::trimmed(text_of(cell(Field::symbol)));
    row.freq.clear();
    if (group[Field::freq] != market::no_column) row.freq = market::trimmed(text_of(cell(Field::freq)));

    const auto read_time = [&](Field field, std::optional<ParsedTime>& into) {
        const Cell& from = cell(field);
        into.reset();
        if (from.kind == Cell::Kind::missing || (from.kind == Cell::Kind::text && market::is_missing_text(from.text)))
            return;
        const Cell* clock =
            field == Field::ts && group[Field::clock] != market::no_column ? &cell(Field::clock) : nullptr;
        into = time_of(from, clock);
        if (into) return;
        reject(row, "bad_time",
               std::string(market::field_names[static_cast<std::size_t>(field)]) + " " + quoted(from) +
                   " is no time: ISO 8601, YYYYMMDD, M/D/YYYY or epoch numbers are read",
               cells, columns_);
    };
    read_time(Field::ts, row.ts);
    read_time(Field::known_at, row.known_at);

    const auto read_number = [&](Field field, ParsedRow::Value& into) {
        const Cell& from = cell(field);
        into = {};
        if (from.kind == Cell::Kind::missing) return;
        if (from.kind == Cell::Kind::number) {
            into = {from.number, true};
            return;
        }
        if (from.kind == Cell::Kind::text) {
            const auto parsed = market::parse_number(from.text);
            if (parsed.kind == market::TextKind::missing) return;
            if (parsed.kind == market::TextKind::value) {
                into = {parsed.value, true};
                return;
            }
        }
        reject(row, "bad_number",
               std::string(market::field_names[static_cast<std::size_t>(field)]) + " " + quoted(from) + " is no number",
               cells, columns_);
    };
    read_number(Field::open, row.open);
    read_number(Field::high, row.high);
    read_number(Field::low, row.low);
    read_number(Field::close, row.close);
    read_number(Field::volume, row.volume);
    read_number(Field::amount, row.amount);
    read_number(Field::adj_factor, row.adj_factor);

    for (std::size_t i = columns_.size(); i < cells.size(); ++i)
        if (cells[i].kind != Cell::Kind::missing)
            reject(row, "bad_number",
                   "the row has " + std::to_string(cells.size()) + " values, the header names " +
                       std::to_string(columns_.size()) + ": is a decimal comma or an unquoted separator in it?",
                   cells, columns_);
    if (!row.rule.empty()) return;

    if (group[Field::adj_close] != market::no_column) {
        ParsedRow::Value adjusted;
        read_number(Field::adj_close, adjusted);
        if (adjusted.present && row.close.present && row.close.number != 0)
            row.adj_factor = {adjusted.number / row.close.number, true};
    }
    if (map_.adjusted_by_factor && row.adj_factor.present && row.adj_factor.number > 0) {
        for (auto* price : {&row.open, &row.high, &row.low, &row.close}) price->number /= row.adj_factor.number;
        row.volume.number *= row.adj_factor.number;
    }
}

std::string to_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        std::size_t size = 0;
        if (byte > 0 && byte < 0x80)
            size = 1;
        else if (byte >= 0xc2 && byte < 0xe0)
            size = 2;
        else if (byte >= 0xe0 && byte < 0xf0)
            size = 3;
        else if (byte >= 0xf0 && byte < 0xf5)
            size = 4;
        bool good = size > 0 && i + size <= text.size();
        for (std::size_t k = 1; good && k < size; ++k) good = (static_cast<unsigned char>(text[i + k]) & 0xc0) == 0x80;
        if (good && size == 3) {
            const auto second = static_cast<unsigned char>(text[i + 1]);
            good = !(byte == 0xe0 && second < 0xa0) && !(byte == 0xed && second >= 0xa0);
        }
        if (good && size == 4) {
            const auto second = static_cast<unsigned char>(text[i + 1]);
            good = !(byte == 0xf0 && second < 0x90) && !(byte == 0xf4 && second >= 0x90);
        }
        if (good) {
            result.append(text.substr(i, size));
            i += size;
        } else {
            result += "\xef\xbf\xbd";
            ++i;
        }
    }
    return result;
}

}  // namespace bourse::cli
