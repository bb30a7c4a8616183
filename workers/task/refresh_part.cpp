#include "workers/task/refresh_part.hpp"

#include <chrono>
#include <optional>

#include "core/error.hpp"
#include "workers/common/copy_binary.hpp"
#include "workers/task/block_reader.hpp"
#include "workers/task/feature_checkpoints.hpp"
#include "workers/task/refresh_plan.hpp"
#include "workers/task/row_writer.hpp"

namespace bourse::workers {
namespace {

using namespace factors;
using Clock = std::chrono::steady_clock;

// Bars that are read at a time, one block ahead: few, so that storing begins soon. What looks at other instruments
// reads them again for each block.
std::size_t block_bytes(const Plan& plan) {
    return plan.derivations.empty() ? std::size_t{8} << 20 : std::size_t{256} << 20;
}

// Everything here is found by key, some rows an instrument. The server cannot tell how few a range of time holds, and
// would rather read a whole table of ten years for the join of one day.
constexpr const char* set_by_key = "SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";
// The server cannot see that the storing session waits for the reading one: a lock that somebody takes who waits for
// the first must not be waited for.
constexpr const char* read_by_key =
    "SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off; SET lock_timeout = 10000";

std::map<std::int32_t, StoredSpan> read_stored(Connection& connection, int feature_set_id,
                                               std::span<const DirtySpan> dirty) {
    pqxx::nontransaction tx(connection);
    std::map<std::int32_t, StoredSpan> stored;
    std::string ids = "{";
    for (const auto& span : dirty) ids += (ids.size() > 1 ? "," : "") + std::to_string(span.instrument_id);
    const auto rows = tx.exec_params(
        "SELECT i.instrument_id, bourse.to_unix_us(a.ts), bourse.to_unix_us(z.ts) FROM bourse.instrument AS i "
        "CROSS JOIN LATERAL (SELECT ts FROM bourse.feature_value WHERE feature_set_id = $1 AND instrument_id = "
        "i.instrument_id ORDER BY ts LIMIT 1) AS a "
        "CROSS JOIN LATERAL (SELECT ts FROM bourse.feature_value WHERE feature_set_id = $1 AND instrument_id = "
        "i.instrument_id ORDER BY ts DESC LIMIT 1) AS z WHERE i.instrument_id = ANY ($2::int[])",
        feature_set_id, ids + "}");
    for (const auto& row : rows)
        stored[row[0].as<std::int32_t>()] = {row[1].as<std::int64_t>(), row[2].as<std::int64_t>()};
    return stored;
}

std::int64_t kept_from(Connection& connection, int feature_set_id) {
    return pqxx::nontransaction(connection)
        .exec_params("SELECT bourse.to_unix_us(bourse.feature_horizon($1))", feature_set_id)[0][0]
        .as<std::int64_t>();
}

// Stored rows in these ranges are replaced; those that are older than they are kept are taken away. An instrument
// without bars (left) loses what is stored of it.
void write_ranges(Connection& connection, const PanelReader& reader, const std::vector<PanelReader::Want>& wants,
                  std::span<const DirtySpan> dirty) {
    CopyWriter ranges(connection, "COPY pg_temp.refresh_range FROM STDIN (FORMAT binary)");
    const auto add = [&](std::int32_t id, std::int64_t from, std::int64_t to) {
        ranges.row(3);
        ranges.int4(id);
        ranges.timestamptz(from);
        ranges.timestamptz(to);
    };
    for (const auto& want : wants) add(reader.instruments()[want.instrument].id, want.changed_us, want.to_us);
    std::map<std::int32_t, bool> without_bars;
    for (const auto& span : dirty) without_bars[span.instrument_id] = true;
    for (const auto& instrument : reader.instruments()) without_bars.erase(instrument.id);
    for (const auto& [id, gone] : without_bars) add(id, beginning_us, end_of_time_us);
    ranges.finish();
}

PanelReader::Want from_first_row(const PanelReader& reader, const std::vector<PanelReader::Want>& wants,
                                 std::int32_t instrument_id) {
    for (auto want : wants)
        if (reader.instruments()[want.instrument].id == instrument_id) {
            want.resume_us = beginning_us;
            want.previous_close = PanelReader::Want{}.previous_close;
            return want;
        }
    throw Error(ErrorKind::internal, "a series was read that nobody wanted");
}

// Series by series, each going on from its checkpoint and leaving new ones. Returns what must be read from its first
// row instead.
std::vector<PanelReader::Want> carry_on(const Plan& plan, const PanelReader& reader, const BlockReader::Block& block,
                                        const Panel& panel, Checkpoints& checkpoints, RowWriter& writer,
                                        const CheckInterrupts& interrupts) {
    std::vector<PanelReader::Want> again;
    std::vector<double> columns;
    Evaluator evaluator(plan, panel);
    for (const Series& series : panel.series) {
        if (!checkpoints.fits(series)) {
            checkpoints.forget(series.instrument_id);
            again.push_back(from_first_row(reader, block, series.instrument_id));
            continue;
        }
        evaluator.run(series, series.first, series.last, columns, interrupts, checkpoints.carry(series.instrument_id));
        checkpoints.keep(series.instrument_id);
        writer.add(series, series.first, series.last - series.first, columns);
    }
    return again;
}

// Within the transaction that replaces the rows.
std::int64_t compute(Connection& connection, const Plan& plan, PanelReader& reader, DatabaseSource& source,
                     int feature_set_id, const std::vector<PanelReader::Want>& wants, Checkpoints& checkpoints,
                     const CheckInterrupts& interrupts, const std::function<void(double)>& progress) {
    std::int64_t rows = 0;
    std::size_t done = 0;
    BlockReader blocks(reader, source, reader.blocks(wants, block_bytes(plan)), read_by_key, interrupts);
    BlockReader::Block block;
    Panel panel;
    std::optional<RowWriter> open;  // one COPY for all blocks, but for the checkpoints that go between them
    while (blocks.next(block, panel)) {
        if (!open) open.emplace(connection, feature_set_id, plan.outputs.size());
        RowWriter& writer = *open;
        std::vector<PanelReader::Want> again;
        if (checkpoints.used())
            again = carry_on(plan, reader, block, panel, checkpoints, writer, interrupts);
        else
            evaluate(  // many instruments side by side
                plan, panel,
                [&](std::size_t at, std::span<const float> values) { writer.add(panel.series[at], values); },
                interrupts);
        if (checkpoints.used()) {
            rows += writer.finish();
            open.reset();
            checkpoints.stage();
        }
        done += block.size() - again.size();
        for (auto& more : reader.blocks(again, block_bytes(plan))) blocks.add(std::move(more));
        if (progress) progress(static_cast<double>(done) / static_cast<double>(wants.size()));
    }
    if (open) rows += open->finish();
    return rows;
}

void delete_ranges(pqxx::transaction_base& tx, int feature_set_id) {
    tx.exec_params(
        "DELETE FROM bourse.feature_value AS v USING pg_temp.refresh_range AS r "
        "WHERE v.feature_set_id = $1 AND v.instrument_id = r.instrument_id AND v.ts >= r.from_ts AND v.ts < r.to_ts",
        feature_set_id);
}

// The earliest row that is written or taken away: a refresh reaches back behind its ranges where an instrument goes on
// after a pause. What is counted from a time on is counted again from there.
std::int64_t first_row(const PanelReader& reader, const std::vector<PanelReader::Want>& wants,
                       const std::map<std::int32_t, StoredSpan>& stored) {
    std::int64_t first = end_of_time_us;
    for (const auto& want : wants) {
        const auto& instrument = reader.instruments()[want.instrument];
        const auto rows = stored.find(instrument.id);
        const auto begins =
            rows == stored.end() ? instrument.first_us : std::min(instrument.first_us, rows->second.first_us);
        first = std::min(first, std::max(want.from_us, begins));
    }
    return first;
}

void mark_statistics(pqxx::transaction_base& tx, int feature_set_id, std::int64_t from_us) {
    if (from_us == end_of_time_us) return;
    tx.exec_params(
        "INSERT INTO bourse.feature_stats_stale AS s (feature_set_id, from_ts) VALUES ($1, bourse.from_unix_us($2)) "
        "ON CONFLICT (feature_set_id) DO UPDATE SET from_ts = least(s.from_ts, excluded.from_ts)",
        feature_set_id, from_us);
}

void keep_state(pqxx::transaction_base& tx, int feature_set_id, const RefreshResult& result) {
    const nlohmann::json state{
        {"ranges", result.ranges}, {"instruments", result.instruments}, {"resumed", result.resumed}};
    tx.exec_params(
        "INSERT INTO bourse.feature_state AS t (feature_set_id, refreshed_at, rows, seconds, values_per_second, state) "
        "VALUES ($1, clock_timestamp(), $2, $3, $4, $5::jsonb) ON CONFLICT (feature_set_id) DO UPDATE SET refreshed_at "
        "= excluded.refreshed_at, rows = excluded.rows, seconds = excluded.seconds, values_per_second = "
        "excluded.values_per_second, state = t.state || excluded.state",
        feature_set_id, result.rows, result.seconds, result.values_per_second(), state.dump());
}

}  // namespace

void make_refresh_tables(Connection& connection) {
    pqxx::nontransaction(connection)
        .exec(std::string("SET client_min_messages = warning; CREATE TEMP TABLE IF NOT EXISTS refresh_range "
                          "(instrument_id int, from_ts timestamptz, to_ts timestamptz);") +
              Checkpoints::make_temporary_table +
              "TRUNCATE pg_temp.refresh_range, pg_temp.refresh_checkpoint; RESET client_min_messages");
}

namespace {

class ByKey {
public:
    explicit ByKey(Connection& connection) : connection_(connection) {
        pqxx::nontransaction(connection_).exec(set_by_key);
    }
    ~ByKey() {
        try {
            pqxx::nontransaction(connection_).exec("RESET enable_hashjoin; RESET enable_mergejoin; RESET jit");
        } catch (const std::exception&) {  // the session is gone, and its settings with it
        }
    }
    ByKey(const ByKey&) = delete;
    ByKey& operator=(const ByKey&) = delete;

private:
    Connection& connection_;
};

}  // namespace

namespace {

// A piece of the time, of a set whose rows need all instruments: what is wanted in it, and where it ends. Pieces follow
// each other; the first begins with the time, the last ends with it.
struct Piece {
    BlockReader::Block wants;
    std::int64_t from_us, to_us;
};

// As many that the rows of one are about `most_values` values. Where a cross-section is taken of what reads everything
// before, each piece reads all bars again: then they are larger.
std::vector<Piece> pieces_of(const PanelReader& reader, const Plan& plan, const std::vector<PanelReader::Want>& wants,
                             std::int64_t most_values) {
    const std::int64_t factor = plan.reach().left == unbounded ? 8 : 1;
    const auto rows = std::max<std::int64_t>(factor * most_values / static_cast<std::int64_t>(plan.outputs.size()), 1);
    std::vector<Piece> pieces;
    for (auto& block : reader.blocks(wants, block_bytes(plan), static_cast<std::size_t>(rows))) {
        std::int64_t to = beginning_us;
        for (const auto& want : block) to = std::max(to, want.to_us);
        pieces.push_back({std::move(block), pieces.empty() ? beginning_us : pieces.back().to_us, to});
    }
    if (pieces.empty()) pieces.push_back({{}, beginning_us, end_of_time_us});
    pieces.back().to_us = end_of_time_us;
    return pieces;
}

std::vector<PanelReader::Want> inside(const std::vector<PanelReader::Want>& wants, const Piece& piece) {
    std::vector<PanelReader::Want> cut;
    for (auto want : wants) {
        want.from_us = std::max(want.from_us, piece.from_us);
        want.to_us = std::min(want.to_us, piece.to_us);
        want.changed_us = std::max(want.changed_us, piece.from_us);
        if (want.changed_us < want.to_us) cut.push_back(want);
    }
    return cut;
}

// Each piece is computed before its transaction and stored in it, with how far the ranges are done: no snapshot stays
// open for long, and whoever is killed leaves what is done.
void refresh_by_pieces(Connection& connection, const Plan& plan, PanelReader& reader, DatabaseSource& source,
                       int feature_set_id, const DirtyRanges::Part& part, const std::vector<PanelReader::Want>& wants,
                       std::int64_t first, std::int64_t most_values, RefreshResult& result,
                       const CheckInterrupts& interrupts, const std::function<void(double)>& progress,
                       const std::function<void(pqxx::transaction_base&)>& finish) {
    const auto pieces = pieces_of(reader, plan, wants, most_values);
    std::vector<BlockReader::Block> reads;
    for (const auto& piece : pieces)
        if (!piece.wants.empty()) reads.push_back(piece.wants);
    BlockReader blocks(reader, source, std::move(reads), read_by_key, interrupts);
    BlockReader::Block block;
    for (const Piece& piece : pieces) {
        const auto start = Clock::now();
        const bool last = &piece == &pieces.back();
        Panel panel;
        if (!piece.wants.empty()) blocks.next(block, panel);
        make_refresh_tables(connection);
        write_ranges(connection, reader, inside(wants, piece), last ? part.spans : std::vector<DirtySpan>{});
        pqxx::work tx(connection, "store features");
        delete_ranges(tx, feature_set_id);
        RowWriter writer(connection, feature_set_id, plan.outputs.size());
        if (!panel.series.empty())
            evaluate(
                plan, panel,
                [&](std::size_t at, std::span<const float> values) { writer.add(panel.series[at], values); },
                interrupts);
        const auto rows = writer.finish();
        result.rows += rows;
        result.values += rows * static_cast<std::int64_t>(plan.outputs.size());
        check(interrupts);
        if (last) {
            result.ranges += static_cast<std::int64_t>(part.spans.size());
            result.instruments += static_cast<std::int64_t>(wants.size());
            tx.exec_params("DELETE FROM bourse.feature_dirty WHERE dirty_id = ANY ($1::bigint[])", part.ids);
        } else {
            tx.exec_params(
                "UPDATE bourse.feature_dirty SET done_until = bourse.from_unix_us($2) WHERE dirty_id = ANY "
                "($1::bigint[])",
                part.ids, piece.to_us);
        }
        if (first < piece.to_us) mark_statistics(tx, feature_set_id, std::max(first, piece.from_us));
        result.seconds += std::chrono::duration<double>(Clock::now() - start).count();
        keep_state(tx, feature_set_id, result);
        tx.exec("TRUNCATE pg_temp.refresh_range");
        if (last && finish) finish(tx);
        tx.commit();
        if (progress) progress(static_cast<double>(&piece - pieces.data() + 1) / static_cast<double>(pieces.size()));
    }
}

}  // namespace

void refresh_part(Connection& connection, const Plan& plan, PanelReader& reader, DatabaseSource& source,
                  int feature_set_id, const DirtyRanges::Part& part, std::int64_t most_values, RefreshResult& result,
                  const CheckInterrupts& interrupts, const std::function<void(double)>& progress,
                  const std::function<void(pqxx::transaction_base&)>& finish) {
    const auto start = Clock::now();
    const ByKey by_key(connection);
    const auto stored = read_stored(connection, feature_set_id, part.spans);
    auto wants = plan_refresh(reader, plan, part.spans, stored, kept_from(connection, feature_set_id));
    const std::int64_t first = first_row(reader, wants, stored);
    if (dependence(plan).on_all) {
        refresh_by_pieces(connection, plan, reader, source, feature_set_id, part, wants, first, most_values, result,
                          interrupts, progress, finish);
        return;
    }
    Checkpoints checkpoints(connection, plan, feature_set_id);
    checkpoints.find(reader, wants);
    make_refresh_tables(connection);
    write_ranges(connection, reader, wants, part.spans);
    // Rows go into the table as they are computed. Nobody sees them before the commit, and no other session writes rows
    // of these instruments; bars are read by statements of their own, which see what has been committed by then.
    pqxx::work tx(connection, "store features");
    delete_ranges(tx, feature_set_id);
    const auto rows =
        compute(connection, plan, reader, source, feature_set_id, wants, checkpoints, interrupts, progress);
    result.rows += rows;
    result.values += rows * static_cast<std::int64_t>(plan.outputs.size());
    result.ranges += static_cast<std::int64_t>(part.spans.size());
    result.instruments += static_cast<std::int64_t>(wants.size());
    result.resumed += checkpoints.resumed();
    check(interrupts);
    checkpoints.store(tx);
    tx.exec_params("DELETE FROM bourse.feature_dirty WHERE dirty_id = ANY ($1::bigint[])", part.ids);
    mark_statistics(tx, feature_set_id, first);
    result.seconds += std::chrono::duration<double>(Clock::now() - start).count();
    keep_state(tx, feature_set_id, result);
    tx.exec("TRUNCATE pg_temp.refresh_range");
    if (finish) finish(tx);
    tx.commit();
}

}  // namespace bourse::workers
