#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_map>

#include "core/error.hpp"
#include "workers/common/copy_binary.hpp"
#include "workers/task/training/dataset_reader.hpp"

namespace bourse::workers {
namespace {

// The query runs inside a function that the owner owns, SECURITY DEFINER: in there no SET ROLE is allowed, so it
// cannot climb to what the worker may, and plpgsql runs exactly one statement. It lives in pg_temp until the session
// ends or the next source replaces it.
void make_source_function(Connection& connection, const RunSpec& spec) {
    pqxx::work tx(connection, "source function");
    const std::string query =
        "SELECT q.symbol::text, q.ts::timestamptz, q.features::bourse.fvec, q.label::float8 FROM (\n" + *spec.source +
        "\n) AS q";
    std::string set_path;  // each name quoted by the server, which alone knows how
    for (const auto& row :
         tx.exec_params("SELECT quote_ident(btrim(btrim(name), '\"')) FROM unnest(string_to_array($1, ',')) AS name",
                        spec.search_path))
        set_path += (set_path.empty() ? "" : ", ") + row[0].as<std::string>();
    tx.exec("DROP FUNCTION IF EXISTS pg_temp.bourse_source()");
    tx.exec(
        "CREATE FUNCTION pg_temp.bourse_source() RETURNS TABLE(symbol text, ts timestamptz, features bourse.fvec, "
        "label float8) "
        "LANGUAGE plpgsql SECURITY DEFINER" +
        (set_path.empty() ? std::string() : " SET search_path = " + set_path) + " AS " +
        tx.quote("BEGIN RETURN QUERY EXECUTE " + tx.quote(query) + "; END"));
    try {
        tx.exec("ALTER FUNCTION pg_temp.bourse_source() OWNER TO " + tx.quote_name(spec.owner));
    } catch (const pqxx::insufficient_privilege&) {
        throw Error(ErrorKind::invalid_argument, "source: this worker may not act as " + spec.owner,
                    "the worker's role must be a member: GRANT " + tx.quote_name(spec.owner) + " TO " +
                        tx.quote_name(connection.username()));
    }
    tx.commit();
}

std::unordered_map<std::string, std::int32_t> read_instruments(pqxx::transaction_base& tx) {
    std::unordered_map<std::string, std::int32_t> known;
    for (const auto& row : tx.exec("SELECT symbol, instrument_id FROM bourse.instrument"))
        known[row[0].c_str()] = row[1].as<std::int32_t>();
    return known;
}

std::string span_condition(pqxx::transaction_base& tx, const RunSpec& spec) {
    std::string condition = " WHERE s.symbol IS NOT NULL AND s.ts IS NOT NULL AND s.features IS NOT NULL";
    if (spec.from_ts) condition += " AND s.ts >= " + tx.quote(*spec.from_ts);
    if (spec.to_ts) condition += " AND s.ts < " + tx.quote(*spec.to_ts);
    return condition;
}

std::vector<std::string> column_names(const RunSpec& spec, std::size_t columns) {
    if (spec.features.empty()) {
        std::vector<std::string> names;
        for (std::size_t i = 1; i <= columns; ++i) names.push_back("f" + std::to_string(i));
        return names;
    }
    if (spec.features.size() != columns)
        throw Error(ErrorKind::invalid_argument, "source: vectors of " + std::to_string(columns) + " features, but " +
                                                     std::to_string(spec.features.size()) + " names in options");
    return spec.features;
}

// libpqxx keeps the server's whole text: "ERROR:  message\nCONTEXT:  …".
std::string first_line(std::string text) {
    text = text.substr(0, text.find('\n'));
    return text.starts_with("ERROR:  ") ? text.substr(8) : text;
}

class SourceRows {
public:
    explicit SourceRows(std::unordered_map<std::string, std::int32_t> known) : instruments_(std::move(known)) {}

    void read(CopyReader& reader) {
        std::string_view symbol;
        std::int64_t ts = 0;
        std::span<const std::byte> bytes;
        double label = 0;
        reader.text(symbol);
        reader.timestamptz(ts);
        reader.bytes(bytes);
        reader.float8(label);
        std::uint32_t count = 0;
        if (bytes.size() < sizeof count) throw Error(ErrorKind::internal, "fvec without its length");
        std::memcpy(&count, bytes.data(), sizeof count);
        if (!rows_) rows_.emplace(datasets::LabelledRows{datasets::Matrix(count), {}, {}});
        auto& matrix = rows_->matrix;
        if (count != matrix.columns())
            throw Error(ErrorKind::invalid_argument, "source: a vector of " + std::to_string(count) +
                                                         " features after vectors of " +
                                                         std::to_string(matrix.columns()));
        if (bytes.size() != sizeof count + count * sizeof(float))
            throw Error(ErrorKind::internal, "fvec of another size than it says");
        if (!std::isfinite(label)) {
            ++without_label_;
            return;
        }
        const std::int32_t id = instrument(symbol);
        if (matrix.rows() > 0 && ts == last_ts_ && id == last_instrument_)  // ordered by (ts, symbol)
            throw Error(ErrorKind::invalid_argument, "source: two rows of " + std::string(symbol) + " at the same ts");
        last_ts_ = ts;
        last_instrument_ = id;
        matrix.append(ts, id, static_cast<float>(label));
        std::memcpy(matrix.row(matrix.rows() - 1).data(), bytes.data() + sizeof count, count * sizeof(float));
        rows_->outcomes.push_back(label);
    }

    TrainingRows finish(const RunSpec& spec) {
        if (!rows_ || rows_->matrix.rows() == 0)
            throw Error(ErrorKind::insufficient_data, "too little data: the source gave no row with a label", {},
                        std::to_string(without_label_) + " rows without a label");
        auto names = column_names(spec, rows_->matrix.columns());
        return {std::move(*rows_),
                std::move(names),
                {},
                0,
                without_label_,
                static_cast<std::size_t>(-(next_unknown_ + 1)),
                {}};
    }

private:
    std::int32_t instrument(std::string_view symbol) {
        const auto [found, is_new] = instruments_.try_emplace(std::string(symbol), next_unknown_);
        if (is_new) --next_unknown_;
        return found->second;
    }

    std::unordered_map<std::string, std::int32_t> instruments_;
    std::int32_t next_unknown_ = -1;
    std::int64_t last_ts_ = 0;
    std::int32_t last_instrument_ = 0;
    std::optional<datasets::LabelledRows> rows_;
    std::size_t without_label_ = 0;
};

}  // namespace

TrainingRows read_source_rows(Connection& connection, const RunSpec& spec, const CheckInterrupts& interrupts) {
    try {
        make_source_function(connection, spec);
        pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> tx(connection, "source");
        SourceRows rows(read_instruments(tx));
        const auto snapshot_at = tx.exec("SELECT now()")[0][0].as<std::string>();
        CopyReader reader(connection,
                          "COPY (SELECT s.symbol, s.ts, s.features, s.label FROM pg_temp.bourse_source() AS s" +
                              span_condition(tx, spec) + " ORDER BY s.ts, s.symbol) TO STDOUT (FORMAT binary)");
        for (std::size_t n = 0; reader.next(); ++n) {
            if (n % 4096 == 0) check(interrupts);
            rows.read(reader);
        }
        auto read = rows.finish(spec);
        read.snapshot_at = snapshot_at;
        return read;
    } catch (const pqxx::sql_error& e) {
        const std::string state = e.sqlstate();
        // What lies in the query fails the run for good; a lost server or a lack of resources is tried again.
        if (state.starts_with("08") || state.starts_with("53") || state.starts_with("57") || state.starts_with("40"))
            throw;
        throw Error(ErrorKind::invalid_argument, "source: " + first_line(e.what()),
                    "try the query in psql as " + spec.owner);
    }
}

}  // namespace bourse::workers
