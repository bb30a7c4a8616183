#!/usr/bin/env bash
# The server's own process dies in the middle of each change of state, inside its transaction: the session alone
# (terminated), or the whole server (one process killed, the others go with it). Triggers of this test know every row
# that any change writes; which changes there are is learnt from a first run. BOURSE_SOAK: the server dies at each.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/own_cluster.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
take_seed
make_ledger
make_stumble
fuse=$BOURSE_CLUSTER/fuse
psql -qX -v ON_ERROR_STOP=1 -v "fuse=$fuse" >/dev/null <<'SQL'
CREATE TABLE chaos.seen (change text PRIMARY KEY);
CREATE TABLE chaos.armed (change text NOT NULL, signal text NOT NULL);
CREATE TABLE chaos.fuse AS SELECT :'fuse'::text AS file;
CREATE FUNCTION chaos.name_of(tab text, op text, was jsonb, is_now jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT tab || ' ' || CASE
        WHEN op = 'INSERT' THEN 'insert' || coalesce(' ' || (is_now ->> 'state'), '')
        WHEN op = 'DELETE' THEN 'delete' || coalesce(' ' || (was ->> 'state'), '')
        WHEN was ->> 'state' <> is_now ->> 'state' THEN (was ->> 'state') || ' to ' || (is_now ->> 'state')
        WHEN was ->> 'leased_until' <> is_now ->> 'leased_until' THEN 'lease extended'
        WHEN was ->> 'blocked_by' <> is_now ->> 'blocked_by' THEN 'dependency met'
        WHEN is_now ->> 'cancel_requested_at' IS NOT NULL THEN 'cancel requested'
        ELSE 'update' END
$$;
CREATE FUNCTION chaos.strike() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    this_change text := TG_WHEN || ' ' || chaos.name_of(TG_ARGV[0], TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
    order_now chaos.armed;
BEGIN
    SELECT * INTO order_now FROM chaos.armed AS a WHERE a.change = this_change;
    IF FOUND THEN  -- a file, because a sequence would burn again after the crash
        EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', format('if rm %s 2>/dev/null; then kill -%s %s; fi; cat >/dev/null',
            (SELECT f.file FROM chaos.fuse AS f), order_now.signal, pg_backend_pid()));
    ELSIF current_setting('chaos.learn', true) = 'on' THEN
        INSERT INTO chaos.seen VALUES (this_change) ON CONFLICT DO NOTHING;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER strike_after AFTER INSERT OR UPDATE OR DELETE ON bourse.job FOR EACH ROW EXECUTE FUNCTION chaos.strike('job');
CREATE TRIGGER strike_after AFTER INSERT OR DELETE ON bourse.job_archive FOR EACH ROW EXECUTE FUNCTION chaos.strike('archive');
CREATE TRIGGER strike_after AFTER INSERT OR DELETE ON bourse.job_dependency FOR EACH ROW EXECUTE FUNCTION chaos.strike('dependency');
CREATE FUNCTION chaos.never(args jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never'; END $$;
SELECT bourse.allow_job_function('chaos.never(jsonb)');
-- runs until its lease has been extended, on any machine
CREATE FUNCTION chaos.long(args jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    me bigint := split_part(current_setting('application_name'), ' ', 3);  -- bourse-task sql 42
    lease_ends timestamptz := (SELECT j.leased_until FROM bourse.job AS j WHERE j.job_id = me);
BEGIN
    WHILE EXISTS (SELECT FROM bourse.job AS j WHERE j.job_id = me AND j.leased_until = lease_ends) LOOP PERFORM pg_sleep(0.02); END LOOP;
    RETURN '{}';
END $$;
SELECT bourse.allow_job_function('chaos.long(jsonb)');
-- runs until it is cancelled
CREATE FUNCTION chaos.endless(args jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(600); RETURN '{}'; END $$;
SELECT bourse.allow_job_function('chaos.endless(jsonb)');
CREATE FUNCTION chaos.await_endless() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WHILE EXISTS (SELECT FROM bourse.job WHERE args ->> 'function' = 'chaos.endless')
        AND NOT EXISTS (SELECT FROM bourse.job WHERE args ->> 'function' = 'chaos.endless' AND state = 'running') LOOP
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$;
UPDATE bourse.job_kind SET max_attempts = 1 WHERE kind = 'sql';  -- tries after bourse.retry
ALTER DATABASE postgres SET chaos.learn = 'on';
SQL

[ -z "${BOURSE_SOAK:-}" ] || # in the long form also before the row is written
    sql "CREATE TRIGGER strike_before BEFORE INSERT OR UPDATE OR DELETE ON bourse.job FOR EACH ROW EXECUTE FUNCTION chaos.strike('job')"

# Work that goes through every change of state; statement by statement, each of which the fault may hit. With a file: as
# long as that is there, and then only what ends the endless one.
everything() {
    local statement
    while read -r statement; do
        [ $# = 0 ] || [ -e "$1" ] || statement=$end_endless
        sql "$statement" >/dev/null 2>>"$scratch/hit" || true
        [ "$statement" != "$end_endless" ] || break
    done <<'SQL'
SELECT chaos.fill(4), chaos.ask_stumble()
SELECT bourse.enqueue('sql', '{"function": "chaos.long"}', unique_key => 'outlasts a heartbeat', unique_while => 'running', max_attempts => 100)
SELECT bourse.enqueue('noop', max_attempts => 100), bourse.enqueue('noop', run_at => clock_timestamp() + interval '400 ms', max_attempts => 100)
SELECT bourse.cancel(bourse.enqueue('noop', run_at => now() + interval '1 hour'))
SELECT bourse.cancel(bourse.enqueue('noop', after => ARRAY[bourse.enqueue('sql', '{"function": "chaos.endless"}', priority => 1, max_attempts => 100)]))
SELECT bourse.enqueue('noop', after => ARRAY[bourse.enqueue('sql', '{"function": "chaos.never"}', max_attempts => 1)])
SELECT bourse.retry(job_id) FROM bourse.job_archive WHERE state = 'dead' ORDER BY finished_at DESC LIMIT 1
SELECT chaos.await_endless()
SELECT bourse.cancel(job_id) FROM bourse.job WHERE args ->> 'function' = 'chaos.endless'
SQL
}
end_endless="SELECT bourse.cancel(job_id) FROM bourse.job WHERE args ->> 'function' = 'chaos.endless'"

sql "SELECT bourse.job_maintain()" >/dev/null # else a worker's first one may move what has ended by then into its week: seen once, never again
start_worker --slots 3 --lease 1 --poll 0.1 --grace 0.5
for _ in 1 2; do
    everything
    sql "$end_endless" >/dev/null
    until_true "NOT EXISTS (SELECT FROM bourse.job)"
done
sql "ALTER DATABASE postgres RESET chaos.learn" 
changes=$(sql "SELECT change FROM chaos.seen ORDER BY change")
for wanted in "AFTER job waiting to running" "AFTER job lease extended" "AFTER job delete running" "AFTER job insert waiting" "AFTER job dependency met" \
    "AFTER job scheduled to waiting" "AFTER job running to waiting" "AFTER job cancel requested" "AFTER archive insert succeeded" "AFTER archive insert dead" "AFTER archive insert cancelled" \
    "AFTER archive delete dead" "AFTER dependency insert" "AFTER dependency delete"; do
    grep -qFx "$wanted" <<<"$changes" || fail "the first run did not go through \"$wanted\": $changes $(cat "$scratch/hit")"
done

struck=0 crashes=0
while read -r change; do
    signals=TERM
    if [ -n "${BOURSE_SOAK:-}" ]; then signals="TERM KILL"; elif [ $((RANDOM % 8)) = 0 ]; then signals=KILL; fi
    for signal in $signals; do
        sql "TRUNCATE chaos.armed; INSERT INTO chaos.armed VALUES ('$change', '$signal')"
        echo "$change $signal" >"$fuse.new"  # it may burn as soon as it has its name
        [ "$(id -u)" != 0 ] || chown postgres "$fuse.new"
        mv "$fuse.new" "$fuse"
        stop=$((SECONDS + 60))
        while [ -e "$fuse" ]; do
            [ $SECONDS -lt $stop ] || fail "never struck: $change"
            everything "$fuse"
        done
        until_up
        sql "TRUNCATE chaos.armed"
        struck=$((struck + 1))
        [ $signal = TERM ] || crashes=$((crashes + 1))
    done
done <<<"$changes"
sql "$end_endless" >/dev/null
judge 300 "seed $seed"
expect "SELECT count(*) FROM (SELECT FROM bourse.job_archive GROUP BY job_id HAVING count(*) > 1) AS twice" 0 "archived twice, seed $seed"
echo "$struck strikes at $(wc -l <<<"$changes") changes of state, $crashes of them took the server down; $(sql "SELECT count(*) FROM chaos.ledger") jobs; $SECONDS s"
