// The signal sets v1, v2.6 and v2.7: indicators of the last 100 hourly bars, of 4h bars, of reference symbols.
// Source: shared spec bedrock-signals.md, section 2, with the project's definition of 2.4.
#include <array>

#include "factors/sets/built_in_sets.hpp"

namespace bourse::factors {
namespace {

constexpr std::array<const char*, 5> references{"BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT", "ADAUSDT"};

const std::string none = "0/0";
const std::string one_hour_return = "$close/Ref($close,1)-1";

// A row with a bar, and half of the window: else there are no features at all.
const std::string decidable = "(Count($close,100)>=50)&(Count($close,1)>0)&(Count($volume,1)>0)";

std::string present(const std::string& x) { return "(Count(" + x + ",1)>0)"; }
std::string choose(const std::string& condition, const std::string& yes, const std::string& no) {
    return "If(" + condition + "," + yes + "," + no + ")";
}

// A feature: its value, where it counts beside being present (empty: everywhere), what stands there otherwise, and
// where that is no stopgap but the value by definition (empty: nowhere).
struct Signal {
    std::string name, value, counts, neutral, defined;
};

void add_v1(std::vector<Signal>& all) {
    const std::string middle = "Mean($close,20)", twice = "2*Std($close,20)*(19/20)**0.5";  // divisor 20
    const auto add = [&](const char* name, std::string value, const char* neutral) {
        all.push_back({name, std::move(value), {}, neutral, {}});
    };
    add("rsi_14", "RSI_RECENT($close,14,100)", "50");
    add("macd", "MACD_RECENT($close,12,26,9,100)", "0");
    add("macd_signal", "MACD_SIGNAL_RECENT($close,12,26,9,100)", "0");
    add("macd_hist", "MACD_HIST_RECENT($close,12,26,9,100)", "0");
    add("ma_20", middle, "$close");
    add("ma_50", "Mean($close,50)", "$close");
    add("bb_upper", middle + "+" + twice, "$close");
    add("bb_middle", middle, "$close");
    add("bb_lower", middle + "-" + twice, "$close");
    add("atr_14", "ATR_RECENT($high,$low,$close,14,100)", "0");
    add("volume", "$volume", "0");
    add("volume_ma_20", "Mean($volume,20)", "$volume");
    add("price_change_pct", "100*($close-Ref($close,1))/Ref($close,1)", "0");
}

// Of the newest closed 4h bar. 25 bars are enough for all but the MACD.
void add_v26(std::vector<Signal>& all, bool origin_windows) {
    const std::string enough = "(Count($close,25)@4h>=20)", macd_rows = origin_windows ? "25" : "100";
    const auto last = [](const std::string& field) { return choose(present(field + "@4h"), field + "@4h", field); };
    const auto add = [&](const char* name, const std::string& value, std::string neutral) {
        all.push_back({name, value + "@4h", enough, std::move(neutral), {}});
    };
    add("rsi_14_4h", "RSI_RECENT($close,14,25)", "50");
    add("macd_4h", "MACD_RECENT($close,12,26,9," + macd_rows + ")", "0");
    add("macd_signal_4h", "MACD_SIGNAL_RECENT($close,12,26,9," + macd_rows + ")", "0");
    add("ma_20_4h", "Mean($close,20)", last("$close"));
    add("volume_ma_20_4h", "Mean($volume,20)", last("$volume"));
    add("atr_14_4h", "ATR_RECENT($high,$low,$close,14,25)", "0");
}

std::string peer(const std::string& x, const std::string& symbol) { return "Peer(" + x + ",'" + symbol + "')"; }
std::string is(const std::string& symbol) { return "(IsInstrument($close,'" + symbol + "')>0)"; }
// x of a symbol that has so many of its last 100 bars.
std::string peer_with(int bars, const std::string& x, const std::string& symbol) {
    return peer(choose("Count($close,100)>=" + std::to_string(bars), x, none), symbol);
}
std::string return_of(int bars) { return "$close/Ref($close," + std::to_string(bars) + ")-1"; }

// What moved before; of the leader itself 0 by definition.
void add_leader(std::vector<Signal>& all, const std::string& prefix, const std::string& symbol, int least,
                std::initializer_list<int> lags) {
    for (const int lag : lags)
        all.push_back({prefix + "_return_" + std::to_string(lag) + "h_lag",
                       peer_with(least, return_of(lag), symbol),
                       {},
                       "0",
                       is(symbol)});
}

void add_market(std::vector<Signal>& all) {
    std::string count, sum, rising;
    for (const std::string symbol : references) {
        const std::string x = peer(one_hour_return, symbol), plus = count.empty() ? "" : "+";
        count += plus + "Count(" + x + ",1)";
        sum += plus + choose(present(x), x, "0");
        rising += plus + "(" + x + ">0)";
    }
    const std::string enough = "((" + count + ")>=3)";
    all.push_back({"market_return_1h", "(" + sum + ")/(" + count + ")", enough, "0", {}});
    all.push_back({"market_bullish_ratio", "(" + rising + ")/(" + count + ")", enough, "0.5", {}});
}

void add_v27(std::vector<Signal>& all) {
    const std::string btc = references[0], eth = references[1];
    add_leader(all, "btc", btc, 25, {1, 2, 4, 24});
    all.push_back({"btc_trend_4h", peer_with(25, choose("$close>Mean($close,20)", "1", "0"), btc), {}, "0", is(btc)});
    add_leader(all, "eth", eth, 3, {1, 2});
    add_market(all);
    all.push_back({"btc_eth_corr_24h",
                   "Corr(" + peer_with(25, one_hour_return, btc) + "," + peer_with(25, one_hour_return, eth) + ",24)",
                   {},
                   "0",
                   {}});
    all.push_back({"btc_target_corr_24h",
                   "Corr(" + peer_with(25, one_hour_return, btc) + "," + one_hour_return + ",24)",
                   {},
                   "0",
                   is(btc)});
}

std::vector<Signal> list_of(Signals set, bool origin_windows) {
    std::vector<Signal> all;
    add_v1(all);
    if (set != Signals::v1) add_v26(all, origin_windows);
    if (set == Signals::v27) add_v27(all);
    return all;
}

std::string computed(const Signal& signal) {
    std::string condition = present(signal.value);
    if (!signal.counts.empty()) condition = signal.counts + "&" + condition;
    if (!signal.defined.empty()) condition = "Not" + signal.defined + "&" + condition;
    return condition;
}

}  // namespace

std::vector<NamedExpression> signals(Signals set, bool origin_windows) {
    std::vector<NamedExpression> result;
    for (const Signal& s : list_of(set, origin_windows))
        result.push_back({s.name, choose(decidable, choose(computed(s), s.value, s.neutral), none)});
    return result;
}

std::vector<NamedExpression> signals_neutral(Signals set, bool origin_windows) {
    std::vector<NamedExpression> result;
    for (const Signal& s : list_of(set, origin_windows)) {
        const std::string known = s.defined.empty() ? computed(s) : s.defined + "|(" + computed(s) + ")";
        result.push_back({s.name, choose(decidable, choose(known, "0", "1"), none)});
    }
    return result;
}

std::vector<NamedExpression> signals_references(Signals set) {
    std::vector<NamedExpression> result;
    if (set != Signals::v27) return result;
    for (const std::string symbol : references)
        result.push_back({symbol, choose(is(symbol) + "|" + present(peer("$close", symbol)), "1", "0")});
    return result;
}

}  // namespace bourse::factors
