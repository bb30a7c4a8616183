#include "workers/cli/import/file_import.hpp"

#include <chrono>
#include <optional>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "market/file_name.hpp"
#include "workers/cli/import/direct_writer.hpp"
#include "workers/cli/import/input_table.hpp"
#include "workers/cli/import/interrupt.hpp"
#include "workers/cli/import/progress.hpp"
#include "workers/cli/import/stage_writer.hpp"

namespace bourse::cli {
namespace {

using nlohmann::json;
using State = ImportOutcome::State;

constexpr std::size_t rows_to_guess_from = 5000;

std::string hex_digest(HashedFile& file) { return workers::to_hex(file.digest()); }

std::string time_text(std::int64_t unix_us) {
    char text[40];
    const std::time_t seconds = unix_us / 1'000'000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S+00", &parts);
    return text;
}

// The import of one file, step by step.
class FileImport {
public:
    FileImport(workers::Connection& connection, const std::string& db, const std::string& path,
               const ImportOptions& options, bool direct)
        : direct_(direct),
          connection_(connection),
          db_(db),
          options_(options),
          progress_(path),
          file_(path),
          zone_(options.time_zone),
          times_(zone_, options.ts_is == "close") {
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
        if (!options_.again && seems_known() && is_known(digest(), nullptr)) return;
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
        make_partitions(transaction, writer.years());
        finish(transaction, writer.keys_ascend(), 0);
    }

    // Throws NotSimple where only the staged path will do; the transaction then ends without a trace.
    void load_directly() {
        pqxx::work transaction(connection_);
        json series = json::object();
        if (!options_.exchange.empty()) series["exchange"] = options_.exchange;
        if (!options_.calendar.empty()) series["calendar"] = options_.calendar;
        DirectWriter writer(connection_, times_,
                            {file_.path(), outcome_.symbol, outcome_.freq, series.dump(),
                             [&](const YearsSeen& years) { make_partitions(transaction, years); }});
        send(writer);
        finish(transaction, true, writer.data_version_id());
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
        facts_ = {{"path", file_.path()},
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

    // A loaded file of this size: worth reading the bytes once for their hash before anything is sent.
    bool seems_known() {
        pqxx::work transaction(connection_);
        const bool seems = transaction
                               .exec_params1(
                                   "SELECT EXISTS (SELECT FROM bourse.data_file WHERE size_bytes = $1 AND state = "
                                   "'loaded' AND options = $2::jsonb)",
                                   file_.size_bytes(), facts_["options"].dump())[0]
                               .as<bool>();
        if (seems) {  // hash on a second handle: the first one is in the middle of the rows
            HashedFile whole(file_.path());
            digest_ = hex_digest(whole);
        }
        return seems;
    }

    bool is_known(const std::string& sha256, pqxx::work* transaction) {
        const auto ask = [&](pqxx::transaction_base& tx) {
            return tx.exec_params(
                "SELECT data_version_id, to_char(imported_at, 'YYYY-MM-DD HH24:MI') FROM bourse.data_file "
                "WHERE sha256 = decode($1, 'hex') AND state = 'loaded' AND options = $2::jsonb ORDER BY data_file_id "
                "DESC LIMIT 1",
                sha256, facts_["options"].dump());
        };
        pqxx::result found;
        if (transaction) {
            found = ask(*transaction);
        } else {
            pqxx::work own(connection_);
            found = ask(own);
        }
        if (found.empty()) return false;
        outcome_.state = State::same;
        outcome_.data_version_id = found[0][0].as<std::int64_t>();
        outcome_.reason = found[0][1].as<std::string>();
        return true;
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

    // Made in a transaction of their own, so that loads side by side do not wait for each other's partitions.
    void make_partitions(pqxx::work& transaction, const YearsSeen& seen) {
        if (options_.dry_run || seen.years().size() > 200) return;
        std::optional<workers::Connection> other;
        for (const auto& [freq, year] : seen.years()) {
            const std::string name(market::name_of(freq)), from = std::to_string(year) + "-01-01 00:00:00+00";
            if (!transaction
                     .exec_params1("SELECT to_regclass(format('bourse.%I', 'bar_' || $1 || '_' || $2)) IS NULL AND "
                                   "$3::timestamptz <= now()",
                                   name, std::to_string(year), from)[0]
                     .as<bool>())
                continue;
            if (!other) other.emplace(db_, "bourse import");
            pqxx::work own(*other);
            own.exec_params("SELECT bourse.make_bar_partitions($1, $2::timestamptz, $2::timestamptz)", name, from);
            own.commit();
        }
    }

    // `direct_version`: of the direct load that ends; 0 of a staged one.
    void finish(pqxx::work& transaction, bool keys_ascend, std::int64_t direct_version) {
        facts_["sha256"] = digest();
        // Two imports of one file at the same time: the second waits here and then finds the first.
        transaction.exec_params("SELECT pg_advisory_xact_lock(hashtextextended('bourse.import ' || $1, 0))", digest());
        if (!options_.again && is_known(digest(), &transaction)) return;
        json load{{"on_conflict", options_.on_conflict},
                  {"strict", options_.strict},
                  {"max_reject_ratio", options_.max_reject_ratio},
                  {"keys_ascend", keys_ascend},
                  {"file", facts_}};
        if (!options_.universe.empty()) load["universe"] = options_.universe;
        if (!options_.exchange.empty()) load["exchange"] = options_.exchange;
        if (!options_.calendar.empty()) load["calendar"] = options_.calendar;
        const auto row =
            direct_version
                ? transaction.exec_params1("SELECT * FROM bourse.close_direct_load($1, $2::jsonb)", direct_version,
                                           load.dump())
                : transaction.exec_params1("SELECT * FROM bourse.load_bars($1, $2::jsonb)", file_.path(), load.dump());
        outcome_.data_version_id = row["data_version_id"].as<std::int64_t>();
        outcome_.read = row["rows_read"].as<std::int64_t>();
        outcome_.loaded = row["rows_loaded"].as<std::int64_t>();
        outcome_.changed = row["rows_changed"].as<std::int64_t>();
        outcome_.unchanged = row["rows_unchanged"].as<std::int64_t>();
        outcome_.duplicate = row["rows_duplicate"].as<std::int64_t>();
        outcome_.rejected = row["rows_rejected"].as<std::int64_t>();
        outcome_.without_volume = row["rows_without_volume"].as<std::int64_t>();
        outcome_.instruments_made = row["instruments_made"].as<std::int64_t>();
        const bool refused = row["refused"].as<bool>();
        if (refused) outcome_.reason = row["reason"].as<std::string>();
        outcome_.rejects =
            transaction
                .exec_params1(
                    "SELECT coalesce(string_agg(rule || ' ' || n, ', ' ORDER BY n DESC, rule), '') FROM "
                    "(SELECT rule, count(*) AS n FROM bourse.bar_reject WHERE data_version_id = $1 GROUP BY rule) AS r",
                    outcome_.data_version_id)[0]
                .as<std::string>();
        outcome_.state = refused ? State::refused : options_.dry_run ? State::dry_run : State::loaded;
        if (refused)
            outcome_.hint =
                "look at bourse.bar_reject where data_version_id = " + std::to_string(outcome_.data_version_id) +
                ", or allow more with --max-reject-ratio";
        if (options_.dry_run) {
            outcome_.data_version_id = 0;
            if (refused) outcome_.hint = "allow more with --max-reject-ratio; a dry run keeps no rejects";
            return;  // the transaction is rolled back
        }
        InterruptGuard::check();
        transaction.commit();
    }

    void refuse(const Error& error) {
        outcome_.state = State::refused;
        outcome_.unreadable = error.kind() != ErrorKind::refused_file;
        outcome_.reason = error.what();
        outcome_.hint = error.hint();
        if (facts_.is_null())
            facts_ = {{"path", file_.path()},
                      {"size_bytes", file_.size_bytes()},
                      {"modified_at", time_text(file_.modified_unix_us())}};
        if (options_.dry_run) return;
        HashedFile whole(file_.path());
        facts_["sha256"] = hex_digest(whole);
        pqxx::work transaction(connection_);
        transaction.exec_params("SELECT bourse.refuse_file($1::jsonb, $2)",
                                facts_.dump(-1, ' ', false, json::error_handler_t::replace), to_utf8(error.what()));
        transaction.commit();
    }

    bool direct_;
    workers::Connection& connection_;
    const std::string& db_;
    const ImportOptions& options_;
    ImportProgress progress_;
    HashedFile file_;
    TimeZone zone_;
    BarTimes times_;
    std::optional<InputTable> table_;
    std::optional<RowParser> parser_;
    std::vector<ParsedRow> ahead_;
    std::string digest_;
    json facts_;
    ImportOutcome outcome_;
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
