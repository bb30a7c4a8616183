#!/usr/bin/env bash
# Models of features that need all rows of a timestamp (decision 28): what predict_table and predict_table_proba give is what the native model, in another name and without any preparation, gives
# for features that plain SQL prepares: Qlib's ranks (average rank / count - 0.5) × 3.46 and z-scores of each day, over the members of the dataset's universe with a bar on that day.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/planted_market.sh"
plant_market
# members that come and go, a name without a bar on some days, values missing: cross-sections of different sizes
sql "INSERT INTO bourse.universe (name, instrument_id, span) SELECT 'most', instrument_id, CASE WHEN symbol IN ('P3', 'P4') THEN tstzrange('2020-05-01', '2020-12-05') ELSE '(,)' END FROM bourse.instrument WHERE symbol <> 'P30';
     INSERT INTO bourse.universe (name, instrument_id) SELECT 'few', instrument_id FROM bourse.instrument WHERE symbol IN ('P1', 'P2', 'P3', 'P30');
     DELETE FROM bourse.bar WHERE extract(day FROM ts)::int % 9 = 4 AND instrument_id % 5 = 0" >/dev/null
start_worker --slots 1 --poll 0.1

# model NAME EXPRESSION PROCESSORS ALGORITHM PARAMS: a dataset and a model of this name, and of its native file a model NAME_native that prepares nothing
model() {
    state_is "$(sql "SELECT bourse.create_dataset('$1', 'planted', label => '$2', universe => 'most', processors => '$3', split => '{\"folds\": 2}')")" succeeded
    state_is "$(sql "SELECT bourse.train('$1', dataset => '$1', algorithm => '$4', params => '$5')")" succeeded
    expect "SELECT (dataset ->> 'needs_cross_section')::boolean FROM bourse_bi.run WHERE model = '$1'" t "$1 needs whole timestamps"
    bourse export-model "$1:1" --to "$scratch/$1.json" --format xgboost-json >/dev/null
    bourse import-model "$scratch/$1.json" --name "$1_native" >/dev/null
    until_true "EXISTS (SELECT FROM bourse_bi.model_version WHERE model = '$1_native')"
}

# What SQL makes of the raw features: rows of the universe's members that have a bar, with any feature at all.
sql "CREATE VIEW raw AS SELECT p.symbol, p.ts, p.features[2]::float8 AS ret, p.features[1]::float8 AS mom FROM bourse.evaluate_panel((SELECT expressions FROM bourse.feature_set WHERE name = 'planted'), 'most', '2020-11-01',
         options => '{\"grid\": \"bars\"}') AS p WHERE p.features[1] <> 'NaN' OR p.features[2] <> 'NaN';
     CREATE FUNCTION ranked(r float8, n float8) RETURNS float8 RETURN CASE WHEN r IS NULL THEN 0 ELSE (r / n - 0.5) * 3.46 END;
     CREATE TABLE by_rank AS SELECT symbol, ts, ARRAY[ranked(b.r, b.n), ranked(a.r, a.n), 0]::real[]::bourse.fvec AS features FROM raw
         LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE o.ret < raw.ret) + (count(*) FILTER (WHERE o.ret = raw.ret) + 1) / 2.0 AS r, count(*) FILTER (WHERE o.ret <> 'NaN') AS n FROM raw AS o WHERE o.ts = raw.ts) AS a ON raw.ret <> 'NaN'
         LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE o.mom < raw.mom) + (count(*) FILTER (WHERE o.mom = raw.mom) + 1) / 2.0 AS r, count(*) FILTER (WHERE o.mom <> 'NaN') AS n FROM raw AS o WHERE o.ts = raw.ts) AS b ON raw.mom <> 'NaN'" >/dev/null
expect "SELECT count(*) > 1500 AND count(DISTINCT n) >= 3 AND min(n) < 26 FROM (SELECT count(*) OVER (PARTITION BY ts) AS n FROM by_rank) AS r" t "cross-sections of several sizes"

ranks='{"infer": [{"name": "CSRankNorm", "fields_group": "feature"}, {"name": "Fillna", "fields_group": "feature"}], "learn": ["DropnaLabel"]}'
change='Ref($close,-2)/Ref($close,-1)-1'
scores='{"infer": ["ProcessInf", {"name": "CSZScoreNorm", "fields_group": "feature"}, {"name": "CSZFillna", "fields_group": "feature"}, {"name": "Neutralize", "exposures": ["mom"], "fields_group": "feature"},
         {"name": "Fillna", "fields_group": "feature"}], "learn": ["DropnaLabel"]}'
model leap "If($change>0.015,1,0)" "$ranks" xgboost '{"objective": "binary:logistic", "num_boost_round": 30, "scale_pos_weight": 2}'
model up "If($change>0,1,0)" "$ranks" xgboost '{"objective": "binary:logistic", "num_boost_round": 20}'
model return "$change" "$ranks" xgboost '{"num_boost_round": 20}'
model scored "$change" "$scores" linear '{}'

for name in leap up; do
    expect "SELECT count(*) || ' ' || count(t.symbol) || ' ' || count(*) FILTER (WHERE bourse.predict_proba('${name}_native:1', r.features) IS DISTINCT FROM t.probabilities)
            FROM by_rank AS r FULL JOIN bourse.predict_table_proba('$name:1', '2020-11-01', universe => 'most') AS t USING (symbol, ts)" "$(sql "SELECT count(*) || ' ' || count(*) || ' 0' FROM by_rank")" \
        "$name: rows, rows with probabilities, those that are not the native model's on what SQL ranked"
    expect "SELECT bool_and(abs((SELECT sum(x) FROM unnest(probabilities) AS x) - 1) < 1e-6) AND count(DISTINCT probabilities) > 100 AND min(cardinality(probabilities)) = max(cardinality(probabilities))
            FROM bourse.predict_table_proba('$name:1', '2020-12-01')" t "$name: probabilities"
    expect "SELECT count(*) > 50 AND bool_and(a.probabilities = b.probabilities AND a.available_at = b.available_at) AND string_agg(DISTINCT symbol, ',' ORDER BY symbol) = 'P1,P2' FROM
            bourse.predict_table_proba('$name:1', '2020-12-10', symbols => '{P1,P2}') AS b LEFT JOIN bourse.predict_table_proba('$name:1', '2020-12-10') AS a USING (symbol, ts)" t "$name: whichever symbols are asked for"
    expect "SELECT string_agg(DISTINCT symbol, ',' ORDER BY symbol) || ' ' || bool_and(a.probabilities = b.probabilities) FROM
            bourse.predict_table_proba('$name:1', '2020-11-20', universe => 'few') AS b LEFT JOIN bourse.predict_table_proba('$name:1', '2020-11-20') AS a USING (symbol, ts)" "P1,P2,P3 true" "$name: of a universe its members that the model knows"
done
for name in leap up return; do
    expect "SELECT count(*) || ' ' || count(t.symbol) || ' ' || count(*) FILTER (WHERE bourse.predict('${name}_native:1', r.features) IS DISTINCT FROM t.prediction)
            FROM by_rank AS r FULL JOIN bourse.predict_table('$name:1', '2020-11-01', universe => 'most') AS t USING (symbol, ts)" "$(sql "SELECT count(*) || ' ' || count(*) || ' 0' FROM by_rank")" "$name: predict_table likewise"
    expect "SELECT count(*) FILTER (WHERE t.rank <> s.rank) || ' ' || (count(*) > 1500) FROM bourse.predict_table('$name:1', '2020-11-01') AS t
            JOIN (SELECT symbol, ts, rank() OVER (PARTITION BY ts ORDER BY prediction DESC) FROM bourse.predict_table('$name:1', '2020-11-01')) AS s USING (symbol, ts)" "0 true" "$name: ranks"
done

# z-scores by day with ddof 1, a missing one the mean (0), then what of ret the day's mom does not explain: SQL's own regression. Up to rounding, for sums go in another order.
sql "CREATE TABLE scored AS WITH z AS (SELECT symbol, ts, coalesce((nullif(ret, 'NaN') - avg(nullif(ret, 'NaN')) OVER d) / stddev_samp(nullif(ret, 'NaN')) OVER d, 0) AS ret,
         coalesce((nullif(mom, 'NaN') - avg(nullif(mom, 'NaN')) OVER d) / stddev_samp(nullif(mom, 'NaN')) OVER d, 0) AS mom FROM raw WINDOW d AS (PARTITION BY ts))
     SELECT symbol, ts, ARRAY[mom, ret - regr_intercept(ret, mom) OVER d - mom * regr_slope(ret, mom) OVER d, 0]::real[]::bourse.fvec AS features FROM z WINDOW d AS (PARTITION BY ts)" >/dev/null
expect "SELECT count(*) = (SELECT count(*) FROM scored) AND bool_and(abs(bourse.predict('scored_native:1', s.features) - t.prediction) < 1e-6) AND stddev(t.prediction) > 1e-3
        FROM scored AS s JOIN bourse.predict_table('scored:1', '2020-11-01', universe => 'most') AS t USING (symbol, ts)" t "scores, means for what is missing, residuals"

# As it was known: bars that are corrected later move the cross-section of everybody, not that of before.
before=$(sql "SELECT clock_timestamp()")
sql "CREATE TABLE said AS SELECT * FROM bourse.predict_table_proba('leap:1', '2020-12-01'); CREATE TABLE said_one AS SELECT * FROM bourse.predict_table('return:1', '2020-12-01');
     INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) SELECT symbol, '1d', ts, close * 2, close * 2, close * 2, close * 2, 1000 FROM bourse_bi.bar WHERE symbol IN ('P5', 'P6', 'P7') AND ts >= '2020-12-03' AND extract(day FROM ts)::int % 2 = 0" >/dev/null
expect "SELECT count(*) FILTER (WHERE n.probabilities <> s.probabilities AND s.symbol NOT IN ('P5', 'P6', 'P7')) > 100 FROM said AS s JOIN bourse.predict_table_proba('leap:1', '2020-12-01') AS n USING (symbol, ts)" t "a correction moves others"
expect "SELECT count(*) = (SELECT count(*) FROM said) AND bool_and(k.probabilities = s.probabilities) FROM said AS s JOIN bourse.predict_table_proba('leap:1', '2020-12-01', known_at => '$before') AS k USING (symbol, ts)" t "probabilities as known before"
expect "SELECT count(*) = (SELECT count(*) FROM said_one) AND bool_and(k.prediction = s.prediction AND k.rank = s.rank) FROM said_one AS s JOIN bourse.predict_table('return:1', '2020-12-01', known_at => '$before') AS k USING (symbol, ts)" t "predictions as known before"

# What a regression has none of, and what a row has not.
said=$(psql -XqAt -v VERBOSITY=verbose -c "SELECT count(*) FROM bourse.predict_table_proba('return:1')" 2>&1 || true)
case $said in *ERROR*'HINT:'*) ;; *) fail "probabilities of a regression: $said" ;; esac
said=$(psql -XqAt -v VERBOSITY=verbose -c "SELECT bourse.predict_proba('leap:1', '{1,2,3}'::float8[])" 2>&1 || true)
case $said in *'ERROR:  22023: the model learned from features that depend on all rows of a timestamp'*'HINT:  bourse.predict_table'*) ;; *) fail "probabilities of a row: $said" ;; esac
