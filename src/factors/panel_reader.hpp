// Builds panels from raw rows by the rules of docs/reference/expressions.md: the instrument's calendar from its first
// to its last bar, adjusted prices, suspended sessions as missing.
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "factors/market_source.hpp"
#include "factors/panel.hpp"
#include "factors/plan.hpp"

namespace bourse::factors {

struct PanelRequest {
    std::string freq = "1d";
    std::string universe = "all";
    std::vector<std::int32_t> instruments = {};  // empty: the whole universe
    std::vector<std::string> fields = {};        // of the plan
    Reach reach = {};                            // of the plan: rows to read beside the asked ones
    const Plan* plan = nullptr;                  // gives the derived fields; must outlive the reader
    bool adjusted = true;                        // prices × factor, volume / factor
    bool keep_suspended = false;                 // bars of suspended sessions stay
    std::string members = {};                    // universe of cross-sectional operators; empty: `universe`
    // Inside derived fields: the source and frequency that the outermost reader has, to make longer bars of.
    MarketSource* root = nullptr;
    std::string root_freq = {};
};

// What a plan reads of the whole universe.
PanelRequest request_for(const Plan& plan, std::string freq);

class DerivedFields;

class PanelReader {
public:
    // Reads the instruments and their calendars. Errors: those of the source, unknown frequency.
    PanelReader(MarketSource& source, PanelRequest request);
    ~PanelReader();

    const std::vector<Instrument>& instruments() const noexcept { return instruments_; }
    const Calendar& calendar(const Instrument& instrument) const { return calendars_.at(instrument.calendar); }
    const std::map<std::string, Calendar>& calendars() const noexcept { return calendars_; }
    const Frequency& frequency() const noexcept { return frequency_; }
    const PanelRequest& request() const noexcept { return request_; }
    MarketSource& source() const noexcept { return source_; }
    // Index into instruments(); -1 for those that have no bars of this frequency.
    std::ptrdiff_t find(std::int32_t instrument_id) const noexcept;

    // What is asked of one instrument: rows with from <= ts < to.
    struct Want {
        std::size_t instrument;  // index into instruments()
        std::int64_t from_us = beginning_us;
        std::int64_t to_us = end_of_time_us;
        // Where all rows before are asked for by windows, and an evaluation goes on from a checkpoint: its base, and
        // the close before it.
        std::int64_t resume_us = beginning_us;
        double previous_close = std::numeric_limits<double>::quiet_NaN();
        // Rows before it are as they were when they were stored: a checkpoint that stands before may be used.
        std::int64_t changed_us = beginning_us;
    };
    // Every instrument with these rows.
    std::vector<Want> want_all(std::int64_t from_us = beginning_us, std::int64_t to_us = end_of_time_us) const;
    // Cuts a list into blocks that take at most about `bytes` each: at least one instrument, or where cross-sections
    // are needed, all instruments for a piece of the time, with about `most_rows` wanted rows at most, and of one step
    // at least. Pieces follow each other in time.
    std::vector<std::vector<Want>> blocks(const std::vector<Want>& wants, std::size_t bytes = std::size_t{256} << 20,
                                          std::size_t most_rows = std::numeric_limits<std::size_t>::max()) const;
    // A panel with the request's fields, one series a wanted instrument, in order of instrument. The source is read by
    // the calling thread alone.
    Panel read(std::vector<Want> wants, const CheckInterrupts& interrupts = {}, const Parallel& parallel = {});

private:
    std::vector<std::vector<Want>> slices(const std::vector<Want>& wants, std::size_t bytes,
                                          std::size_t most_rows) const;
    std::size_t size_of(const Want& want) const;
    std::size_t rows_of(const Span& span, const Instrument& instrument) const;
    std::size_t row_bytes() const;
    Span span_to_read(const Want& want) const;
    void fill_rows(const Want& want, const Span& span, Series& series) const;
    void fill_bars(const Want& want, std::vector<Bar>& bars, Series& series) const;  // leaves those that count
    void fill_members(Series& series) const;

    MarketSource& source_;
    PanelRequest request_;
    Frequency frequency_;
    std::vector<Instrument> instruments_;
    std::map<std::string, Calendar> calendars_;
    std::map<std::int32_t, std::vector<Span>> members_;
    std::unique_ptr<DerivedFields> derived_;
};

}  // namespace bourse::factors
