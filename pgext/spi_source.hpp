// Panels' raw rows through SPI, as the caller and in the caller's snapshot.
#pragma once

#include "factors/market_source.hpp"
#include "factors/plan.hpp"
#include "pgext/boundary.hpp"

namespace bourse::pg {

// SPI for the length of a scope. Left by an error, the transaction's end cleans up.
class SpiScope {
public:
    SpiScope() {
        pg_call([] { SPI_connect(); });
    }
    ~SpiScope() { SPI_finish(); }
    SpiScope(const SpiScope&) = delete;
    SpiScope& operator=(const SpiScope&) = delete;
};

// One row of a query; columns from 1.
class SpiRow {
public:
    SpiRow(HeapTuple tuple, TupleDesc shape) : tuple_(tuple), shape_(shape) {}
    std::int32_t int4(int column) const { return DatumGetInt32(value(column)); }
    std::int64_t int8(int column) const { return present(column) ? DatumGetInt64(value(column)) : 0; }
    bool flag(int column) const { return present(column) && DatumGetBool(value(column)); }
    double float8(int column) const { return present(column) ? DatumGetFloat8(value(column)) : std::nan(""); }
    // A timestamptz as microseconds since 1970 UTC.
    std::int64_t time_us(int column) const { return int8(column) + epoch_2000_us; }
    std::string text(int column) const;  // empty when NULL
    bool present(int column) const;

private:
    Datum value(int column) const;
    HeapTuple tuple_;
    TupleDesc shape_;
};

// Runs a read-only query of constants in our own text, row by row, a few thousand at a time.
void spi_rows(const std::string& query, const std::function<void(const SpiRow&)>& each);

// A row of panel_rows and its kin, its columns from 0, without the instrument.
factors::Bar bar_of(const Datum* values, const bool* nulls) noexcept;

// A string as an SQL literal.
std::string sql_literal(const std::string& text);

class SpiSource final : public factors::MarketSource {
public:
    // known_at: a time as text; bars and fields are then as they were known at that time. Empty: as they are known now.
    explicit SpiSource(std::string known_at = {}) : known_at_(std::move(known_at)) {}
    // What a stored dataset sees (bourse.panel_rows_of and its kin).
    explicit SpiSource(std::int64_t dataset_id) : dataset_id_(dataset_id) {}

    std::vector<factors::Instrument> instruments(const std::string& freq, const std::string& universe,
                                                 std::span<const std::int32_t> ids) override;
    std::vector<factors::Session> sessions(const std::string& calendar) override;
    std::vector<std::int64_t> times(const std::string& freq, const std::string& calendar) override;
    void bars(const std::string& freq, std::span<const factors::Span> spans, const factors::TakeBars& each) override;
    void values(const std::string& freq, const std::string& field, std::span<const factors::Span> spans,
                const std::function<void(std::int32_t, std::int64_t, double)>& each) override;
    void statements(std::span<const std::string> fields, std::span<const std::int32_t> ids,
                    const std::function<void(std::int32_t, const factors::Statement&)>& each) override;
    void members(const std::string& universe, const std::function<void(const factors::Span&)>& each) override;
    std::vector<std::string> known_fields(const std::string& freq) override;
    std::int32_t instrument_id(const std::string& symbol) override;
    std::vector<factors::CustomOperator> custom_operators() override;
    std::vector<double> call(const std::string& function, std::span<const std::span<const double>> columns,
                             std::span<const double> params) override;

private:
    // The end of a call of panel_bars or panel_values, and of its name.
    std::string known_argument() const {
        return known_at_.empty() ? dataset_argument() : ", timestamptz " + sql_literal(known_at_) + ")";
    }
    const char* known_suffix() const { return known_at_.empty() ? dataset_suffix() : "_known("; }
    // The same of the calls that only datasets change.
    std::string dataset_argument() const { return dataset_id_ ? ", " + std::to_string(dataset_id_) + ")" : ")"; }
    const char* dataset_suffix() const { return dataset_id_ ? "_of(" : "("; }

    std::string known_at_;
    std::int64_t dataset_id_ = 0;
};

// compile() that knows the operators that users registered; looks for them only when one is named.
template <class Text>
factors::Plan compile_registered(const Text& expressions, factors::Rules rules = {}) {
    return factors::compile(
        expressions, rules,
        [] {
            SpiScope spi;
            return SpiSource().custom_operators();
        },
        check_interrupts());
}

}  // namespace bourse::pg
