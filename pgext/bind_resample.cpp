// Bars of a coarser frequency made of stored ones: resample_bars.
#include "core/error.hpp"
#include "factors/resampled_source.hpp"
#include "pgext/arguments.hpp"
#include "pgext/spi_source.hpp"

namespace bourse::pg {
namespace {

using namespace factors;
using Stored = ResampledSource::Stored;
using Made = ResampledSource::Made;

enum class Adjust : unsigned char { backward, forward, none };

Adjust parse_adjust(const std::string& text) {
    if (text == "backward") return Adjust::backward;
    if (text == "forward") return Adjust::forward;
    if (text == "none") return Adjust::none;
    throw Error(ErrorKind::invalid_argument, "adjust is '" + text + "'", "use backward, forward or none");
}

// Refuses frequencies whose bars do not fit into longer ones whole.
void check_frequencies(const Frequency& from, const Frequency& to) {
    if (from.step_us >= to.step_us)
        throw Error(ErrorKind::invalid_argument, "bars of " + to.name + " cannot be made of bars of " + from.name,
                    "from_freq must be shorter than freq");
    if (from.name == "1w")
        throw Error(ErrorKind::invalid_argument, "bars of " + to.name + " cannot be made of weeks",
                    "a week may belong to two months: use from_freq => '1d'");
}

double factor_of(const Made& made, const Made& newest, Adjust adjust) {
    if (adjust == Adjust::none) return 1;
    return adjust == Adjust::backward ? made.bar.factor : made.bar.factor / newest.bar.factor;
}

void add_bar(Rows& rows, const std::string& symbol, const Made& made, double factor) {
    rows.add([&](Datum* values, bool* nulls) {
        const Bar& bar = made.bar;
        values[0] = text_datum(symbol);
        values[1] = time_datum(bar.ts_us);
        const double numbers[] = {bar.open * factor,   bar.high * factor, bar.low * factor, bar.close * factor,
                                  bar.volume / factor, bar.amount,        bar.factor};
        for (std::size_t i = 0; i < std::size(numbers); ++i) {
            values[2 + i] = Float8GetDatum(numbers[i]);
            nulls[2 + i] = std::isnan(numbers[i]);
        }
        values[9] = time_datum(made.close_us);
        values[10] = Int32GetDatum(static_cast<std::int32_t>(made.parts));
    });
}

// resample_bars(freq, from_freq, symbols text[], from_ts, to_ts, adjust, known_at)
Datum resample_bars(FunctionCallInfo fcinfo) {
    const Frequency to_freq = parse_frequency(text_arg(fcinfo, 0, "freq"));
    const Frequency from_freq = parse_frequency(text_arg(fcinfo, 1, "from_freq"));
    check_frequencies(from_freq, to_freq);
    const bool some = !PG_ARGISNULL(2);
    const auto symbols = some ? texts_arg(fcinfo, 2, "symbols") : std::vector<std::string>{};
    const auto from = time_arg(fcinfo, 3, beginning_us), to = time_arg(fcinfo, 4, end_of_time_us);
    const Adjust adjust = parse_adjust(text_arg(fcinfo, 5, "adjust"));
    const auto known_us = time_arg(fcinfo, 6, end_of_time_us);
    const auto now_us = pg_call([] { return GetCurrentTransactionStartTimestamp(); }) + epoch_2000_us;
    const auto interrupts = check_interrupts();
    Rows rows(fcinfo);
    SpiScope spi;
    SpiSource source(time_text_arg(fcinfo, 6));
    std::vector<std::int32_t> wanted;
    for (const auto& symbol : symbols) wanted.push_back(source.instrument_id(symbol));
    ResampledSource resampled(source, from_freq, false, Stored::ignored);
    // all of them: how far the bars of a calendar reach is told by whoever has the newest
    for (const auto& instrument : resampled.instruments(to_freq.name, "all", {})) {
        if (some && std::find(wanted.begin(), wanted.end(), instrument.id) == wanted.end()) continue;
        check(interrupts);
        std::vector<Made> made;
        const Span span{instrument.id, adjust == Adjust::forward ? beginning_us : from,
                        adjust == Adjust::forward ? end_of_time_us : to};
        resampled.made_bars(to_freq.name, std::span(&span, 1),
                            [&](std::int32_t, const Made& one) { made.push_back(one); });
        const auto complete = std::min({known_us, now_us, resampled.complete_until(instrument.id)});
        for (const Made& one : made)
            if (one.bar.ts_us >= from && one.bar.ts_us < to && one.close_us <= complete)
                add_bar(rows, instrument.symbol, one, factor_of(one, made.back(), adjust));
    }
    return static_cast<Datum>(0);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_resample_bars, resample_bars);

}  // namespace bourse::pg
