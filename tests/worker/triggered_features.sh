#!/usr/bin/env bash
# A load is followed by its refresh without being asked; a child killed in the middle of one leaves nothing half done.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
load() { # SYMBOL FROM TO: daily bars around a wave
    sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
         SELECT '$1', '1d', d, p, p + 2, p - 2, p + 1, 1000 + n % 37
         FROM (SELECT d, n, 50 + 10 * sin(n / 9.0) + length('$1') AS p
               FROM generate_series(timestamptz '$2', timestamptz '$3', '1 day') WITH ORDINALITY AS g(d, n) WHERE extract(isodow FROM d) < 6) AS x" >/dev/null
}
# Stored rows against each computed on demand by the backend, which reads on a path of its own.
differences="SELECT count(*) FROM bourse.feature_value AS v JOIN bourse.feature_set AS s USING (feature_set_id) JOIN bourse.instrument AS i USING (instrument_id)
    WHERE bourse.fvec_bytes(v.features) IS DISTINCT FROM bourse.fvec_bytes(bourse.features(s.name || ':' || s.version, i.symbol, v.ts))"
fresh="(SELECT count(*) = 0 FROM bourse.feature_dirty) AND NOT EXISTS (SELECT FROM bourse.job)"

sql "SELECT bourse.create_feature_set('quick', ARRAY['Std(\$close/Ref(\$close,1)-1,10)', 'RSI(\$close,7)', 'Rank(\$volume,12)'], materialize => true)" >/dev/null
start_worker --slots 2
load AAA 2020-01-01 2020-06-30
until_true "$fresh AND (SELECT count(*) = 130 FROM bourse.feature_value)"
load BBB 2020-02-01 2020-07-31
load AAA 2020-07-01 2020-07-31
until_true "$fresh AND (SELECT count(*) = 153 + 130 FROM bourse.feature_value)"
expect "$differences" 0 "stored rows equal those computed on demand"
expect "SELECT count(*) > 0 AND bool_and(state = 'succeeded') FROM bourse_bi.job WHERE kind = 'refresh_features'" t "every refresh succeeded"

# A child that is killed while it computes: the dirty ranges stay, another attempt does the work.
sql "SELECT bourse.create_feature_set('slow', ARRAY['EMA(Mad(\$close,30000),9)', 'OBV(\$close,\$volume)'], '1m', materialize => true)" >/dev/null
# What it computes cannot be written before the lock is gone: it is killed in time, however fast the machine is.
mkfifo "$scratch/hold"
psql -qXAt <"$scratch/hold" >"$scratch/hold.out" 2>&1 &
exec 7>"$scratch/hold"
echo "BEGIN; LOCK TABLE bourse.feature_value IN SHARE MODE; SELECT 'held';" >&7
stop=$((SECONDS + 60))
until grep -q held "$scratch/hold.out"; do [ $SECONDS -lt $stop ] || fail "no lock: $(cat "$scratch/hold.out")"; sleep 0.02; done
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
     SELECT 'BTCUSDT', '1m', timestamptz '2024-01-01' + n * interval '1 minute', 100, 103, 99, 100 + n % 17 / 10.0, 1 FROM generate_series(1, 40000) AS n" >/dev/null
until_true "EXISTS (SELECT FROM bourse.job WHERE kind = 'refresh_features' AND state = 'running' AND args ->> 'feature_set' = 'slow:1')"
job=$(sql "SELECT job_id FROM bourse.job WHERE kind = 'refresh_features' AND state = 'running' AND args ->> 'feature_set' = 'slow:1'")
until_logged "job_started job=$job "
kill -9 "$(child_of "$job")"
echo "COMMIT;" >&7
exec 7>&-
until_true "coalesce((SELECT attempt >= 2 OR last_error IS NOT NULL FROM bourse.job WHERE job_id = $job), true)"
expect "SELECT (SELECT count(*) FROM bourse.feature_value AS v JOIN bourse.feature_set AS s USING (feature_set_id) WHERE s.name = 'slow') IN (0, 40000)" t "all rows or none"
until_true "$fresh" 300  # the work of seconds; minutes under the sanitizers on a busy machine
expect "SELECT count(*) FROM bourse.feature_value AS v JOIN bourse.feature_set AS s USING (feature_set_id) WHERE s.name = 'slow'" 40000 "the second attempt stored every row"
# … and all that it kept, once; minutes that follow go on from there.
expect "SELECT count(*) > 0 AND count(*) = count(DISTINCT rows_before) FROM bourse.feature_checkpoint AS c JOIN bourse.feature_set AS s USING (feature_set_id) WHERE s.name = 'slow'" t "and its checkpoints"
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
     SELECT 'BTCUSDT', '1m', timestamptz '2024-01-01' + n * interval '1 minute', 100, 103, 99, 100 + n % 17 / 10.0, 1 FROM generate_series(40001, 40030) AS n" >/dev/null
until_true "$fresh" 300
expect "SELECT state ->> 'resumed' FROM bourse.feature_state JOIN bourse.feature_set AS s USING (feature_set_id) WHERE s.name = 'slow'" 1 "new minutes go on from a checkpoint"
expect "SELECT bourse.fvec_bytes(v.features) = bourse.fvec_bytes(bourse.features('slow', 'BTCUSDT')) FROM bourse.feature_value AS v JOIN bourse.feature_set AS s USING (feature_set_id)
        WHERE s.name = 'slow' ORDER BY v.ts DESC LIMIT 1" t "with the bits of a computation from the first minute"
