# shellcheck shell=bash
# Sourced by tests that read stored features: a set 'kept' of three features with odd names, rows written as a refresh
# writes them; missing, infinite, tiny and huge values among them.
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
make_stored_set() { # DAYS
    sql -v days="$1" <<'SQL' >/dev/null
SELECT setseed(0.5);
INSERT INTO bourse.instrument (symbol, calendar) SELECT 'S' || i, '24x7' FROM generate_series(1, 20) AS i;
INSERT INTO bourse.instrument (symbol, calendar) VALUES ('a,"b"', '24x7');
SELECT bourse.create_feature_set('kept', '[{"name": "plain", "expression": "$close"}, {"name": "with, comma \"and\" quotes", "expression": "$open"}, {"name": "三", "expression": "$high"}]'::jsonb, materialize => true) AS id \gset
INSERT INTO bourse.feature_value (feature_set_id, instrument_id, ts, available_at, features)
SELECT :id, i.instrument_id, t.ts, t.ts + interval '1 day',
    (ARRAY[100 + random(), CASE WHEN random() < 0.1 THEN 'NaN' WHEN random() < 0.05 THEN '-Infinity' ELSE (random() - 0.5) * 10 ^ (60 * random() - 30) END,
           CASE WHEN random() < 0.5 THEN 'NaN' ELSE -0.0 END]::float8[]::real[])::bourse.fvec
FROM bourse.instrument AS i, LATERAL (SELECT timestamptz '2020-01-01 00:00+00' + d * interval '1 day' + CASE WHEN d = 0 THEN interval '1.000001 s' ELSE '0' END AS ts FROM generate_series(0, :days - 1) AS d) AS t;
DELETE FROM bourse.feature_dirty;
SQL
}
# psycopg, numpy, pandas, polars and pyarrow from PyPI, fetched once into the build folder: programs that read what Bourse
# writes, no part of it. False where they cannot be fetched.
readers=$BOURSE_BUILD/deps/readers
fetch_readers() {
    local there='import psycopg, numpy, pandas, polars, pyarrow.parquet'
    mkdir -p "$readers"
    exec {lock}>"$readers/lock"
    flock "$lock"
    PYTHONPATH=$readers /usr/bin/python3 -c "$there" 2>/dev/null ||
        timeout 240 /usr/bin/python3 -m pip install --quiet --disable-pip-version-check --only-binary :all: --upgrade --target "$readers" \
            'psycopg[binary]==3.2.9' numpy==2.2.6 pandas==2.2.3 polars==1.31.0 pyarrow==26.0.1 >"$readers/pip.log" 2>&1 || true
    exec {lock}>&-
    PYTHONPATH=$readers /usr/bin/python3 -c "$there" 2>/dev/null
}
reader_python() { PYTHONPATH=$readers /usr/bin/python3 "$@"; }
