#include "workers/cli/import/qlib_import.hpp"

#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <type_traits>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "workers/cli/import/direct_writer.hpp"
#include "workers/cli/import/interrupt.hpp"
#include "workers/cli/import/load_record.hpp"
#include "workers/cli/import/progress.hpp"
#include "workers/cli/import/qlib_bars.hpp"
#include "workers/cli/import/qlib_csv.hpp"
#include "workers/cli/import/qlib_set.hpp"
#include "workers/cli/import/stage_writer.hpp"

namespace bourse::cli {
namespace {

using nlohmann::json;
using State = ImportOutcome::State;

constexpr float none = std::numeric_limits<float>::quiet_NaN();

// '{1,2,NULL}' of numbers, NaN as NULL; doubles as the shortest text that reads back.
template <class T>
std::string array_of(const std::vector<T>& values) {
    std::string text = "{";
    char buffer[32];
    for (const T value : values) {
        if (text.size() > 1) text += ',';
        bool missing = false;
        if constexpr (std::is_floating_point_v<T>) missing = std::isnan(value);
        if (missing)
            text += "NULL";
        else
            text.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
    }
    return text + "}";
}

std::string text_array_of(const std::vector<std::string>& values) {
    std::string text = "{";
    for (const auto& value : values) {
        text += text.size() > 1 ? ",\"" : "\"";
        for (const char c : value) {
            if (c == '"' || c == '\\') text += '\\';
            text += c;
        }
        text += '"';
    }
    return text + "}";
}

bool same_bits(float a, float b) {
    return (std::isnan(a) && std::isnan(b)) || std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

class QlibImport {
public:
    QlibImport(workers::Connection& connection, const std::string& db, const std::string& folder,
               const ImportOptions& options, const QlibSet& set, const QlibCsvFolder* csv, const std::string& sha256,
               bool direct, ImportOutcome& outcome)
        : connection_(connection),
          options_(options),
          folder_(folder),
          set_(set),
          csv_(csv),
          sha256_(sha256),
          direct_(direct),
          progress_(folder),
          zone_(zone_of(connection, set, options)),
          times_(zone_, false),
          freq_(market::name_of(set.freq())),
          outcome_(outcome),
          record_(connection, db, options, folder, outcome) {
        outcome_.file = folder;
        outcome_.layout = csv ? "qlib CSV" : "qlib bins";
        outcome_.freq = freq_;
        record_.facts() = {{"path", folder},
                           {"size_bytes", set.size_bytes()},
                           {"modified_at", time_text(set.modified_unix_us())},
                           {"options",
                            {{"format", "qlib"},
                             {"freq", freq_},
                             {"time_zone", options.time_zone},
                             {"universe", options.universe},
                             {"exchange", options.exchange},
                             {"calendar", options.calendar},
                             {"code_style", options.code_style},
                             {"traded_volume", options.traded_volume},
                             {"strict", options.strict},
                             {"max_reject_ratio", options.max_reject_ratio}}}};
    }

    void run() {
        if (!options_.again && record_.seems_known(set_.size_bytes()) && record_.is_known(sha256_)) return;
        positions_.reserve(set_.calendar().size());
        for (const auto& time : set_.calendar()) positions_.push_back(times_.bar_ts(time, set_.freq()));
        pqxx::work transaction(connection_);
        const bool commit = direct_ ? load_directly(transaction) : load_staged(transaction);
        if (!commit) return;
        if (outcome_.state == State::loaded) keep_the_rest(transaction);
        InterruptGuard::check();
        transaction.commit();
    }

private:
    // Times of bars below a day are the exchange's, unless --time-zone says otherwise.
    static std::string zone_of(workers::Connection& connection, const QlibSet& set, const ImportOptions& options) {
        if (options.time_zone != "UTC" || set.freq() >= market::Frequency::d1) return options.time_zone;
        for (const auto& instrument : set.instruments()) {
            if (instrument.fields.empty()) continue;
            pqxx::work own(connection);
            return own
                .exec_params1("SELECT bourse.calendar_time_zone(coalesce(nullif($1, ''), bourse.symbol_calendar($2)))",
                              options.calendar, instrument.symbol)[0]
                .as<std::string>();
        }
        return options.time_zone;
    }

    bool load_staged(pqxx::work& transaction) {
        transaction.exec("SELECT bourse.open_load()");
        StageWriter writer(connection_, times_, {true, true, true, false}, {}, freq_);
        send(writer);
        progress_.stage("checking and writing " + std::to_string(writer.rows()) + " rows");
        record_.make_partitions(transaction, writer.years());
        record_.name_sources(sources());
        return record_.close(transaction, sha256_, writer.keys_ascend(), 0);
    }

    json sources() const {
        json files = json::object();
        if (csv_)
            for (const auto& instrument : set_.instruments()) files[instrument.symbol] = csv_->file_of(instrument.code);
        return files;
    }

    bool load_directly(pqxx::work& transaction) {
        json series = json::object();
        if (!options_.exchange.empty()) series["exchange"] = options_.exchange;
        if (!options_.calendar.empty()) series["calendar"] = options_.calendar;
        DirectWriter writer(connection_, times_, {folder_, {}, freq_, series.dump(), [&](const YearsSeen& years) {
                                                      record_.make_partitions(transaction, years);
                                                  }});
        send(writer);
        return record_.close(transaction, sha256_, true, writer.data_version_id());
    }

    template <class Writer>
    void send(Writer& writer) {
        std::size_t done = 0;
        for (const auto& instrument : set_.instruments()) {
            ++done;
            if (instrument.fields.empty()) continue;
            const auto rows = rows_of(instrument);
            const std::size_t start = instrument.field("close")->shape.start;
            const auto lines = csv_ ? csv_->lines_of(instrument.code) : std::vector<std::int64_t>();
            for (std::size_t i = 0; i < rows.size(); ++i)
                if (const auto row = parsed(instrument, rows[i], start + i,
                                            csv_ ? lines.at(i) : static_cast<std::int64_t>(start + i) + 1))
                    writer.write(*row);
            InterruptGuard::check();
            progress_.rows(writer.rows(), static_cast<double>(done) / static_cast<double>(set_.instruments().size()));
        }
        if (writer.rows() == 0)
            throw Error(ErrorKind::refused_file, folder_ + ": no instrument has a bar of " + freq_,
                        "is --freq the one of the features?");
        writer.finish();
    }

    // The bar's fields side by side; a set without factor bins has none but 1.
    std::vector<market::QlibRow> rows_of(const QlibInstrument& instrument) const {
        const auto& shape = instrument.field("close")->shape;
        std::vector<market::QlibRow> rows(shape.count, {none, none, none, none, none, 1.0F, none, none});
        for (const auto& field : instrument.fields) {
            const auto member = market::qlib_member(field.name);
            if (!member) continue;
            const auto bin = set_.read(field);
            for (std::size_t i = 0; i < bin.values.size(); ++i) {
                const std::size_t at = bin.start + i;
                if (at >= shape.start && at < shape.start + shape.count) rows[at - shape.start].*member = bin.values[i];
            }
        }
        return rows;
    }

    // `line`: of the instrument's CSV file, of a set of bins the calendar's.
    std::optional<ParsedRow> parsed(const QlibInstrument& instrument, const market::QlibRow& row, std::size_t position,
                                    std::int64_t line) const {
        if (std::isnan(row.open) && std::isnan(row.high) && std::isnan(row.low) && std::isnan(row.close))
            return std::nullopt;
        const auto bar = market::bar_of(row, options_.traded_volume);
        ParsedRow parsed;
        parsed.line = line;
        parsed.symbol = instrument.symbol;
        parsed.ts = set_.calendar()[position];
        const auto value = [](double number) { return ParsedRow::Value{number, !std::isnan(number)}; };
        parsed.open = value(bar.open);
        parsed.high = value(bar.high);
        parsed.low = value(bar.low);
        parsed.close = value(bar.close);
        parsed.volume = value(bar.volume);
        parsed.amount = value(bar.amount);
        parsed.adj_factor = value(bar.factor);
        if (std::isnan(row.factor)) {
            parsed.rule = "bad_number";
            parsed.reason = "factor is missing where prices are not: they cannot be brought back to what was traded";
            parsed.raw = json{{"open", row.open}, {"high", row.high}, {"low", row.low}, {"close", row.close}}.dump();
        }
        return parsed;
    }

    void keep_the_rest(pqxx::work& transaction) {
        progress_.stage("keeping what bars do not hold");
        know_instruments(transaction);
        keep_calendars(transaction);
        for (const auto& instrument : set_.instruments()) {
            InterruptGuard::check();
            if (!instrument.fields.empty()) keep_fields(transaction, instrument);
        }
        keep_spans(transaction);
        keep_universes(transaction);
    }

    void know_instruments(pqxx::work& transaction) {
        std::vector<std::string> symbols;
        for (const auto& instrument : set_.instruments()) symbols.push_back(instrument.symbol);
        const auto or_null = [](const std::string& text) { return text.empty() ? nullptr : text.c_str(); };
        for (const auto& row : transaction.exec_params(
                 "SELECT symbol, instrument_id, own_calendar FROM bourse.qlib_instruments($1, $2, $3)",
                 text_array_of(symbols), or_null(options_.exchange), or_null(options_.calendar)))
            ids_.emplace(row[0].as<std::string>(), Known{row[1].as<int>(), row[2].as<std::string>()});
    }

    void keep_calendars(pqxx::work& transaction) {
        std::vector<std::int64_t> future;
        for (const auto& time : set_.future()) future.push_back(times_.bar_ts(time, set_.freq()));
        std::map<std::string, bool> calendars;
        for (const auto& instrument : set_.instruments())
            if (!instrument.fields.empty()) calendars[ids_.at(instrument.symbol).calendar] = true;
        for (const auto& [calendar, used] : calendars)
            transaction.exec_params("SELECT bourse.qlib_keep_calendar($1, $2, $3, $4)", calendar, freq_,
                                    array_of(positions_), array_of(future));
    }

    void keep_spans(pqxx::work& transaction) {
        std::vector<std::string> fields;
        std::vector<std::int64_t> ids, from, to;
        const auto add = [&](const QlibInstrument& instrument, const std::string& field, std::int64_t first,
                             std::int64_t last) {
            ids.push_back(ids_.at(instrument.symbol).id);
            fields.push_back(field);
            from.push_back(first);
            to.push_back(last);
        };
        for (const auto& instrument : set_.instruments()) {
            for (const auto& span : instrument.spans)
                add(instrument, "", times_.bar_ts(span.from, set_.freq()), times_.bar_ts(span.to, set_.freq()));
            for (const auto& field : instrument.fields)
                if (field.shape.count > 0)
                    add(instrument, field.name, positions_[field.shape.start],
                        positions_[field.shape.start + field.shape.count - 1]);
        }
        transaction.exec_params("SELECT bourse.qlib_keep_spans($1, $2, $3, $4, $5)", array_of(ids), freq_,
                                text_array_of(fields), array_of(from), array_of(to));
    }

    // What the database's bars give back, against what the bins say.
    void keep_fields(pqxx::work& transaction, const QlibInstrument& instrument) {
        const int id = ids_.at(instrument.symbol).id;
        const auto bars = read_qlib_bars(connection_, id, freq_, options_.traded_volume);
        const auto kept = read_qlib_fields(connection_, id, freq_);
        for (const auto& field : instrument.fields) {
            if (field.shape.count == 0) continue;
            const auto bin = set_.read(field);
            const auto member = market::qlib_member(field.name);
            std::vector<std::int64_t> at;
            std::vector<double> values;
            std::size_t bar = 0;
            for (std::size_t i = 0; i < bin.values.size(); ++i) {
                const std::int64_t ts = positions_[bin.start + i];
                while (bar < bars.ts.size() && bars.ts[bar] < ts) ++bar;
                const bool has_bar = member && bar < bars.ts.size() && bars.ts[bar] == ts;
                if (same_bits(bin.values[i], has_bar ? bars.rows[bar].*member : none)) continue;
                at.push_back(ts);
                values.push_back(static_cast<double>(bin.values[i]));
            }
            if (at.empty() && !kept.contains(field.name)) continue;
            transaction.exec_params("SELECT bourse.qlib_keep_field($1, $2, $3, $4, $5, $6, $7)", id, freq_, field.name,
                                    positions_[bin.start], positions_[bin.start + bin.values.size() - 1], array_of(at),
                                    array_of(values));
        }
    }

    void keep_universes(pqxx::work& transaction) {
        const bool daily = set_.freq() >= market::Frequency::d1;
        constexpr std::int64_t day_us = 86'400'000'000,
                               no_end = 4070908800000000;  // 2099-01-01: Qlib's "still a member"
        for (const auto& [name, spans] : set_.universes()) {
            std::vector<std::int64_t> from, ids;
            std::string ends = "{";
            for (const auto& span : spans) {
                ids.push_back(ids_.at(set_.symbol_of(span.code)).id);
                from.push_back(times_.bar_ts(span.from, set_.freq()));
                const std::int64_t end = times_.bar_ts(span.to, set_.freq()) +
                                         (daily || span.to.date_only ? day_us : market::step_us(set_.freq()));
                ends += (ends.size() > 1 ? "," : "") + (end >= no_end ? "NULL" : std::to_string(end));
            }
            transaction.exec_params("SELECT bourse.qlib_keep_universe($1, $2, $3, $4)", name, array_of(ids),
                                    array_of(from), ends + "}");
        }
    }

    struct Known {
        int id;
        std::string calendar;
    };

    workers::Connection& connection_;
    const ImportOptions& options_;
    const std::string& folder_;
    const QlibSet& set_;
    const QlibCsvFolder* csv_;  // null: the set came as bins
    const std::string& sha256_;
    bool direct_;
    ImportProgress progress_;
    TimeZone zone_;
    BarTimes times_;
    std::string freq_;
    std::vector<std::int64_t> positions_;  // ts of the calendar's times
    std::unordered_map<std::string, Known> ids_;
    ImportOutcome& outcome_;
    LoadRecord record_;
};

}  // namespace

ImportOutcome import_qlib(workers::Connection& connection, const std::string& db, const std::string& folder,
                          const ImportOptions& options) {
    const auto start = std::chrono::steady_clock::now();
    ImportOutcome outcome;
    outcome.file = folder;
    try {
        std::optional<QlibCsvFolder> made;
        ImportOptions of_set = options;
        if (is_qlib_csv_folder(folder)) {
            made.emplace(folder, options);
            of_set.max_gap_days = 0;  // looked at already
        }
        const QlibSet set(made ? made->bins() : folder, of_set);
        const QlibCsvFolder* csv = made ? &*made : nullptr;
        const std::string sha256 = set.digest();
        try {
            QlibImport(connection, db, folder, options, set, csv, sha256, !options.staged && !options.dry_run, outcome)
                .run();
        } catch (const NotSimple&) {
            outcome = {};
            QlibImport(connection, db, folder, options, set, csv, sha256, false, outcome).run();
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unreadable_file && error.kind() != ErrorKind::refused_file) throw;
        outcome.state = State::refused;
        outcome.reason = error.what();
        outcome.hint = error.hint();
    }
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return outcome;
}

}  // namespace bourse::cli
