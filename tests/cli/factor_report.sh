#!/usr/bin/env bash
# bourse.factor_report against Python that computes every column from its definition, on a market with gaps, ties, a universe
# that changes, and a feature that is often missing; the page of bourse report factors.
# shellcheck source=tests/cli/import_support.sh
. "$(dirname "$0")/import_support.sh"
export PGTZ=UTC
/usr/bin/python3 - "$work/bars" <<'PY'
import random, sys
random.seed(11)
with open(sys.argv[1], "w") as out:
    for s in range(40):
        price, drift = 50.0, 0.0
        for d in range(140):
            drift = 0.9 * drift + random.gauss(0, 0.004)  # momentum, so that something is found
            price *= 1 + drift + random.gauss(0, 0.01)
            if random.random() < 0.04: continue
            p = round(price, 1)
            day = 18262 + d
            out.write(f"S{s:02d},1d,1970-01-01,{day},{p},{p * 1.01},{p * 0.99},{p},{random.choice((0, 100, 200))}\n")
PY
sql "CREATE TABLE public.raw (symbol text, freq text, base date, day int, o float8, h float8, l float8, c float8, v float8)"
psql -Xqc "\\copy public.raw FROM '$work/bars' CSV"
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) SELECT symbol, freq, base + day, o, h, l, c, v FROM public.raw;
     INSERT INTO bourse.universe (name, instrument_id, span) SELECT 'most', instrument_id, CASE WHEN symbol < 'S05' THEN '[2020-02-01,2020-04-01)'::tstzrange ELSE '(,)' END FROM bourse.instrument;
     SELECT bourse.create_feature_set('probe', '[{\"name\": \"momentum\", \"expression\": \"\$close/Ref(\$close,5)-1\"}, {\"name\": \"reversal\", \"expression\": \"Ref(\$close,5)/\$close\"}, {\"name\": \"ties\", \"expression\": \"\$volume\"},
         {\"name\": \"seldom\", \"expression\": \"If(\$volume>100,\$high/\$low-\$close,0/0)\"}, {\"name\": \"flat\", \"expression\": \"0*\$close\"}, {\"name\": \"range & <odd>\", \"expression\": \"Std(\$close,10)/\$close\"}]'::jsonb)"
sql "SELECT symbol, ts, features::real[] FROM bourse.evaluate_panel((SELECT expressions FROM bourse.feature_set WHERE name = 'probe') || ARRAY['Ref(\$close,-3)/Ref(\$close,-1)-1', 'Ref(\$close,-6)/Ref(\$close,-1)-1'],
     'most', '2020-01-10', '2020-05-10', options => '{\"grid\": \"bars\"}') ORDER BY ts, symbol" >"$work/panel"
report="bourse.factor_report('probe', 'most', '2020-01-10', '2020-05-10', options => '{\"horizons\": [2, 5], \"quantiles\": 4, \"max_correlation\": 0.8}')"
psql -XqAt -v ON_ERROR_STOP=1 -c "SELECT json_agg(r) FROM $report AS r" >"$work/report"
/usr/bin/python3 - "$work" <<'PY' || fail "the report differs from its definitions"
import json, math, struct, sys
single = lambda text: struct.unpack('f', struct.pack('f', float(text)))[0]  # the bits, not their shortest text
F, Q, H = 6, 4, 2
days = {}
for line in open(sys.argv[1] + "/panel"):
    s, t, v = line.strip().split("|")
    days.setdefault(t, []).append((s, [single(x) for x in v.strip("{}").split(",")]))
finite = math.isfinite
mean = lambda x: sum(x) / len(x)
def pearson(x, y):
    if len(set(x)) < 2 or len(set(y)) < 2: return None
    a, b = mean(x), mean(y)
    return sum((p - a) * (q - b) for p, q in zip(x, y)) / math.sqrt(sum((p - a) ** 2 for p in x) * sum((q - b) ** 2 for q in y))
def ranks(x): return [sum(b < a for b in x) + (sum(b == a for b in x) + 1) / 2 for a in x]
def newey(x, h):
    n, m = len(x), mean(x)
    L = max(int(4 * (n / 100) ** (2 / 9)), h - 1)
    v = 0
    for l in range(L + 1):
        g = sum((x[i] - m) * (x[i - l] - m) for i in range(l, n)) / n
        v += g if l == 0 else 2 * (1 - l / (L + 1)) * g
    return m, math.sqrt(v / n)
got = json.load(open(sys.argv[1] + "/report"))
near = lambda a, b, e=1e-9: abs(a - b) <= e * max(1, abs(b))
p_values, cross = [], {}
for f in range(F):
    ic, rank, spread, sums, turnover, auto, top, before = [], [[], []], [], [0] * Q, [], [], None, None
    count = present = 0
    for t in sorted(days):
        rows = days[t]
        count += len(rows); present += sum(finite(v[f]) for _, v in rows)
        for h in range(H):
            pairs = [(v[f], v[F + h], s) for s, v in rows if finite(v[f]) and finite(v[F + h])]
            if len(pairs) < 5: continue
            x, y = [p[0] for p in pairs], [p[1] for p in pairs]
            r = pearson(ranks(x), ranks(y))
            if r is None: continue
            rank[h].append(r)
            if h: continue
            ic.append(pearson(x, y))
            n, e = len(pairs), len(pairs) // Q
            rising, falling = sorted(pairs, key=lambda p: p[0]), sorted(pairs, key=lambda p: -p[0])
            groups = [rising[:e]] + [rising[e + (n - 2 * e) * (q - 1) // (Q - 2):e + (n - 2 * e) * q // (Q - 2)] for q in range(1, Q - 1)] + [falling[:e]]
            m = [mean([p[1] for p in g]) for g in groups]
            sums = [a + b for a, b in zip(sums, m)]
            spread.append(m[-1] - m[0])
            held = {p[2] for p in falling[:e]}
            if top is not None: turnover.append(1 - len(held & top) / len(held))
            top = held
        now = {s: v[f] for s, v in rows if finite(v[f])}
        if before is not None:
            both = [s for s in now if s in before]
            if len(both) >= 5:
                r = pearson([now[s] for s in both], [before[s] for s in both])
                if r is not None: auto.append(r)
        before = now
    g = got[f]
    assert near(g["coverage"], present / count), (f, g["coverage"], present / count)
    if not ic:
        assert g["feature"] == "flat" and g["rank_ic"] is None and g["p_adjusted"] is None and g["days"] == 0, g
        p_values.append(None)
        continue
    assert g["days"] == len(ic) and near(g["ic"], mean(ic)) and near(g["rank_ic"], mean(rank[0])), (f, g, mean(ic))
    sd = lambda x: math.sqrt(sum((v - mean(x)) ** 2 for v in x) / (len(x) - 1))
    assert near(g["icir"], mean(ic) / sd(ic)) and near(g["rank_icir"], mean(rank[0]) / sd(rank[0]))
    m, e = newey(rank[0], 2)
    assert near(g["rank_ic_error"], e) and near(g["t"], m / e) and near(g["p_value"], math.erfc(abs(m / e) / math.sqrt(2)), 1e-12)
    p_values.append(g["p_value"])
    assert all(near(a, mean(b)) for a, b in zip(g["decay"], rank)), (f, g["decay"])
    assert near(g["turnover"], mean(turnover)) and near(g["autocorrelation"], mean(auto), 1e-9), (f, g, mean(turnover), mean(auto))
    assert all(near(a, b / len(spread)) for a, b in zip(g["quantile_returns"], sums)), (f, g["quantile_returns"], sums)
    m, e = newey(spread, 2)
    assert near(g["spread"], m) and near(g["spread_error"], e) and near(g["spread_t"], m / e)
ordered = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
for k, (p, i) in enumerate(ordered):
    assert near(got[i]["p_adjusted"], min(q * len(ordered) / (j + 1) for j, (q, _) in enumerate(ordered) if j >= k)), i
by = {g["feature"]: g for g in got}
assert by["momentum"]["nearest"] == "reversal" and by["momentum"]["nearest_correlation"] < -0.9999
assert by["momentum"]["cluster"] == by["reversal"]["cluster"] != by["ties"]["cluster"]
assert (by["momentum"]["chosen"] is None) != (by["reversal"]["chosen"] is None) and by["flat"]["chosen"] is None
assert abs(by["momentum"]["t"]) > 3 and by["momentum"]["p_adjusted"] < 0.01, by["momentum"]  # it was planted
PY
# a label of one's own in place of the first horizon; as known at a time
equal t "$(sql "SELECT bool_and(a.rank_ic IS NOT DISTINCT FROM b.rank_ic) FROM $report AS a JOIN bourse.factor_report('probe', 'most', '2020-01-10', '2020-05-10', label => 'Ref(\$close,-3)/Ref(\$close,-1)-1', options => '{\"horizons\": [2]}') AS b USING (feature)")" "a label"
refused 'did you mean' sql "SELECT bourse.factor_report('probe', options => '{\"horizon\": [1]}')"
refused '\[0\]' sql "SELECT bourse.factor_report('probe', options => '{\"horizons\": [0]}')"
refused 'no bars of 1d' sql "SELECT bourse.factor_report('probe', from_ts => '2031-01-01')"
refused 'unknown feature set' sql "SELECT bourse.factor_report('prob')"

bourse report factors probe --to "$work/page.html" --universe most --from 2020-01-10 --options '{"horizons": [2, 5, 10]}' | grep -q 'page.html: [0-9.]* KB' || fail "no summary line"
[ "$(stat -c %s "$work/page.html")" -le 2097152 ] || fail "larger than 2 MB"
grep -qiE '<script|src=|@import|url\(|href=' "$work/page.html" && fail "the page loads something"
grep -q 'range &amp; &lt;odd&gt;' "$work/page.html" || fail "a name is not escaped"
[ "$(grep -o '<svg' "$work/page.html" | wc -l)" -ge 3 ] || fail "fewer than three charts"
sed 1d "$work/page.html" >"$work/page.xml"
psql -qXAt -v x="$(cat "$work/page.xml")" <<<"SELECT xmlparse(DOCUMENT :'x') IS NOT NULL" | grep -qx t || fail "not well-formed"
{ bourse report --to "$work/page.html" 2>&1 || true; } | grep -q 'RUN is required' || fail "a report of nothing"
# 2,000 features with long names stay below 2 MB
sql "SELECT bourse.create_feature_set('wide', (SELECT jsonb_object_agg(rpad('f' || n || '&', 60, '<'), format('\$close/Ref(\$close,%s)*%s', 1 + n % 7, n)) FROM generate_series(1, 2000) AS n))" >/dev/null
bourse report factors wide --to "$work/wide.html" --from 2020-04-20 --options '{"horizons": [1]}' >/dev/null
[ "$(stat -c %s "$work/wide.html")" -le 2097152 ] || fail "$(stat -c %s "$work/wide.html") bytes"
grep -q '1300 weaker features are not listed' "$work/wide.html" || fail "nothing is said about what is left out"
