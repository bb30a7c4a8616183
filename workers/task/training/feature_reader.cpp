#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "core/error.hpp"
#include "workers/common/copy_binary.hpp"
#include "workers/task/feature_refresh.hpp"
#include "workers/task/training/data_versions.hpp"
#include "workers/task/training/dataset_reader.hpp"
#include "workers/task/training/labels.hpp"

namespace bourse::workers {
namespace {

using datasets::LabelRow;
using ReadTransaction = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;

// Where the row of (instrument, ts) lies; rows of one instrument are asked for mostly in the order of time.
class RowIndex {
public:
    explicit RowIndex(const std::vector<LabelRow>& rows) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            by_instrument_[rows[i].instrument_id].rows.push_back({rows[i].ts, i});
    }

    // The row's number, or `none`.
    std::size_t find(std::int32_t instrument, std::int64_t ts) {
        const auto found = by_instrument_.find(instrument);
        if (found == by_instrument_.end()) return none;
        auto& [rows, next] = found->second;
        if (next >= rows.size() || rows[next].first != ts)
            next = static_cast<std::size_t>(std::lower_bound(rows.begin(), rows.end(), std::pair{ts, std::size_t{0}}) -
                                            rows.begin());
        if (next >= rows.size() || rows[next].first != ts) return none;
        return rows[next++].second;
    }

    InstrumentSpans spans() const {
        InstrumentSpans spans;
        for (const auto& [id, of_one] : by_instrument_)
            spans[id] = {of_one.rows.front().first, of_one.rows.back().first};
        return spans;
    }

    static constexpr std::size_t none = static_cast<std::size_t>(-1);

private:
    struct Rows {
        std::vector<std::pair<std::int64_t, std::size_t>> rows;
        std::size_t next = 0;
    };
    std::unordered_map<std::int32_t, Rows> by_instrument_;
};

std::string literal_of_us(std::int64_t us) {
    return "timestamptz 'epoch' + " + std::to_string(us) + " * interval '1 microsecond'";
}

datasets::LabelledRows rows_of(const std::vector<LabelRow>& labels, std::size_t columns) {
    datasets::LabelledRows rows{datasets::Matrix(columns), {}, {}};
    rows.matrix.resize(labels.size());
    rows.outcomes.reserve(labels.size());
    rows.label_end.reserve(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        rows.matrix.set(i, labels[i].ts, labels[i].instrument_id, static_cast<float>(labels[i].label));
        rows.outcomes.push_back(labels[i].label);
        rows.label_end.push_back(labels[i].label_end);
    }
    return rows;
}

// A row without stored features keeps its missing values, and make_dataset drops it.
void fill_features(Connection& connection, const RunSpec& spec, const std::vector<LabelRow>& labels, RowIndex& index,
                   datasets::Matrix& matrix, const CheckInterrupts& interrupts, const TellProgress& reading) {
    std::size_t filled = 0;
    CopyReader reader(
        connection,
        "COPY (SELECT v.instrument_id, v.ts, v.features FROM bourse.feature_value AS v WHERE v.feature_set_id = " +
            std::to_string(*spec.feature_set_id) + " AND v.ts BETWEEN " + literal_of_us(labels.front().ts) + " AND " +
            literal_of_us(labels.back().ts) + ") TO STDOUT (FORMAT binary)");
    for (std::size_t n = 0; reader.next(); ++n) {
        if (n % 4096 == 0) {
            check(interrupts);
            reading(static_cast<double>(filled) / static_cast<double>(labels.size()),
                    "features of " + std::to_string(filled) + " of " + std::to_string(labels.size()) + " rows");
        }
        std::int32_t instrument = 0;
        std::int64_t ts = 0;
        std::span<const std::byte> bytes;
        reader.int4(instrument);
        reader.timestamptz(ts);
        reader.bytes(bytes);
        const std::size_t at = index.find(instrument, ts);
        if (at == RowIndex::none) continue;
        const auto row = matrix.row(at);
        if (bytes.size() != sizeof(std::uint32_t) + row.size_bytes())
            throw Error(ErrorKind::internal, "stored features of " + spec.feature_set + " have " +
                                                 std::to_string(bytes.size()) + " bytes, expected " +
                                                 std::to_string(sizeof(std::uint32_t) + row.size_bytes()));
        ++filled;
        std::memcpy(row.data(), bytes.data() + sizeof(std::uint32_t), row.size_bytes());
    }
}

bool is_fresh(pqxx::transaction_base& tx, const RunSpec& spec) {
    return tx
        .exec_params(
            "SELECT s.materialized AND NOT EXISTS (SELECT FROM bourse.feature_dirty AS d WHERE d.feature_set_id = "
            "s.feature_set_id) "
            "FROM bourse.feature_set AS s WHERE s.feature_set_id = $1",
            *spec.feature_set_id)[0][0]
        .as<bool>();
}

TrainingRows read_snapshot(Connection& connection, ReadTransaction& tx, const RunSpec& spec,
                           const CheckInterrupts& interrupts, const TellProgress& reading) {
    reading(0, "labels");
    const auto labels = read_labels(connection, tx, spec, interrupts);
    if (labels.rows.empty())
        throw Error(ErrorKind::insufficient_data,
                    "too little data: no bar in the span and universe has the label " + spec.label,
                    "load more bars, or ask for another label, span or universe",
                    std::to_string(labels.without_label) + " rows without a label");
    RowIndex index(labels.rows);
    TrainingRows read{
        rows_of(labels.rows, spec.features.size()), spec.features, {}, labels.bars_ahead, labels.without_label, 0, {}};
    fill_features(connection, spec, labels.rows, index, read.rows.matrix, interrupts, reading);
    read.data_version_ids = read_data_versions(tx, spec, index.spans(), labels.bars_ahead);
    read.snapshot_at = tx.exec("SELECT now()")[0][0].as<std::string>();
    return read;
}

}  // namespace

TrainingRows read_feature_rows(Connection& connection, const RunSpec& spec, const CheckInterrupts& interrupts,
                               const TellProgress& refreshing, const TellProgress& reading) {
    constexpr int tries = 20;  // loads that keep coming cannot keep a run from starting for ever
    for (int i = 0; i < tries; ++i) {
        {
            ReadTransaction tx(connection, "training data");
            if (is_fresh(tx, spec)) return read_snapshot(connection, tx, spec, interrupts, reading);
        }
        check(interrupts);
        refresh_feature_set(connection, *spec.feature_set_id, {interrupts, refreshing, {}});
    }
    throw Error(ErrorKind::internal,
                "features of " + spec.feature_set + " did not come to rest: bars of it were loaded all the time");
}

}  // namespace bourse::workers
