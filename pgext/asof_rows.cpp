#include "pgext/asof_rows.hpp"

#include <string_view>

#include "core/reused_memory.hpp"
#include "pgext/settings.hpp"
#include "pgext/slot_rows.hpp"
#include "pgext/spi_source.hpp"

namespace bourse::pg {
namespace {

using datasets::AsofBlock;

constexpr int most_parts = 16;

struct OutOfMemory {};

std::size_t memory() { return static_cast<std::size_t>(asof_memory_mb) << 20; }

void require_room(const AsofBlock& block) {
    if (block.bytes() > memory()) throw OutOfMemory{};
}

std::string_view text(Datum value) {
    const auto* bytes = reinterpret_cast<const varlena*>(DatumGetPointer(value));
    if (VARATT_IS_COMPRESSED(bytes) || VARATT_IS_EXTERNAL(bytes))
        bytes = pg_call([=] { return pg_detoast_datum_packed(const_cast<varlena*>(bytes)); });
    return {VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes)};
}

std::span<const std::byte> whole_row(Datum value) {
    const HeapTupleHeader row = pg_call([=] { return DatumGetHeapTupleHeader(value); });
    return {reinterpret_cast<const std::byte*>(row), HeapTupleHeaderGetDatumLength(row)};
}

std::span<const std::byte> stored(Datum value) {
    const char* bytes = DatumGetPointer(value);
    return {reinterpret_cast<const std::byte*>(bytes), VARSIZE_ANY(bytes)};
}

}  // namespace

AsofInstruments::AsofInstruments() {
    slot_rows("SELECT i.instrument_id, i.symbol FROM bourse.instrument AS i ORDER BY 1",
              [this](const Datum* values, const bool*) {
                  by_id_.emplace(DatumGetInt32(values[0]), size());
                  ids_.push_back(DatumGetInt32(values[0]));
                  by_symbol_.add(text(values[1]));
              });
}

std::uint32_t AsofInstruments::of_symbol(Datum value) const {
    static_assert(AsofBlock::no_instrument == datasets::TextNumbers::none);
    return by_symbol_.find(text(value));
}

// Rows come by instrument, or by time with the instruments in turns.
std::uint32_t AsofInstruments::of_id(std::int32_t id) {
    if (last_ < ids_.size() && ids_[last_] == id) return last_;
    if (last_ + 1 < ids_.size() && ids_[last_ + 1] == id) return ++last_;
    const auto found = by_id_.find(id);
    return last_ = found == by_id_.end() ? AsofBlock::no_instrument : found->second;
}

void AsofRows::read_spine(bool with_row) {
    slot_rows(request_.spine_query(with_row), [&](const Datum* values, const bool* nulls) {
        const bool complete = !nulls[0] && !nulls[1];
        block_.add(complete ? instruments_.of_symbol(values[0]) : AsofBlock::no_instrument,
                   complete ? DatumGetTimestampTz(values[1]) : 0,
                   with_row ? whole_row(values[2]) : std::span<const std::byte>());
        require_room(block_);
    });
    block_.arrange(check_interrupts());
}

std::vector<std::int32_t> AsofRows::asked_for() const {
    std::vector<std::int32_t> ids;
    for (std::uint32_t i = 0; i < instruments_.size(); ++i)
        if (block_.asks_for(i)) ids.push_back(instruments_.id(i));
    return ids;
}

// after_each(): may throw.
template <class AfterEach>
void AsofRows::offer_rows(const std::string& query, AfterEach after_each) {
    const NullableDatum known_at = request_.known_at;
    const ParamListInfo arguments = pg_call([=] {
        ParamListInfo list = makeParamList(1);
        list->params[0] = {known_at.value, known_at.isnull, PARAM_FLAG_CONST, TIMESTAMPTZOID};
        return list;
    });
    slot_rows(
        query,
        [&](const Datum* values, const bool*) {
            const auto instrument = instruments_.of_id(DatumGetInt32(values[0]));
            if (instrument == AsofBlock::no_instrument) return;
            block_.offer(instrument, DatumGetTimestampTz(values[1]), DatumGetTimestampTz(values[2]), stored(values[3]));
            after_each();
        },
        arguments);
}

// The bytes that the spine leaves to the series.
std::size_t AsofRows::room() const { return memory() - std::min(memory(), block_.spine_bytes()); }

// False: it fits neither at once nor in parts.
bool AsofRows::read_series() {
    const AsofSeries series(request_);
    next_instrument_ = instruments_.size();
    std::vector<std::int32_t> ids = asked_for();
    if (ids.empty()) return true;
    if (ids.size() > instruments_.size() / 2) ids.clear();  // so many that all rows are sooner read than chosen
    try {
        offer_rows(series.query(ids), [this] { require_room(block_); });
        return true;
    } catch (const OutOfMemory&) {
        if (!series.is_stored()) return false;
    }
    if (!is_worth_parts()) return false;
    in_parts_ = true;
    next_instrument_ = 0;
    read_more();
    return true;
}

// Each part may read the whole series to find its own rows; and none is smaller than an instrument.
bool AsofRows::is_worth_parts() const {
    std::uint32_t first = 0;
    for (int parts = 0; first < instruments_.size(); ++parts) {
        const std::uint32_t last = block_.fitting(first, room());
        if (last == first || parts == most_parts) return false;
        first = last;
    }
    return true;
}

// Its rows are bounded by the spine's, and so, as long as none is longer than those before, is their memory.
void AsofRows::read_more() {
    const std::uint32_t first = next_instrument_, last = std::max(first + 1, block_.fitting(first, room()));
    block_.start(first, last);
    offer_rows(AsofSeries(request_).query(instruments_.id(first), instruments_.id(last - 1)), [] {});
    next_instrument_ = last;
}

std::unique_ptr<AsofRows> AsofRows::read(const AsofRequest& request, bool with_row) {
    keep_freed_memory();
    try {
        std::unique_ptr<AsofRows> rows(new AsofRows(request));
        require_room(rows->block_);
        rows->read_spine(with_row);
        if (rows->read_series()) return rows;
    } catch (const OutOfMemory&) {  // the spine's own
    }
    return nullptr;
}

}  // namespace bourse::pg
