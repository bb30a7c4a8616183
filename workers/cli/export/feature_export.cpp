#include "workers/cli/export/feature_export.hpp"

#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "workers/cli/export/feature_sink.hpp"
#include "workers/cli/import/interrupt.hpp"
#include "workers/cli/import/progress.hpp"
#include "workers/common/copy_binary.hpp"

namespace bourse::cli {
namespace {

// Gone with the scope unless it got its name.
class PartFile {
public:
    explicit PartFile(const std::string& to) : to_(to), part_(to + ".part." + std::to_string(getpid())) {}
    ~PartFile() {
        std::error_code ignored;
        if (!named_) std::filesystem::remove(part_, ignored);
    }
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    const std::string& path() const noexcept { return part_; }
    void give_name() {
        std::error_code error;
        std::filesystem::rename(part_, to_, error);
        if (error)
            throw Error(ErrorKind::invalid_argument, "cannot write \"" + to_ + "\": " + error.message(),
                        "choose another --to");
        named_ = true;
    }

private:
    std::string to_, part_;
    bool named_ = false;
};

struct Set {
    int id;
    std::string reference, freq;
    std::vector<std::string> features;
    std::int64_t dirty_ranges;
};

Set find_set(pqxx::transaction_base& tx, const std::string& reference) {
    const auto rows = tx.exec_params(
        "SELECT s.feature_set_id, s.name || ':' || s.version, s.freq, to_json(s.features), s.materialized, (SELECT "
        "count(*) FROM bourse.feature_dirty AS d WHERE d.feature_set_id = s.feature_set_id) FROM "
        "bourse.find_feature_set($1) AS s",
        reference);
    const auto& row = rows[0];
    if (!row[4].as<bool>())
        throw Error(ErrorKind::invalid_argument, "feature set " + row[1].as<std::string>() + " is not stored",
                    "store it first: SELECT bourse.refresh_features(" + tx.quote(reference) + ")");
    return {row[0].as<int>(), row[1].c_str(), row[2].c_str(),
            nlohmann::json::parse(row[3].c_str()).get<std::vector<std::string>>(), row[5].as<std::int64_t>()};
}

void check_names(pqxx::transaction_base& tx, const FeatureExport& request) {
    for (const auto& symbol : request.symbols)
        if (tx.exec_params("SELECT FROM bourse.instrument WHERE symbol = $1", symbol).empty())
            throw Error(ErrorKind::invalid_argument, "unknown symbol \"" + symbol + "\"",
                        "SELECT symbol FROM bourse.instrument lists the symbols");
    if (!request.universe.empty() && request.universe != "all" &&
        tx.exec_params("SELECT FROM bourse.universe WHERE name = $1 LIMIT 1", request.universe).empty())
        throw Error(ErrorKind::invalid_argument, "unknown universe \"" + request.universe + "\"",
                    "SELECT DISTINCT name FROM bourse.universe lists the universes");
}

// FROM and WHERE of the rows. Every value is quoted: COPY takes no parameters.
std::string source_of(pqxx::transaction_base& tx, const Set& set, const FeatureExport& request) {
    std::string sql =
        "FROM bourse.feature_value AS v JOIN bourse.instrument AS i ON i.instrument_id = v.instrument_id WHERE "
        "v.feature_set_id = " +
        std::to_string(set.id);
    if (!request.from.empty()) sql += " AND v.ts >= " + tx.quote(request.from) + "::timestamptz";
    if (!request.until.empty()) sql += " AND v.ts < " + tx.quote(request.until) + "::timestamptz";
    if (!request.symbols.empty()) {
        std::string list;
        for (const auto& symbol : request.symbols) list += (list.empty() ? "" : ", ") + tx.quote(symbol);
        sql += " AND i.symbol IN (" + list + ")";
    }
    if (!request.universe.empty() && request.universe != "all")
        sql += " AND EXISTS (SELECT FROM bourse.universe AS u WHERE u.name = " + tx.quote(request.universe) +
               " AND u.instrument_id = v.instrument_id AND u.span @> v.ts)";
    return sql;
}

// As fvec travels: a little-endian count, then float32.
void take_features(std::span<const std::byte> bytes, std::vector<float>& features) {
    std::uint32_t count = 0;
    if (bytes.size() >= sizeof count) std::memcpy(&count, bytes.data(), sizeof count);
    if (count != features.size() || bytes.size() != sizeof count + count * sizeof(float))
        throw Error(ErrorKind::internal, "a stored row has " + std::to_string(count) + " features, the set " +
                                             std::to_string(features.size()));
    std::memcpy(features.data(), bytes.data() + sizeof count, count * sizeof(float));
}

void check_interrupt() {
    if (InterruptGuard::requested())
        throw Error(ErrorKind::cancelled, "cancelled: no file was written", "run the same command again");
}

std::int64_t copy_rows(workers::Connection& connection, const std::string& source, std::int64_t total, const Set& set,
                       FeatureSink& sink, ImportProgress& progress) {
    workers::CopyReader rows(connection, "COPY (SELECT i.symbol, v.ts, v.available_at, v.features " + source +
                                             " ORDER BY v.instrument_id, v.ts) TO STDOUT (FORMAT binary)");
    std::vector<float> features(set.features.size());
    std::int64_t count = 0;
    while (rows.next()) {
        std::string_view symbol;
        std::int64_t ts = 0, available = 0;
        std::span<const std::byte> bytes;
        rows.text(symbol);
        rows.timestamptz(ts);
        rows.timestamptz(available);
        rows.bytes(bytes);
        take_features(bytes, features);
        sink.add(symbol, ts, available, features);
        if (++count % 256 == 0) {
            check_interrupt();
            progress.rows(count, total > 0 ? static_cast<double>(count) / static_cast<double>(total) : 1);
        }
    }
    check_interrupt();
    return count;
}

std::unique_ptr<FeatureSink> open_sink(const std::string& to, const std::string& part,
                                       const std::vector<std::string>& features) {
    const auto ending = std::filesystem::path(to).extension();
    if (ending == ".parquet") return parquet_sink(part, features);
    if (ending == ".csv") return csv_sink(part, features);
    throw Error(ErrorKind::invalid_argument, "--to \"" + to + "\" ends with neither .parquet nor .csv",
                "the ending chooses the format");
}

}  // namespace

ExportOutcome export_features(workers::Connection& connection, const FeatureExport& request) {
    const InterruptGuard guard(connection);
    ImportProgress progress(request.set);
    PartFile part(request.to);
    ExportOutcome outcome;
    try {
        pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> tx(connection);
        const Set set = find_set(tx, request.set);
        check_names(tx, request);
        const auto source = source_of(tx, set, request);
        const auto sink = open_sink(request.to, part.path(), set.features);
        progress.stage("counting rows");
        const auto total = tx.exec1("SELECT count(*) " + source)[0].as<std::int64_t>();
        outcome.rows = copy_rows(connection, source, total, set, *sink, progress);
        outcome.features = static_cast<std::int64_t>(set.features.size());
        outcome.dirty_ranges = set.dirty_ranges;
        sink->finish();
    } catch (const pqxx::failure&) {
        check_interrupt();  // the server's "canceling statement" is our own doing
        throw;
    }
    check_interrupt();
    part.give_name();
    outcome.size_bytes = static_cast<std::int64_t>(std::filesystem::file_size(request.to));
    outcome.seconds = progress.seconds();
    return outcome;
}

}  // namespace bourse::cli
