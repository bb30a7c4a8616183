#!/usr/bin/env bash
# bourse.resample against the exchange's own 4h bars and against weeks and months put together in Python; bourse.trade_bars
# against Python, and against resample; Heikin-Ashi and Renko against their definitions, step by step.
# shellcheck source=tests/cli/import_support.sh
. "$(dirname "$0")/import_support.sh"
export PGTZ=UTC
shape() { sql "SELECT coalesce(string_agg(to_char(ts, 'DD HH24:MI') || ' ' || bars || ' ' || to_char(available_at, 'DD HH24:MI'), '|' ORDER BY symbol, ts), '') FROM bourse.resample($1)"; }

# Sessions with a break, half hours of two instruments: CN's data ends in the middle of the third day, OLD's on the first.
sql "INSERT INTO bourse.instrument (symbol, calendar) VALUES ('CN', 'XTST'), ('OLD', 'XTST');
     INSERT INTO bourse.calendar SELECT 'XTST', d, d + time '01:30', d + time '07:00', d + time '03:30', d + time '05:00' FROM unnest('{2024-03-04,2024-03-05,2024-03-06,2024-03-11}'::date[]) AS d;
     INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, adj_factor)
     SELECT s, '30m', t, 100 + n, 102 + n, 98 + n, 101 + n, 10, CASE WHEN n > 4 THEN 2 ELSE 1 END
     FROM (SELECT d + h AS t, row_number() OVER (ORDER BY d + h) AS n FROM unnest('{2024-03-04,2024-03-05,2024-03-06}'::date[]) AS d,
               unnest('{01:30,02:00,02:30,03:00,05:00,05:30,06:00,06:30}'::time[]) AS h) AS x, unnest('{CN,OLD}'::text[]) AS s
     WHERE t < CASE s WHEN 'CN' THEN '2024-03-06 06:30' ELSE '2024-03-04 06:30' END::timestamp"
equal "04 01:30 2 04 02:30|04 02:30 2 04 03:30|04 05:00 2 04 06:00|04 06:00 2 04 07:00" "$(shape "'{CN}', '1h', to_ts => '2024-03-05'")" "hours of a session with a break"
equal "04 01:30 8 04 07:00|05 01:30 8 05 07:00" "$(shape "'{CN}', '4h'")" "four hours run through the break; the third day's is not complete"
equal "04 00:00 8 04 07:00|05 00:00 8 05 07:00" "$(shape "'{CN}', '1d', from_freq => '30m'")" "days"
equal "04 00:00 7 04 07:00" "$(shape "'{OLD}', '1d'")" "another instrument's bars tell that the day is over"
equal "" "$(shape "'{CN}', '1w', from_freq => '30m'")" "an unfinished week is no bar"
equal "" "$(shape "'{CN}', '4h', known_at => '2024-03-04 06:59'")" "nor is an unfinished session, as known at a time"
# adjusted: prices times the factor, volume over it; raw ones are relative to the last factor
equal "101 220 99 218 60 2|50.5 110 49.5 109 120 2|50.5 110 49.5 109 120 2" "$(for adjust in backward forward none; do sql "SELECT concat_ws(' ', open, high, low, close, volume, adj_factor) FROM bourse.resample('{CN}', '4h', to_ts => '2024-03-05', adjust => '$adjust')"; done | paste -sd'|')" adjustment
# a factor that became known later: bars and weeks are adjusted as known at a time
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) SELECT 'ADJ', '1d', '2024-01-01'::timestamptz + n * interval '1 day', 10, 10 + n, 5, 10, 100 FROM generate_series(0, 15) AS n"
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, adj_factor) SELECT 'ADJ', '1d', ts, open, high, low, close, volume, 2 FROM bourse.bars('{ADJ}', '2024-01-08', adjust => 'none')"
adjusted() { sql "SELECT string_agg(concat_ws(' ', close, volume, adj_factor), '|' ORDER BY ts) FROM bourse.$1('{ADJ}', from_ts => '2024-01-01', to_ts => '2024-01-15', adjust => '$2', known_at => $3) WHERE ts IN ('2024-01-01', '2024-01-08')"; }
equal "10 100 1|10 100 1" "$(adjusted bars backward "'2024-01-20'")" "before the factor was known"
equal "10 100 1|20 50 2" "$(adjusted bars backward NULL)" "since it is known"
equal "10 100 1|10 100 1" "$(adjusted bars forward "'2024-01-20'")" "relative to the last factor known then"
equal "5 200 1|10 100 2" "$(adjusted bars forward NULL)" "relative to the last factor"
equal "10 700 1|10 700 1" "$(adjusted resample backward "'2024-01-20'")" "weeks before the factor was known"
equal "10 700 1|20 350 2" "$(adjusted resample backward NULL)" "weeks since"
features() { sql "SELECT string_agg(value::text, '|' ORDER BY ts) FROM bourse.evaluate('$1', 'ADJ', '2024-01-01', '2024-01-10', options => '{\"known_at\": $2}') WHERE ts IN ('2024-01-07', '2024-01-08')"; }
equal "10|10" "$(features '$close' '"2024-01-20"')" "features before the factor was known"
equal "10|20" "$(sql "SELECT string_agg(value::text, '|' ORDER BY ts) FROM bourse.evaluate('\$close', 'ADJ', '2024-01-07', '2024-01-09')")" "features since"
equal "1|1" "$(features '$factor/Ref($factor,1)' '"2024-01-20"')" "no step of the factor that was not known"
refused 'a week may belong to two months' sql "SELECT bourse.resample('{CN}', '1mo', from_freq => '1w')"
refused 'from_freq must be shorter' sql "SELECT bourse.resample('{CN}', '1h', from_freq => '4h')"
refused 'no bars shorter than 30m' sql "SELECT bourse.resample('{CN}', '30m')"
refused 'unknown symbol' sql "SELECT bourse.resample('{NC}', '1h')"
refused "adjust is 'up'" sql "SELECT bourse.resample('{CN}', '1h', adjust => 'up')"

# Trades: three days of two coins, and a session with a break; Python puts them together by itself.
/usr/bin/python3 - "$work" <<'PY'
import random, sys
random.seed(7)
with open(sys.argv[1] + "/trades", "w") as out, open(sys.argv[1] + "/bars", "w") as bars:
    for symbol, days in (("AUSDT", 3), ("BUSDT", 2)):
        t, price, made = 1709510400 * 10**6, 100.0, {}  # 2024-03-04
        end = t + days * 86400 * 10**6
        while True:
            t += random.choice((0, 0, 1, 10**6, 45 * 10**6, 900 * 10**6))
            if t >= end: break
            price = round(max(1.0, price + random.gauss(0, 0.3)), 2)
            size = random.choice((0.5, 1, 2))
            out.write(f"{symbol},{t},{price},{size}\n")
            made.setdefault(t // (300 * 10**6), []).append((price, size))
        for bucket, trades in sorted(made.items()):
            p = [x for x, _ in trades]
            bars.write(f"{symbol}|{bucket * 300}|{p[0]:.2f}|{max(p):.2f}|{min(p):.2f}|{p[-1]:.2f}|{sum(s for _, s in trades):.1f}|{sum(x * s for x, s in trades):.4f}|{len(trades)}\n")
PY
sql "CREATE TABLE public.trade (n bigint GENERATED ALWAYS AS IDENTITY, symbol text, us bigint, price float8, size float8)"
psql -Xqc "\\copy public.trade (symbol, us, price, size) FROM '$work/trades' CSV"
query="SELECT symbol, timestamptz ''1970-01-01 00:00Z'' + us * interval ''1 microsecond'', price, size FROM public.trade ORDER BY n"
sql "SELECT symbol, extract(epoch FROM ts)::bigint, round(open::numeric, 2), round(high::numeric, 2), round(low::numeric, 2), round(close::numeric, 2), round(volume::numeric, 1), round(amount::numeric, 4), trades
     FROM bourse.trade_bars('$query', '5m') ORDER BY symbol, ts" | diff "$work/bars" - >"$work/difference" || fail "bars of trades: $(head -4 "$work/difference")"
[ "$(wc -l <"$work/bars")" -gt 500 ] || fail "only $(wc -l <"$work/bars") bars"
# loaded and resampled they are the bars of the trades themselves; a bar that is in progress is none
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, amount) SELECT symbol, '5m', ts, open, high, low, close, volume, amount FROM bourse.trade_bars('$query', '5m')"
equal "0 119" "$(sql "SELECT count(*) FILTER (WHERE r.open IS DISTINCT FROM t.open OR r.high IS DISTINCT FROM t.high OR r.low IS DISTINCT FROM t.low OR r.close IS DISTINCT FROM t.close
                                             OR abs(r.volume - t.volume) > 1e-6 OR r.available_at <> t.available_at) || ' ' || count(*)
     FROM bourse.resample('{AUSDT,BUSDT}', '1h', from_freq => '5m') AS r FULL JOIN bourse.trade_bars('$query', '1h') AS t USING (symbol, ts) WHERE ts < '2024-03-06 23:00'")" "hours of trades, and of bars of trades"
equal "12 2024-03-04 11:00:00+00" "$(sql "SELECT count(*) || ' ' || max(ts) FROM bourse.trade_bars('$query', '1h', complete_until => '2024-03-04 12:59:59') WHERE symbol = 'AUSDT'")" "the bar in progress is none"
# sessions: the close belongs to the last bar, the break and the night to none
session="SELECT ''S'', t::timestamptz, 5, 1 FROM unnest(''{2024-03-04 01:30,2024-03-04 03:30,2024-03-04 04:00,2024-03-04 05:00,2024-03-04 07:00,2024-03-04 07:01}''::text[]) AS t"
equal "01:30 1|02:30 1|05:00 1|06:00 1" "$(sql "SELECT string_agg(to_char(ts, 'HH24:MI') || ' ' || trades, '|' ORDER BY ts) FROM bourse.trade_bars('$session', '1h', 'XTST')")" "trades of a session"
equal "00:00 4 07:00" "$(sql "SELECT to_char(ts, 'HH24:MI') || ' ' || trades || ' ' || to_char(available_at, 'HH24:MI') FROM bourse.trade_bars('$session', '1d', 'XTST')")" "trades of a day"
equal "01:30 4" "$(sql "SELECT to_char(ts, 'HH24:MI') || ' ' || trades FROM bourse.trade_bars('$session', '4h', 'XTST')")" "four hours run through the break"
psql -Xqc "SELECT bourse.trade_bars('$session', '1d', 'XTST')" 2>&1 >/dev/null | grep -q '2 trades lie outside' || fail "no notice of trades outside"
refused 'trade 2 of the query is not usable' sql "SELECT bourse.trade_bars('SELECT ''S'', now() - interval ''1 day'', p, 1 FROM unnest(ARRAY[1, -1]) AS p')"
refused 'the query gives no trades: .*1 columns available but 4' sql "SELECT bourse.trade_bars('SELECT 1')"
refused 'the query gives no trades: relation "trades" does not exist' sql "SELECT bourse.trade_bars('SELECT * FROM trades')"
refused 'the query gives no trades: cannot cast type' sql "SELECT bourse.trade_bars('SELECT 1, true, 2, 3')"
refused 'the query gives no trades: syntax error at or near "FROM"' sql "SELECT bourse.trade_bars('DELETE FROM public.trade')"
refused 'a SELECT that yields symbol, ts, price, size in this order' sql "SELECT bourse.trade_bars('SELECT 1')"
equal 1 "$(sql "SELECT count(*) FROM bourse.trade_bars('SELECT ''S'', timestamptz ''2024-03-04 01:30Z'', 5, 1 -- of one symbol')")" "a query with a comment"
equal 1 "$(sql "SELECT count(*) FROM bourse.trade_bars(E'SELECT ''S'', timestamptz ''2024-03-04 01:30Z'', 5, 1;\n')")" "a query with its semicolon"
refused 'calendar "XTSS" is not known' sql "SELECT bourse.trade_bars('SELECT', '1h', 'XTSS')"

# Heikin-Ashi and Renko by their definitions, in Python
sql "SELECT ts, open, high, low, close FROM bourse.bars('{AUSDT}', freq => '5m') ORDER BY ts" >"$work/five"
sql "SELECT ts, open, high, low, close FROM bourse.heikin_ashi('{AUSDT}', freq => '5m') ORDER BY ts" >"$work/ha"
sql "SELECT brick_number, ts, open, close, direction FROM bourse.renko(0.75, '{AUSDT}', freq => '5m') ORDER BY brick_number" >"$work/renko"
/usr/bin/python3 - "$work" <<'PY' || fail "Heikin-Ashi or Renko"
import sys
rows = lambda name: [l.rstrip("\n").split("|") for l in open(sys.argv[1] + "/" + name)]
near = lambda a, b: abs(float(a) - float(b)) < 1e-9 * max(1, abs(float(b)))
five, ha, bricks = rows("five"), rows("ha"), rows("renko")
assert len(five) == len(ha) > 300, (len(five), len(ha))
o = c = None
for bar, got in zip(five, ha):
    po, ph, pl, pc = map(float, bar[1:])
    close = (po + ph + pl + pc) / 4
    o = (po + pc) / 2 if o is None else (o + c) / 2
    c = close
    assert bar[0] == got[0] and all(near(g, w) for g, w in zip(got[1:], (o, max(ph, o, c), min(pl, o, c), c))), (bar, got)
# a brick at a time: up from the top of the last one, down from its bottom
top = bottom = float(five[0][4])
want = []
for bar in five:
    price = float(bar[4])
    while price >= top + 0.75: bottom, top = top, top + 0.75; want.append((bar[0], bottom, top, 1))
    while price <= bottom - 0.75: top, bottom = bottom, bottom - 0.75; want.append((bar[0], top, bottom, -1))
assert len(want) == len(bricks) > 20, (len(want), len(bricks))
for i, (w, g) in enumerate(zip(want, bricks)):
    assert int(g[0]) == i + 1 and g[1] == w[0] and near(g[2], w[1]) and near(g[3], w[2]) and int(g[4]) == w[3], (w, g)
PY
equal "t" "$(sql "SELECT bool_and(a.open = b.open AND a.close = b.close) AND count(*) > 50 FROM bourse.heikin_ashi('{AUSDT}', freq => '5m') AS a JOIN bourse.heikin_ashi('{AUSDT}', '2024-03-06', freq => '5m') AS b USING (ts)")" "a later start changes nothing"

# The exchange's own 4h bars are what its 1h bars give, but for three that its README names.
need "$shared/crypto/binance_um_parquet"
need_parquet
bourse import "$shared"/crypto/binance_um_parquet/{BTC,BNB}USDT_{1h,4h}.parquet >/dev/null 2>&1
equal "14094|0" "$(sql "SELECT count(*), count(*) FILTER (WHERE r.open <> b.open OR r.high <> b.high OR r.low <> b.low OR r.close <> b.close OR abs(r.volume / b.volume - 1) > 1e-6 OR r.bars <> 4)
     FROM bourse.resample('{BTCUSDT,BNBUSDT}', '4h', to_ts => '2026-03-21', from_freq => '1h') AS r FULL JOIN (SELECT * FROM bourse.bars('{BTCUSDT,BNBUSDT}', NULL, '2026-03-21', '4h')) AS b USING (symbol, ts)
     WHERE ts NOT IN ('2023-11-10 08:00', '2023-11-10 12:00', '2024-10-28 20:00')")" "4h bars of an exchange"
sql "SELECT to_char(ts, 'YYYY-MM'), open, high, low, close, bars FROM bourse.resample('{BTCUSDT}', '1mo', from_freq => '1h') ORDER BY ts" >"$work/months"
sql "SELECT to_char(ts, 'YYYY-MM'), open, high, low, close FROM bourse.bars('{BTCUSDT}', freq => '1h') ORDER BY ts" | awk -F'|' '
    $1 != m { if (m) print m, o, h, l, c, n; m = $1; o = $2; h = $3; l = $4; n = 0 } { if ($3 + 0 > h + 0) h = $3; if ($4 + 0 < l + 0) l = $4; c = $5; ++n }' OFS='|' | diff - "$work/months" || fail "months"
