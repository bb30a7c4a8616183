#include "workers/task/dirty_ranges.hpp"

#include <algorithm>

namespace bourse::workers {
namespace {

std::string array_of(const std::vector<int>& numbers) {
    std::string text = "{";
    for (const int number : numbers) text += (text.size() > 1 ? "," : "") + std::to_string(number);
    return text + "}";
}

}  // namespace

DirtyRanges::~DirtyRanges() {
    try {
        unlock(std::vector<int>(held_));
    } catch (const std::exception&) {  // the session is gone, and its locks with it
    }
}

// The second key tells sets and parts apart.
std::vector<int> DirtyRanges::lock(const std::vector<int>& numbers) {
    std::vector<int> mine;
    for (const auto& row : pqxx::nontransaction(connection_)
                               .exec_params("SELECT n FROM unnest($1::int[]) AS n WHERE "
                                            "pg_try_advisory_lock(hashtext('bourse.refresh_part'), $2 + n)",
                                            array_of(numbers), feature_set_id_ * most_parts))
        mine.push_back(row[0].as<int>());
    held_.insert(held_.end(), mine.begin(), mine.end());
    return mine;
}

void DirtyRanges::unlock(const std::vector<int>& numbers) {
    if (numbers.empty()) return;
    pqxx::nontransaction(connection_)
        .exec_params("SELECT pg_advisory_unlock(hashtext('bourse.refresh_part'), $2 + n) FROM unnest($1::int[]) AS n",
                     array_of(numbers), feature_set_id_ * most_parts);
    for (const int number : numbers) held_.erase(std::find(held_.begin(), held_.end(), number));
}

namespace {

// Rows of id, instrument, from, to, done.
void read(const pqxx::result& rows, DirtyRanges::Part& part) {
    part.ids = "{";
    for (const auto& row : rows) {
        part.ids += (part.spans.empty() ? "" : ",") + std::string(row[0].c_str());
        part.spans.push_back({row[1].as<std::int32_t>(), row[2].as<std::int64_t>(), row[3].as<std::int64_t>(),
                              row[4].as<std::int64_t>()});
    }
    part.ids += "}";
}

}  // namespace

DirtyRanges::Part DirtyRanges::fresh(pqxx::transaction_base& tx, int feature_set_id) {
    Part part;
    read(tx.exec_params("SELECT dirty_id, instrument_id, bourse.to_unix_us(from_ts), bourse.to_unix_us(to_ts), "
                        "bourse.to_unix_us('-infinity') FROM bourse.feature_dirty WHERE feature_set_id = $1 AND NOT "
                        "planned",
                        feature_set_id),
         part);
    return part;
}

void DirtyRanges::plan(pqxx::transaction_base& tx, int feature_set_id, const Part& fresh,
                       std::span<const DirtySpan> more) {
    tx.exec_params("UPDATE bourse.feature_dirty SET planned = true WHERE dirty_id = ANY ($1::bigint[])", fresh.ids);
    if (more.empty()) return;
    std::string ids, from, to;
    for (const auto& span : more) {
        const char* comma = ids.empty() ? "" : ",";
        ids += comma + std::to_string(span.instrument_id);
        from += comma + std::to_string(span.from_us);
        to += comma + std::to_string(span.to_us);
    }
    tx.exec_params(
        "INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts, planned) "
        "SELECT $1, m.id, bourse.from_unix_us(m.from_us), bourse.from_unix_us(m.to_us), true "
        "FROM unnest($2::int[], $3::int8[], $4::int8[]) AS m(id, from_us, to_us)",
        feature_set_id, "{" + ids + "}", "{" + from + "}", "{" + to + "}");
}

std::vector<DirtySpan> DirtyRanges::begin(pqxx::transaction_base& tx) {
    std::vector<DirtySpan> spans;
    for (const auto& row :
         tx.exec_params("SELECT instrument_id, bourse.to_unix_us(from_ts), bourse.to_unix_us(to_ts), dirty_id FROM "
                        "bourse.feature_dirty WHERE feature_set_id = $1 AND planned",
                        feature_set_id_)) {
        spans.push_back({row[0].as<std::int32_t>(), row[1].as<std::int64_t>(), row[2].as<std::int64_t>()});
        newest_ = std::max(newest_, row[3].as<std::int64_t>());
    }
    total_ = static_cast<std::int64_t>(spans.size());
    return spans;
}

std::int64_t DirtyRanges::left(pqxx::transaction_base& tx) const {
    return tx
        .exec_params(
            "SELECT count(*) FROM bourse.feature_dirty WHERE feature_set_id = $1 AND planned AND dirty_id <= $2",
            feature_set_id_, newest_)[0][0]
        .as<std::int64_t>();
}

std::int64_t DirtyRanges::left() const {
    pqxx::nontransaction tx(connection_);
    return left(tx);
}

DirtyRanges::Part DirtyRanges::take(std::size_t most_ranges) {
    const auto waiting = pqxx::nontransaction(connection_)
                             .exec_params(
                                 "SELECT instrument_id % $3, count(*) FROM bourse.feature_dirty WHERE feature_set_id = "
                                 "$1 AND planned AND dirty_id <= $2 GROUP BY 1 ORDER BY 1",
                                 feature_set_id_, newest_, parts_);
    Part part;
    for (auto row = waiting.begin(); row != waiting.end() && part.locks.empty();) {
        std::vector<int> numbers;
        for (std::size_t ranges = 0; row != waiting.end() && ranges < most_ranges; ++row) {
            numbers.push_back(row[0].as<int>());
            ranges += row[1].as<std::size_t>();
        }
        part.locks = lock(numbers);
    }
    if (part.locks.empty()) return part;
    // Under the locks: what another session has done by then is gone.
    read(pqxx::nontransaction(connection_)
             .exec_params("SELECT dirty_id, instrument_id, bourse.to_unix_us(from_ts), bourse.to_unix_us(to_ts), "
                          "bourse.to_unix_us(coalesce(done_until, '-infinity')) FROM "
                          "bourse.feature_dirty WHERE feature_set_id = $1 AND planned AND dirty_id <= $2 AND "
                          "instrument_id % $3 = ANY ($4::int[])",
                          feature_set_id_, newest_, parts_, array_of(part.locks)),
         part);
    return part;
}

void DirtyRanges::give_back(Part& part) {
    unlock(part.locks);
    part = {};
}

}  // namespace bourse::workers
