# shellcheck shell=bash
# Sourced after worker_lib.sh: the oracle of the chaos tests. Jobs of kind sql write one line each into a ledger, in the
# transaction that completes them; what was asked for is recorded by the transaction that enqueues it.

# make_ledger [TIMEOUT_S]: schema chaos, jobs with that longest run (60). chaos.fill(n) asks for n jobs and, for every fourth one, for one that is to follow it.
make_ledger() {
    psql -qX -v ON_ERROR_STOP=1 -v "timeout_s=${1:-60}" >/dev/null <<'SQL'
UPDATE bourse.job_kind SET backoff_base_s = 0;
UPDATE bourse.job_kind SET timeout = make_interval(secs => :timeout_s) WHERE kind = 'sql';
CREATE SCHEMA chaos;
CREATE TABLE chaos.asked (job_id bigint PRIMARY KEY, n bigint NOT NULL UNIQUE, follows bigint);
CREATE TABLE chaos.ledger (line_id bigint GENERATED ALWAYS AS IDENTITY, n bigint);
CREATE SEQUENCE chaos.numbers;
CREATE FUNCTION chaos.book(args jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_sleep(random() * 0.04);
    INSERT INTO chaos.ledger (n) VALUES ((args ->> 'n')::bigint);
    PERFORM pg_sleep(random() * 0.04);
    RETURN '{}';
END $$;
SELECT bourse.allow_job_function('chaos.book(jsonb)');
CREATE FUNCTION chaos.ask(follows bigint DEFAULT NULL) RETURNS bigint LANGUAGE sql AS $$
    WITH number AS (SELECT nextval('chaos.numbers') AS n)
    INSERT INTO chaos.asked (n, follows, job_id)
    SELECT n, ask.follows, bourse.enqueue('sql', jsonb_build_object('function', 'chaos.book', 'n', n), max_attempts => 100,
        after => CASE WHEN ask.follows IS NULL THEN '{}' ELSE ARRAY[ask.follows] END)
    FROM number RETURNING job_id
$$;
CREATE FUNCTION chaos.fill(jobs int) RETURNS void LANGUAGE sql AS $$
    SELECT CASE WHEN i % 4 = 0 THEN chaos.ask(f.job) END FROM generate_series(1, jobs) AS i, LATERAL (SELECT chaos.ask() AS job WHERE i > 0 OFFSET 0) AS f
$$;
-- 'n jobs: 0 lost, …' or what is wrong
CREATE FUNCTION chaos.verdict() RETURNS text LANGUAGE sql AS $$
    WITH booked AS (SELECT n, count(*) AS lines FROM chaos.ledger GROUP BY n),
    ended AS (SELECT job_id, count(*) AS rows, bool_and(state = 'succeeded') AS well FROM bourse.job_archive GROUP BY job_id)
    SELECT format('%s lost, %s doubled, %s not asked for, %s not archived once, %s not well, %s left, %s out of order',
        count(*) FILTER (WHERE b.n IS NULL), count(*) FILTER (WHERE b.lines > 1),
        (SELECT count(*) FROM booked WHERE n NOT IN (SELECT a.n FROM chaos.asked AS a)),
        count(*) FILTER (WHERE e.rows IS DISTINCT FROM 1), count(*) FILTER (WHERE NOT e.well),
        (SELECT count(*) FROM bourse.job) + (SELECT count(*) FROM bourse.job_dependency),
        (SELECT count(*) FROM chaos.asked AS f JOIN chaos.asked AS p ON p.job_id = f.follows
         JOIN chaos.ledger AS fl ON fl.n = f.n JOIN chaos.ledger AS pl ON pl.n = p.n WHERE fl.line_id < pl.line_id))
    FROM chaos.asked AS a LEFT JOIN booked AS b USING (n) LEFT JOIN ended AS e USING (job_id)
$$;
SQL
}

# judge [SECONDS] [NOTE]: waits until all work has ended, then asks the oracle.
judge() {
    until_true "NOT EXISTS (SELECT FROM bourse.job)" "${1:-300}"  # only a hang takes so long
    expect "SELECT chaos.verdict()" \
        "0 lost, 0 doubled, 0 not asked for, 0 not archived once, 0 not well, 0 left, 0 out of order" "the ledger${2:+, $2}"
    [ "$(sql "SELECT count(*) FROM chaos.asked")" -gt 0 ] || fail "nothing was asked for"
}

# take_seed: RANDOM follows from BOURSE_CHAOS_SEED, or from a seed that is printed.
take_seed() {
    seed=${BOURSE_CHAOS_SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
    echo "BOURSE_CHAOS_SEED=$seed repeats the choices"
    RANDOM=$seed
}

# random_pause: 10 to 99 ms, the random moment.
random_pause() { sleep "0.0$((RANDOM % 90 + 10))"; }

# make_stumble: chaos.ask_stumble() asks for a job that fails at its first try and books at a later one.
make_stumble() {
    psql -qX -v ON_ERROR_STOP=1 >/dev/null <<'SQL'
CREATE SEQUENCE chaos.tries;
CREATE FUNCTION chaos.stumble(args jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos.ledger (n) VALUES ((args ->> 'n')::bigint);
    IF nextval('chaos.tries') % 2 = 1 THEN
        RAISE EXCEPTION 'stumbled';
    END IF;
    RETURN '{}';
END $$;
SELECT bourse.allow_job_function('chaos.stumble(jsonb)');
CREATE FUNCTION chaos.ask_stumble() RETURNS bigint LANGUAGE sql AS $$
    WITH number AS (SELECT nextval('chaos.numbers') AS n)
    INSERT INTO chaos.asked (n, job_id)
    SELECT n, bourse.enqueue('sql', jsonb_build_object('function', 'chaos.stumble', 'n', n), max_attempts => 100) FROM number
    RETURNING job_id
$$;
SQL
}

# until_burnt FILE [SECONDS]: waits until a fault has taken its fuse away.
until_burnt() {
    local stop=$((SECONDS + ${2:-60}))
    while [ -e "$1" ]; do
        [ $SECONDS -lt $stop ] || fail "the fault never happened: $(cat "$1")"
        sleep 0.02
    done
}
