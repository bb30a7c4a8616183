#include "workers/cli/import/file_import.hpp"

#include <chrono>
#include <optional>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "market/file_name.hpp"
#include "workers/cli/import/direct_writer.hpp"
#include "workers/cli/import/input_table.hpp"
#include "workers/cli/import/interrupt.hpp"
#include "workers/cli/import/load_record.hpp"
#include "workers/cli/import/progress.hpp"
#include "workers/cli/import/stage_writer.hpp"

namespace bourse::cli {
namespace {

using nlohmann::json;
using State = ImportOutcome::State;

constexpr std::size_t rows_to_guess_from = 5000;

std::string hex_digest(HashedFile& file) { return workers::to_hex(file.digest()); }

// The import of one file, step by step.
class FileImport {
public:
    FileImport(workers::Connection& connection, const std::string& db, const std::string& path,
               const ImportOptions& options, bool direct)
        : direct_(direct),
          connection_(connection),
          options_(options),
          progress_(path),
          file_(path),
          zone_(options.time_zone),
          times_(zone_, options.ts_is == "close"),
          record_(connection, db, options, path, outcome_) {
        outcome_.file = path;
    }

    ImportOutcome run() {
        try {
            load();
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::unreadable_file && error.kind() != ErrorKind::refused_file &&
                error.kind() != ErrorKind::unavailable)
                throw;
            refuse(error);
        }
        return outcome_;
    }

private:
    void load() {
        table_.emplace(file_, options_);
        parser_.emplace(table_->map(), table_->rows().columns());
        outcome_.layout = table_->map().layout;
        look_ahead();
        fix_symbol_and_freq();
        describe();
        if (!options_.again && record_.seems_known(file_.size_bytes())) {
            HashedFile whole(file_.path());  // on a second handle: the first one is in the middle of the rows
            digest_ = hex_digest(whole);
            if (record_.is_known(digest_)) return;
        }
        if (direct_)
            load_directly();
        else
            load_staged();
    }

    void load_staged() {
        pqxx::work transaction(connection_);
        transaction.exec("SELECT bourse.open_load()");
        StageWriter writer(connection_, times_, stage_columns(table_->map()), outcome_.symbol, outcome_.freq);
        send(writer);
        progress_.stage("checking and writing " + std::to_string(writer.rows()) + " rows");
        record_.make_partitions(transaction, writer.years());
        record_.finish(transaction, digest(), writer.keys_ascend(), 0);
    }

    // Throws NotSimple where only the staged path will do; the transaction then ends without a trace.
    void load_directly() {
        pqxx::work transaction(connection_);
        json series = json::object();
        if (!options_.exchange.empty()) series["exchange"] = options_.exchange;
        if (!options_.calendar.empty()) series["calendar"] = options_.calendar;
        DirectWriter writer(connection_, times_,
                            {file_.path(), outcome_.symbol, outcome_.freq, series.dump(),
                             [&](const YearsSeen& years) { record_.make_partitions(transaction, years); }});
        send(writer);
        record_.finish(transaction, digest(), true, writer.data_version_id());
    }

    // The first rows tell what neither options nor the name do.
    void look_ahead() {
        std::vector<Cell> cells;
        std::vector<ParsedRow> rows;
        while (ahead_.size() < rows_to_guess_from && table_->rows().next(cells)) {
            parser_->parse(cells, table_->rows().line(), rows);
            ahead_.insert(ahead_.end(), rows.begin(), rows.end());
        }
        if (ahead_.empty())
            throw Error(ErrorKind::refused_file, file_.path() + ": there are no rows below the header",
                        "is this the right file?");
    }

    void fix_symbol_and_freq() {
        const auto name = market::read_file_name(file_.path());
        const auto& group = table_->map().groups.front();
        if (group.symbol.empty() && group[market::Field::symbol] == market::no_column) {
            outcome_.symbol = options_.symbol.empty() ? name.symbol : std::string(market::trimmed(options_.symbol));
            if (outcome_.symbol.empty())
                throw Error(ErrorKind::refused_file,
                            file_.path() + ": neither a column nor the file's name tells the symbol",
                            "give --symbol, or --map symbol=COLUMN");
        }
        if (!options_.freq.empty()) {
            outcome_.freq = market::name_of(*market::parse_frequency(options_.freq));
            return;
        }
        if (group[market::Field::freq] != market::no_column) return;
        if (name.freq) {
            outcome_.freq = market::name_of(*name.freq);
            return;
        }
        FrequencyGuess guess;
        for (const auto& row : ahead_)
            if (row.ts) guess.see(row.symbol, *row.ts);
        const auto found = guess.result();
        if (!found)
            throw Error(ErrorKind::refused_file, file_.path() + ": the distances of its times tell no frequency",
                        "give --freq 1m, 5m, 15m, 30m, 1h, 4h, 1d, 1w or 1mo");
        outcome_.freq = market::name_of(*found);
    }

    // What makes a file the same file, beside its bytes.
    void describe() {
        const json map(options_.map);
        record_.facts() = {{"path", file_.path()},
                           {"size_bytes", file_.size_bytes()},
                           {"modified_at", time_text(file_.modified_unix_us())},
                           {"options",
                            {{"format", table_->format()},
                             {"map", map.is_null() ? json::object() : map},
                             {"symbol", outcome_.symbol},
                             {"freq", outcome_.freq},
                             {"time_zone", options_.time_zone},
                             {"ts_is", options_.ts_is},
                             {"universe", options_.universe},
                             {"exchange", options_.exchange},
                             {"calendar", options_.calendar},
                             {"on_conflict", options_.on_conflict},
                             {"strict", options_.strict},
                             {"max_reject_ratio", options_.max_reject_ratio}}}};
    }

    const std::string& digest() {
        if (digest_.empty()) digest_ = hex_digest(file_);
        return digest_;
    }

    template <class Writer>
    void send(Writer& writer) {
        for (const auto& row : ahead_) writer.write(row);
        ahead_ = {};
        std::vector<Cell> cells;
        std::vector<ParsedRow> rows;
        while (table_->rows().next(cells)) {
            parser_->parse(cells, table_->rows().line(), rows);
            for (const auto& row : rows) writer.write(row);
            if ((writer.rows() & 1023) == 0) {
                InterruptGuard::check();
                progress_.rows(writer.rows(), table_->progress_ratio());
            }
        }
        InterruptGuard::check();
        writer.finish();
    }

    void refuse(const Error& error) {
        if (record_.facts().is_null())
            record_.facts() = {{"path", file_.path()},
                               {"size_bytes", file_.size_bytes()},
                               {"modified_at", time_text(file_.modified_unix_us())}};
        HashedFile whole(file_.path());
        record_.refuse(error, hex_digest(whole));
    }

    bool direct_;
    workers::Connection& connection_;
    const ImportOptions& options_;
    ImportProgress progress_;
    HashedFile file_;
    TimeZone zone_;
    BarTimes times_;
    std::optional<InputTable> table_;
    std::optional<RowParser> parser_;
    std::vector<ParsedRow> ahead_;
    std::string digest_;
    ImportOutcome outcome_;
    LoadRecord record_;
};

}  // namespace

ImportOutcome import_file(workers::Connection& connection, const std::string& db, const std::string& path,
                          const ImportOptions& options) {
    const auto start = std::chrono::steady_clock::now();
    ImportOutcome outcome;
    try {
        outcome = FileImport(connection, db, path, options, !options.staged && !options.dry_run).run();
    } catch (const NotSimple&) {
        outcome = FileImport(connection, db, path, options, false).run();
    }
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return outcome;
}

}  // namespace bourse::cli
