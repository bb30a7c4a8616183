#!/usr/bin/env bash
# Drift from bars to verdict: a trained model sees nothing new in a market that goes on as it was, and a crisis when one comes.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/planted_market.sh"
plant_market
start_worker --slots 1 --poll 0.1
run=$(sql "SELECT bourse.train('demo', feature_set => 'planted', seed => 5)")
state_is "$run" succeeded

# The training rows against themselves: the frozen counts are theirs, the sample has their shape.
expect "SELECT string_agg(d.feature || ' ' || d.verdict || ' ' || (d.ks < 0.002 AND d.psi < 0.001), ',' ORDER BY d.feature)
        FROM bourse.run AS r, bourse.drift('demo:1', (r.dataset -> 'train' ->> 'from')::timestamptz, (r.dataset -> 'train' ->> 'to')::timestamptz + interval '1 second') AS d
        WHERE r.run_id = $run AND d.feature <> 'void'" "mom none true,ret none true" "the training span does not drift"
# The newest 60 days of the same process.
expect "SELECT string_agg(feature || ' ' || verdict, ',' ORDER BY feature) FROM bourse.drift('demo:1')" \
    "mom none,ret none,void insufficient_data" "a market that goes on as it was"
expect "SELECT DISTINCT to_ts - from_ts FROM bourse_bi.drift WHERE checked_at = (SELECT max(checked_at) FROM bourse_bi.drift)" "59 days" "60 days by default"

# A crisis: 60 days with three times the volatility, loaded like any bars; the refresh follows by itself.
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
     SELECT symbol, '1d', ts, close, close, close, close, 1000
     FROM (SELECT 'P' || i AS symbol, timestamptz '2021-02-04' + d * interval '1 day' AS ts, 100 * exp(0.06 * sin(12.9898 * d + 78.233 * i) * 1.4) AS close
           FROM generate_series(1, 30) AS i, generate_series(1, 60) AS d) AS b" >/dev/null
until_true "(SELECT max(v.ts) FROM bourse.feature_value AS v JOIN bourse.feature_set AS s USING (feature_set_id) WHERE s.name = 'planted') = '2021-04-05'
            AND NOT EXISTS (SELECT FROM bourse.feature_dirty AS d JOIN bourse.feature_set AS s USING (feature_set_id) WHERE s.name = 'planted')"
expect "SELECT verdict || ' ' || advice FROM bourse.drift('demo:1') WHERE feature = 'ret'" "severe watch: first window beyond a limit" "a crisis"
expect "SELECT d.ks = (bourse.ks_test(r.sample, c.v)).statistic AND d.ks > 0.15 AND d.p_value < 1e-9
        FROM bourse.drift_result AS d JOIN bourse.drift_reference AS r USING (model_version_id, feature),
             (SELECT array_agg(v.features[array_position(s.features, 'ret')]::float8) FROM bourse.feature_value AS v
              JOIN bourse.feature_set AS s USING (feature_set_id) WHERE s.name = 'planted' AND v.ts >= '2021-02-05') AS c(v)
        WHERE d.feature = 'ret' ORDER BY d.drift_id DESC LIMIT 1" t "the distance is that of ks_test"
