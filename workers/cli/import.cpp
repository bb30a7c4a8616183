// bourse import: files of bars into the database.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "market/code_style.hpp"
#include "market/frequency.hpp"
#include "workers/cli/command.hpp"
#include "workers/cli/console.hpp"
#include "workers/cli/import/file_import.hpp"
#include "workers/cli/import/interrupt.hpp"
#include "workers/cli/import/qlib_import.hpp"
#include "workers/cli/import/time_zone.hpp"

namespace bourse::cli {
namespace {

using State = ImportOutcome::State;

const char* name_of(State state) {
    switch (state) {
        case State::loaded:
            return "loaded";
        case State::refused:
            return "refused";
        case State::same:
            return "same";
        case State::dry_run:
            return "dry_run";
    }
    return "?";
}

nlohmann::ordered_json to_json(const ImportOutcome& o) {
    nlohmann::ordered_json row{{"file", o.file},
                               {"state", name_of(o.state)},
                               {"rows_read", o.read},
                               {"rows_loaded", o.loaded},
                               {"rows_changed", o.changed},
                               {"rows_unchanged", o.unchanged},
                               {"rows_duplicate", o.duplicate},
                               {"rows_rejected", o.rejected},
                               {"rows_without_volume", o.without_volume},
                               {"instruments_made", o.instruments_made},
                               {"freq", o.freq},
                               {"symbol", o.symbol},
                               {"layout", o.layout},
                               {"rejects", o.rejects},
                               {"seconds", o.seconds}};
    row["data_version_id"] = o.data_version_id ? nlohmann::ordered_json(o.data_version_id) : nlohmann::ordered_json();
    row["reason"] = o.reason.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(o.reason);
    return row;
}

void print(const ImportOutcome& o) {
    if (o.state == State::same) {
        std::printf("%s: already loaded at %s as data version %lld, nothing to do (--again loads it anyway)\n",
                    o.file.c_str(), o.reason.c_str(), static_cast<long long>(o.data_version_id));
        return;
    }
    if (o.read == 0) {
        std::printf("%s: refused\n", o.file.c_str());
        return;
    }
    const auto count = [](std::int64_t value) { return format_count(value); };
    std::printf("%s: %s rows read in %.1f s (%s rows/s), %s%s\n", o.file.c_str(), count(o.read).c_str(), o.seconds,
                count(static_cast<std::int64_t>(static_cast<double>(o.read) / std::max(o.seconds, 1e-3))).c_str(),
                o.layout.c_str(), o.freq.empty() ? "" : (", " + o.freq).c_str());
    std::printf(
        "  %s loaded, %s changed, %s unchanged, %s duplicate, %s rejected, %s without volume, %s new instruments\n",
        count(o.loaded).c_str(), count(o.changed).c_str(), count(o.unchanged).c_str(), count(o.duplicate).c_str(),
        count(o.rejected).c_str(), count(o.without_volume).c_str(), count(o.instruments_made).c_str());
    if (!o.rejects.empty()) std::printf("  rejected: %s\n", o.rejects.c_str());
    if (o.state == State::loaded) std::printf("  data version %lld\n", static_cast<long long>(o.data_version_id));
    if (o.state == State::dry_run) std::printf("  dry run: nothing was written\n");
    if (o.state == State::refused) std::printf("  refused as a whole: no bar was written\n");
}

void check_options(const ImportOptions& options) {
    if (!options.freq.empty() && !market::parse_frequency(options.freq))
        throw Error(ErrorKind::invalid_argument, "unknown frequency '" + options.freq + "'",
                    "use one of 1m 5m 15m 30m 1h 4h 1d 1w 1mo");
    if (options.universe == "all")
        throw Error(ErrorKind::invalid_argument, "a universe cannot be named 'all'",
                    "every instrument belongs to it by itself");
    if (!options.code_style.empty()) (void)market::parse_code_style(options.code_style);
    if (options.format != "qlib" && (!options.code_style.empty() || options.traded_volume))
        throw Error(ErrorKind::invalid_argument, "--code-style and --traded-volume are of Qlib data sets",
                    "give --format qlib");
    if (options.format == "qlib" && (!options.symbol.empty() || !options.map.empty() || options.ts_is != "open"))
        throw Error(ErrorKind::invalid_argument, "--symbol, --map and --ts-is are not of Qlib data sets",
                    "leave them out");
    TimeZone zone(options.time_zone);  // throws for an unknown one before any file is opened
}

void run(const std::string& db, const ImportOptions& options, bool as_json) {
    check_options(options);
    workers::Connection connection(db, "bourse import");
    connection.set_variable("temp_buffers", "'128MB'");  // the staged rows are read three times
    InterruptGuard guard(connection);
    auto rows = nlohmann::ordered_json::array();
    std::vector<Error> errors;
    for (const auto& path : options.files) {
        try {
            const auto outcome = options.format == "qlib" ? import_qlib(connection, db, path, options)
                                                          : import_file(connection, db, path, options);
            if (as_json)
                rows.push_back(to_json(outcome));
            else
                print(outcome);
            std::fflush(stdout);
            if (outcome.state == State::refused)
                errors.emplace_back(outcome.unreadable ? ErrorKind::unreadable_file : ErrorKind::refused_file,
                                    (outcome.reason.starts_with(path) ? "" : path + ": ") + outcome.reason,
                                    outcome.hint);
        } catch (const Error& error) {  // not there at all: the other files may be
            if (error.kind() != ErrorKind::unreadable_file) throw;
            errors.push_back(error);
        } catch (const pqxx::sql_error&) {
            InterruptGuard::check();  // the server's "canceling statement" is our own doing
            throw;
        }
    }
    if (as_json) std::printf("%s\n", rows.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    if (errors.empty()) return;
    if (errors.size() == 1) throw errors.front();
    for (const auto& error : errors) std::fprintf(stderr, "error: %s\n", error.what());
    throw Error(ErrorKind::refused_file,
                std::to_string(errors.size()) + " of " + std::to_string(options.files.size()) + " files were refused",
                errors.front().hint());
}

}  // namespace

void add_import(CLI::App& app, Common& common) {
    auto* command =
        app.add_subcommand("import", "load bars from CSV (plain, .gz, .zst) and Parquet files and Qlib data sets");
    auto options = std::make_shared<ImportOptions>();
    auto map = std::make_shared<std::string>();
    command
        ->add_option("files", options->files,
                     "files (--format qlib: folders) to load, each in a transaction of its own")
        ->required();
    command->add_option("--format", options->format, "csv, parquet or qlib (default: by the file's name)")
        ->check(CLI::IsMember({"csv", "parquet", "qlib"}));
    command->add_option("--symbol", options->symbol,
                        "symbol of files without a symbol column (default: from the file's name)");
    command->add_option(
        "--freq", options->freq,
        "1m 5m 15m 30m 1h 4h 1d 1w 1mo (default: a column, the file's name, the distances of the times)");
    command->add_option("--map", *map, "columns of fields, as in ts=trade_date,close=adj_close");
    command->add_option("--time-zone", options->time_zone, "zone of times without an offset, and of session dates")
        ->capture_default_str();
    command->add_option("--ts-is", options->ts_is, "whether times are the bars' open or close")
        ->check(CLI::IsMember({"open", "close"}))
        ->capture_default_str();
    command->add_option("--universe", options->universe, "universe that the instruments join");
    command->add_option("--exchange", options->exchange, "exchange of new instruments");
    command->add_option("--calendar", options->calendar, "calendar of new instruments (default: by the symbol's form)");
    command
        ->add_option("--on-conflict", options->on_conflict,
                     "rows of one key with different values: reject them, or keep the first or last")
        ->check(CLI::IsMember({"reject", "first", "last"}))
        ->capture_default_str();
    command
        ->add_option("--max-reject-ratio", options->max_reject_ratio,
                     "refuse the file when more of its rows break a rule, 0-1")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command->add_option(
        "--code-style", options->code_style,
        "style of symbols made of a Qlib data set's codes: qlib lower suffix yahoo mic prefix bare (default: "
        "as they are)");
    command->add_flag("--traded-volume", options->traded_volume,
                      "the volume of a Qlib data set is as traded, not divided by the factor");
    command
        ->add_option("--max-gap-days", options->max_gap_days,
                     "refuse a Qlib calendar with more days between two sessions; 0: any")
        ->check(CLI::Range(0, 10000))
        ->capture_default_str();
    command->add_flag("--strict", options->strict, "refuse the file when any row breaks a rule");
    command->add_flag("--dry-run", options->dry_run, "read, check and count, then write nothing");
    command->add_flag("--again", options->again, "load a file although it was loaded before");
    command->add_flag("--staged", options->staged,
                      "stage every row on the server first, also where blocks of new bars could go straight in");
    command->callback([options, map, &common] {
        options->map = market::parse_map_option(*map);
        run(common.db, *options, common.json);
    });
}

}  // namespace bourse::cli
