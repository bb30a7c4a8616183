#!/usr/bin/env bash
# predict_sql.sh BUILD: predictions in SQL, one session: predict_many over a table, predict row by row in one statement, a call each
# from PL/pgSQL, a statement each, shap; 500 trees of depth 6, 158 features. Peer: one call of XGBoost's C library a row, before and
# after. Both by processor time, of the backend and of the thread, so that a busy machine matters less.
set -euo pipefail
build=$(realpath "${1:?build folder}")
source=$(cd "$(dirname "$0")/.." && pwd)
"$source/workers/setup/cluster.sh" fresh bench-cluster "$build" >/dev/null
scratch=$(mktemp -d)
trap '"$source/workers/setup/cluster.sh" delete bench-cluster "$build" >/dev/null; rm -rf "$scratch"' EXIT
# shellcheck disable=SC1091
. "$build/bench-cluster.env"
psql -Xqd postgres -c 'CREATE DATABASE bourse'
bourse migrate >/dev/null
export OMP_NUM_THREADS=1
"$build/bin/bench_predict" --save "$scratch/model.json" "$scratch/rows.txt"
read -r before before_median < <("$build/bin/bench_predict" --one-by-one "$scratch/model.json")
bourse keygen --to "$scratch/bench.key" | grep '^SELECT bourse.trust_key' | psql -Xq >/dev/null
bourse worker --signing-key "$scratch/bench.key" --poll 0.1 2>/dev/null &
worker=$!
bourse import-model "$scratch/model.json" --name m
kill -TERM "$worker"; wait "$worker" || true
psql -Xq -v ON_ERROR_STOP=1 -c 'CREATE TABLE asked (n int GENERATED ALWAYS AS IDENTITY, features bourse.fvec)' -c "\\copy asked (features) FROM '$scratch/rows.txt'" -c 'VACUUM ANALYZE asked'
psql -XqAt -F ' ' -v ON_ERROR_STOP=1 >"$scratch/took" <<'SQL'
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE took (what text, us float8);
CREATE TEMP TABLE task (what text, rows int, times int, command text);
CREATE FUNCTION pg_temp.used_us() RETURNS float8 LANGUAGE sql VOLATILE AS $f$
    SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1000  -- some milliseconds behind: a turn takes many
$f$;
CREATE FUNCTION pg_temp.calls() RETURNS void LANGUAGE plpgsql STABLE AS $f$
DECLARE f bourse.fvec; x float8;
BEGIN
    FOR f IN SELECT features FROM asked WHERE n <= 1000 LOOP x := bourse.predict('m:1', f); END LOOP;
END $f$;
CREATE FUNCTION pg_temp.statements() RETURNS void LANGUAGE plpgsql STABLE AS $f$
DECLARE f bourse.fvec; x float8;
BEGIN
    FOR f IN SELECT features FROM asked WHERE n <= 1000 LOOP SELECT bourse.predict('m:1', f) INTO x FROM (VALUES (1)) AS v OFFSET 0; END LOOP;
END $f$;
INSERT INTO task VALUES
    ('predict_many', 10000, 20, $q$SELECT count(*) FROM bourse.predict_many('m:1', 'SELECT features FROM asked')$q$),
    ('predict', 10000, 1, $q$SELECT count(bourse.predict('m:1', features)) FROM asked$q$),
    ('calls', 1000, 10, 'SELECT pg_temp.calls()'),
    ('statements', 1000, 10, 'SELECT pg_temp.statements()'),
    ('shap', 20, 5, $q$SELECT count(bourse.shap('m:1', features)) FROM asked WHERE n <= 20$q$);
DO $$
DECLARE task record; started float8; us jsonb := '[]';  -- kept apart: a session that writes looks its model up at every statement
BEGIN
    FOR i IN 0..5 LOOP
        FOR task IN SELECT * FROM task LOOP
            started := pg_temp.used_us();
            FOR k IN 1..task.times LOOP EXECUTE task.command; END LOOP;
            IF i > 0 THEN
                us := us || jsonb_build_object('what', task.what, 'us', (pg_temp.used_us() - started) / task.rows / task.times);
            END IF;
        END LOOP;
    END LOOP;
    INSERT INTO took SELECT * FROM jsonb_to_recordset(us) AS t(what text, us float8);
END $$;
SELECT what, round(min(us)::numeric, 2), round((percentile_cont(0.5) WITHIN GROUP (ORDER BY us))::numeric, 2) FROM took GROUP BY what ORDER BY what;
SQL
read -r after after_median < <("$build/bin/bench_predict" --one-by-one "$scratch/model.json")
echo "one call of XGBoost's C library a row: best $before and $after, median $before_median and $after_median rows/s"
while read -r what us median; do
    echo "$what: best of five $us, median $median us a row"
    [ "$what" != predict_many ] || { many=$us; many_median=$median; }
done <"$scratch/took"
awk -v us="$many" -v a="$before" -v b="$after" -v median="$many_median" -v am="$before_median" -v bm="$after_median" \
    'BEGIN { printf "ratio predict_many / one call a row: %.2f (medians %.2f)\n", 1e6 / us / (a > b ? a : b), 1e6 / median / (am > bm ? am : bm) }'
