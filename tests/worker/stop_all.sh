#!/usr/bin/env bash
# Stopping: a handler that is told ends by itself; one that does not listen is killed after the grace period with all it has
# started, in its process group or not; a lease that is kept up does not defeat the longest run.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
sql "UPDATE bourse.job_kind SET backoff_base_s = 0"

# told, not killed: the grace period is far longer than this test
start_worker --slots 1 --grace 600
polite=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}')")
until_true "EXISTS (SELECT FROM bourse.job WHERE job_id = $polite AND stage = 'sleep')"
sql "SELECT bourse.cancel($polite, 'enough')" >/dev/null
state_is "$polite" cancelled
expect "SELECT last_error, exit_code, signal FROM bourse_bi.job WHERE job_id = $polite" "enough|0|" "it ended by itself"
kill -TERM "$worker"
until_gone "$worker"

# lease 2 s, kept up by its heartbeats past its end; timeout 4 s
start_worker --slots 1 --lease 2 --grace 600
long=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}', timeout => '4 s', max_attempts => 1)")
until_true "EXISTS (SELECT FROM bourse.job WHERE job_id = $long AND leased_until > started_at + interval '2.5 s')"
state_is "$long" dead
expect "SELECT last_error, attempt FROM bourse_bi.job WHERE job_id = $long" "ran longer than its timeout of 4000 ms|1" "a lease that is kept up"
kill -TERM "$worker"
until_gone "$worker"

# a child that hears nothing, with a child of its own in its group and one that has left it
mkdir "$scratch/bin"
cp "$(command -v bourse)" "$scratch/bin/bourse"
cat >"$scratch/bin/bourse-task" <<'TASK'
#!/bin/bash
trap '' TERM
cat >/dev/null
sleep 1000 & echo $! >"$PIDS.group"
setsid sh -c 'echo $$ >"$PIDS.away"; exec sleep 1000' &
until [ -s "$PIDS.away" ]; do sleep 0.01; done
mv "$PIDS.group" "$PIDS.group.done"
echo ready
while :; do sleep 1000; done
TASK
chmod +x "$scratch/bin/bourse-task"
worker_log=$scratch/worker_deaf.log
PIDS=$scratch/pids "$scratch/bin/bourse" worker --slots 2 --grace 0.2 >"$worker_log" 2>&1 &
worker=$!
workers+=("$worker")
deaf=$(sql "SELECT bourse.enqueue('sleep', max_attempts => 1)")
until_logged "job_log job=$deaf .*ready"
child=$(child_of "$deaf") group=$(cat "$scratch/pids.group.done") away=$(cat "$scratch/pids.away")
sql "SELECT bourse.cancel($deaf)" >/dev/null
state_is "$deaf" cancelled
expect "SELECT signal FROM bourse_bi.job WHERE job_id = $deaf" 9 "it was killed"
for pid in "$child" "$group" "$away"; do until_gone "$pid"; done

# Killed themselves, neither daemon nor child ends anything: the kernel ends the child, the next worker of this user on
# this host (here perhaps another test's) what that had started. A daemon that lives keeps its own.
rm -f "$scratch"/pids.*
job=$(sql "SELECT bourse.enqueue('sleep', max_attempts => 1)")
until_logged "job_log job=$job .*ready"
child=$(child_of "$job") group=$(cat "$scratch/pids.group.done") away=$(cat "$scratch/pids.away") killed=$worker
start_worker --slots 1 --kinds noop
until_logged event=session_started
kill -0 "$group" && kill -0 "$away" || fail "a worker ended processes of one that lives"
kill -KILL "$killed"
until_gone "$child"
start_worker --slots 1 --kinds noop
for pid in "$group" "$away"; do until_gone "$pid"; done
