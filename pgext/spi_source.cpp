#include "pgext/spi_source.hpp"

#include "pgext/slot_rows.hpp"
#include "pgext/pinned_dataset.hpp"

extern "C" {
#include "utils/portal.h"
}

namespace bourse::pg {
namespace {

using namespace factors;

constexpr long batch = 4096;

}  // namespace

bool SpiRow::present(int column) const {
    return pg_call([&] {
        bool is_null = false;
        SPI_getbinval(tuple_, shape_, column, &is_null);
        return !is_null;
    });
}

Datum SpiRow::value(int column) const {
    return pg_call([&] {
        bool is_null = false;
        return SPI_getbinval(tuple_, shape_, column, &is_null);
    });
}

std::string SpiRow::text(int column) const {
    char* copy = pg_call([&] { return SPI_getvalue(tuple_, shape_, column); });
    if (!copy) return {};
    std::string result(copy);
    pg_call([&] { pfree(copy); });
    return result;
}

void spi_rows(const std::string& query, const std::function<void(const SpiRow&)>& each) {
    const char* text = query.c_str();
    Portal portal =
        pg_call([&] { return SPI_cursor_open_with_args(nullptr, text, 0, nullptr, nullptr, nullptr, true, 0); });
    for (;;) {
        pg_call([&] { SPI_cursor_fetch(portal, true, batch); });
        const auto rows = SPI_processed;
        SPITupleTable* table = SPI_tuptable;
        for (std::uint64_t i = 0; i < rows; ++i) each(SpiRow(table->vals[i], table->tupdesc));
        pg_call([&] { SPI_freetuptable(table); });
        if (rows < batch) break;
    }
    pg_call([&] { SPI_cursor_close(portal); });
}

std::string sql_literal(const std::string& text) {
    const char* from = text.c_str();
    char* quoted = pg_call([&] { return quote_literal_cstr(from); });
    std::string result(quoted);
    pg_call([&] { pfree(quoted); });
    return result;
}

std::vector<Instrument> SpiSource::instruments(const std::string& freq, const std::string& universe,
                                               std::span<const std::int32_t> ids) {
    std::vector<Instrument> result;
    spi_rows(std::string("SELECT * FROM bourse.panel_instruments") + dataset_suffix() + sql_literal(freq) + ", " +
                 sql_literal(universe) + ", " + id_argument(ids) + dataset_argument(),
             [&](const SpiRow& row) {
                 result.push_back({row.int4(1), row.text(2), row.text(3), row.int8(4), row.int8(5)});
             });
    return result;
}

std::vector<Session> SpiSource::sessions(const std::string& calendar) {
    std::vector<Session> result;
    spi_rows("SELECT * FROM bourse.panel_sessions(" + sql_literal(calendar) + ")", [&](const SpiRow& row) {
        result.push_back({row.int8(1), row.int8(2), row.int8(3), row.int8(4), row.int8(5)});
    });
    return result;
}

std::vector<std::int64_t> SpiSource::times(const std::string& freq, const std::string& calendar) {
    std::vector<std::int64_t> result;
    spi_rows(std::string("SELECT * FROM bourse.panel_times") + dataset_suffix() + sql_literal(freq) + ", " +
                 sql_literal(calendar) + dataset_argument(),
             [&](const SpiRow& row) { result.push_back(row.int8(1)); });
    return result;
}

Bar bar_of(const Datum* values, const bool* nulls) noexcept {
    const auto number = [&](int column) { return nulls[column] ? std::nan("") : DatumGetFloat8(values[column]); };
    return {DatumGetTimestampTz(values[1]) + epoch_2000_us,
            number(2),
            number(3),
            number(4),
            number(5),
            number(6),
            number(7),
            number(8)};
}

void SpiSource::bars(const std::string& freq, std::span<const Span> spans, const TakeBars& each) {
    const auto take_row = [&](const Datum* values, const bool* nulls) {
        const Bar bar = bar_of(values, nulls);
        each(DatumGetInt32(values[0]), std::span(&bar, 1));
    };
    const auto of_dataset = dataset_id_ ? dataset_bars(dataset_id_) : DatasetBars{true, false, false, {}};
    if (known_at_.empty())
        if (auto stored = open_bars(freq, of_dataset)) {
            stored->read(spans, each);
            stored->close();
            if (of_dataset.replaced)
                slot_rows("SELECT * FROM bourse.panel_replaced_of(" + sql_literal(freq) + ", " + span_arguments(spans) +
                              dataset_argument(),
                          take_row);
            return;
        }
    slot_rows(std::string("SELECT * FROM bourse.panel_rows") + known_suffix() + sql_literal(freq) + ", " +
                  span_arguments(spans) + known_argument(),
              take_row);
}

void SpiSource::values(const std::string& freq, const std::string& field, std::span<const Span> spans,
                       const std::function<void(std::int32_t, std::int64_t, double)>& each) {
    spi_rows(std::string("SELECT * FROM bourse.panel_series") + known_suffix() + sql_literal(freq) + ", " +
                 sql_literal(field) + ", " + span_arguments(spans) + known_argument(),
             [&](const SpiRow& row) { each(row.int4(1), row.time_us(2), row.float8(3)); });
}

void SpiSource::statements(std::span<const std::string> fields, std::span<const std::int32_t> ids,
                           const std::function<void(std::int32_t, const Statement&)>& each) {
    spi_rows(
        "SELECT * FROM bourse.panel_statements(" + field_argument(fields) + ", " + id_argument(ids) + known_argument(),
        [&](const SpiRow& row) {
            each(row.int4(1), {static_cast<std::size_t>(row.int4(2) - 1), row.int4(3), row.time_us(4), row.float8(5)});
        });
}

void SpiSource::members(const std::string& universe, const std::function<void(const Span&)>& each) {
    spi_rows(std::string("SELECT * FROM bourse.panel_members") + dataset_suffix() + sql_literal(universe) +
                 dataset_argument(),
             [&](const SpiRow& row) {
                 each({row.int4(1), row.int8(2), row.int8(3)});
             });
}

std::int32_t SpiSource::instrument_id(const std::string& symbol) {
    std::int32_t id = 0;
    spi_rows("SELECT bourse.panel_instrument_id(" + sql_literal(symbol) + ")",
             [&](const SpiRow& row) { id = row.int4(1); });
    return id;
}

std::vector<CustomOperator> SpiSource::custom_operators() {
    std::vector<CustomOperator> all;
    spi_rows("SELECT * FROM bourse.panel_operators()", [&](const SpiRow& row) {
        all.push_back({row.text(1), row.text(2), row.int4(3), row.int4(4), row.text(5)});
    });
    return all;
}

std::vector<double> SpiSource::call(const std::string& function, std::span<const std::span<const double>> columns,
                                    std::span<const double> params) {
    std::vector<double> values;
    spi_rows(call_query(function, columns, params), [&](const SpiRow& row) { values.push_back(row.float8(1)); });
    check_length(function, values.size(), columns[0].size());
    return values;
}

std::vector<std::string> SpiSource::known_fields(const std::string& freq) {
    std::vector<std::string> result;
    spi_rows("SELECT unnest(bourse.known_fields(" + sql_literal(freq) + "))",
             [&](const SpiRow& row) { result.push_back(row.text(1)); });
    return result;
}

}  // namespace bourse::pg
