// Panels from the database, by COPY BINARY. Usage:
//
//   DatabaseSource source(connection);               // no transaction of its own: reads what the session sees
//   factors::PanelReader reader(source, {.freq = "1d", .universe = "all", .fields = plan.field_names(), .reach =
//   plan.reach()}); for (const auto& block : reader.blocks(reader.want_all(from_us, to_us))) {
//       const factors::Panel panel = reader.read(block, interrupts);
//       const factors::FeatureMatrix matrix = factors::evaluate(plan, panel, interrupts);
//   }
#pragma once

#include <memory>

#include "factors/panel_reader.hpp"
#include "workers/common/connection.hpp"

namespace bourse::workers {

// A COPY between statements: works inside an open pqxx transaction of the connection and without one.
class DatabaseSource final : public factors::MarketSource {
public:
    // dataset_id: what a stored dataset sees (bourse.panel_rows_of and its kin); 0: what is stored now.
    explicit DatabaseSource(Connection& connection, std::int64_t dataset_id = 0)
        : own_(connection), reading_(&connection), dataset_id_(dataset_id) {}

    Connection& connection() const noexcept { return own_; }
    // Another session, made when it is first asked for and kept: `prepare` is run on it then.
    Connection& second(const std::string& prepare);
    // From now on from another session; null: from its own again.
    void read_from(Connection* other) noexcept { reading_ = other ? other : &own_; }

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

    // Every name that may follow a dollar sign at this frequency.
    std::vector<std::string> known_fields(const std::string& freq) override;
    std::int32_t instrument_id(const std::string& symbol) override;
    std::vector<factors::CustomOperator> custom_operators() override;
    std::vector<double> call(const std::string& function, std::span<const std::span<const double>> columns,
                             std::span<const double> params) override;

private:
    std::string copy_of(const std::string& function, const std::string& arguments) const;

    Connection& own_;
    Connection* reading_;
    std::unique_ptr<Connection> second_;
    std::int64_t dataset_id_;
};

}  // namespace bourse::workers
