#!/usr/bin/env bash
# bourse.train as it stands, no feature set named: Alpha158 on A-shares, stored by its first training.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
file=${BOURSE_SHARED:-../shared}/data/ashare/ashare_daily.csv.zst
[ -e "$file" ] || { echo "skipped: $file is not there"; exit 77; }
# Not 'exit' in awk: zstd would end by SIGPIPE.
zstd -dcq "$file" | awk -F, 'NR == 1 || ($1 ~ /^(000001.SZ|000002.SZ|000333.SZ|000651.SZ|600000.SH|600519.SH|601318.SH|688981.SH)$/ && $2 >= "2020-06-01" && $2 < "2022-01-01")' >"$scratch/ashare_daily.csv"
bourse import "$scratch/ashare_daily.csv" >/dev/null 2>&1 || fail import
start_worker --slots 1 --poll 0.1
expect "SELECT materialized FROM bourse.feature_set WHERE name = 'alpha158'" f "not stored before it is used"

run=$(sql "SELECT bourse.train('demo', params => '{\"num_boost_round\": 20}')")
state_is "$run" succeeded
expect "SELECT feature_set || ':' || feature_set_version FROM bourse_bi.run WHERE run_id = $run" alpha158:1 "the default set"
expect "SELECT materialized FROM bourse.feature_set WHERE name = 'alpha158'" t "stored by its first training"
expect "SELECT count(*) > 0 AND bool_and(value IS NOT NULL) FROM bourse_bi.run_metric WHERE run_id = $run AND span = 'test' AND step = 0" t "metrics of the test span"
expect "SELECT count(*) > 100 AND bool_and(p.prediction = bourse.predict('demo:1', v.features)) FROM bourse.prediction AS p
        JOIN bourse.feature_value AS v USING (instrument_id, ts)" t "predict gives what the run predicted"
# VWAP0 needs an amount, which this source lacks.
expect "SELECT count(*) FROM bourse_bi.run_log WHERE run_id = $run AND message = '1 features have no value in the train span and cannot matter: VWAP0'" 1 "the column without values is named"

# What is stored is what is computed when asked for, at every row and bit for bit.
expect "SELECT count(*) > 3000 AND bool_and(v.features OPERATOR(bourse.=) p.features) FROM bourse.feature_set AS s
        CROSS JOIN LATERAL bourse.evaluate_panel(s.expressions) AS p JOIN bourse.instrument AS i USING (symbol)
        LEFT JOIN bourse.feature_value AS v ON v.feature_set_id = s.feature_set_id AND v.instrument_id = i.instrument_id AND v.ts = p.ts
        WHERE s.name = 'alpha158'" t "stored equals computed"
expect "SELECT bourse.features('alpha158', '600519.SH') OPERATOR(bourse.=) (SELECT features FROM bourse.feature_value AS v JOIN bourse.instrument AS i USING (instrument_id)
        WHERE i.symbol = '600519.SH' ORDER BY ts DESC LIMIT 1)" t "and so does bourse.features"
# A feature by plain SQL.
expect "SELECT count(*) > 700 AND bool_and(abs(f.\"MA5\" - b.ma5 / b.close) < 1e-6) FROM bourse_bi.feature_alpha158 AS f
        JOIN (SELECT i.symbol, b.ts, b.close * b.adj_factor AS close, avg(b.close * b.adj_factor) OVER w AS ma5, count(*) OVER w AS n FROM bourse.bar AS b
              JOIN bourse.instrument AS i USING (instrument_id) WHERE i.symbol IN ('600519.SH', '000333.SZ')
              WINDOW w AS (PARTITION BY b.instrument_id ORDER BY b.ts ROWS 4 PRECEDING)) AS b USING (symbol, ts) WHERE b.n = 5" t "MA5 by SQL"
expect "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'bourse_bi' AND table_name = 'feature_alpha360'" 364 "a column a feature"
