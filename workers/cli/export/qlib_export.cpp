#include "workers/cli/export/qlib_export.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "core/error.hpp"
#include "market/code_style.hpp"
#include "market/frequency.hpp"
#include "workers/cli/export/qlib_writer.hpp"
#include "workers/cli/import/interrupt.hpp"
#include "workers/cli/import/progress.hpp"
#include "workers/cli/import/qlib_bars.hpp"
#include "workers/cli/import/time_zone.hpp"

namespace bourse::cli {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;
constexpr float none = std::numeric_limits<float>::quiet_NaN();
constexpr const char* still_a_member = "2099-12-31";

struct Span {
    std::int64_t from, to;
};

struct Instrument {
    int id;
    std::string code;
    bool has_bars;
};

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

std::string code_of(const std::string& symbol) {
    const std::string code = upper(market::to_symbol(symbol, market::CodeStyle::qlib));
    if (code.find_first_of("/\\ \t\n\r") != std::string::npos || code.front() == '.')
        throw Error(ErrorKind::invalid_argument, "symbol \"" + symbol + "\" cannot be the name of a folder",
                    "name the others with --symbols or --universe");
    return code;
}

class Export {
public:
    Export(workers::Connection& connection, pqxx::transaction_base& tx, const QlibExport& request)
        : connection_(connection), tx_(tx), request_(request), freq_(*market::parse_frequency(request.freq)) {}

    QlibExportOutcome run() {
        choose_instruments();
        choose_zone();
        read_calendar();
        read_spans();
        QlibWriter writer(request_.to);
        ImportProgress progress(request_.to);
        std::int64_t done = 0;
        for (const auto& one : instruments_) {
            InterruptGuard::check();
            if (one.has_bars) write_features(writer, one);
            ++done;
            progress.rows(done, static_cast<double>(done) / static_cast<double>(instruments_.size()));
        }
        if (!request_.csv) {
            write_calendar(writer);
            write_all(writer);
            write_universes(writer);
        }
        InterruptGuard::check();
        writer.give_name();
        const auto with_bars =
            std::count_if(instruments_.begin(), instruments_.end(), [](const auto& one) { return one.has_bars; });
        return {with_bars, static_cast<std::int64_t>(calendar_.size()), writer.files(), writer.size_bytes(),
                progress.seconds()};
    }

private:
    std::string name() const { return std::string(market::name_of(freq_)); }

    void choose_instruments() {
        std::set<std::string> wanted(request_.symbols.begin(), request_.symbols.end()), calendars;
        const auto rows = tx_.exec_params(
            "SELECT instrument_id, symbol, coalesce(calendar, '') FROM "
            "bourse.panel_instruments($1, $2, NULL)",
            name(), request_.universe.empty() ? "all" : request_.universe);
        for (const auto& row : rows) {
            const auto symbol = row[1].as<std::string>(), calendar = row[2].as<std::string>();
            if (!request_.symbols.empty() && wanted.erase(symbol) == 0) continue;
            if (!request_.calendar.empty() && calendar != request_.calendar) continue;
            calendars.insert(calendar);
            instruments_.push_back({row[0].as<int>(), code_of(symbol), true});
            note_code(symbol);
        }
        if (!wanted.empty())
            throw Error(
                ErrorKind::invalid_argument, "symbol \"" + *wanted.begin() + "\" has no bars of " + name(),
                "SELECT DISTINCT symbol FROM bourse_bi.bar WHERE freq = '" + name() + "' lists those that have");
        if (instruments_.empty())
            throw Error(ErrorKind::insufficient_data, "there are no bars of " + name() + " to export",
                        "choose another --freq, --universe or --calendar");
        if (calendars.size() > 1) {
            std::string list;
            for (const auto& one : calendars) list += (list.empty() ? "" : ", ") + (one.empty() ? "none" : one);
            throw Error(ErrorKind::invalid_argument, "the instruments have several calendars: " + list,
                        "a Qlib data set has one: choose with --calendar, --universe or --symbols");
        }
        calendar_name_ = *calendars.begin();
        if (request_.symbols.empty() && request_.universe.empty()) add_those_without_bars();
        std::sort(instruments_.begin(), instruments_.end(),
                  [](const auto& a, const auto& b) { return a.code < b.code; });
    }

    // Listed or members only: a data set that was imported named them.
    void add_those_without_bars() {
        std::set<int> known;
        for (const auto& one : instruments_) known.insert(one.id);
        for (const auto& row :
             tx_.exec_params("SELECT DISTINCT i.instrument_id, i.symbol FROM bourse.qlib_span AS s JOIN "
                             "bourse.instrument AS i USING "
                             "(instrument_id) WHERE coalesce(i.calendar, '') = $1 AND s.freq = $2 AND s.field = ''",
                             calendar_name_, name())) {
            if (known.contains(row[0].as<int>())) continue;
            instruments_.push_back({row[0].as<int>(), code_of(row[1].as<std::string>()), false});
            note_code(row[1].as<std::string>());
        }
    }

    void note_code(const std::string& symbol) {
        const auto [known, fresh] = symbol_of_.try_emplace(instruments_.back().code, symbol);
        if (fresh) return;
        throw Error(ErrorKind::invalid_argument,
                    "\"" + known->second + "\" and \"" + symbol + "\" are both " + known->first + " in Qlib",
                    "name those to export with --symbols or --universe");
    }

    void choose_zone() {
        std::string zone = request_.time_zone;
        if (zone.empty())
            zone = freq_ >= market::Frequency::d1
                       ? "UTC"
                       : tx_.exec_params1("SELECT bourse.calendar_time_zone($1)", calendar_name_)[0].as<std::string>();
        zone_.emplace(zone);
    }

    std::int64_t local(std::int64_t ts) const { return freq_ >= market::Frequency::d1 ? ts : zone_->to_local(ts); }

    std::string clock_text(std::int64_t ts) const {
        const std::time_t seconds = local(ts) / 1'000'000;
        std::tm parts{};
        gmtime_r(&seconds, &parts);
        char text[32];
        std::strftime(text, sizeof text, freq_ >= market::Frequency::d1 ? "%Y-%m-%d" : "%Y-%m-%d %H:%M:%S", &parts);
        return text;
    }
    // A date where it is one.
    std::string span_text(std::int64_t ts) const {
        std::string text = clock_text(ts);
        if (text.ends_with(" 00:00:00")) text.resize(10);
        return text;
    }

    // Every position: of a set that was imported, of bars, and of sessions among them.
    void read_calendar() {
        std::set<std::int64_t> times;
        const auto add = [&](const pqxx::result& rows) {
            for (const auto& row : rows) times.insert(row[0].as<std::int64_t>());
        };
        add(tx_.exec_params("SELECT ts_us FROM bourse.panel_times($1, $2)", name(), calendar_name_));
        const std::int64_t first = *times.begin(), last = *times.rbegin();
        add(
            tx_.exec_params("SELECT bourse.to_unix_us(ts) FROM bourse.qlib_calendar WHERE calendar = $1 AND freq = $2 "
                            "AND NOT future",
                            calendar_name_, name()));
        if (freq_ == market::Frequency::d1)
            add(tx_.exec_params(
                "SELECT s.date_us FROM bourse.panel_sessions($1) AS s WHERE s.date_us BETWEEN $2 AND $3",
                calendar_name_, first, last));
        calendar_.assign(times.begin(), times.end());
        for (const auto& row :
             tx_.exec_params("SELECT bourse.to_unix_us(ts) FROM bourse.qlib_calendar WHERE calendar = $1 AND freq = $2 "
                             "AND future ORDER BY ts",
                             calendar_name_, name()))
            if (const auto ts = row[0].as<std::int64_t>(); ts > calendar_.back()) future_.push_back(ts);
        for (const auto ts : calendar_) texts_.push_back(clock_text(ts));
    }

    void read_spans() {
        for (const auto& row :
             tx_.exec_params("SELECT instrument_id, field, bourse.to_unix_us(from_ts), bourse.to_unix_us(to_ts) FROM "
                             "bourse.qlib_span WHERE freq = $1 ORDER BY instrument_id, field, from_ts",
                             name()))
            spans_[row[0].as<int>()][row[1].as<std::string>()].push_back(
                {row[2].as<std::int64_t>(), row[3].as<std::int64_t>()});
    }

    std::optional<std::size_t> position(std::int64_t ts) const {
        const auto at = std::lower_bound(calendar_.begin(), calendar_.end(), ts);
        if (at == calendar_.end() || *at != ts) return std::nullopt;
        return static_cast<std::size_t>(at - calendar_.begin());
    }

    void write_features(QlibWriter& writer, const Instrument& one) {
        const auto bars = read_qlib_bars(connection_, one.id, name(), request_.traded_volume);
        const auto kept = read_qlib_fields(connection_, one.id, name());
        const auto known = spans_.find(one.id);
        std::set<std::string> fields;
        if (known != spans_.end())
            for (const auto& [field, spans] : known->second)
                if (!field.empty()) fields.insert(field);
        if (fields.empty()) {
            fields = {"open", "high", "low", "close", "volume", "factor"};
            if (bars.any_amount) fields.insert("vwap");
        }
        for (const auto& [field, series] : kept)
            if (!market::qlib_member(field)) fields.insert(field);
        seen_[one.id] = {bars.ts.front(), bars.ts.back()};

        std::vector<std::pair<std::string, market::QlibBin>> bins;
        for (const auto& field : fields) {
            const auto series = kept.find(field);
            bins.emplace_back(field, bin_of(one, field, bars, series == kept.end() ? QlibSeries{} : series->second));
        }
        if (request_.csv) {
            writer.write(one.code + ".csv", qlib_csv(texts_, bins));
            return;
        }
        const std::string folder = "features/" + market::qlib_folder(one.code) + "/";
        for (const auto& [field, bin] : bins)
            writer.write(folder + field + "." + std::string(market::qlib_name(freq_)) + ".bin",
                         market::qlib_bin_bytes(bin));
    }

    market::QlibBin bin_of(const Instrument& one, const std::string& field, const QlibBars& bars,
                           const QlibSeries& kept) const {
        const auto member = market::qlib_member(field);
        std::vector<std::pair<std::size_t, float>> values;
        if (member)
            for (std::size_t i = 0; i < bars.ts.size(); ++i)
                values.emplace_back(*position(bars.ts[i]), bars.rows[i].*member);
        for (const auto& [ts, value] : kept)
            if (const auto at = position(ts)) values.emplace_back(*at, value);  // after the bar's: they count
        std::size_t first = std::numeric_limits<std::size_t>::max(), last = 0;
        const auto reach = [&](std::size_t at) {
            first = std::min(first, at);
            last = std::max(last, at);
        };
        const auto known = spans_.find(one.id);
        std::optional<Span> span;
        if (known != spans_.end())
            if (const auto own = known->second.find(field); own != known->second.end())
                span = {own->second.front().from, own->second.back().to};
        if (span)
            for (const auto end : {span->from, span->to})
                if (const auto at = position(end)) reach(*at);
        // bars that came later are beyond what an imported set had; a field that began later than the bars stays so
        for (const auto& [at, value] : values)
            if (!span || calendar_[at] > span->to || (!member && calendar_[at] < span->from)) reach(at);
        if (first > last) return {};
        market::QlibBin bin{first, std::vector<float>(last - first + 1, none)};
        for (const auto& [at, value] : values)
            if (at >= first && at <= last) bin.values[at - first] = std::isnan(value) ? none : value;
        return bin;
    }

    void write_calendar(QlibWriter& writer) const {
        std::string text;
        for (const auto& line : texts_) text += line + "\n";
        const std::string path = "calendars/" + std::string(market::qlib_name(freq_));
        writer.write(path + ".txt", text);
        if (future_.empty()) return;
        for (const auto ts : future_) text += clock_text(ts) + "\n";
        writer.write(path + "_future.txt", text);
    }

    void write_all(QlibWriter& writer) const {
        std::string text;
        for (const auto& one : instruments_) {
            std::vector<Span> spans;
            if (const auto known = spans_.find(one.id); known != spans_.end())
                if (const auto listed = known->second.find(""); listed != known->second.end()) spans = listed->second;
            if (const auto seen = seen_.find(one.id); seen != seen_.end()) {
                if (spans.empty()) spans.push_back(seen->second);
                spans.front().from = std::min(spans.front().from, seen->second.from);
                if (spans.back().to + day_us <= seen->second.to) spans.back().to = seen->second.to;
            }
            for (const auto& span : spans)
                text += one.code + "\t" + span_text(span.from) + "\t" + span_text(span.to) + "\n";
        }
        writer.write("instruments/all.txt", text);
    }

    void write_universes(QlibWriter& writer) const {
        std::map<int, std::string> code_of_id;
        for (const auto& one : instruments_) code_of_id[one.id] = one.code;
        const bool others_too = request_.symbols.empty() && request_.universe.empty();
        // Spans that overlap are one: a file with both could not be read again. Those that only meet stay two.
        const auto rows = tx_.exec_params(
            "WITH spans AS (SELECT u.name, u.instrument_id, coalesce(lower(u.span), '-infinity') AS low, "
            "coalesce(upper(u.span), 'infinity') AS high FROM bourse.universe AS u WHERE ($1 = '' OR u.name = $1) AND "
            "NOT isempty(u.span)), runs AS (SELECT s.*, count(*) FILTER (WHERE low >= reached) OVER (PARTITION BY "
            "name, instrument_id ORDER BY low, high) AS run FROM (SELECT *, max(high) OVER (PARTITION BY name, "
            "instrument_id ORDER BY low, high ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached FROM spans) "
            "AS s) SELECT r.name, r.instrument_id, CASE WHEN min(low) > '-infinity' THEN bourse.to_unix_us(min(low)) "
            "END, CASE WHEN max(high) < 'infinity' THEN bourse.to_unix_us(max(high)) END, i.symbol FROM runs AS r "
            "JOIN bourse.instrument AS i USING (instrument_id) WHERE coalesce(i.calendar, '') = $2 GROUP BY r.name, "
            "r.instrument_id, r.run, i.symbol",
            request_.universe, calendar_name_);
        std::map<std::string, std::set<std::string>> lines;
        for (const auto& row : rows) {
            const auto code = code_of_id.find(row[1].as<int>());
            if (code == code_of_id.end() && !others_too) continue;
            const auto universe = row[0].as<std::string>();
            if (universe.find_first_of("/\\") != std::string::npos || universe.front() == '.')
                throw Error(ErrorKind::invalid_argument, "universe \"" + universe + "\" cannot be the name of a file",
                            "name the one to export with --universe");
            const std::int64_t step = freq_ >= market::Frequency::d1 ? day_us : market::step_us(freq_);
            std::string to = still_a_member;
            if (!row[3].is_null()) {
                const std::int64_t end = row[3].as<std::int64_t>();
                to = span_text(local(end) % day_us == 0 ? end - day_us : end - step);
            }
            lines[universe].insert(
                (code == code_of_id.end() ? code_of(row[4].as<std::string>()) : code->second) + "\t" +
                (row[2].is_null() ? span_text(calendar_.front()) : span_text(row[2].as<std::int64_t>())) + "\t" + to);
        }
        for (const auto& [universe, own] : lines) {
            std::string text;
            for (const auto& line : own) text += line + "\n";
            writer.write("instruments/" + universe + ".txt", text);
        }
    }

    workers::Connection& connection_;
    pqxx::transaction_base& tx_;
    const QlibExport& request_;
    market::Frequency freq_;
    std::string calendar_name_;
    std::optional<TimeZone> zone_;
    std::vector<Instrument> instruments_;
    std::map<std::string, std::string> symbol_of_;  // by code
    std::vector<std::int64_t> calendar_, future_;
    std::vector<std::string> texts_;  // of the calendar
    std::map<int, std::map<std::string, std::vector<Span>>> spans_;
    std::map<int, Span> seen_;  // first and last bar
};

}  // namespace

QlibExportOutcome export_qlib(workers::Connection& connection, const QlibExport& request) {
    if (!market::parse_frequency(request.freq))
        throw Error(ErrorKind::invalid_argument, "unknown frequency '" + request.freq + "'",
                    "use one of 1m 5m 15m 30m 1h 4h 1d 1w 1mo");
    const InterruptGuard guard(connection);
    try {
        pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> tx(connection);
        return Export(connection, tx, request).run();
    } catch (const pqxx::failure&) {
        InterruptGuard::check();  // the server's "canceling statement" is our own doing
        throw;
    }
}

}  // namespace bourse::cli
