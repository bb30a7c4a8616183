#include "pgext/asof_rows.hpp"

#include <string_view>
#include <unordered_map>

#include "core/reused_memory.hpp"
#include "datasets/text_numbers.hpp"
#include "pgext/settings.hpp"
#include "pgext/slot_rows.hpp"
#include "pgext/spi_source.hpp"

namespace bourse::pg {
namespace {

using datasets::AsofBlock;

// The instruments that there are, by number in the order of their ids.
class Instruments {
public:
    Instruments() {
        slot_rows("SELECT i.instrument_id, i.symbol FROM bourse.instrument AS i ORDER BY 1",
                  [this](const Datum* values, const bool*) {
                      by_id_.emplace(DatumGetInt32(values[0]), size());
                      ids_.push_back(DatumGetInt32(values[0]));
                      by_symbol_.add(text(values[1]));
                  });
    }
    std::uint32_t size() const { return static_cast<std::uint32_t>(ids_.size()); }
    std::int32_t id(std::uint32_t number) const { return ids_[number]; }

    // no_instrument: unknown.
    std::uint32_t of_symbol(Datum value) const { return by_symbol_.find(text(value)); }
    // Rows come by instrument, or by time with the instruments in turns.
    std::uint32_t of_id(std::int32_t id) {
        if (last_ < ids_.size() && ids_[last_] == id) return last_;
        if (last_ + 1 < ids_.size() && ids_[last_ + 1] == id) return ++last_;
        const auto found = by_id_.find(id);
        return last_ = found == by_id_.end() ? AsofBlock::no_instrument : found->second;
    }

private:
    static_assert(AsofBlock::no_instrument == datasets::TextNumbers::none);
    static std::string_view text(Datum value) {
        const auto* bytes = reinterpret_cast<const varlena*>(DatumGetPointer(value));
        if (VARATT_IS_COMPRESSED(bytes) || VARATT_IS_EXTERNAL(bytes))
            bytes = pg_call([=] { return pg_detoast_datum_packed(const_cast<varlena*>(bytes)); });
        return {VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes)};
    }

    std::vector<std::int32_t> ids_;
    datasets::TextNumbers by_symbol_;
    std::unordered_map<std::int32_t, std::uint32_t> by_id_;
    std::uint32_t last_ = 0;
};

struct OutOfMemory {};

void require_room(const AsofBlock& block) {
    if (block.bytes() > static_cast<std::size_t>(asof_memory_mb) << 20) throw OutOfMemory{};
}

std::span<const std::byte> whole_row(Datum value) {
    const HeapTupleHeader row = pg_call([=] { return DatumGetHeapTupleHeader(value); });
    return {reinterpret_cast<const std::byte*>(row), HeapTupleHeaderGetDatumLength(row)};
}

std::span<const std::byte> stored(Datum value) {
    const char* bytes = DatumGetPointer(value);
    return {reinterpret_cast<const std::byte*>(bytes), VARSIZE_ANY(bytes)};
}

void read_spine(const AsofRequest& request, bool with_row, Instruments& instruments, AsofBlock& block) {
    slot_rows(request.spine_query(with_row), [&](const Datum* values, const bool* nulls) {
        const bool complete = !nulls[0] && !nulls[1];
        block.add(complete ? instruments.of_symbol(values[0]) : AsofBlock::no_instrument,
                  complete ? DatumGetTimestampTz(values[1]) : 0,
                  with_row ? whole_row(values[2]) : std::span<const std::byte>());
        require_room(block);
    });
}

std::vector<std::int32_t> asked_for(const Instruments& instruments, const AsofBlock& block) {
    std::vector<std::int32_t> ids;
    for (std::uint32_t i = 0; i < instruments.size(); ++i)
        if (block.asks_for(i)) ids.push_back(instruments.id(i));
    return ids;
}

void read_series(const AsofRequest& request, Instruments& instruments, AsofBlock& block) {
    std::vector<std::int32_t> ids = asked_for(instruments, block);
    if (ids.empty()) return;
    if (ids.size() > instruments.size() / 2) ids.clear();  // so many that all rows are sooner read than chosen
    const NullableDatum known_at = request.known_at;
    const ParamListInfo arguments = pg_call([=] {
        ParamListInfo list = makeParamList(1);
        list->params[0] = {known_at.value, known_at.isnull, PARAM_FLAG_CONST, TIMESTAMPTZOID};
        return list;
    });
    slot_rows(
        AsofSeries(request).query(ids),
        [&](const Datum* values, const bool*) {
            const auto instrument = instruments.of_id(DatumGetInt32(values[0]));
            if (instrument == AsofBlock::no_instrument) return;
            block.offer(instrument, DatumGetTimestampTz(values[1]), DatumGetTimestampTz(values[2]), stored(values[3]));
            require_room(block);
        },
        arguments);
}

}  // namespace

std::unique_ptr<AsofBlock> asof_block(const AsofRequest& request, bool with_row) {
    try {
        keep_freed_memory();
        Instruments instruments;
        auto block = std::make_unique<AsofBlock>(instruments.size(), request.tolerance_us);
        require_room(*block);
        read_spine(request, with_row, instruments, *block);
        block->arrange(check_interrupts());
        read_series(request, instruments, *block);
        return block;
    } catch (const OutOfMemory&) {
        return nullptr;
    }
}

}  // namespace bourse::pg
