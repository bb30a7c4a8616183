#!/usr/bin/env bash
# predict_sql.sh BUILD: predictions in SQL, one session: predict_many over a table, predict row by row in one statement, a call each
# from PL/pgSQL, a statement each, shap; 500 trees of depth 6, 158 features. Peer: one call of XGBoost's C library a row.
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
peer=$("$build/bin/bench_predict" --save "$scratch/model.json" "$scratch/rows.txt")
bourse keygen --to "$scratch/bench.key" | grep '^SELECT bourse.trust_key' | psql -Xq >/dev/null
bourse worker --signing-key "$scratch/bench.key" --poll 0.1 2>/dev/null &
worker=$!
bourse import-model "$scratch/model.json" --name m
kill -TERM "$worker"; wait "$worker" || true
psql -Xq -v ON_ERROR_STOP=1 -c 'CREATE TABLE asked (n int GENERATED ALWAYS AS IDENTITY, features bourse.fvec)' -c "\\copy asked (features) FROM '$scratch/rows.txt'" -c 'VACUUM ANALYZE asked'
psql -XqAt -F ' ' -v ON_ERROR_STOP=1 >"$scratch/took" <<'SQL'
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE took (what text, rows int, ms float8);
CREATE TEMP TABLE task (what text, rows int, command text);
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
    ('predict_many', 10000, $q$SELECT count(*) FROM bourse.predict_many('m:1', 'SELECT features FROM asked')$q$),
    ('predict', 10000, $q$SELECT count(bourse.predict('m:1', features)) FROM asked$q$),
    ('calls', 1000, 'SELECT pg_temp.calls()'),
    ('statements', 1000, 'SELECT pg_temp.statements()'),
    ('shap', 20, $q$SELECT count(bourse.shap('m:1', features)) FROM asked WHERE n <= 20$q$);
DO $$
DECLARE task record; started timestamptz; ms jsonb := '[]';  -- kept apart: a session that writes looks its model up at every statement
BEGIN
    FOR i IN 0..7 LOOP
        FOR task IN SELECT * FROM task LOOP
            started := clock_timestamp();
            EXECUTE task.command;
            IF i > 0 THEN ms := ms || jsonb_build_object('what', task.what, 'rows', task.rows, 'ms', extract(epoch FROM clock_timestamp() - started) * 1000); END IF;
        END LOOP;
    END LOOP;
    INSERT INTO took SELECT * FROM jsonb_to_recordset(ms) AS t(what text, rows int, ms float8);
END $$;
SELECT what, round((min(ms) * 1000 / rows)::numeric, 2) FROM took GROUP BY what, rows ORDER BY what;
SQL
# The best of seven rounds.
echo "one call of XGBoost's C library a row: $peer rows/s"
while read -r what us; do
    echo "$what: $us us a row"
    [ "$what" != predict_many ] || many=$us
done <"$scratch/took"
awk -v us="$many" -v peer="$peer" 'BEGIN { printf "ratio predict_many / one call a row: %.2f\n", 1e6 / us / peer }'
