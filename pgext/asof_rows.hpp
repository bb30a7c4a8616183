// The rows of an as-of join in memory; those of larger ones merged from two cursors of the server.
#pragma once

#include <memory>
#include <unordered_map>

#include "datasets/asof_block.hpp"
#include "datasets/text_numbers.hpp"
#include "pgext/asof_request.hpp"

namespace bourse::pg {

// Columns of bourse.asof_join's result.
constexpr int asof_columns = 4;

// The instruments that there are, by number in the order of their ids. To be made within SPI.
class AsofInstruments {
public:
    AsofInstruments();
    std::uint32_t size() const { return static_cast<std::uint32_t>(ids_.size()); }
    std::int32_t id(std::uint32_t number) const { return ids_[number]; }
    // AsofBlock::no_instrument: unknown.
    std::uint32_t of_symbol(Datum text) const;
    std::uint32_t of_id(std::int32_t id);

private:
    std::vector<std::int32_t> ids_;
    datasets::TextNumbers by_symbol_;
    std::unordered_map<std::int32_t, std::uint32_t> by_id_;
    std::uint32_t last_ = 0;
};

// A join within bourse.asof_memory_mb: the whole spine, and of a stored series that is too large for that the rows of
// as many instruments at a time as fit.
class AsofRows {
public:
    // Reads both sides, within SPI. with_row: whether the spine's rows are wanted, else the first column is NULL. Null
    // where that does not fit.
    static std::unique_ptr<AsofRows> read(const AsofRequest& request, bool with_row);

    // The next row; false: there is none among those read so far. What it gives lives until more are read.
    bool next(Datum* values, bool* nulls) noexcept {
        datasets::AsofBlock::Match match;
        if (!block_.next(match)) return false;
        values[0] = PointerGetDatum(match.spine);
        nulls[0] = match.spine == nullptr;
        nulls[1] = nulls[2] = nulls[3] = match.newest == nullptr;
        if (!match.newest) return true;
        values[1] = TimestampTzGetDatum(match.newest->ts);
        values[2] = TimestampTzGetDatum(match.newest->at);
        values[3] = PointerGetDatum(match.newest->bytes());
        return true;
    }
    // Whether next() has given all rows; if not, read_more() is due.
    bool is_complete() const noexcept { return next_instrument_ == instruments_.size(); }
    // Reads the next instruments' rows of the series, within SPI.
    void read_more();
    bool is_in_parts() const noexcept { return in_parts_; }
    // From the first row again. False: it has to be read again.
    bool rewind() noexcept {
        if (in_parts_) return false;
        block_.rewind();
        return true;
    }

private:
    explicit AsofRows(const AsofRequest& request)
        : request_(request), block_(instruments_.size(), request.tolerance_us) {}
    void read_spine(bool with_row);
    bool read_series();
    bool is_worth_parts() const;
    template <class AfterEach>
    void offer_rows(const std::string& query, AfterEach after_each);
    std::vector<std::int32_t> asked_for() const;
    std::size_t room() const;

    AsofRequest request_;
    AsofInstruments instruments_;
    datasets::AsofBlock block_;
    std::uint32_t next_instrument_ = 0;
    bool in_parts_ = false;
};

// The same without a bound on the rows: two cursors in the order of (instrument, time), merged in one pass; memory is
// two rows. What it gives lives within the call.
void merge_asof(const AsofRequest& request, const std::function<void(const Datum* values, const bool* nulls)>& take);

}  // namespace bourse::pg
