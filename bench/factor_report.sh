#!/usr/bin/env bash
# factor_report.sh BUILD [INSTRUMENTS] [DAYS]: bourse.factor_report('alpha158') of INSTRUMENTS (200) × DAYS (2,500), features
# computed from bars included, against a script in the style of alphalens (bench/factor_report.py) that is given the values of
# every 20th feature in memory; its time is scaled to 158. Mean RankICs must agree. Last: the ratio of best times.
. "$(dirname "$0")/lib/cluster.sh"
readers=$(realpath "${1:?build folder}")/deps/readers
PYTHONPATH=$readers /usr/bin/python3 -c 'import pandas' 2>/dev/null || { echo "pandas is not in $readers: run the test cli.read_features once" >&2; exit 77; }
begin "$@"
instruments=${2:-200} days=${3:-2500}
database bench_report
bourse synthesize --to "$work/market.csv" --instruments "$instruments" --days "$days"
bourse import "$work/market.csv" --freq 1d >/dev/null
sql -c "VACUUM ANALYZE"
chosen="SELECT array_agg(n::int ORDER BY n) FROM generate_series(1, 158, 20) AS n"
sql -c "COPY (WITH c AS ($chosen), s AS (SELECT expressions, features FROM bourse.feature_set WHERE name = 'alpha158')
        SELECT p.ts, p.symbol, nullif(v[1], 'NaN') AS r1, nullif(v[2], 'NaN') AS r5, nullif(v[3], 'NaN') AS r10, nullif(v[4], 'NaN') AS r20,
            $(for k in 1 2 3 4 5 6 7 8; do printf '%snullif(v[%d], %s) AS f%d' "$([ $k -gt 1 ] && echo ,)" $((4 + k)) "'NaN'" "$k"; done)
        FROM s, c, LATERAL bourse.evaluate_panel(ARRAY(SELECT format('Ref(\$close,-%s)/Ref(\$close,-1)-1', 1 + h) FROM unnest('{1,5,10,20}'::int[]) AS h)
             || ARRAY(SELECT s.expressions[k] FROM unnest(c.array_agg) AS k), 'all', options => '{\"grid\": \"bars\"}') AS p, LATERAL (SELECT p.features::real[] AS v) AS x) TO STDOUT CSV HEADER" >"$work/features.csv"
ours() { statement_seconds "CREATE TEMP TABLE r AS SELECT * FROM bourse.factor_report('alpha158')"; }
for ((round = 0; round < ${REPORT_ROUNDS:-3}; round++)); do
    ours >>"$work/ours"
    PYTHONPATH=$readers /usr/bin/python3 "$source/bench/factor_report.py" "$work/features.csv" >"$work/peer"
    awk '{ print $1 * 158 / $2 }' "$work/peer" >>"$work/pandas"
done
cut -d' ' -f3- "$work/peer" | tr ' ' '\n' >"$work/theirs"
sql -c "SELECT r.rank_ic FROM bourse.factor_report('alpha158') WITH ORDINALITY AS r WHERE r.ordinality % 20 = 1 ORDER BY r.ordinality" >"$work/own"
paste "$work/theirs" "$work/own" | awk '{ if (($1 - $2) ^ 2 > 2e-6 ^ 2) { print "RankICs differ: " $0 > "/dev/stderr"; exit 1 } }'
a=$(best <"$work/ours") b=$(best <"$work/pandas")
awk -v a="$a" -v b="$b" -v i="$instruments" -v d="$days" 'BEGIN {
    printf "factor_report of alpha158, %d instruments x %d days: %.1f s, features included\npandas: %.0f s (8 features, scaled to 158), features given\nratio pandas / factor_report: %.1f\n", i, d, a, b, b / a }'
