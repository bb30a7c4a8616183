#!/usr/bin/env bash
# What children say and use: lines of their own and of a crash, bounded, without secrets; their usage at each attempt's end.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
sql "UPDATE bourse.job_kind SET backoff_base_s = 0"
start_worker --slots 2 --poll 0.1

said=$(sql "SELECT bourse.enqueue('sleep', '{\"log_lines\": 3}')")
state_is "$said" succeeded
until_true "(SELECT count(*) = 3 FROM bourse_bi.job_log WHERE job_id = $said)"
expect "SELECT string_agg(concat_ws('|', attempt, line, level, message), ',' ORDER BY line) FROM bourse_bi.job_log WHERE job_id = $said" \
    "1|1|info|line 1 of 3,1|2|info|line 2 of 3,1|3|info|line 3 of 3" "the lines of a job"
expect "SELECT bool_and(at BETWEEN j.started_at AND clock_timestamp()) FROM bourse_bi.job_log JOIN bourse_bi.job AS j USING (job_id) WHERE job_id = $said" t "their times"

# many lines: the first thousand, a note, the last hundred; the child is not held up
many=$(sql "SELECT bourse.enqueue('sleep', '{\"log_lines\": 20000}')")
state_is "$many" succeeded
until_true "(SELECT count(*) = 1101 FROM bourse_bi.job_log WHERE job_id = $many)"
expect "SELECT message FROM bourse_bi.job_log WHERE job_id = $many AND level = 'warning'" "18900 lines were left out here" "the note"
expect "SELECT max(line) FILTER (WHERE line <= 1000), min(message) FILTER (WHERE line = 20000) FROM bourse_bi.job_log WHERE job_id = $many" \
    "1000|line 20000 of 20000" "first and last lines"

# usage of every attempt, with how it ended
burnt=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600, \"memory_mb\": 64}', max_attempts => 2)")
until_true "EXISTS (SELECT FROM bourse.job WHERE job_id = $burnt AND attempt = 1 AND stage = 'sleep')"
kill -SYS "$(child_of "$burnt")"  # not SEGV, which the sanitizers turn into an exit code
until_logged "job_started job=$burnt .*attempt=2 "
until_true "EXISTS (SELECT FROM bourse.job WHERE job_id = $burnt AND attempt = 2 AND stage = 'sleep')"
kill -ABRT "$(child_of "$burnt")"
state_is "$burnt" dead
expect "SELECT string_agg(concat_ws('|', attempt, kind, job_usage.exit_code, job_usage.signal, max_rss_mb > 64, cpu_s > 0, write_bytes >= 0, ended_at > started_at, job_usage.worker = j.worker), ',' ORDER BY attempt)
        FROM bourse_bi.job_usage AS job_usage JOIN (SELECT job_id, worker FROM bourse_bi.job) AS j USING (job_id) WHERE job_id = $burnt" \
    "1|sleep|31|t|t|t|t|t,2|sleep|6|t|t|t|t|t" "usage of both attempts"
expect "SELECT signal, last_error FROM bourse_bi.job WHERE job_id = $burnt" "6|its child died of signal 6 (Aborted)" "the dead letter"

# a host that tells how busy it is
until_true "EXISTS (SELECT FROM bourse_bi.worker WHERE state = 'alive' AND cpus >= 1 AND load >= 0 AND memory_used_mb BETWEEN 1 AND memory_total_mb AND disk_free_mb >= 0)"
# and keeps the weeks of the history
until_true "EXISTS (SELECT FROM pg_class WHERE relname = bourse.job_partition_of('job_archive', now() + interval '4 weeks'))" 150  # to_regclass may remember for ever that there was none
kill -TERM "$worker"
until_gone "$worker"

# a child of somebody else's making: what it says has no password in it
mkdir "$scratch/bin"
cp "$(command -v bourse)" "$scratch/bin/bourse"
cat >"$scratch/bin/bourse-task" <<'TASK'
#!/bin/sh
db=$(cat)
echo "it was given $db"
echo "trying postgresql://u:hunter2@h/d with Swordfish42"
exit 3
TASK
chmod +x "$scratch/bin/bourse-task"
foreign=$(sql "SELECT bourse.enqueue('sleep', max_attempts => 1)")
PGPASSWORD=Swordfish42 "$scratch/bin/bourse" --db "dbname=$PGDATABASE password=opensesame" worker --once >"$scratch/worker_foreign.log" 2>&1 || fail "worker --once"
expect "SELECT state, exit_code, signal FROM bourse_bi.job WHERE job_id = $foreign" "dead|3|" "the exit code is in the dead letter"
expect "SELECT count(*) FILTER (WHERE message LIKE '%***%'), count(*) FILTER (WHERE message ~ 'opensesame|hunter2|Swordfish42'), min(level) FROM bourse_bi.job_log WHERE job_id = $foreign" \
    "2|0|stderr" "secrets in log lines"
grep -E 'opensesame|hunter2|Swordfish42' "$scratch/worker_foreign.log" && fail "a secret is in the worker's log"
exit 0
