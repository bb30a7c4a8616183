#!/usr/bin/env bash
# kill -9 of workers and children at random moments while jobs of kind sql write a ledger: each line exactly once.
# BOURSE_CHAOS_KILLS: how many (default 50); BOURSE_CHAOS_SEED: the seed of an earlier run.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
kills=${BOURSE_CHAOS_KILLS:-50}
seed=${BOURSE_CHAOS_SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
echo "seed $seed, $kills kills (BOURSE_CHAOS_SEED=$seed BOURSE_CHAOS_KILLS=$kills repeats the choices)"
RANDOM=$seed

psql -qX -v ON_ERROR_STOP=1 >/dev/null <<'SQL'
UPDATE bourse.job_kind SET backoff_base_s = 0;
CREATE SCHEMA chaos;
CREATE TABLE chaos.ledger (line_id bigint GENERATED ALWAYS AS IDENTITY, n int, part text);
CREATE FUNCTION chaos.book(args jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_sleep(random() * 0.04);
    INSERT INTO chaos.ledger (n, part) VALUES ((args ->> 'n')::int, args ->> 'part');
    PERFORM pg_sleep(random() * 0.04);
    RETURN '{}';
END $$;
SELECT bourse.allow_job_function('chaos.book(jsonb)');
-- n jobs, and for every fourth one that is to follow it
CREATE FUNCTION chaos.fill(from_n int, to_n int) RETURNS void LANGUAGE sql AS $$
    WITH first AS (
        SELECT n, bourse.enqueue('sql', jsonb_build_object('function', 'chaos.book', 'n', n, 'part', 'first'), max_attempts => 100) AS job_id
        FROM generate_series(from_n, to_n) AS n)
    SELECT bourse.enqueue('sql', jsonb_build_object('function', 'chaos.book', 'n', n, 'part', 'second'), max_attempts => 100, after => ARRAY[job_id])
    FROM first WHERE n % 4 = 0
$$;
SQL

launch() { start_worker --slots 2 --lease 1 --poll 0.1 --grace 1; pair[$1]=$worker; }
declare -A pair
launch a
launch b
filled=0 hit_workers=0 hit_children=0
while [ $((hit_workers + hit_children)) -lt "$kills" ]; do
    sql "SELECT chaos.fill($((filled + 1)), $((filled + 8)))" >/dev/null
    filled=$((filled + 8))
    sleep "0.0$((RANDOM % 90 + 10))" # the random moment
    side=$([ $((RANDOM % 2)) = 0 ] && echo a || echo b)
    read -ra children <"/proc/${pair[$side]}/task/${pair[$side]}/children" || true
    if [ $((RANDOM % 4)) != 0 ] && [ ${#children[@]} -gt 0 ]; then
        kill -KILL "${children[RANDOM % ${#children[@]}]}" 2>/dev/null && hit_children=$((hit_children + 1))
    else
        kill -KILL "${pair[$side]}" && hit_workers=$((hit_workers + 1))
        wait "${pair[$side]}" 2>/dev/null || true
        launch "$side"
    fi
done
until_true "NOT EXISTS (SELECT FROM bourse.job)" $((60 + kills))

expect "SELECT count(*) FROM generate_series(1, $filled) AS n WHERE NOT EXISTS (SELECT FROM chaos.ledger AS l WHERE l.n = n.n AND l.part = 'first')
        OR n % 4 = 0 AND NOT EXISTS (SELECT FROM chaos.ledger AS l WHERE l.n = n.n AND l.part = 'second')" 0 "lost, seed $seed"
expect "SELECT count(*) FROM (SELECT FROM chaos.ledger GROUP BY n, part HAVING count(*) > 1) AS twice" 0 "doubled, seed $seed"
expect "SELECT count(*) FROM chaos.ledger" $((filled + filled / 4)) "lines in the ledger, seed $seed"
expect "SELECT count(*) FROM chaos.ledger AS x JOIN chaos.ledger AS y USING (n) WHERE x.part = 'first' AND y.part = 'second' AND y.line_id < x.line_id" 0 "out of order, seed $seed"
expect "SELECT count(*) || ' ' || bool_and(state = 'succeeded') FROM bourse.job_archive" "$((filled + filled / 4)) true" "archived, seed $seed"
expect "SELECT count(*) FROM bourse.job_dependency" 0 "dependencies left, seed $seed"
again=$(sql "SELECT count(*) FROM bourse.job_archive WHERE attempt > 1")
[ "$again" -gt 0 ] || fail "no kill hit a running job, seed $seed"
echo "killed $hit_workers workers and $hit_children children; $((filled + filled / 4)) jobs, $again of them tried more than once; 0 lost, 0 doubled"
