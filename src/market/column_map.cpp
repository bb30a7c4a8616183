#include "market/column_map.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace bourse::market {
namespace {

using Names = std::vector<std::string_view>;

// Names that are taken for a field, the better ones first.
const std::array<Names, field_count>& names_of_fields() {
    static const std::array<Names, field_count> names{
        Names{"symbol", "ts_code", "ticker", "instrument", "code", "stock_code", "pair", "asset", "tic",
              "order_book_id", "secid", "stock", "name"},
        Names{"freq", "frequency", "interval", "timeframe"},
        Names{"ts", "timestamp", "datetime", "open_time", "opentime", "date", "trade_date", "tradedate", "trading_date",
              "day", "candle_begin_time", "dt", "time", "unix", "t", "index", "unnamed:_0", ""},
        Names{"time", "clock"},
        Names{"open", "open_price", "o", "price_open"},
        Names{"high", "high_price", "h", "price_high", "max"},
        Names{"low", "low_price", "l", "price_low", "min"},
        Names{"close", "close_price", "c", "price_close", "last", "close/last"},
        Names{"volume", "vol", "v", "base_volume"},
        Names{"amount", "turnover", "quote_volume", "quote_asset_volume", "quote_av", "money"},
        Names{"adj_factor", "adjfactor", "factor"},
        Names{"known_at", "available_at"},
        Names{"adj_close", "adjclose", "adjusted_close"},
    };
    return names;
}

// "Open Time", "<OPEN>", "Close*" -> open_time, open, close
std::string plain_name(std::string_view text) {
    std::string name;
    for (char c : text) {
        if (c == '<' || c == '>' || c == '*' || c == '"' || c == '\'') continue;
        name += c == ' ' || c == '-' || c == '.' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    const auto from = name.find_first_not_of('_');
    if (from == std::string::npos) return {};
    return name.substr(from, name.find_last_not_of('_') - from + 1);
}

struct TwoLevel {
    std::string field, symbol;
};

// ('Close', 'AAPL') as pandas writes a two-level column index.
std::optional<TwoLevel> read_two_level(std::string_view name) {
    if (name.size() < 8 || !name.starts_with('(') || !name.ends_with(')')) return std::nullopt;
    std::vector<std::string> parts;
    for (std::size_t i = 1; i < name.size() - 1;) {
        const char quote = name[i];
        if (quote != '\'' && quote != '"') return std::nullopt;
        const auto end = name.find(quote, i + 1);
        if (end == std::string_view::npos) return std::nullopt;
        parts.emplace_back(name.substr(i + 1, end - i - 1));
        i = end + 1;
        while (i < name.size() - 1 && (name[i] == ',' || name[i] == ' ')) ++i;
    }
    if (parts.size() != 2) return std::nullopt;
    return TwoLevel{parts[0], parts[1]};
}

int find_column(std::span<const std::string> plain, Field field) {
    for (const auto name : names_of_fields()[static_cast<std::size_t>(field)])
        for (std::size_t i = 0; i < plain.size(); ++i)
            if (plain[i] == name) return static_cast<int>(i);
    return no_column;
}

void fill_by_name(ColumnGroup& group, std::span<const std::string> plain) {
    for (std::size_t f = 0; f < field_count; ++f) {
        const auto field = static_cast<Field>(f);
        if (group[field] == no_column) group[field] = find_column(plain, field);
    }
    const auto is = [&](Field field, std::string_view name) {
        return group[field] != no_column && plain[static_cast<std::size_t>(group[field])] == name;
    };
    // A time column beside a date is its clock; alone it is the time itself.
    if (group[Field::clock] == group[Field::ts] ||
        !(is(Field::ts, "date") || is(Field::ts, "day") || is(Field::ts, "trade_date")))
        group[Field::clock] = no_column;
}

std::string join(std::span<const std::string> names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < 40; ++i) text += (i ? ", " : "") + names[i];
    return names.size() > 40 ? text + ", …" : text;
}

int column_named(std::span<const std::string> columns, const std::string& wanted, std::string_view field) {
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (columns[i] == wanted) return static_cast<int>(i);
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (plain_name(columns[i]) == plain_name(wanted)) return static_cast<int>(i);
    const std::string near = nearest(wanted, columns);
    throw Error(ErrorKind::refused_file, "--map " + std::string(field) + "=" + wanted + ": the file has no such column",
                (near.empty() ? "" : "did you mean " + near + "? ") + ("columns: " + join(columns)));
}

ColumnMap two_level_map(std::span<const std::string> columns, std::span<const std::string> plain) {
    ColumnMap map;
    map.layout = "pandas two-level columns";
    ColumnGroup shared;
    std::vector<std::string> single(plain.begin(), plain.end());
    std::map<std::string, std::vector<std::string>> by_symbol;  // plain field names at their columns
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto name = read_two_level(columns[i]);
        if (!name) continue;
        single[i] = name->symbol.empty() ? plain_name(name->field) : "\n";  // ('Date', '') is the index; \n: taken
        if (name->symbol.empty()) continue;
        auto& fields = by_symbol.try_emplace(name->symbol, columns.size(), "\n").first->second;
        fields[i] = plain_name(name->field);
    }
    for (auto& [symbol, fields] : by_symbol) {
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (single[i] != "\n") fields[i] = single[i];
        ColumnGroup group;
        fill_by_name(group, fields);
        group.symbol = symbol;
        group[Field::symbol] = no_column;
        map.groups.push_back(group);
    }
    return map;
}

std::string layout_of(const ColumnGroup& group, std::span<const std::string> plain, bool by_option) {
    if (by_option) return "columns by --map";
    const auto has = [&](std::string_view name) { return std::find(plain.begin(), plain.end(), name) != plain.end(); };
    if (has("open_time") && has("close_time")) return "exchange klines";
    if (group[Field::adj_factor] != no_column && plain[static_cast<std::size_t>(group[Field::adj_factor])] == "factor")
        return "qlib";
    if (group[Field::adj_close] != no_column) return "yahoo";
    if (has("ts_code")) return "ts_code and trade_date";
    return "named columns";
}

void check_complete(const ColumnMap& map, std::span<const std::string> columns) {
    for (const auto& group : map.groups) {
        std::vector<std::string> missing;
        for (Field field : {Field::ts, Field::open, Field::high, Field::low, Field::close})
            if (group[field] == no_column) missing.emplace_back(field_names[static_cast<std::size_t>(field)]);
        if (missing.empty()) continue;
        throw Error(
            ErrorKind::refused_file,
            "no column was recognised as " + join(missing) + (group.symbol.empty() ? "" : " of " + group.symbol),
            "name it with --map, for example --map " + missing.front() + "=COLUMN; columns: " + join(columns));
    }
}

}  // namespace

MapOptions parse_map_option(std::string_view text) {
    MapOptions options;
    std::vector<std::string> known;
    for (auto name : field_names)
        if (name != "clock" && name != "adj_close") known.emplace_back(name);
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        const auto pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0 || equals + 1 == pair.size())
            throw Error(ErrorKind::invalid_argument, "--map has '" + std::string(pair) + "', expected FIELD=COLUMN",
                        "for example --map ts=trade_date,close=adj_close");
        const std::string field(pair.substr(0, equals));
        if (std::find(known.begin(), known.end(), field) == known.end()) {
            const std::string near = nearest(field, known);
            throw Error(ErrorKind::unknown_option, "--map knows no field '" + field + "'",
                        (near.empty() ? "" : "did you mean " + near + "? ") + ("fields: " + join(known)));
        }
        if (!options.emplace(field, std::string(pair.substr(equals + 1))).second)
            throw Error(ErrorKind::invalid_argument, "--map names the field '" + field + "' twice");
    }
    return options;
}

ColumnMap map_columns(std::span<const std::string> columns, const MapOptions& options) {
    std::vector<std::string> plain;
    for (const auto& name : columns) plain.push_back(plain_name(name));
    ColumnMap map;
    const bool two_level = std::count_if(columns.begin(), columns.end(),
                                         [](const std::string& name) { return read_two_level(name).has_value(); }) >= 4;
    if (two_level && options.empty()) {
        map = two_level_map(columns, plain);
    } else {
        if (two_level)  // --map speaks of the first level; one symbol only
            for (std::size_t i = 0; i < plain.size(); ++i)
                if (const auto name = read_two_level(columns[i])) plain[i] = plain_name(name->field);
        ColumnGroup group;
        for (const auto& [field, column] : options) {
            const auto f = static_cast<std::size_t>(std::find(field_names.begin(), field_names.end(), field) -
                                                    field_names.begin());
            group.column[f] = column_named(two_level ? std::span<const std::string>(plain) : columns, column, field);
        }
        fill_by_name(group, plain);
        if (options.contains("ts")) group[Field::clock] = no_column;
        map.groups.push_back(group);
        map.layout = layout_of(group, plain, !options.empty());
    }
    for (auto& group : map.groups) {
        // The adjusted close tells a factor, unless the file has one or the user chose the closing price.
        if (group[Field::adj_factor] != no_column || options.contains("close") ||
            group[Field::adj_close] == group[Field::close])
            group[Field::adj_close] = no_column;
    }
    if (!options.contains("adj_factor")) map.adjusted_by_factor = map.layout == "qlib";
    check_complete(map, columns);
    return map;
}

std::vector<std::string> headerless_columns(std::size_t count) {
    std::vector<std::string> names{"open_time",  "open",         "high",   "low",        "close",       "volume",
                                   "close_time", "quote_volume", "trades", "taker_base", "taker_quote", "ignore"};
    if (count != 6 && count != 11 && count != 12)
        throw Error(ErrorKind::refused_file,
                    "the file has no header and " + std::to_string(count) + " columns: the layout is not known",
                    "add a header line; without one, 6 columns (time, open, high, low, close, volume) or 12 (exchange "
                    "klines) are understood");
    names.resize(count);
    return names;
}

}  // namespace bourse::market
