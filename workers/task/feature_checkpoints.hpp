// The checkpoints of a stored feature set: where a refresh of features that read everything before goes on.
#pragma once

#include <map>

#include "factors/evaluate.hpp"
#include "factors/panel_reader.hpp"
#include "workers/common/connection.hpp"

namespace bourse::workers {

// For one refresh. Without effect for a plan that has no use for them.
class Checkpoints {
public:
    Checkpoints(Connection& connection, const factors::Plan& plan, int feature_set_id);

    // Lets each want go on from the newest checkpoint that stands before its rows.
    void find(const factors::PanelReader& reader, std::span<factors::PanelReader::Want> wants);
    // Whether a series that was read can go on; false: it does not begin where its checkpoint stands, and must be read
    // from its first row. (A calendar that lost positions does that.)
    bool fits(const factors::Series& series) const;
    void forget(std::int32_t instrument_id) { found_.erase(instrument_id); }
    // Whether the plan has a use for them.
    bool used() const { return resumption_.possible; }
    // Instruments that go on from a checkpoint.
    std::int64_t resumed() const { return static_cast<std::int64_t>(found_.size()); }

    // How a series is evaluated, and what that kept. Null for a plan without checkpoints.
    factors::Carry* carry(std::int32_t instrument_id);
    void keep(std::int32_t instrument_id);

    // Writes what was kept to pg_temp.refresh_checkpoint.
    void stage();
    // In the transaction that stores the rows of pg_temp.refresh_range: checkpoints that those rows went into are
    // replaced by the staged ones, and of the near ones the last two stay.
    void store(pqxx::transaction_base& tx) const;

    static constexpr const char* make_temporary_table =
        "CREATE TEMP TABLE IF NOT EXISTS refresh_checkpoint (instrument_id int, after_ts timestamptz, base_ts "
        "timestamptz, rows_before int8, state bytea);";

private:
    struct Row {
        std::int32_t instrument_id;
        std::int64_t after_us, base_us;
        std::uint64_t rows_before;
        std::vector<std::byte> state;
    };

    Connection& connection_;
    int feature_set_id_;
    factors::Resumption resumption_;
    std::map<std::int32_t, factors::Checkpoint> found_;
    factors::Carry carry_;
    std::vector<Row> staged_;
};

}  // namespace bourse::workers
