#!/usr/bin/env bash
# Many sessions predict while versions are promoted and rolled back: no error, no statement that mixes two versions, and the
# memory of a session that predicts for long stays flat. Long form: 50 sessions, 500 changes, a million predictions.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
sessions=6 changes=20 predictions=100000
if [ -n "${BOURSE_SOAK:-}" ]; then sessions=50 changes=500 predictions=1000000; fi
psql -qXAt -v ON_ERROR_STOP=1 >/dev/null <<SQL
\ir $BOURSE_SOURCE/tests/regress/data/artifacts.sql
\ir $BOURSE_SOURCE/tests/support/signing.sql
-- steps gives 20 and steps_b 40 for this row
SELECT test.register_version('m', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps');
SELECT test.register_version('m', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps_b');
SELECT bourse.promote('m:' || v, s) FROM generate_series(1, 2) AS v, unnest('{testing,staging}'::text[]) AS s;
SELECT bourse.promote('m:1', 'production');
CREATE TABLE asked AS SELECT i, '{1,2}'::bourse.fvec AS features FROM generate_series(1, 300) AS i;
CREATE TABLE ready (pid int); CREATE TABLE over (at timestamptz);
CREATE PROCEDURE predict_until_over() LANGUAGE plpgsql AS \$\$
DECLARE
    statements int := 0; distinct_answers int; answer float8; last_answer float8; seen int := 0;
BEGIN
    INSERT INTO ready VALUES (pg_backend_pid());
    COMMIT;
    LOOP
        SELECT count(DISTINCT p), min(p) INTO distinct_answers, answer FROM (SELECT bourse.predict('m', features) AS p FROM asked) AS a;
        IF distinct_answers <> 1 OR answer NOT IN (20, 40) THEN RAISE EXCEPTION 'one statement saw % answers, the least %', distinct_answers, answer; END IF;
        IF answer IS DISTINCT FROM last_answer THEN seen := seen + 1; END IF;
        last_answer := answer;
        statements := statements + 1;
        COMMIT;
        EXIT WHEN EXISTS (SELECT FROM over);
    END LOOP;
    RAISE NOTICE 'statements % changes %', statements, seen;
END \$\$;
-- the one in production goes to archived, and comes back by way of staging
CREATE PROCEDURE change_versions(changes int) LANGUAGE plpgsql AS \$\$
BEGIN
    FOR i IN 1..changes LOOP
        IF (SELECT stage FROM bourse_bi.model_version WHERE model = 'm' AND version = i % 2 + 1) = 'archived' THEN
            PERFORM bourse.promote('m:' || i % 2 + 1, 'staging');
            COMMIT;
        END IF;
        PERFORM bourse.promote('m:' || i % 2 + 1, 'production');
        COMMIT;
    END LOOP;
END \$\$;
SQL
clients=()
for i in $(seq "$sessions"); do
    psql -qXAt -v ON_ERROR_STOP=1 -c "CALL predict_until_over()" >"$scratch/client$i" 2>&1 &
    clients+=($!)
done
until_true "(SELECT count(*) FROM ready) = $sessions"
# by one session: to start one for each change takes seconds beside fifty busy ones
sql "CALL change_versions($changes)" || fail "a change failed"
expect "SELECT (count(*) FILTER (WHERE to_stage = 'production')) = $changes + 1 FROM bourse.stage_transition" t "changes were made"
sql "INSERT INTO over VALUES (now())" >/dev/null
for pid in "${clients[@]}"; do wait "$pid" || fail "a session failed: $(cat "$scratch"/client*)"; done
seen=$(sed -n 's/.*statements \([0-9]*\) changes \([0-9]*\)/\1 \2/p' "$scratch"/client* | awk '{ s += $1; c += $2; if ($1 > 0) n++ } END { print n, s, c }')
read -r answered statements noticed <<<"$seen"
[ "$answered" = "$sessions" ] || fail "$answered of $sessions sessions answered"
[ "$noticed" -gt "$sessions" ] || fail "no session saw a change ($seen)"
echo "$sessions sessions, $changes changes: $statements statements, $noticed answers that differ from the one before"

# Memory: resident size after two rounds of every kind of call (the first leaves what the second cannot use again), and after
# two more.
rows=$((predictions / 4))
grown=$(psql -qXAt -v ON_ERROR_STOP=1 <<SQL
CREATE FUNCTION resident_kb() RETURNS bigint LANGUAGE sql AS \$\$ SELECT (regexp_match(pg_read_file('/proc/self/status'), 'RssAnon:\s+(\d+)'))[1]::bigint \$\$;
CREATE PROCEDURE one_round() LANGUAGE plpgsql AS \$\$
BEGIN
    PERFORM sum(bourse.predict('m', ARRAY[1, i % 7]::float8[])) FROM generate_series(1, $rows) AS i;
    PERFORM count(*) FROM bourse.predict_many('m', 'SELECT ARRAY[1, i % 7]::float8[]::bourse.fvec FROM generate_series(1, $rows / 2) AS i');
    FOR i IN 1..$rows / 2 LOOP PERFORM bourse.predict('m', '{1,2}'::bourse.fvec); END LOOP;
END \$\$;
CALL one_round();
CALL one_round();
SELECT resident_kb() AS before \gset
CALL one_round();
CALL one_round();
SELECT 'grown ' || resident_kb() - :before;
SQL
)
if grep -q 'BOURSE_SANITIZE:BOOL=ON' "$BOURSE_BUILD/CMakeCache.txt"; then exit 0; fi # what is freed stays resident there for a while
grown=$(sed -n 's/^grown //p' <<<"$grown")
[ "$grown" -lt 1024 ] || fail "a session's memory grew by $grown KB over $predictions predictions"
echo "$predictions more predictions in one session: $grown KB more"

# The cache holds no more bytes than it may: sixteen versions of a megabyte or two, one after the other.
awk -v trees=500 -v depth=7 -v width=20 -f "$BOURSE_SOURCE/tests/support/forest.awk" >"$scratch/big.json"
artifact_tool "$scratch/big.json" "$scratch/big" || fail "the big model is refused"
chmod 755 "$scratch"  # the server reads it
sql "SELECT count(test.register_version('big', NULL, 'xgboost', NULL, ARRAY(SELECT 'f' || i FROM generate_series(0, 19) AS i), 'l', a))
     FROM pg_read_binary_file('$scratch/big') AS a, generate_series(1, 16) AS i" >/dev/null
held_kb() { # CACHE_MB: what a session holds more after the last version than after the first
    psql -qXAt -v ON_ERROR_STOP=1 <<SQL | tail -1
SET bourse.model_cache_mb = $1;
SELECT bourse.predict('big:1', array_fill(1::float8, ARRAY[20]));
SELECT resident_kb() AS before \gset
SELECT count(DISTINCT bourse.predict('big:' || v, array_fill(1::float8, ARRAY[20]))) FROM generate_series(1, 16) AS v;
SELECT resident_kb() - :before;
SQL
}
capped=$(held_kb 4) free=$(held_kb 256)
[ "$free" -gt 8000 ] || fail "sixteen models are said to take $free KB"
[ $((capped * 10)) -lt $((free * 7)) ] || fail "a cache of 4 MB holds $capped KB more (of $free KB)"
echo "sixteen models: $free KB in a cache of 256 MB, $capped KB more than the first in one of 4 MB"

# Least recently used first out: version 1 is asked for again before each of the others, and is read once; then the others in
# turn, each of which went before it is asked for again. Readings are scans of the table of chunks in one transaction.
readings() { # CACHE_MB
    psql -qXAt -v ON_ERROR_STOP=1 <<SQL | tr '\n' ' '
SET bourse.model_cache_mb = $1;
CREATE TEMP TABLE turn AS SELECT v, n FROM generate_series(2, 16) AS v, generate_series(1, 2) AS n;
BEGIN;
SELECT sum(bourse.predict('big:' || CASE n WHEN 1 THEN 1 ELSE v END, array_fill(1::float8, ARRAY[20]))) FROM (SELECT * FROM turn ORDER BY v, n OFFSET 0) AS t \g /dev/null
SELECT idx_scan FROM pg_stat_xact_all_tables WHERE relname = 'artifact_chunk';
SELECT sum(bourse.predict('big:' || v, array_fill(1::float8, ARRAY[20]))) FROM generate_series(2, 16) AS v \g /dev/null
SELECT idx_scan FROM pg_stat_xact_all_tables WHERE relname = 'artifact_chunk';
SQL
}
[ "$(readings 256)" = "16 16 " ] || fail "models that fit are read more than once: $(readings 256)"
[ "$(readings 0)" = "30 45 " ] || fail "models are kept where none may be: $(readings 0)"
[ "$(readings 20)" = "16 31 " ] || fail "not the least recently used goes out: $(readings 20)"
