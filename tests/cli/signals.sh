#!/usr/bin/env bash
# The signal sets on hourly bars of five coins: every feature against Python that computes it from its window alone, the label
# against the counts of the data's README, the original's leak against the AUCs that the specification measured, neutral values.
# shellcheck source=tests/cli/import_support.sh
. "$(dirname "$0")/import_support.sh"
export PGTZ=UTC
equal "13 19 30" "$(sql "SELECT string_agg(cardinality(features)::text, ' ' ORDER BY name) FROM bourse.feature_set WHERE name LIKE 'signals%' AND freq = '1h'")" "features"
refused 'did you mean' sql "SELECT bourse.signal_rows('signals_v26', options => '{\"origin_compatibel\": true}')"
refused 'unknown signal set "signals_v2"' sql "SELECT bourse.signal_rows('signals_v2')"
refused "ties is 'down'" sql "SELECT bourse.barrier_label(ties => 'down')"

need "$shared/crypto/binance_um_parquet"
need_parquet
bourse import "$shared"/crypto/binance_um_parquet/{BTC,ETH,BNB,SOL,ADA,XRP}USDT_1h.parquet >/dev/null 2>&1
sql "CREATE TABLE public.signal AS SELECT * FROM bourse.signal_rows('signals_v27', from_ts => '2024-01-01', to_ts => '2025-11-16')"
equal "6|98640|0" "$(sql "SELECT count(DISTINCT symbol), count(*), count(*) FILTER (WHERE neutral <> '{}' OR missing_references <> '{}' OR leaks) FROM public.signal")" "rows, nothing missing"
equal 30 "$(sql "SELECT DISTINCT bourse.fvec_length(features) FROM public.signal")" "features of a row"

# 60 rows against their definitions; 4h bars are put together by hand
sql "SELECT symbol, extract(epoch FROM ts)::bigint, open, high, low, close, volume FROM bourse.bars(freq => '1h', from_ts => '2023-12-01', to_ts => '2025-11-17')" >"$work/bars"
sql "SELECT symbol, extract(epoch FROM ts)::bigint, features::text FROM public.signal WHERE hashtextextended(symbol || ts::text, 7) % 1500 = 0" >"$work/rows"
/usr/bin/python3 - "$work" <<'PY' || fail "features differ from their definitions"
import math, sys
bars = {}
for line in open(sys.argv[1] + "/bars"):
    s, t, *v = line.strip().split("|")
    bars.setdefault(s, {})[int(t)] = tuple(map(float, v))
def last(s, t, n): return [bars[s][x] for x in range(t - (n - 1) * 3600, t + 1, 3600)]
def four(s, t, n):  # closed when the bar at t is
    end = (t + 3600) // 14400 * 14400
    out = []
    for start in range(end - n * 14400, end, 14400):
        h = [bars[s][start + k * 3600] for k in range(4)]
        out.append((h[0][0], max(x[1] for x in h), min(x[2] for x in h), h[3][3], sum(x[4] for x in h)))
    return out
def mean(x): return sum(x) / len(x)
def rsi(c, n=14):
    d = [b - a for a, b in zip(c, c[1:])]
    up, down = mean([max(x, 0) for x in d[:n]]), mean([max(-x, 0) for x in d[:n]])
    for x in d[n:]: up, down = (up * (n - 1) + max(x, 0)) / n, (down * (n - 1) + max(-x, 0)) / n
    return 100 * up / (up + down)
def ema(x, n, at):  # the values from index `at` on; seeded with the mean of the n values up to it
    out = [mean(x[at - n + 1:at + 1])]
    for v in x[at + 1:]: out.append(out[-1] + (v - out[-1]) * 2 / (n + 1))
    return out
def macd(c):
    line = [a - b for a, b in zip(ema(c, 12, 25), ema(c, 26, 25))]
    signal = ema(line, 9, 8)
    return line[-1], signal[-1], line[-1] - signal[-1]
def atr(b, n=14):
    tr = [max(x[1], p[3]) - min(x[2], p[3]) for p, x in zip(b, b[1:])]
    a = mean(tr[:n])
    for v in tr[n:]: a = (a * (n - 1) + v) / n
    return a
def corr(x, y):
    mx, my = mean(x), mean(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y)) / math.sqrt(sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y))
def ret(s, t, k): return bars[s][t][3] / bars[s][t - k * 3600][3] - 1
refs = ["BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT", "ADAUSDT"]
compared = 0
for line in open(sys.argv[1] + "/rows"):
    s, t, got = line.strip().split("|")
    t, got = int(t), [float(x) for x in got.strip("{}").split(",")]
    p, c = last(s, t, 100), [b[3] for b in last(s, t, 100)]
    m, ma = macd(c), mean(c[-20:])
    sd = math.sqrt(mean([(x - ma) ** 2 for x in c[-20:]]))
    want = [rsi(c), *m, ma, mean(c[-50:]), ma + 2 * sd, ma, ma - 2 * sd, atr(p), p[-1][4], mean([b[4] for b in p[-20:]]), 100 * (c[-1] / c[-2] - 1)]
    q, long = four(s, t, 25), [b[3] for b in four(s, t, 100)]
    m = macd(long)
    want += [rsi([b[3] for b in q]), m[0], m[1], mean([b[3] for b in q[-20:]]), mean([b[4] for b in q[-20:]]), atr(q)]
    own, btc, eth = s == "BTCUSDT", [ret("BTCUSDT", x, 1) for x in range(t - 23 * 3600, t + 1, 3600)], [ret("ETHUSDT", x, 1) for x in range(t - 23 * 3600, t + 1, 3600)]
    want += [0 if own else ret("BTCUSDT", t, k) for k in (1, 2, 4, 24)]
    want.append(0 if own else float(bars["BTCUSDT"][t][3] > mean([b[3] for b in last("BTCUSDT", t, 20)])))
    want += [0 if s == "ETHUSDT" else ret("ETHUSDT", t, k) for k in (1, 2)]
    r = [ret(x, t, 1) for x in refs]
    want += [mean(r), mean([float(x > 0) for x in r]), corr(btc, eth), 0 if own else corr(btc, [ret(s, x, 1) for x in range(t - 23 * 3600, t + 1, 3600)])]
    assert len(want) == len(got) == 30
    for i, (w, g) in enumerate(zip(want, got)):
        assert abs(w - g) <= 2e-6 * max(abs(w), abs(c[-1]) * 1e-3 if i in (1, 2, 3, 14, 15) else 1e-3), (s, t, i + 1, w, g)
    compared += 1
assert compared > 30, compared
PY

# The label's counts are those of the data's README (BTC, ETH, BNB, SOL, ADA).
sql "CREATE TABLE public.label AS SELECT p.symbol, p.ts, (p.features)[1] AS label FROM bourse.evaluate_panel(ARRAY[bourse.barrier_label()], 'all', '2024-01-01', '2025-11-16', '1h') AS p WHERE symbol <> 'XRPUSDT'"
equal "40441 39380 2379" "$(sql "SELECT count(*) FILTER (WHERE label = 1) || ' ' || count(*) FILTER (WHERE label = 0) || ' ' || count(*) FILTER (WHERE label = 'NaN') FROM public.label")" labels
equal "1480" "$(sql "SELECT count(*) FILTER (WHERE d.features[1] = 'NaN') FROM bourse.evaluate_panel(ARRAY[bourse.barrier_label(ties => 'drop')], 'all', '2024-01-01', '2025-11-16', '1h') AS d JOIN public.label USING (symbol, ts) WHERE label <> 'NaN'")" "ties"

# Expected: computed apart from this program, with numpy, for the project's RSI. With the original's, which begins at the first gain,
# the same computation gives the specification's table (0.532 … and 0.580 …): in windows of 25 bars the beginning tells.
# The leak: with the original's window the 4h RSI seems to know the label; with closed bars it does not.
sql "CREATE TABLE public.leaking AS SELECT * FROM bourse.signal_rows('signals_v26', from_ts => '2024-01-01', to_ts => '2025-11-16', options => '{\"origin_compatible\": true}')" 2>"$work/notice"
grep -q 'up to three hours later' "$work/notice" || fail "no warning: $(cat "$work/notice")"
equal "t|0" "$(sql "SELECT bool_and(leaks), count(*) FILTER (WHERE features[15] <> 0 OR features[16] <> 0) FROM public.leaking")" "marked; MACD of 25 bars is never there"
equal 0 "$(sql "SELECT count(*) FROM public.leaking AS l JOIN public.signal AS s USING (symbol, ts) WHERE (l.features::real[])[1:13] <> (s.features::real[])[1:13]")" "the hourly features are the same"
auc() { # TABLE FEATURE: per symbol in the specification's order
    sql "SELECT string_agg(round(a::numeric, 3)::text, ' ' ORDER BY array_position('{BTCUSDT,ETHUSDT,BNBUSDT,SOLUSDT,ADAUSDT}', symbol)) FROM (
        SELECT symbol, (sum(place) FILTER (WHERE label = 1) - n1 * (n1 + 1) / 2.0) / (n1 * (count(*) - n1)) AS a FROM (
            SELECT symbol, label, rank() OVER w + (count(*) OVER (PARTITION BY symbol, f.features[$2]) - 1) / 2.0 AS place, count(*) FILTER (WHERE label = 1) OVER (PARTITION BY symbol) AS n1
            FROM public.$1 AS f JOIN public.label USING (symbol, ts) WHERE label <> 'NaN' WINDOW w AS (PARTITION BY symbol ORDER BY f.features[$2])) AS x GROUP BY symbol, n1) AS y"
}
near() { awk -v a="$1" -v b="$2" 'BEGIN { n = split(a, x, " "); m = split(b, y, " "); if (n != m || n != 5) exit 1; for (i = 1; i <= n; ++i) if ((x[i] - y[i]) ^ 2 > 0.0011 ^ 2) exit 1 }' || fail "$3: expected $1, got $2"; }
near "0.530 0.522 0.505 0.510 0.508" "$(auc signal 1)" "AUC of rsi_14"
near "0.536 0.512 0.500 0.504 0.506" "$(auc signal 14)" "AUC of rsi_14_4h, closed bars"
near "0.588 0.566 0.553 0.561 0.564" "$(auc leaking 14)" "AUC of rsi_14_4h as in the original"
# Nothing of the future: tried on changed bars
equal "30 0" "$(sql "SELECT count(*) || ' ' || count(*) FILTER (WHERE leaks) FROM bourse.check_lookahead('signals_v27')")" "look-ahead"

# Neutral values where references are missing, and a word about it
sql "DELETE FROM bourse.bar WHERE instrument_id = (SELECT instrument_id FROM bourse.instrument WHERE symbol = 'BTCUSDT') AND ts >= '2025-11-14'"
row() { sql "SELECT neutral, missing_references, (features::real[])[20:30] FROM bourse.signal_rows('signals_v27', from_ts => '$2', to_ts => '$2'::timestamptz + interval '1 hour') WHERE symbol = '$1'"; }
grep -q '^{btc_return_1h_lag,btc_return_2h_lag,btc_return_4h_lag,btc_return_24h_lag,btc_trend_4h}|{BTCUSDT}|{0,0,0,0,0,' <<<"$(row XRPUSDT '2025-11-14 05:00')" || fail "without BTC: $(row XRPUSDT '2025-11-14 05:00')"
# Correlations have the 18 hours that are left, as PostgreSQL's corr says
correlation() { sql "WITH r AS (SELECT symbol, ts, close / lag(close) OVER (PARTITION BY symbol ORDER BY ts) - 1 AS r FROM bourse.bars(freq => '1h', from_ts => '2025-11-13 05:00', to_ts => '2025-11-14 06:00'))
    SELECT round(corr(a.r, b.r)::numeric, 4) || ' ' || count(*) FROM r AS a JOIN r AS b USING (ts) WHERE a.r + b.r IS NOT NULL AND a.symbol = 'BTCUSDT' AND b.symbol = '$1'"; }
equal "$(correlation ETHUSDT) $(correlation XRPUSDT)" "$(sql "SELECT round((features::real[])[29]::numeric, 4) || ' 18 ' || round((features::real[])[30]::numeric, 4) || ' 18' FROM bourse.signal_rows('signals_v27', from_ts => '2025-11-14 05:00', to_ts => '2025-11-14 06:00') WHERE symbol = 'XRPUSDT'")" "correlations without the newest BTC"
sql "DELETE FROM bourse.bar WHERE instrument_id IN (SELECT instrument_id FROM bourse.instrument WHERE symbol IN ('SOLUSDT', 'ADAUSDT'))"
row ETHUSDT '2025-11-14 05:00' | grep -q 'market_return_1h,market_bullish_ratio}|{BTCUSDT,SOLUSDT,ADAUSDT}|{0,0,0,0,0,0,0,0,0.5,0\.[0-9]*,0\.[0-9]*}' || fail "two references: $(row ETHUSDT '2025-11-14 05:00')"
# Without any reference symbol in the database the set works as well; with fewer than 50 bars there is no row; 4h bars that are too few are neutral
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) SELECT 'NEWUSDT', '1h', '2030-01-01'::timestamptz - interval '10 years' + n * interval '1 hour', 10 + n % 3, 12 + n % 3, 9, 11 + n % 3, 5 FROM generate_series(0, 59) AS n"
equal "11|{rsi_14_4h,macd_4h,macd_signal_4h,ma_20_4h,volume_ma_20_4h,atr_14_4h,btc_return_1h_lag}|{50,0,0}|5" "$(sql "SELECT count(*) OVER (), neutral[1:7], (features::real[])[14:16], cardinality(missing_references) FROM bourse.signal_rows('signals_v27') WHERE symbol = 'NEWUSDT' LIMIT 1")" "a new symbol"
