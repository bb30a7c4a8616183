#!/usr/bin/env bash
# bourse status and bourse doctor on an empty database, one with work and faults, and ones that do not fit.
set -euo pipefail
fail() { echo "FAILED: $*" >&2; cat "$work/log" >&2; exit 1; }
sql() { psql -qXAt -v ON_ERROR_STOP=1 -c "$1"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
says() { grep -qE -- "$1" "$work/log" || fail "not said: $1"; }
run() { local expected=$1 rc=0; shift; bourse "$@" >"$work/log" 2>&1 || rc=$?; [ $rc = "$expected" ] || fail "bourse $* ended with $rc instead of $expected"; }
json() { bourse --json "$@" >"$work/json" || true; psql -qXAt -v ON_ERROR_STOP=1 -v x="$(cat "$work/json")" <<<"SELECT jsonb_path_query_first(:'x'::jsonb, '$path')"; }

# nothing there yet
run 0 status
says "^database   $PGDATABASE as "
says '^migrations up to date'
says 'none running; start one with: bourse worker'
run 0 doctor
says '^OK    migrations    up to date'
says '^WARN  workers       no worker is running; nothing is due yet'
says '> load some: bourse import FILE'
says '^[0-9]+ ok, [0-9]+ to look at, 0 failed'

# everything there is, with faults
sql "SELECT setseed(0)" >"$work/null"
psql -qXAt -v ON_ERROR_STOP=1 -f "$BOURSE_SOURCE/tests/cli/data/report_fixture.sql" >"$work/null"
sql "INSERT INTO bourse.worker (worker, host, pid, version, kinds, slots, heartbeat_at) VALUES
        ('alive', 'h', 1, '0.1.0', ARRAY['noop'], 2, now() + interval '1 h'), ('silent', 'h', 2, 'x', ARRAY['noop'], 2, now() - interval '5 h');
     UPDATE bourse.worker SET cpus = 4, load = 1.5, memory_used_mb = 1000, memory_total_mb = 4000 WHERE worker = 'alive';
     INSERT INTO bourse.job (kind, run_at) VALUES ('noop', now() - interval '90 s'), ('train', now() - interval '2 h');
     INSERT INTO bourse.job_archive (job_id, kind, queue, args, state, priority, attempt, max_attempts, resources, owner, created_at, run_at, last_error)
        VALUES (4711, 'noop', 'default', '{}', 'dead', 100, 5, 5, '{}', current_user, now(), now(), 'child was killed by signal 9');
     SELECT bourse.pause(bourse.enqueue('noop', run_at => now() + interval '1 h'));
     UPDATE bourse.feature_set SET materialized = true WHERE name = 'report_set';
     SELECT bourse.schedule('nightly', '30 2 * * *', 'noop'), bourse.schedule('broken', '@daily', 'noop'), bourse.schedule('late', '@daily', 'noop');
     UPDATE bourse.schedule SET error = 'its owner is gone' WHERE name = 'broken';
     UPDATE bourse.schedule SET next_run_at = now() - interval '3 h' WHERE name = 'late';
     INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts, made_at)
        SELECT feature_set_id, 1, '2020-01-01', '2020-01-02', now() - interval '1 h' FROM bourse.feature_set WHERE name = 'report_set'"
run 0 status
says 'alive +h +1 +2 +0 +noop +1.5 of 4 +25 % +now$'
says 'silent .* 5 h ago, taken for dead'
says 'due: 1 train, the oldest \(job [0-9]+\) for 2 h'
says '/data/bars.csv +loaded +1,003 +1,000 +0 +3'
says 'report_set:1 +1d +25 +yes .* 1 +1 h ago'
says 'demo:3 +production +xgboost +report_set:1 +1 +0.0487'
says 'nightly +30 2 \* \* \* +24x7 +noop +active +in '
says 'late +@daily .* late +3 h ago'
says '^  broken: broken: its owner is gone$'
run 1 doctor
says '^FAIL  schedules +schedule broken makes no jobs: its owner is gone'
says '^FAIL  schedules +schedule late was due 3 h ago'
says '^FAIL  kinds +1 job of kind train waits, and no running worker with a signing key takes this kind'
says '^WARN  heartbeat +worker silent was silent for 5 h'
says '^WARN  failed jobs +1 in 7 days; the newest, job 4711 \(noop\): child was killed by signal 9'
says 'SELECT bourse.retry\(4711\), or bourse.retry_dead\(\) for all'
says '^WARN  paused jobs +1; the first, job [0-9]+ \(noop\), was paused by '
says '^WARN  history +1 row lies in the default partition of job_archive'
says '^WARN  loads +3 of 1,003 rows of the last load were rejected'
says '^WARN  features +feature set report_set:1 has waited 1 h for the refresh of 1 range'
run 1 doctor --dirty-minutes 90
grep -q 'has waited' "$work/log" && fail "--dirty-minutes has no effect"
path='$.models[0].rank_ic' && [ "$(json status)" = 0.0487 ] || fail "status --json lacks the model"
path='$[*] ? (@.check == "kinds").verdict' && [ "$(json doctor)" = '"FAIL"' ] || fail "doctor --json lacks the fault"

# whoever may read sees the same
reader="$BOURSE_DB options='-c role=bourse_reader'"
run 0 --db "$reader" status
says 'demo:3 +production'
run 1 --db "$reader" doctor
says '^OK    roles'
says '^FAIL  kinds'
run 0 --db "$reader" report 1 --to "$work/run.html"
sql "INSERT INTO bourse.job_archive (job_id, kind, queue, args, state, priority, attempt, max_attempts, resources, owner, created_at, run_at)
     VALUES (4712, 'noop', 'default', '{}', 'succeeded', 100, 1, 5, '{}', current_user, now(), now())"
run 0 --db "$reader" watch 4712

# the same facts in the views
[ "$(sql "SELECT model, production_version, staging_version, algorithm, feature_set, rank_ic, newest_version FROM bourse_bi.model")" = \
    'demo|3||xgboost|report_set|0.0487|3' ] || fail "bourse_bi.model"
[ "$(sql "SELECT model, version, stage, run_id, feature_set_version, size_bytes, artifact_sha256 = encode(sha256('model'), 'hex') FROM bourse_bi.model_version")" = \
    'demo|3|production|1|1|54321|t' ] || fail "bourse_bi.model_version"
[ "$(sql "SELECT symbol, session, prediction, outcome, span FROM bourse_bi.prediction WHERE ts = '2020-01-01' ORDER BY symbol LIMIT 2")" = \
    $'T01|2020-01-01|0.3|0.02|test\nT02|2020-01-01|0.1|-0.01|test' ] || fail "bourse_bi.prediction"
[ "$(sql "SELECT name, version, freq, feature_count, materialized, stored_rows, dirty_rows FROM bourse_bi.feature_set WHERE name = 'report_set'")" = \
    'report_set|1|1d|25|t|0|1' ] || fail "bourse_bi.feature_set"
[ "$(sql "SELECT state, rows_rejected, path, round(reject_ratio::numeric, 5) FROM bourse_bi.data_load")" = 'loaded|3|/data/bars.csv|0.00299' ] || fail "bourse_bi.data_load"
[ "$(sql "SELECT count(*), max(value) FROM bourse_bi.importance WHERE kind = 'gain'")" = '25|100' ] || fail "bourse_bi.importance"
[ "$(sql "SELECT string_agg(from_kind || '>' || to_kind, ' ' ORDER BY from_kind) FROM bourse_bi.lineage")" = \
    'data_version>run feature_set>run run>model_version' ] || fail "bourse_bi.lineage"

# databases that do not fit
sql "DELETE FROM bourse.sql_file WHERE name = 'bi/model'"
run 0 status
says 'migrations 1 pending: run bourse migrate'
run 1 doctor
says '^FAIL  migrations +1 pending, the first is sql bi/model'
run 1 --db "dbname=no_such_database" status
says 'database "no_such_database" does not exist'
run 0 --db "dbname=postgres" status
says 'pending: run bourse migrate'
run 1 --db "dbname=postgres" doctor
says '^FAIL  extension +the extension bourse is not in this database'
run 2 doctor --dirty-minutes -1
