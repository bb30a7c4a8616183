#include "factors/reference/random_market.hpp"

#include <chrono>

namespace bourse::factors::reference {
namespace {

using test::day;
using test::day_us;

constexpr int first_day = 19359;  // 2023-01-02, a Monday
constexpr std::int64_t hour_us = 3'600'000'000;

double unit(std::mt19937_64& random) { return std::uniform_real_distribution<double>(0, 1)(random); }
bool chance(std::mt19937_64& random, double share) { return unit(random) < share; }

bool suspended(const Bar& b) { return !(b.volume > 0) && b.open == b.high && b.high == b.low && b.low == b.close; }

// Business days but for some holidays, now and then a whole week of them.
std::vector<Session> sessions(std::mt19937_64& random, int days, int close_hour) {
    std::vector<Session> all;
    int closed_until = 0;
    for (int d = first_day; d < first_day + days; ++d) {
        if ((d - first_day) % 7 == 0 && chance(random, 0.04)) closed_until = d + 7;
        if ((d - first_day) % 7 >= 5 || d < closed_until || chance(random, 0.04)) continue;
        all.push_back({day(d), day(d) + (close_hour - 6) * hour_us, day(d) + close_hour * hour_us});
    }
    return all;
}

// A walk of closes around a price; `step`: size of a tick, so that values tie.
void add_bars(std::mt19937_64& random, Market& market, std::int32_t id, const std::vector<std::int64_t>& days,
              double price, double step, double gaps) {
    double close = price, factor = 1;
    const auto ticks = [&](double value) { return std::max(1.0, std::round(value / step)) * step; };
    const bool amounts = chance(random, 0.7);
    int flat = 0;
    for (const auto ts : days) {
        if (chance(random, 0.01)) factor *= chance(random, 0.5) ? 2 : 0.9;
        if (chance(random, gaps)) continue;
        if (chance(random, 0.02)) flat = 1 + static_cast<int>(random() % 40);
        Bar bar{ts, close, close, close, close, 0, 0, factor};
        if (flat > 0) {
            --flat;
            if (chance(random, 0.3)) bar.volume = missing;
        } else {
            close = ticks(close * (0.95 + 0.1 * unit(random)));
            bar.close = close;
            bar.high = ticks(std::max(bar.open, close) * (1 + 0.02 * unit(random)));
            bar.high = std::max({bar.high, bar.open, close});
            bar.low = std::min({ticks(std::min(bar.open, close) * (1 - 0.02 * unit(random))), bar.open, close});
            bar.volume = chance(random, 0.05) ? 0 : std::floor(1e6 * unit(random));
        }
        bar.amount = amounts ? bar.volume * bar.close : missing;
        market.source.stored["1d"][id][ts] = bar;
    }
}

double random_value(std::mt19937_64& random, const std::string& field, double before) {
    std::normal_distribution<double> normal;
    if (field == "noise") return normal(random);
    if (field == "ties") return static_cast<double>(random() % 5) - 2;
    if (field == "level") return 1e5 + 1e-3 * normal(random);
    if (field == "tiny") return 1e-8 * (1 + 0.01 * normal(random));
    if (field == "flat")
        return std::isnan(before) || chance(random, 0.02) ? std::round(100 * normal(random)) / 7 : before;
    const double odd[] = {0.0, -0.0, 1.0, -1.0, 1e30, -1e-30, HUGE_VAL, -HUGE_VAL};
    return chance(random, 0.3) ? odd[random() % 8] : 10 * normal(random);
}

Grid daily_grid(Market& market, const std::string& name, std::int64_t from, std::int64_t to) {
    Grid grid;
    grid.sessions = name != "24x7" && !name.empty();
    if (name == "24x7")
        for (auto ts = from; ts <= to; ts += day_us) grid.close[ts] = ts + day_us;
    for (const auto& s : market.source.calendars[name]) grid.close[s.date_us] = s.close_us;
    if (name.empty())
        for (const auto& listed : market.source.listed)
            if (listed.calendar.empty())
                for (const auto& [ts, bar] : market.source.stored["1d"][listed.id]) grid.close[ts] = ts + day_us;
    return grid;
}

void fill_bar(Rows& rows, std::size_t row, const Bar& bar, double previous) {
    const double f = bar.factor;
    rows.has_bar[row] = true;
    rows.fields["open"][row] = bar.open * f;
    rows.fields["high"][row] = bar.high * f;
    rows.fields["low"][row] = bar.low * f;
    rows.fields["close"][row] = bar.close * f;
    rows.fields["volume"][row] = bar.volume / f;
    rows.fields["amount"][row] = bar.amount;
    rows.fields["vwap"][row] = bar.volume > 0 ? bar.amount / bar.volume * f : missing;
    rows.fields["factor"][row] = f;
    rows.fields["change"][row] = bar.close * f / previous - 1;
}

Rows empty_rows(const Rows& like, const Grid& grid, std::int64_t first, std::int64_t last) {
    Rows rows;
    rows.id = like.id, rows.symbol = like.symbol, rows.calendar = like.calendar;
    for (const auto& [ts, close] : grid.close)
        if (ts >= first && ts <= last) rows.ts.push_back(ts), rows.available.push_back(close);
    rows.has_bar.assign(rows.size(), false);
    for (const auto& field : stored_fields()) rows.fields[field].assign(rows.size(), missing);
    return rows;
}

Rows daily_rows(Market& market, const test::MemorySource::Listed& listed) {
    Rows like;
    like.id = listed.id, like.symbol = listed.symbol, like.calendar = listed.calendar;
    const auto& bars = market.source.stored["1d"][listed.id];
    if (bars.empty()) return like;
    const Grid& grid = market.grids[listed.calendar];
    Rows rows = empty_rows(like, grid, bars.begin()->first, bars.rbegin()->first);
    double previous = missing;
    for (const auto& [ts, bar] : bars) {
        if (grid.sessions && suspended(bar)) continue;
        fill_bar(rows, static_cast<std::size_t>(rows.at(ts)), bar, previous);
        previous = bar.close * bar.factor;
    }
    for (auto& [name, by_instrument] : market.source.fields)
        for (const auto& [ts, value] : by_instrument[listed.id])
            if (rows.at(ts) >= 0) rows.fields[name][static_cast<std::size_t>(rows.at(ts))] = value;
    return rows;
}

}  // namespace

std::ptrdiff_t Rows::at(std::int64_t when) const {
    const auto found = std::find(ts.begin(), ts.end(), when);
    return found == ts.end() ? -1 : found - ts.begin();
}

std::pair<std::int64_t, std::int64_t> period_of(std::int64_t ts, const std::string& freq) {
    using namespace std::chrono;
    const sys_days date{days(ts / day_us)};
    if (freq == "1w") {
        const auto monday = date - (weekday(date) - Monday);
        return {day(static_cast<int>(monday.time_since_epoch().count())),
                day(static_cast<int>((monday + days(7)).time_since_epoch().count()))};
    }
    const year_month_day on(date);
    const sys_days first = on.year() / on.month() / 1, next = (on.year() / on.month() + months(1)) / 1;
    return {day(static_cast<int>(first.time_since_epoch().count())),
            day(static_cast<int>(next.time_since_epoch().count()))};
}

bool Market::is_member(const std::string& universe, std::int32_t id, std::int64_t ts) {
    if (universe.empty() || universe == "all") return true;
    const auto& spans = source.universes[universe];
    return std::any_of(spans.begin(), spans.end(), [&](const Span& span) {
        return span.instrument_id == id && ts >= span.from_us && ts < span.to_us;
    });
}

// A period closes with the last session of the calendar inside it, without sessions at its end. Of the last one that is
// loaded more sessions may come: at its end too.
Grid Market::longer_grid(const std::string& calendar, const std::string& freq) const {
    const Grid& days = grids.at(calendar);
    Grid longer;
    longer.sessions = days.sessions;
    for (const auto& [ts, close] : days.close) {
        const auto [start, end] = period_of(ts, freq);
        longer.close[start] = days.sessions ? close : end;
    }
    if (days.sessions) {
        const auto last = days.close.rbegin()->first;
        const auto [start, end] = period_of(last, freq);
        if (end > last + day_us) longer.close[start] = end;
    }
    return longer;
}

Rows Market::longer(const Rows& days, const std::string& freq) const {
    const auto& bars = source.stored.at("1d").at(days.id);
    Rows rows = empty_rows(days, longer_grid(days.calendar, freq), period_of(days.ts.front(), freq).first,
                           period_of(days.ts.back(), freq).first);
    double previous = missing;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        Bar made{};
        bool any = false;
        for (const auto& [ts, bar] : bars) {
            const auto day_row = static_cast<std::size_t>(days.at(ts));
            if (period_of(ts, freq).first != rows.ts[row] || !days.has_bar[day_row]) continue;
            const auto day_value = [&](const char* field) { return days.fields.at(field)[day_row]; };
            const auto sum = [](double so_far, double more) {
                return std::isnan(so_far) ? more : std::isnan(more) ? so_far : so_far + more;
            };
            if (!any) made = {ts, day_value("open"), day_value("high"), day_value("low"), 0, missing, missing, 1};
            any = true;
            made.high = std::max(made.high, day_value("high"));
            made.low = std::min(made.low, day_value("low"));
            made.close = day_value("close");
            made.volume = sum(made.volume, day_value("volume"));
            made.amount = sum(made.amount, day_value("amount"));
        }
        if (any) {
            fill_bar(rows, row, made, previous);  // adjusted already
            previous = made.close;
        }
    }
    for (const auto& [name, by_instrument] : source.fields) {
        if (!by_instrument.contains(days.id)) continue;
        for (const auto& [ts, value] : by_instrument.at(days.id)) {  // in order of time: the last one present stays
            const auto row = rows.at(period_of(ts, freq).first);
            if (row >= 0 && std::isfinite(value)) rows.fields[name][static_cast<std::size_t>(row)] = value;
        }
    }
    return rows;
}

Market random_market(std::mt19937_64& random, int rows) {
    Market market;
    market.source.listed = {{1, "AAA", "EAST"}, {2, "BBB", "EAST"}, {3, "CCC", "WEST"}, {4, "DDD", "WEST"},
                            {5, "EEE", "24x7"}, {6, "FFF", "24x7"}, {7, "GGG", ""},     {8, "HHH", ""}};
    market.source.calendars["EAST"] = sessions(random, rows + static_cast<int>(random() % 20), 7);
    market.source.calendars["WEST"] = sessions(random, rows + static_cast<int>(random() % 20), 21);
    const double prices[] = {50, 1e5, 1e-8, 3, 20000, 0.01, 100, 7},
                 steps[] = {0.01, 0.5, 1e-11, 1, 1e-3, 1e-6, 0.1, 1};
    for (std::size_t i = 0; i < market.source.listed.size(); ++i) {
        const auto& listed = market.source.listed[i];
        std::vector<std::int64_t> days;
        if (listed.calendar == "EAST" || listed.calendar == "WEST") {
            for (const auto& s : market.source.calendars[listed.calendar])
                if (s.date_us < day(first_day + rows)) days.push_back(s.date_us);
        } else {
            for (int d = 0; d < rows; ++d) days.push_back(day(first_day + d));
        }
        if (days.size() > 3 && chance(random, 0.3))
            days.erase(days.begin(), days.begin() + static_cast<long>(random() % (days.size() / 2)));
        if (i == 7 && chance(random, 0.5)) days.resize(std::min<std::size_t>(days.size(), 1));
        add_bars(random, market, listed.id, days, prices[i], steps[i], chance(random, 0.5) ? 0 : 0.15);
        for (const char* field : {"noise", "ties", "wild", "level", "tiny", "flat"}) {
            double value = missing;
            const double gaps = chance(random, 0.5) ? 0 : 0.3;
            for (const auto ts : days)
                if (!chance(random, gaps))
                    market.source.fields[field][listed.id][ts] = value =
                        chance(random, 0.02) ? missing : random_value(random, field, value);
        }
    }
    for (const std::int32_t id : {1, 3, 4, 5, 7}) {
        const auto from = day(first_day + static_cast<int>(random() % 40));
        market.source.universes["few"].push_back({id, from, from + day(static_cast<int>(random() % 150))});
    }
    for (const auto& listed : market.source.listed)
        market.grids[listed.calendar] = daily_grid(market, listed.calendar, day(first_day), day(first_day + rows));
    for (const auto& listed : market.source.listed)
        if (!market.source.stored["1d"][listed.id].empty()) market.daily.push_back(daily_rows(market, listed));
    return market;
}

}  // namespace bourse::factors::reference
