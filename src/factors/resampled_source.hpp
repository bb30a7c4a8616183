// Bars of a longer frequency made of shorter ones, for instruments that have none stored: open of the first, highest
// high, lowest low, close of the last, sums of volume and amount; in adjusted prices, with the last bar's factor.
#pragma once

#include <map>

#include "factors/market_source.hpp"

namespace bourse::factors {

class ResampledSource final : public MarketSource {
public:
    // Stored bars of the longer frequency count where an instrument has them, or never.
    enum class Stored : unsigned char { count, ignored };

    // Bars of `base` are put together. Suspended sessions count as missing unless kept, as in panels.
    ResampledSource(MarketSource& source, Frequency base, bool keep_suspended, Stored stored = Stored::count)
        : source_(source), base_(std::move(base)), keep_suspended_(keep_suspended), stored_(stored) {}

    // Where there are stored bars they count, and `first_us` and `last_us` are theirs; else positions of made bars.
    std::vector<Instrument> instruments(const std::string& freq, const std::string& universe,
                                        std::span<const std::int32_t> ids) override;
    std::vector<Session> sessions(const std::string& calendar) override { return source_.sessions(calendar); }
    std::vector<std::int64_t> times(const std::string& freq, const std::string& calendar) override;
    // Of instruments that instruments() has named.
    void bars(const std::string& freq, std::span<const Span> spans, const TakeBars& each) override;
    // A bar that was made, and of how many shorter ones.
    struct Made {
        Bar bar;
        std::size_t parts;
        std::int64_t close_us;  // of the bar itself, by the calendar
    };
    // The made bars among these spans; instruments in their order, each oldest first.
    void made_bars(const std::string& freq, std::span<const Span> spans,
                   const std::function<void(std::int32_t, const Made&)>& each);
    // When the newest shorter bar of any instrument with this one's calendar was closed: what closes later is not
    // complete. Of an instrument that instruments() has named.
    std::int64_t complete_until(std::int32_t instrument_id) const { return made_.at(instrument_id)->complete_until_us; }
    void values(const std::string& freq, const std::string& field, std::span<const Span> spans,
                const std::function<void(std::int32_t, std::int64_t, double)>& each) override;
    void statements(std::span<const std::string> fields, std::span<const std::int32_t> ids,
                    const std::function<void(std::int32_t, const Statement&)>& each) override {
        source_.statements(fields, ids, each);
    }
    std::int32_t instrument_id(const std::string& symbol) override { return source_.instrument_id(symbol); }
    std::vector<std::string> known_fields(const std::string& freq) override;
    std::vector<CustomOperator> custom_operators() override { return source_.custom_operators(); }
    std::vector<double> call(const std::string& function, std::span<const std::span<const double>> columns,
                             std::span<const double> params) override {
        return source_.call(function, columns, params);
    }
    void members(const std::string& universe, const std::function<void(const Span&)>& each) override {
        source_.members(universe, each);
    }

private:
    struct Calendars {
        Calendar shorter, longer;
        std::int64_t complete_until_us;
    };
    const Calendars& calendars(const std::string& name, const Frequency& longer, std::int64_t first_us,
                               std::int64_t last_us);
    struct Parts {
        std::vector<Span> stored, made;
    };
    Parts parts(std::span<const Span> spans) const;
    // The shorter bars that may belong to longer ones in a span.
    std::vector<Span> widened(std::span<const Span> made, const Frequency& longer) const;

    MarketSource& source_;
    Frequency base_;
    bool keep_suspended_;
    Stored stored_;
    std::map<std::string, Calendars> calendars_;
    std::map<std::int32_t, const Calendars*> made_;  // instrument -> its calendars
};

}  // namespace bourse::factors
