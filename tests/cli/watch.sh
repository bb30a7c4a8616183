#!/usr/bin/env bash
# bourse watch: a run from waiting to its end, failures, everything at once, a terminal, Ctrl-C, a lost connection.
# The worker's part is played by SQL, so that every state lasts until the line about it was seen.
set -euo pipefail
fail() { echo "FAILED: $*" >&2; [ ! -s "$work/log" ] || cat "$work/log" >&2; exit 1; }
sql() { psql -qXAt -v ON_ERROR_STOP=1 -c "$1"; }
work=$(mktemp -d)
watcher=
trap '[ -z "$watcher" ] || kill -KILL "$watcher" 2>/dev/null || true; rm -rf "$work"' EXIT
start() { : >"$work/log"; bourse "$@" >>"$work/log" 2>&1 & watcher=$!; }
see() {
    if [ -z "$watcher" ]; then grep -q -- "$1" "$work/log" || fail "not said: $1"; return; fi
    timeout 200 tail -n +1 -f --pid="$watcher" "$work/log" | grep -qm1 -- "$1" || grep -q -- "$1" "$work/log" || fail "not seen: $1"
}
ends() { local rc=0; wait "$watcher" || rc=$?; watcher=; [ $rc = "$1" ] || fail "ended with $rc instead of $1"; }
claim() { sql "SELECT count(*) FROM bourse.job_claim('w1', ARRAY['$1'], 1)"; }

sql "INSERT INTO bourse.worker (worker, host, pid, version, kinds, slots) VALUES ('w1', 'here', 1, 'x', ARRAY['train', 'noop'], 1)"
sql "INSERT INTO bourse.feature_set (name, version, freq, features, expressions) VALUES ('watched', 1, '1d', '{a}', '{\$close}')"
run=$(sql "INSERT INTO bourse.job (kind) VALUES ('train') RETURNING job_id")
sql "INSERT INTO bourse.run (run_id, model, algorithm, feature_set_id, label, universe, split, params, seed)
     SELECT $run, 'demo', 'xgboost', feature_set_id, 'x', 'all', '{}', '{}', 0 FROM bourse.feature_set WHERE name = 'watched'"

# a run to its good end
start watch "$run"
see "^run $run (demo · xgboost on watched:1) waiting"
[ "$(claim train)" = 1 ] || fail "the job was not claimed"
progress() {
    sql "INSERT INTO bourse.run_progress (run_id, attempt, stage, progress_ratio, round, rounds, train_metric, valid_metric, eta_at)
         VALUES ($run, 1, '$1', $2, $3, 100, 0.02, 0.03, now() + interval '10 h') ON CONFLICT (run_id) DO UPDATE
         SET stage = excluded.stage, progress_ratio = excluded.progress_ratio, round = excluded.round"
}
progress train 0.25 25
see "^run $run (.*) train 25 %, round 25 of 100, train 0.02, valid 0.03, [89] h left"
progress train 0.75 75
see "train 75 %, round 75 of 100"
sql "INSERT INTO bourse.run_metric (run_id, span, metric, value) VALUES ($run, 'test', 'ic', 0.0512)
     ON CONFLICT DO NOTHING; UPDATE bourse.run SET state = 'succeeded' WHERE run_id = $run; SELECT bourse.job_complete($run, 1)" >"$work/null"
see "^run $run (.*) succeeded after"
ends 0
[ "$(grep -c 'round 25 of 100' "$work/log")" = 1 ] || fail "a line was said twice"
grep -q $'\x1b' "$work/log" && fail "control codes without a terminal"

# a job that fails; its reason; what ended already
job=$(sql "SELECT bourse.enqueue('noop')" 2>/dev/null)
start watch "$job"
see "^job $job (noop) waiting"
[ "$(claim noop)" = 1 ] || fail "the job was not claimed"
see "^job $job (noop) running"
sql "SELECT bourse.job_fail($job, 1, 'the disk is full', false)" >"$work/null"
see "^job $job (noop) failed after .*: the disk is full"
ends 1
start watch "$job"
ends 1
see "the disk is full"
start --json watch "$job"
ends 1
sql "SELECT (\$json\$$(cat "$work/log")\$json\$)::jsonb ->> 'state'" | grep -qx failed || fail "--json is no JSON"

# what its child says: the last lines, then what comes, at last what came with its end
job=$(sql "SELECT bourse.enqueue('noop')")
[ "$(claim noop)" = 1 ] || fail "the job was not claimed"
report() { # report FROM TO USAGES: lines of attempt 1
    echo "SELECT bourse.job_report('w1', (SELECT jsonb_agg(jsonb_build_object('job', $job, 'attempt', 1, 'line', n, 'age_s', 0, 'level', 'info', 'message', 'said ' || n || chr(155) || '2J'))
          FROM generate_series($1, $2) AS n), '$3')"
}
sql "$(report 1 25 '[]')"
start watch "$job" --lines 5
see "^  … 20 lines before these$"
see "^  [0-9][0-9]:[0-9][0-9]:[0-9][0-9] info said 21 2J$"
see " info said 25 2J$"
sql "$(report 26 27 '[]')"
see " info said 27 2J$"
last=$(report 27 28 "[{\"job\": $job, \"attempt\": 1, \"kind\": \"noop\", \"age_s\": 0, \"ran_s\": 1, \"cpu_s\": 1, \"max_rss_mb\": 1, \"read_bytes\": 0, \"write_bytes\": 0, \"exit_code\": 0}]")
sql "$last; SELECT bourse.job_complete($job, 1)"
ends 0
sql "$last" # a worker that got no answer tells it again
[ "$(sql "SELECT (SELECT count(*) FROM bourse_bi.job_log WHERE job_id = $job), (SELECT count(*) FROM bourse_bi.job_usage WHERE job_id = $job)")" = "28|1" ] || fail "told twice, kept twice"
said=$(grep -o 'said [0-9]*' "$work/log" | tr -d '\n')
[ "$said" = "said 21said 22said 23said 24said 25said 26said 27said 28" ] || fail "lines of the child: $said"
tail -1 "$work/log" | grep -q "^job $job (noop) succeeded" || fail "the end does not come last"
for lines in 0 2; do
    start watch "$job" --lines $lines
    ends 0
    [ "$(grep -c said "$work/log")" = $lines ] || fail "--lines $lines showed $(grep -c said "$work/log")"
done
start --json watch "$job" --lines 1
ends 0
sql "SELECT (\$json\$$(head -1 "$work/log")\$json\$)::jsonb - 'time'" | grep -qxF "{\"level\": \"info\", \"job_id\": $job, \"attempt\": 1, \"message\": \"said 28 2J\", \"log_line\": 28}" || fail "--json: $(cat "$work/log")"
start watch --lines 1001
ends 2
see "lines"

# everything
one=$(sql "SELECT bourse.enqueue('noop')") two=$(sql "SELECT bourse.enqueue('noop')")
start watch --until-idle
see "^job $one (noop) waiting"
see "^job $two (noop) waiting"
for job in $one $two; do
    [ "$(claim noop)" = 1 ] || fail "job $job was not claimed"
    sql "SELECT bourse.job_complete($job, 1)" >"$work/null"
done
see "^job $one (noop) succeeded"
see "^job $two (noop) succeeded"
ends 0

# a terminal: bars, drawn in place; Ctrl-C is clean
job=$(sql "SELECT bourse.enqueue('noop')")
[ "$(claim noop)" = 1 ] || fail "the job was not claimed"
sql "UPDATE bourse.job SET progress_ratio = 0.5, stage = 'half' WHERE job_id = $job"
: >"$work/log"
script -qfec "bourse watch $job" /dev/null </dev/null >>"$work/log" 2>&1 &
watcher=$!
see "half  ▕█████"
see $'\x1b\\[1A\x1b\\[J'
sql "SELECT bourse.job_complete($job, 1)" >"$work/null"
see "^.*job $job (noop) succeeded"
ends 0
see $'\x1b\\[?25h'

job=$(sql "SELECT bourse.enqueue('noop')")
start watch "$job"
see "waiting"
kill -INT "$watcher"
ends 130
see "not watching any more; the work goes on"
[ "$(sql "SELECT state FROM bourse_bi.job WHERE job_id = $job")" = waiting ] || fail "Ctrl-C touched the job"

# a lost connection is made again
start watch "$job"
see "waiting"
sql "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'bourse watch' AND datname = current_database()" >"$work/null"
see "the connection is lost, trying again"
[ "$(claim noop)" = 1 ] || fail "the job was not claimed"
sql "SELECT bourse.job_complete($job, 1)" >"$work/null"
see "^job $job (noop) succeeded"
ends 0

# bad input
start watch 987654321
ends 1
see "there is no run or job 987654321"
start watch "$job" --until-idle
ends 2
