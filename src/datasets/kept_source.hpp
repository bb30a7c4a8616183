// A source that is asked the same twice: labels and features are made of the same bars.
#pragma once

#include <map>
#include <unordered_map>

#include "core/large_vector.hpp"
#include "factors/market_source.hpp"

namespace bourse::datasets {

// Keeps instruments, sessions and times of another source, and the bars that are read while it is told to keep them, as
// long as they take no more than `most_bytes`: more are read again.
class KeptSource final : public factors::MarketSource {
public:
    explicit KeptSource(factors::MarketSource& source, std::size_t most_bytes = std::size_t{64} << 20)
        : source_(source), most_bars_(most_bytes / sizeof(factors::Bar)) {}

    void keep_bars(bool keep) noexcept { keeping_ = keep; }

    std::vector<factors::Instrument> instruments(const std::string& freq, const std::string& universe,
                                                 std::span<const std::int32_t> ids) override;
    std::vector<factors::Session> sessions(const std::string& calendar) override;
    std::vector<std::int64_t> times(const std::string& freq, const std::string& calendar) override;
    void bars(const std::string& freq, std::span<const factors::Span> spans, const factors::TakeBars& each) override;

    void values(const std::string& freq, const std::string& field, std::span<const factors::Span> spans,
                const std::function<void(std::int32_t, std::int64_t, double)>& each) override {
        source_.values(freq, field, spans, each);
    }
    void statements(std::span<const std::string> fields, std::span<const std::int32_t> ids,
                    const std::function<void(std::int32_t, const factors::Statement&)>& each) override {
        source_.statements(fields, ids, each);
    }
    void members(const std::string& universe, const std::function<void(const factors::Span&)>& each) override {
        source_.members(universe, each);
    }
    std::vector<std::string> known_fields(const std::string& freq) override { return source_.known_fields(freq); }
    std::int32_t instrument_id(const std::string& symbol) override { return source_.instrument_id(symbol); }
    std::vector<factors::CustomOperator> custom_operators() override { return source_.custom_operators(); }
    std::vector<double> call(const std::string& function, std::span<const std::span<const double>> columns,
                             std::span<const double> params) override {
        return source_.call(function, columns, params);
    }

private:
    struct Kept {
        std::int64_t from_us, to_us;                      // all bars of the span are here
        std::vector<std::span<const factors::Bar>> runs;  // as the source gave them
    };
    using OfFrequency = std::unordered_map<std::int32_t, Kept>;
    bool covers(const OfFrequency& kept, std::span<const factors::Span> spans) const;
    void keep(Kept& kept, std::span<const factors::Bar> some);
    void forget();

    factors::MarketSource& source_;
    std::size_t most_bars_, kept_bars_ = 0;
    bool keeping_ = false;
    std::map<std::pair<std::string, std::string>, std::vector<factors::Instrument>> instruments_;
    std::map<std::string, std::vector<factors::Session>> sessions_;
    std::map<std::pair<std::string, std::string>, std::vector<std::int64_t>> times_;
    std::map<std::string, OfFrequency> bars_;
    std::vector<LargeVector<factors::Bar>> chunks_;  // what the runs lie in
};

}  // namespace bourse::datasets
