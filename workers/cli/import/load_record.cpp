#include "workers/cli/import/load_record.hpp"

#include <ctime>
#include <optional>

#include "workers/cli/import/interrupt.hpp"
#include "workers/cli/import/row_parser.hpp"

namespace bourse::cli {

using nlohmann::json;
using State = ImportOutcome::State;

std::string time_text(std::int64_t unix_us) {
    char text[40];
    const std::time_t seconds = unix_us / 1'000'000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S+00", &parts);
    return text;
}

bool LoadRecord::seems_known(std::int64_t size_bytes) {
    pqxx::work transaction(connection_);
    return transaction
        .exec_params1(
            "SELECT EXISTS (SELECT FROM bourse.data_file WHERE size_bytes = $1 AND state = 'loaded' AND options = "
            "$2::jsonb)",
            size_bytes, facts_["options"].dump())[0]
        .as<bool>();
}

bool LoadRecord::is_known(const std::string& sha256) {
    pqxx::work own(connection_);
    return is_known(sha256, own);
}

bool LoadRecord::is_known(const std::string& sha256, pqxx::transaction_base& transaction) {
    const auto found = transaction.exec_params(
        "SELECT data_version_id, to_char(imported_at, 'YYYY-MM-DD HH24:MI') FROM bourse.data_file "
        "WHERE sha256 = decode($1, 'hex') AND state = 'loaded' AND options = $2::jsonb ORDER BY data_file_id "
        "DESC LIMIT 1",
        sha256, facts_["options"].dump());
    if (found.empty()) return false;
    outcome_.state = State::same;
    outcome_.data_version_id = found[0][0].as<std::int64_t>();
    outcome_.reason = found[0][1].as<std::string>();
    return true;
}

void LoadRecord::make_partitions(pqxx::work& transaction, const YearsSeen& seen) {
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

bool LoadRecord::close(pqxx::work& transaction, const std::string& sha256, bool keys_ascend,
                       std::int64_t direct_version) {
    facts_["sha256"] = sha256;
    // Two imports of one file at the same time: the second waits here and then finds the first.
    transaction.exec_params("SELECT pg_advisory_xact_lock(hashtextextended('bourse.import ' || $1, 0))", sha256);
    if (!options_.again && is_known(sha256, transaction)) return false;
    json load{{"on_conflict", options_.on_conflict},
              {"strict", options_.strict},
              {"max_reject_ratio", options_.max_reject_ratio},
              {"keys_ascend", keys_ascend},
              {"file", facts_}};
    if (!options_.universe.empty()) load["universe"] = options_.universe;
    if (!options_.exchange.empty()) load["exchange"] = options_.exchange;
    if (!options_.calendar.empty()) load["calendar"] = options_.calendar;
    if (!sources_.empty()) load["source_of"] = sources_;
    const auto row = direct_version ? transaction.exec_params1("SELECT * FROM bourse.close_direct_load($1, $2::jsonb)",
                                                               direct_version, load.dump())
                                    : transaction.exec_params1("SELECT * FROM bourse.load_bars($1, $2::jsonb)", source_,
                                                               load.dump());
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
        return false;  // the transaction is rolled back
    }
    InterruptGuard::check();
    return true;
}

void LoadRecord::finish(pqxx::work& transaction, const std::string& sha256, bool keys_ascend,
                        std::int64_t direct_version) {
    if (close(transaction, sha256, keys_ascend, direct_version)) transaction.commit();
}

void LoadRecord::refuse(const Error& error, const std::string& sha256) {
    outcome_.state = State::refused;
    outcome_.unreadable = error.kind() != ErrorKind::refused_file;
    outcome_.reason = error.what();
    outcome_.hint = error.hint();
    if (options_.dry_run) return;
    facts_["sha256"] = sha256;
    pqxx::work transaction(connection_);
    transaction.exec_params("SELECT bourse.refuse_file($1::jsonb, $2)",
                            facts_.dump(-1, ' ', false, json::error_handler_t::replace), to_utf8(error.what()));
    transaction.commit();
}

}  // namespace bourse::cli
