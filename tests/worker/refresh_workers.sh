#!/usr/bin/env bash
# One refresh shared by three workers, of which one is killed with its child in the middle: no row is lost, none is doubled, and all are those computed on demand.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
sql "INSERT INTO bourse.instrument (symbol, calendar) SELECT 'S' || i, '24x7' FROM generate_series(1, 40) AS i" >/dev/null
sql "SELECT bourse.set_setting('feature_part_values', '1000')" >/dev/null
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
     SELECT 'S' || i, '1d', timestamptz '2024-01-01' + n * interval '1 day', 50, 60, 40, 50 + 5 * sin(n * i), 100 + n % 7 FROM generate_series(1, 40) AS i, generate_series(0, 99) AS n" >/dev/null
sql "SELECT bourse.create_feature_set('shared', ARRAY['Std(\$close,10)', 'EMA(\$close,7)', 'Rank(\$volume,12)', 'RSI(\$close,7)'], materialize => true)" >/dev/null
# Nobody can write before the lock is gone: all are in the middle of a part.
mkfifo "$scratch/hold"
psql -qXAt <"$scratch/hold" >"$scratch/hold.out" 2>&1 &
exec 7>"$scratch/hold"
echo "BEGIN; LOCK TABLE bourse.feature_value IN SHARE MODE; SELECT 'held';" >&7
stop=$((SECONDS + 60))
until grep -q held "$scratch/hold.out"; do [ $SECONDS -lt $stop ] || fail "no lock: $(cat "$scratch/hold.out")"; sleep 0.02; done
logs=() pids=()
for _ in 1 2 3; do
    start_worker --slots 1 --lease 2
    logs+=("$worker_log") pids+=("$worker")
done
waiting="SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND relation = 'bourse.feature_value'::regclass"
until_true "($waiting) >= 3" 120
# One of the helpers' workers goes, with its child, the way a machine goes.
victim=$(sql "SELECT j.job_id FROM bourse.job AS j WHERE j.kind = 'refresh_features' AND j.state = 'running' AND j.args ? 'helper' ORDER BY j.job_id LIMIT 1")
[ -n "$victim" ] || fail "no helper runs"
for i in 0 1 2; do
    if grep -q "job_started job=$victim " "${logs[i]}"; then
        worker_log=${logs[i]}
        child=$(child_of "$victim")
        kill -9 "${pids[i]}" "$child"
        killed=$i
    fi
done
[ -n "${killed:-}" ] || fail "no worker has started job $victim"
echo "COMMIT;" >&7
exec 7>&-
until_true "(SELECT count(*) = 0 FROM bourse.feature_dirty) AND NOT EXISTS (SELECT FROM bourse.job WHERE kind = 'refresh_features' AND state = 'running')" 300
expect "SELECT count(*), count(DISTINCT (instrument_id, ts)) FROM bourse.feature_value AS v JOIN bourse.feature_set AS s USING (feature_set_id) WHERE s.name = 'shared'" "4000|4000" "every row once"
expect "SELECT count(*) FROM bourse.feature_value AS v JOIN bourse.feature_set AS s USING (feature_set_id) JOIN bourse.instrument AS i USING (instrument_id)
    WHERE s.name = 'shared' AND (v.ts::date - '2024-01-01'::date) % 9 = 0 AND bourse.fvec_bytes(v.features) IS DISTINCT FROM bourse.fvec_bytes(bourse.features('shared', i.symbol, v.ts))" 0 "stored rows equal those computed on demand"
expect "SELECT count(*) >= 2 FROM bourse_bi.job WHERE kind = 'refresh_features' AND state = 'succeeded' AND (result ->> 'rows')::int > 0" t "several workers have stored parts"
