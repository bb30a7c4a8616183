// How well the features of a set order the returns that follow: factor_rows.
#include "core/error.hpp"
#include "factors/evaluate.hpp"
#include "factors/panel_reader.hpp"
#include "pgext/arguments.hpp"
#include "pgext/spi_source.hpp"
#include "stats/factor_report.hpp"

namespace bourse::pg {
namespace {

using namespace factors;

constexpr std::size_t window_bytes = std::size_t{192} << 20;  // of values that are held at a time

std::vector<int> ints_arg(FunctionCallInfo fcinfo, int n) {
    const Datum datum = PG_GETARG_DATUM(n);
    const auto* array = pg_call([&] { return DatumGetArrayTypeP(datum); });
    const auto* first = reinterpret_cast<const std::int32_t*>(ARR_DATA_PTR(array));
    return {first, first + ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array))};
}

// The features, then one return for each horizon; the first may be a label of the user's own.
std::vector<std::string> with_returns(std::vector<std::string> expressions, const std::vector<int>& horizons,
                                      const std::string& label) {
    for (std::size_t h = 0; h < horizons.size(); ++h) {
        const std::string ahead = std::to_string(1 + horizons[h]);
        expressions.push_back(h == 0 && !label.empty() ? label : "Ref($close,-" + ahead + ")/Ref($close,-1)-1");
    }
    return expressions;
}

// Rows of a panel by day: which row of which series.
struct Place {
    std::int64_t ts_us;
    std::int32_t name;
    std::size_t row;  // of the matrix
};

class Days {
public:
    Days(stats::FactorReport& report, std::size_t factors, std::size_t horizons)
        : report_(report), factors_(factors), horizons_(horizons) {}

    void add(const Plan& plan, const Panel& panel, const CheckInterrupts& interrupts) {
        const FeatureMatrix matrix = evaluate(plan, panel, interrupts);
        std::vector<Place> places;
        for (std::size_t i = 0; i < matrix.rows.size(); ++i) {
            const auto& at = matrix.rows[i];
            const Series& series = panel.series[at.series];
            if (series.member[at.row] && series.has_bar[at.row])
                places.push_back({series.ts_us[at.row], series.instrument_id, i});
        }
        std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
            return a.ts_us != b.ts_us ? a.ts_us < b.ts_us : a.name < b.name;
        });
        for (std::size_t begin = 0; begin < places.size();) {
            std::size_t end = begin;
            while (end < places.size() && places[end].ts_us == places[begin].ts_us) ++end;
            add_day(std::span(places).subspan(begin, end - begin), matrix, interrupts);
            begin = end;
        }
    }
    std::int64_t first_us() const { return first_us_; }
    std::int64_t last_us() const { return last_us_; }

private:
    void add_day(std::span<const Place> places, const FeatureMatrix& matrix, const CheckInterrupts& interrupts) {
        names_.clear();
        values_.clear();
        returns_.assign(horizons_, {});
        for (const Place& place : places) {
            const float* row = matrix.values.data() + place.row * matrix.columns;
            names_.push_back(place.name);
            values_.insert(values_.end(), row, row + factors_);
            for (std::size_t h = 0; h < horizons_; ++h) returns_[h].push_back(static_cast<double>(row[factors_ + h]));
        }
        std::vector<std::span<const double>> returns(returns_.begin(), returns_.end());
        report_.add({names_, values_, returns}, interrupts);
        first_us_ = std::min(first_us_, places[0].ts_us);
        last_us_ = std::max(last_us_, places[0].ts_us);
    }

    stats::FactorReport& report_;
    std::size_t factors_, horizons_;
    std::vector<std::int32_t> names_;
    std::vector<float> values_;
    std::vector<std::vector<double>> returns_;
    std::int64_t first_us_ = end_of_time_us, last_us_ = beginning_us;
};

// Pieces of the asked time whose values fit into window_bytes, in order.
std::vector<std::int64_t> cuts(const PanelReader& reader, std::size_t columns, std::int64_t from, std::int64_t to) {
    std::int64_t first = end_of_time_us, last = beginning_us;
    double rows = 0;
    for (const auto& i : reader.instruments()) {
        const auto begin = std::max(i.first_us, from), end = std::min(i.last_us, to - 1);
        if (begin > end) continue;
        first = std::min(first, begin);
        last = std::max(last, end);
        rows += static_cast<double>(end - begin) / static_cast<double>(reader.frequency().step_us) + 1;
    }
    if (first > last) return {};
    const double bytes = rows * static_cast<double>(columns) * sizeof(float);
    const auto pieces = static_cast<std::int64_t>(bytes / static_cast<double>(window_bytes)) + 1;
    const auto length = (last - first) / pieces / reader.frequency().step_us + 1;
    std::vector<std::int64_t> all;
    for (std::int64_t at = first; at <= last; at += length * reader.frequency().step_us) all.push_back(at);
    all.push_back(last + 1);
    return all;
}

struct Number {
    double value;
    Number(double v) : value(v) {}
    Number(const std::optional<double>& v) : value(v.value_or(std::nan(""))) {}
};

class Row {
public:
    Row(Datum* values, bool* nulls) : values_(values), nulls_(nulls) {}
    Row& operator<<(const Number& number) {
        nulls_[next_] = !std::isfinite(number.value);
        values_[next_++] = Float8GetDatum(number.value);
        return *this;
    }
    Row& operator<<(const std::string& text) {
        values_[next_++] = text_datum(text);
        return *this;
    }
    Row& place(std::size_t number) {
        nulls_[next_] = number == stats::no_place;
        values_[next_++] = Int32GetDatum(static_cast<std::int32_t>(number) + 1);
        return *this;
    }
    Row& integer(std::size_t number) {
        values_[next_++] = Int32GetDatum(static_cast<std::int32_t>(number));
        return *this;
    }
    Row& missing() {
        nulls_[next_++] = true;
        return *this;
    }
    Row& array(std::span<const double> numbers) {
        Datum items[128];
        bool nulls[128];
        const int count = static_cast<int>(std::min(numbers.size(), std::size(items)));
        for (int i = 0; i < count; ++i) {
            nulls[i] = !std::isfinite(numbers[static_cast<std::size_t>(i)]);
            items[i] = Float8GetDatum(numbers[static_cast<std::size_t>(i)]);
        }
        values_[next_++] = pg_call([&] {
            int dimension = count, lower = 1;
            return PointerGetDatum(construct_md_array(items, nulls, 1, &dimension, &lower, FLOAT8OID, sizeof(float8),
                                                      FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
        });
        return *this;
    }

private:
    Datum* values_;
    bool* nulls_;
    int next_ = 0;
};

void add_results(Rows& rows, stats::FactorReport& report, const std::vector<std::string>& names) {
    const auto results = report.finish();
    for (std::size_t f = 0; f < results.size(); ++f) {
        const stats::FactorResult& r = results[f];
        rows.add([&](Datum* values, bool* nulls) {
            Row row(values, nulls);
            row << names[f] << r.coverage;
            row.integer(r.rank_ic.n) << r.ic.mean << r.ic.ratio << r.rank_ic.mean << r.rank_ic.ratio
                                     << r.rank_ic_error.error << r.rank_ic_error.t << r.rank_ic_error.p << r.adjusted_p;
            row.array(r.decay) << r.autocorrelation << r.turnover;
            row.array(r.quantile_returns) << r.spread.mean << r.spread.error << r.spread.t << r.monotonicity;
            row.integer(r.cluster + 1);
            if (r.nearest == stats::no_place)
                row.missing();
            else
                row << names[r.nearest];
            row << r.nearest_correlation;
            row.place(r.chosen).place(r.forward);
        });
    }
}

// factor_rows(expressions, names, freq, universe, from_ts, to_ts, known_at, label, horizons int[], quantiles, joined,
// cap, choose): arguments were checked by bourse.factor_report
Datum factor_rows(FunctionCallInfo fcinfo) {
    const auto expressions = texts_arg(fcinfo, 0, "expressions"), names = texts_arg(fcinfo, 1, "names");
    const auto frequency = parse_frequency(text_arg(fcinfo, 2, "freq"));
    const auto universe = text_arg(fcinfo, 3, "universe");
    const auto from = time_arg(fcinfo, 4, beginning_us), to = time_arg(fcinfo, 5, end_of_time_us);
    if (from > to)
        throw Error(ErrorKind::invalid_argument, "from_ts is after to_ts", "the span is from_ts <= ts < to_ts");
    const std::string label = PG_ARGISNULL(7) ? "" : text_arg(fcinfo, 7, "label");
    stats::FactorOptions options;
    options.factors = expressions.size();
    options.horizons = ints_arg(fcinfo, 8);
    options.quantiles = static_cast<std::size_t>(PG_GETARG_INT32(9));
    options.joined = PG_GETARG_FLOAT8(10);
    options.cap = PG_GETARG_FLOAT8(11);
    options.choose = static_cast<std::size_t>(PG_GETARG_INT32(12));
    const Plan plan = compile_registered(with_returns(expressions, options.horizons, label));
    const auto interrupts = check_interrupts();
    Rows rows(fcinfo);
    SpiScope spi;
    SpiSource source(time_text_arg(fcinfo, 6));
    if (!reads_only_built_in(plan)) require_fields(plan, source.known_fields(frequency.name));
    PanelRequest request = request_for(plan, frequency.name);
    request.universe = universe;
    PanelReader reader(source, std::move(request));
    stats::FactorReport report(options);
    Days days(report, expressions.size(), options.horizons.size());
    const auto pieces = cuts(reader, plan.outputs.size(), from, to);
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i)
        days.add(plan, reader.read(reader.want_all(pieces[i], pieces[i + 1]), interrupts), interrupts);
    if (report.days() == 0)
        throw Error(ErrorKind::insufficient_data, "there are no bars of " + frequency.name + " to report on",
                    "load bars, or ask for another span or universe");
    add_results(rows, report, names);
    return static_cast<Datum>(0);
}

}  // namespace

BOURSE_PG_FUNCTION(bourse_factor_rows, factor_rows);

}  // namespace bourse::pg
