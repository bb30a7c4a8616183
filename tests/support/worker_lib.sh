# shellcheck shell=bash
# Sourced by tests of the daemon: runs workers, waits for conditions with a deadline, cleans up.
set -euo pipefail
scratch=$(mktemp -d)
workers=()

fail() {
    echo "FAILED: $*" >&2
    for log in "$scratch"/worker*.log; do [ -f "$log" ] && { echo "--- $log" >&2; tail -30 "$log" >&2; }; done
    psql -qXc "SELECT job_id, kind, state, attempt, max_attempts, worker, last_error FROM bourse_bi.job ORDER BY job_id DESC LIMIT 20" >&2 || true
    exit 1
}

end_workers() {
    for pid in "${workers[@]}"; do kill -CONT "$pid" 2>/dev/null || true; kill -KILL "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$scratch"
}
trap end_workers EXIT

sql() { psql -qXAt -v ON_ERROR_STOP=1 -c "$1"; }

# start_worker [OPTIONS…]: in the background; its pid is in $worker, its log in $worker_log.
start_worker() {
    worker_log=$scratch/worker${#workers[@]}.log
    : >"$worker_log"
    bourse worker "$@" >"$worker_log" 2>&1 &
    worker=$!
    workers+=("$worker")
}

# expect SQL VALUE MESSAGE
expect() {
    local got
    got=$(sql "$1") || fail "$3: the query failed"
    [ "$got" = "$2" ] || fail "$3: expected '$2', got '$got'"
}

# until_true CONDITION [SECONDS]: waits inside one session until the SQL condition holds.
until_true() {
    local answer
    answer=$(psql -qXAt -v ON_ERROR_STOP=1 <<SQL 2>&1
DO \$wait\$
DECLARE ok boolean; stop timestamptz := clock_timestamp() + interval '${2:-60} s';
BEGIN
    LOOP
        EXECUTE \$condition\$ SELECT ($1) \$condition\$ INTO ok;
        EXIT WHEN ok OR clock_timestamp() > stop;
        PERFORM pg_sleep(0.02), pg_stat_clear_snapshot();  -- else pg_stat_activity stays what its first reading was
    END LOOP;
    IF NOT coalesce(ok, false) THEN RAISE EXCEPTION 'deadline'; END IF;
END \$wait\$;
SQL
    ) || fail "did not come true: $1 ($answer)"
}

state_is() { until_true "EXISTS (SELECT FROM bourse_bi.job WHERE job_id = $1 AND state = '$2')"; }

# Jobs that run until they are told to end, however fast or slow the machine is. make_gate: once; ask_gate [ARGUMENTS OF
# ENQUEUE]: makes a job of kind sql and prints its id; open_gate: they all end.
make_gate() {
    psql -qX -v ON_ERROR_STOP=1 >/dev/null <<'SQL'
CREATE SCHEMA gate;
CREATE TABLE gate.open ();
CREATE FUNCTION gate.pass(args jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    WHILE NOT EXISTS (SELECT FROM gate.open) LOOP PERFORM pg_sleep(0.02); END LOOP;
    RETURN '{}';
END $$;
SELECT bourse.allow_job_function('gate.pass(jsonb)');
SQL
}
ask_gate() { sql "SELECT bourse.enqueue('sql', '{\"function\": \"gate.pass\"}'${1:+, $1})"; }
open_gate() { sql "INSERT INTO gate.open DEFAULT VALUES"; }

# until_gone PID: waits until a process has ended (a zombie counts as ended).
until_gone() {
    local stop=$((SECONDS + 60))
    while [ -d "/proc/$1" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; do
        [ $SECONDS -lt $stop ] || fail "process $1 still lives"
        sleep 0.02
    done
}

# until_logged_more PATTERN LINES: waits until the newest worker's log has more than so many lines with it.
until_logged_more() {
    local stop=$((SECONDS + 60))
    until [ "$(grep -c -- "$1" "$worker_log")" -gt "$2" ]; do
        [ $SECONDS -lt $stop ] || fail "not in the log again: $1"
        sleep 0.02
    done
}

# child_of JOB: pid of its running child, from the worker's log.
child_of() { sed -n "s/.*event=job_started job=$1 .*pid=\([0-9]*\).*/\1/p" "$scratch"/worker*.log | tail -1; }

# until_logged PATTERN: waits for a line in the newest worker's log.
until_logged() {
    local stop=$((SECONDS + 60))
    until grep -q -- "$1" "$worker_log"; do
        [ $SECONDS -lt $stop ] || fail "not in the log: $1"
        sleep 0.02
    done
}
