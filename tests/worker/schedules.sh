#!/usr/bin/env bash
# Schedules with three daemons: every slot one job that runs once, while workers are killed at random and inside a tick.
# Nothing waits for real minutes: slots are made due by moving done_until.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
RANDOM=${BOURSE_SEED:-20261121}
names="'minutely', 'even', 'third'"
sql "UPDATE bourse.job_kind SET backoff_base_s = 0;
     SELECT bourse.schedule('minutely', '* * * * *', 'noop', catch_up => '2 days'), bourse.schedule('even', '*/2 * * * *', 'noop', catch_up => '2 days'),
            bourse.schedule('third', '0-59/3 * * * *', 'noop', '{}', time_zone => 'Asia/Kolkata', catch_up => '2 days')" >/dev/null
for _ in 1 2 3; do start_worker --slots 2 --poll 0.1 --lease 1; done

# the slots of a time, told independently. Jobs are known by their key: a lost attempt moves run_at.
expected="SELECT n.name || '@' || to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') AS key
          FROM (VALUES ('minutely', 1), ('even', 2), ('third', 3)) AS n (name, every), generate_series('SINCE'::timestamptz, 'UNTIL'::timestamptz, '1 min') AS t
          WHERE extract(minute FROM t)::int % n.every = 0"
missed_since() { sql "UPDATE bourse.schedule SET done_until = '$1'::timestamptz - interval '1 s', next_run_at = '$1', check_at = now() WHERE name IN ($names)"; }
caught_up() { until_true "NOT EXISTS (SELECT FROM bourse.schedule WHERE done_until < now() - interval '3 min' OR check_at < now())" 120; }
check_slots() {  # check_slots SINCE UNTIL COUNT: the jobs are these slots, each once
    local slots=${expected//SINCE/$1}
    slots=${slots//UNTIL/$2}
    expect "WITH want AS ($slots), made AS (SELECT unique_key AS key FROM bourse_bi.job WHERE split_part(unique_key, '@', 2) BETWEEN '$1' AND '$2')
            SELECT (SELECT count(*) FROM want) || ' ' || (SELECT count(*) FROM (SELECT * FROM want EXCEPT ALL SELECT * FROM made) AS lost) || ' ' ||
                   (SELECT count(*) FROM (SELECT * FROM made EXCEPT ALL SELECT * FROM want) AS doubled)" "$3 0 0" "slots lost or doubled"
}

# an outage of 10 hours, and a killed worker again and again while it is made up
read -r since until <<<"$(sql "SELECT to_char(date_trunc('hour', now()) - interval '10 h', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') || ' ' || to_char(date_trunc('hour', now()) - interval '1 min', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")"
missed_since "$since"
made=0
for round in 1 2 3 4 5 6; do
    victim=${workers[$((RANDOM % ${#workers[@]}))]}
    kill -KILL "$victim" 2>/dev/null || true
    start_worker --slots 2 --poll 0.1 --lease 1
    until_true "(SELECT sum(jobs_made) > $made OR bool_and(done_until > now() - interval '3 min') FROM bourse.schedule)"
    made=$(sql "SELECT sum(jobs_made) FROM bourse.schedule")
done
caught_up
check_slots "$since" "$until" 1100
until_true "NOT EXISTS (SELECT FROM bourse.job WHERE split_part(unique_key, '@', 2) <= '$until')" 120
expect "SELECT count(*) FROM bourse.job_archive WHERE split_part(unique_key, '@', 2) <= '$until' AND state = 'succeeded'" 1100 "each ran"
expect "SELECT count(*) FROM bourse.schedule WHERE error IS NOT NULL OR slots_skipped <> 0" 0 "none broken, none skipped"

# A tick stopped at a barrier, after it has written its jobs and before it ends: its worker is killed, or its session ended
# by the server (which takes all back). Either way the next ticks make one job of every slot.
sql "CREATE FUNCTION public.barrier() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END \$\$;
     CREATE TRIGGER barrier AFTER UPDATE OF done_until ON bourse.schedule FOR EACH STATEMENT EXECUTE FUNCTION public.barrier()"
waiting_tick="FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%job_tick%' AND wait_event = 'advisory'"
stop_in_a_tick() {  # stop_in_a_tick NAME COMMAND: runs the command while a tick of this schedule stands at the barrier
    sql "DELETE FROM bourse.job_archive; UPDATE bourse.schedule SET jobs_made = 0" >/dev/null
    coproc HOLDER { psql -qXAt 2>&1; }
    local input=${HOLDER[1]} output=${HOLDER[0]} holder=$HOLDER_PID line
    echo "SELECT pg_advisory_lock(4711); UPDATE bourse.schedule SET done_until = '$since'::timestamptz - interval '1 s', next_run_at = '$since', check_at = now() WHERE name = '$1'; SELECT 'held';" >&"$input"
    while read -r line <&"$output"; do [ "$line" = held ] && break; done
    until_true "EXISTS (SELECT $waiting_tick)"
    $2
    echo '\q' >&"$input"
    wait "$holder"
    until_true "(SELECT done_until > now() - interval '3 min' FROM bourse.schedule WHERE name = '$1')" 120
    expect "SELECT count(*) || ' ' || count(DISTINCT unique_key) FROM bourse_bi.job WHERE unique_key BETWEEN '$1@$since' AND '$1@$until'" "$3 $3" "$1: one job a slot"
    expect "SELECT jobs_made >= $3 AND jobs_made <= $3 + 61 FROM bourse.schedule WHERE name = '$1'" t "$1: counted once"
}
kill_all() {
    for pid in "${workers[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
    for _ in 1 2 3; do start_worker --slots 2 --poll 0.1 --lease 1; done
}
end_sessions() { expect "SELECT count(pg_terminate_backend(pid)) >= 1 $waiting_tick" t "the server ends the tick's session"; }
stop_in_a_tick minutely kill_all 600
stop_in_a_tick even end_sessions 300
