#!/usr/bin/env bash
# Models that XGBoost trains here, predicted by SQL and by XGBoost: margins and predictions must have the same bits.
# 100,000 rows of one regression, 20,000 of every other kind of model; scalar, array and bulk forms.
set -euo pipefail
fail() { echo "FAILED: $*" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }
export PGOPTIONS='-c client_min_messages=warning'
sql -f "$BOURSE_SOURCE/tests/support/signing.sql"

# Under the sanitizers a row costs about twenty times as much.
share=1
grep -q "BOURSE_SANITIZE:BOOL=ON" "$BOURSE_BUILD/CMakeCache.txt" && share=10

for case in $(xgboost_oracle); do
    rows=20000
    [ "$case" = regression ] && rows=100000
    rows=$((rows / share))
    xgboost_oracle "$case" "$work" "$rows"
    artifact_tool "$work/model.json" "$work/artifact"
    names=$(seq -s, 0 23 | sed 's/[0-9]\+/f&/g')
    {
        printf "SELECT test.register_version('%s', NULL, 'xgboost', NULL, '{%s}', 'label', '\\\\x" "$case" "$names"
        od -An -v -tx1 "$work/artifact" | tr -d ' \n'
        printf "') > 0;\n"
    } | sql | grep -qx t || fail "$case: not registered"
    sql -c 'DROP TABLE IF EXISTS asked' -c 'CREATE TABLE asked (n bigint, features bourse.fvec, margins real[], predictions real[])' \
        -c "\\copy asked FROM '$work/rows.txt'" -c 'ANALYZE asked'

    # differing rows: margins from fvec, margins from float8[], predictions (for several classes their probabilities), bulk
    found=$(sql <<SQL
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET min_parallel_table_scan_size = 0;
SELECT count(*),
    count(*) FILTER (WHERE array_send(bourse.predict_margin('$case:1', features)::real[]) IS DISTINCT FROM array_send(margins)),
    count(*) FILTER (WHERE array_send(bourse.predict_margin('$case:1', features::float8[])::real[]) IS DISTINCT FROM array_send(margins)),
    count(*) FILTER (WHERE CASE WHEN cardinality(predictions) > 1
        THEN array_send(bourse.predict_proba('$case:1', features)::real[]) IS DISTINCT FROM array_send(predictions)
            OR predictions[1 + bourse.predict('$case:1', features)::int] IS DISTINCT FROM (SELECT max(p) FROM unnest(predictions) AS p)
        ELSE float4send(bourse.predict('$case:1', features)::real) IS DISTINCT FROM float4send(predictions[1]) END)
FROM asked;
SELECT count(*), count(*) FILTER (WHERE b.prediction IS DISTINCT FROM bourse.predict('$case:1', a.features))
FROM asked AS a FULL JOIN bourse.predict_many('$case:1', 'SELECT features FROM asked ORDER BY n') AS b ON b.row_number = a.n;
SQL
)
    [ "$found" = "$rows|0|0|0
$rows|0" ] || fail "$case: rows and differences are $found"
    echo "$case: $rows rows equal"
done
