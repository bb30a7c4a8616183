// A source whose future is another one: values of bars that close after a time are changed.
#pragma once

#include <map>

#include "factors/market_source.hpp"

namespace bourse::factors {

class ChangedSource final : public MarketSource {
public:
    // `known`: the other series as they were known at `now_us`, or null.
    ChangedSource(MarketSource& source, std::int64_t now_us, MarketSource* known)
        : source_(source), now_us_(now_us), known_(known) {}

    std::vector<Instrument> instruments(const std::string& freq, const std::string& universe,
                                        std::span<const std::int32_t> ids) override;
    std::vector<Session> sessions(const std::string& calendar) override { return source_.sessions(calendar); }
    std::vector<std::int64_t> times(const std::string& freq, const std::string& calendar) override {
        return source_.times(freq, calendar);
    }
    void bars(const std::string& freq, std::span<const Span> spans, const TakeBars& each) override;
    void values(const std::string& freq, const std::string& field, std::span<const Span> spans,
                const std::function<void(std::int32_t, std::int64_t, double)>& each) override;
    void statements(std::span<const std::string> fields, std::span<const std::int32_t> ids,
                    const std::function<void(std::int32_t, const Statement&)>& each) override;
    std::int32_t instrument_id(const std::string& symbol) override { return source_.instrument_id(symbol); }
    std::vector<std::string> known_fields(const std::string& freq) override { return source_.known_fields(freq); }
    std::vector<CustomOperator> custom_operators() override { return source_.custom_operators(); }
    std::vector<double> call(const std::string& function, std::span<const std::span<const double>> columns,
                             std::span<const double> params) override {
        return source_.call(function, columns, params);
    }
    void members(const std::string& universe, const std::function<void(const Span&)>& each) override {
        source_.members(universe, each);
    }

private:
    void read_calendars(const std::string& freq, std::span<const Span> spans);
    bool is_later(const std::string& freq, std::int32_t id, std::int64_t ts_us);

    MarketSource& source_;
    std::int64_t now_us_;
    MarketSource* known_;
    std::map<std::string, std::map<std::int32_t, Instrument>> listed_;   // by frequency
    std::map<std::pair<std::string, std::string>, Calendar> calendars_;  // by frequency and name
};

}  // namespace bourse::factors
