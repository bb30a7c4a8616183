#include "workers/task/feature_checkpoints.hpp"

#include "workers/common/copy_binary.hpp"
#include "workers/common/program_id.hpp"

namespace bourse::workers {

using namespace factors;

Checkpoints::Checkpoints(Connection& connection, const Plan& plan, int feature_set_id)
    : connection_(connection), feature_set_id_(feature_set_id), resumption_(resumption(plan)) {
    if (program_id().empty()) resumption_.possible = false;  // nobody could tell whose they are
}

void Checkpoints::find(const PanelReader& reader, std::span<PanelReader::Want> wants) {
    if (!resumption_.possible) return;
    std::string ids, times;
    std::map<std::int32_t, PanelReader::Want*> by_id;
    for (auto& want : wants) {
        const auto id = reader.instruments()[want.instrument].id;
        if (want.changed_us == beginning_us) continue;
        ids += (by_id.empty() ? "" : ",") + std::to_string(id);
        times += (by_id.empty() ? "" : ",") + std::to_string(want.changed_us);
        by_id[id] = &want;
    }
    if (by_id.empty()) return;
    CopyReader rows(
        connection_,
        "COPY (SELECT w.id, c.after_ts, c.base_ts, c.state FROM unnest('{" + ids + "}'::int[], '{" + times +
            "}'::int8[]) AS w(id, us) CROSS JOIN LATERAL (SELECT * FROM bourse.feature_checkpoint AS k WHERE "
            "k.feature_set_id = " +
            std::to_string(feature_set_id_) +
            " AND k.instrument_id = w.id AND k.after_ts < bourse.from_unix_us(w.us) AND k.program = " +
            connection_.quote(program_id()) + " ORDER BY k.after_ts DESC LIMIT 1) AS c) TO STDOUT (FORMAT binary)");
    while (rows.next()) {
        std::int32_t id = 0;
        std::int64_t after_us = 0, base_us = 0;
        std::span<const std::byte> state;
        rows.int4(id);
        rows.timestamptz(after_us);
        rows.timestamptz(base_us);
        rows.bytes(state);
        auto checkpoint = unpack(state, resumption_);
        if (!checkpoint) continue;  // damaged: from the first row, which writes it anew
        checkpoint->after_us = after_us;
        checkpoint->base_us = base_us;
        by_id.at(id)->resume_us = base_us;
        by_id.at(id)->previous_close = checkpoint->previous_close;
        found_[id] = std::move(*checkpoint);
    }
}

bool Checkpoints::fits(const Series& series) const {
    const auto found = found_.find(series.instrument_id);
    return found == found_.end() ||
           (series.rows() > 0 && series.ts_us.front() == found->second.base_us && series.first >= resumption_.rows);
}

Carry* Checkpoints::carry(std::int32_t instrument_id) {
    if (!resumption_.possible) return nullptr;
    const auto found = found_.find(instrument_id);
    carry_ = {&resumption_, found == found_.end() ? nullptr : &found->second};
    return &carry_;
}

void Checkpoints::keep(std::int32_t instrument_id) {
    for (const auto& one : carry_.kept)
        staged_.push_back({instrument_id, one.after_us, one.base_us, one.rows_before, pack(one)});
    carry_.kept.clear();
}

void Checkpoints::stage() {
    if (staged_.empty()) return;
    CopyWriter copy(connection_, "COPY pg_temp.refresh_checkpoint FROM STDIN (FORMAT binary)");
    for (const auto& row : staged_) {
        copy.row(5);
        copy.int4(row.instrument_id);
        copy.timestamptz(row.after_us);
        copy.timestamptz(row.base_us);
        copy.int8(static_cast<std::int64_t>(row.rows_before));
        copy.bytes(row.state);
    }
    copy.finish();
    staged_.clear();
}

void Checkpoints::store(pqxx::transaction_base& tx) const {
    if (!resumption_.possible) return;
    tx.exec_params(
        "DELETE FROM bourse.feature_checkpoint AS c USING pg_temp.refresh_range AS r "
        "WHERE c.feature_set_id = $1 AND c.instrument_id = r.instrument_id AND c.after_ts >= r.from_ts",
        feature_set_id_);
    tx.exec_params(
        "INSERT INTO bourse.feature_checkpoint (feature_set_id, instrument_id, after_ts, base_ts, rows_before, "
        "program, state) SELECT $1, instrument_id, after_ts, base_ts, rows_before, $2, state FROM "
        "pg_temp.refresh_checkpoint "
        "ON CONFLICT (feature_set_id, instrument_id, after_ts) DO UPDATE SET base_ts = excluded.base_ts, rows_before = "
        "excluded.rows_before, program = excluded.program, state = excluded.state",
        feature_set_id_, program_id());
    tx.exec_params(
        "DELETE FROM bourse.feature_checkpoint AS c USING (SELECT k.instrument_id, k.after_ts, k.rows_before, "
        "row_number() OVER (PARTITION BY k.instrument_id ORDER BY k.after_ts DESC) AS age FROM "
        "bourse.feature_checkpoint AS k WHERE k.feature_set_id = $1 AND k.instrument_id IN (SELECT instrument_id FROM "
        "pg_temp.refresh_checkpoint)) AS old WHERE c.feature_set_id = $1 AND c.instrument_id = old.instrument_id AND "
        "c.after_ts = old.after_ts AND old.age > 2 AND old.rows_before % $2 <> 0",
        feature_set_id_, static_cast<std::int64_t>(far_rows));
    tx.exec("TRUNCATE pg_temp.refresh_checkpoint");
}

}  // namespace bourse::workers
