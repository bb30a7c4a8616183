#include "factors/panel_reader.hpp"

#include <algorithm>
#include <cmath>

#include "factors/derived_fields.hpp"
#include "factors/operators/window.hpp"

namespace bourse::factors {
namespace {

bool is_built_in(const std::string& field) {
    const auto known = built_in_fields();
    return std::find(known.begin(), known.end(), field) != known.end();
}

// One value of a column for each bar that counts. `previous`: the last adjusted close before each bar, NaN when there
// is none.
template <class Put>
void fill_column(const std::string& field, std::span<const Bar> bars, std::span<const double> previous, bool adjusted,
                 Put put) {
    const auto each = [&](auto value) {
        for (std::size_t i = 0; i < bars.size(); ++i) put(i, value(bars[i], adjusted ? bars[i].factor : 1.0, i));
    };
    if (field == "open") return each([](const Bar& b, double factor, std::size_t) { return b.open * factor; });
    if (field == "high") return each([](const Bar& b, double factor, std::size_t) { return b.high * factor; });
    if (field == "low") return each([](const Bar& b, double factor, std::size_t) { return b.low * factor; });
    if (field == "close") return each([](const Bar& b, double factor, std::size_t) { return b.close * factor; });
    if (field == "volume") return each([](const Bar& b, double factor, std::size_t) { return b.volume / factor; });
    if (field == "amount") return each([](const Bar& b, double, std::size_t) { return b.amount; });
    if (field == "factor") return each([](const Bar& b, double, std::size_t) { return b.factor; });
    if (field == "vwap")
        return each([](const Bar& b, double factor, std::size_t) {
            return b.volume > 0 ? b.amount / b.volume * factor : nan_value;
        });
    each([&](const Bar& b, double, std::size_t i) {
        return b.close * b.factor / previous[i] - 1;  // change: always of adjusted closes
    });
}

void fill_clock(const Calendar& calendar, bool of_days, const Series& series, std::vector<double>& to) {
    for (std::size_t row = 0; row < series.rows(); ++row) {
        const auto clock = calendar.clock(series.ts_us[row]);
        to[row] = static_cast<double>(of_days ? clock.day : clock.minute);
    }
}

}  // namespace

PanelReader::PanelReader(MarketSource& source, PanelRequest request)
    : source_(source), request_(std::move(request)), frequency_(parse_frequency(request_.freq)) {
    instruments_ = source_.instruments(frequency_.name, request_.universe, request_.instruments);
    for (const auto& instrument : instruments_) {
        if (calendars_.contains(instrument.calendar)) continue;
        std::int64_t first = instrument.first_us, last = instrument.last_us;
        for (const auto& other : instruments_)
            if (other.calendar == instrument.calendar)
                first = std::min(first, other.first_us), last = std::max(last, other.last_us);
        calendars_.emplace(instrument.calendar, read_calendar(source_, frequency_, instrument.calendar, first, last));
    }
    if (request_.plan && !request_.plan->derivations.empty()) derived_ = std::make_unique<DerivedFields>(*this);
    if (request_.universe != "all")
        source_.members(request_.universe, [this](const Span& span) { members_[span.instrument_id].push_back(span); });
}

PanelReader::~PanelReader() = default;

std::ptrdiff_t PanelReader::find(std::int32_t instrument_id) const noexcept {
    const auto at = std::lower_bound(instruments_.begin(), instruments_.end(), instrument_id,
                                     [](const Instrument& i, std::int32_t id) { return i.id < id; });
    return at != instruments_.end() && at->id == instrument_id ? at - instruments_.begin() : -1;
}

std::vector<PanelReader::Want> PanelReader::want_all(std::int64_t from_us, std::int64_t to_us) const {
    std::vector<Want> wants;
    for (std::size_t i = 0; i < instruments_.size(); ++i) wants.push_back({i, from_us, to_us});
    return wants;
}

namespace {

// Begins another block with what the last one has beyond whole groups of sixteen: they are computed side by side.
std::span<const PanelReader::Want> begin_block(std::vector<std::vector<PanelReader::Want>>& blocks) {
    constexpr std::size_t side_by_side = 16;
    auto& last = blocks.empty() ? blocks.emplace_back() : blocks.back();
    const auto whole = last.size() / side_by_side * side_by_side;
    if (last.empty()) return last;
    std::vector<PanelReader::Want> rest;
    if (whole > 0) rest.assign(last.begin() + static_cast<std::ptrdiff_t>(whole), last.end());
    if (whole > 0) last.resize(whole);
    return blocks.emplace_back(std::move(rest));
}

}  // namespace

std::vector<std::vector<PanelReader::Want>> PanelReader::blocks(const std::vector<Want>& wants, std::size_t bytes,
                                                                std::size_t most_rows) const {
    if (request_.plan && dependence(*request_.plan).on_all) return slices(wants, bytes, most_rows);
    std::vector<std::vector<Want>> result;
    std::size_t used = 0;
    for (const auto& want : wants) {
        const std::size_t size = size_of(want);
        if (result.empty() || used + size > bytes) {
            used = 0;
            for (const auto& moved : begin_block(result)) used += size_of(moved);
        }
        used += size;
        result.back().push_back(want);
    }
    return result;
}

// Cross-sections need every instrument, and are computed once for a piece of time. Where windows reach to the first
// bar, every piece reads from there: more of them would not make each smaller.
std::vector<std::vector<PanelReader::Want>> PanelReader::slices(const std::vector<Want>& wants, std::size_t bytes,
                                                                std::size_t most_rows) const {
    std::size_t size = 0, rows = 0;
    std::int64_t from = end_of_time_us, to = beginning_us;
    for (const auto& want : wants) {
        const auto& instrument = instruments_[want.instrument];
        const auto wanted = rows_of({instrument.id, want.from_us, want.to_us}, instrument);
        rows += wanted;
        size += request_.reach.left == unbounded ? wanted * row_bytes() : size_of(want);
        from = std::min(from, std::max(want.from_us, instrument.first_us));
        to = std::max(to, std::min(want.to_us, instrument.last_us + 1));
    }
    std::vector<std::vector<Want>> result;
    if (from >= to) return result;
    const auto pieces = std::min(static_cast<std::int64_t>(std::max(size / bytes, rows / most_rows)) + 1,
                                 (to - from - 1) / frequency_.step_us + 1);
    const std::int64_t step = (to - from) / pieces + 1;
    for (std::int64_t at = from; at < to; at += step) {
        result.emplace_back();
        for (const auto& want : wants) {
            const Want piece{want.instrument, std::max(want.from_us, at), std::min(want.to_us, at + step)};
            const auto& instrument = instruments_[want.instrument];
            if (piece.from_us < piece.to_us && piece.from_us <= instrument.last_us && piece.to_us > instrument.first_us)
                result.back().push_back(piece);
        }
        if (result.back().empty()) result.pop_back();
    }
    return result;
}

std::size_t PanelReader::size_of(const Want& want) const {
    return rows_of(span_to_read(want), instruments_[want.instrument]) * row_bytes();
}

std::size_t PanelReader::row_bytes() const { return (request_.fields.size() + 8) * sizeof(double); }

// No fewer than there are, but for bars beside the grid.
std::size_t PanelReader::rows_of(const Span& span, const Instrument& instrument) const {
    const auto width = std::min(span.to_us, instrument.last_us + 1) - std::max(span.from_us, instrument.first_us);
    return static_cast<std::size_t>(std::max<std::int64_t>(width, 0) / frequency_.step_us + 1);
}

Span PanelReader::span_to_read(const Want& want) const {
    const auto& instrument = instruments_[want.instrument];
    const Calendar& own = calendar(instrument);
    const std::int64_t from = std::max(want.from_us, instrument.first_us),
                       to = std::min(want.to_us, instrument.last_us + 1);
    Span span{instrument.id, from, to};
    if (request_.reach.left == unbounded)
        span.from_us = std::max(instrument.first_us, want.resume_us);
    else if (from > instrument.first_us)
        span.from_us = std::max(instrument.first_us, own.before(from, static_cast<std::size_t>(request_.reach.left)));
    if (request_.reach.right > 0)
        span.to_us = std::min(instrument.last_us, own.after(to, static_cast<std::size_t>(request_.reach.right))) + 1;
    return span;
}

// The grid in the span, and the bars themselves wherever they stand.
void PanelReader::fill_rows(const Want& want, const Span& span, Series& series) const {
    const Calendar& own = calendar(instruments_[want.instrument]);
    auto grid = own.positions(span.from_us, span.to_us - 1);
    if (grid != series.ts_us) {
        std::vector<std::int64_t> merged;
        std::set_union(grid.begin(), grid.end(), series.ts_us.begin(), series.ts_us.end(), std::back_inserter(merged));
        series.ts_us = std::move(merged);
    }
    const std::size_t rows = series.rows();
    series.available_us = own.closes(series.ts_us);
    series.fields.assign(request_.fields.size(), std::vector<double>(rows, nan_value));
    for (std::size_t f = 0; f < request_.fields.size(); ++f)
        if (is_clock(request_.fields[f])) fill_clock(own, request_.fields[f] == clock_day, series, series.fields[f]);
    series.has_bar.assign(rows, 0);
    series.first = static_cast<std::size_t>(std::lower_bound(series.ts_us.begin(), series.ts_us.end(), want.from_us) -
                                            series.ts_us.begin());
    series.last = static_cast<std::size_t>(std::lower_bound(series.ts_us.begin(), series.ts_us.end(), want.to_us) -
                                           series.ts_us.begin());
    series.last = std::max(series.first, series.last);
}

void PanelReader::fill_bars(const Want& want, std::vector<Bar>& bars, Series& series) const {
    const bool suspensions = calendar(instruments_[want.instrument]).has_sessions() && !request_.keep_suspended;
    const bool keeps_closes =
        std::find(request_.fields.begin(), request_.fields.end(), "change") != request_.fields.end();
    std::size_t row = 0, count = 0;
    std::vector<std::size_t> row_of(bars.size());  // of the bars that count
    std::vector<double> previous_of(keeps_closes ? bars.size() : 0);
    double previous = want.previous_close;
    const auto go_to = [&](std::size_t to) {
        if (keeps_closes) series.previous_close.resize(to, previous);
    };
    for (const Bar& bar : bars) {
        while (series.ts_us[row] < bar.ts_us) ++row;
        go_to(row + 1);
        if (suspensions && is_suspended(bar)) continue;
        series.has_bar[row] = 1;
        if (keeps_closes) previous_of[count] = previous;
        previous = bar.close * bar.factor;
        row_of[count] = row;
        bars[count++] = bar;
    }
    go_to(series.rows());
    bars.resize(count);
    const bool on_every_row = count == series.rows();
    for (std::size_t f = 0; f < request_.fields.size(); ++f) {
        if (!is_built_in(request_.fields[f])) continue;
        double* to = series.fields[f].data();
        const auto fill = [&](auto put) { fill_column(request_.fields[f], bars, previous_of, request_.adjusted, put); };
        if (on_every_row)
            fill([to](std::size_t i, double value) { to[i] = value; });
        else
            fill([to, &row_of](std::size_t i, double value) { to[row_of[i]] = value; });
    }
}

void PanelReader::fill_members(Series& series) const {
    if (request_.universe == "all") {
        series.member.assign(series.rows(), 1);
        return;
    }
    series.member.assign(series.rows(), 0);
    const auto spans = members_.find(series.instrument_id);
    if (spans == members_.end()) return;
    for (const Span& span : spans->second)
        for (std::size_t row = 0; row < series.rows(); ++row)
            if (series.ts_us[row] >= span.from_us && series.ts_us[row] < span.to_us) series.member[row] = 1;
}

Panel PanelReader::read(std::vector<Want> wants, const CheckInterrupts& interrupts, const Parallel& parallel) {
    if (wants.empty()) return {request_.fields, {}};
    std::sort(wants.begin(), wants.end(), [](const Want& a, const Want& b) { return a.instrument < b.instrument; });
    std::vector<Span> spans;
    for (const auto& want : wants) spans.push_back(span_to_read(want));
    Panel panel;
    panel.fields = request_.fields;
    std::vector<std::vector<Bar>> bars(wants.size());
    for (std::size_t i = 0; i < wants.size(); ++i)
        bars[i].reserve(rows_of(spans[i], instruments_[wants[i].instrument]));
    // Instruments are in order of id. Their bars mostly come together: the last place is tried first.
    std::size_t at = 0, count = 0;
    const auto find = [&](std::int32_t id) {
        if (spans[at].instrument_id != id)
            at = static_cast<std::size_t>(
                std::lower_bound(spans.begin(), spans.end(), id,
                                 [](const Span& s, std::int32_t i) { return s.instrument_id < i; }) -
                spans.begin());
        return at;
    };
    source_.bars(frequency_.name, spans, [&](std::int32_t id, std::span<const Bar> some) {
        auto& of_one = bars[find(id)];
        of_one.insert(of_one.end(), some.begin(), some.end());
        if ((count += some.size()) < 8192) return;
        check(interrupts);
        count = 0;
    });
    panel.series.resize(wants.size());
    in_parallel(parallel, wants.size(), interrupts, [&](std::size_t i) {
        const auto& instrument = instruments_[wants[i].instrument];
        const auto earlier = [](const Bar& a, const Bar& b) { return a.ts_us < b.ts_us; };
        if (!std::is_sorted(bars[i].begin(), bars[i].end(), earlier))
            std::sort(bars[i].begin(), bars[i].end(), earlier);
        Series& series = panel.series[i];
        series.instrument_id = instrument.id;
        series.symbol = instrument.symbol;
        series.ts_us.reserve(bars[i].size());
        for (const auto& bar : bars[i]) series.ts_us.push_back(bar.ts_us);
        fill_rows(wants[i], spans[i], series);
        fill_bars(wants[i], bars[i], series);
        fill_members(series);
        bars[i] = {};
    });
    for (std::size_t f = 0; f < request_.fields.size(); ++f) {
        const std::string& field = request_.fields[f];
        if (is_built_in(field) || is_derived(field) || is_clock(field)) continue;
        source_.values(frequency_.name, request_.fields[f], spans, [&](std::int32_t id, std::int64_t ts, double value) {
            auto& series = panel.series[find(id)];
            const auto row = std::lower_bound(series.ts_us.begin(), series.ts_us.end(), ts);
            if (row != series.ts_us.end() && *row == ts)
                series.fields[f][static_cast<std::size_t>(row - series.ts_us.begin())] = value;
        });
    }
    if (derived_) derived_->fill(panel, interrupts);
    return panel;
}

PanelRequest request_for(const Plan& plan, std::string freq) {
    PanelRequest request;
    request.freq = std::move(freq);
    request.fields = plan.field_names();
    request.reach = plan.rows_to_read();
    request.plan = &plan;
    return request;
}

}  // namespace bourse::factors
