#!/usr/bin/env bash
# A database with rows in it is dumped and restored into an empty cluster: nothing is to be migrated there, every table has
# the same rows, and functions, views and the model's stages work.
set -euo pipefail
fail() { echo "FAILED: $*" >&2; exit 1; }
work=$(mktemp -d)
source_host=$PGHOST source_database=$PGDATABASE
cleanup() { "$BOURSE_SOURCE/workers/setup/cluster.sh" delete restore-cluster "$BOURSE_BUILD"; rm -rf "$work"; }
trap cleanup EXIT

psql -qXAt -v ON_ERROR_STOP=1 -f "$BOURSE_SOURCE/tests/cli/data/report_fixture.sql" >"$work/null"
psql -qXAt -v ON_ERROR_STOP=1 >"$work/null" <<'SQL'
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume)
    SELECT 'BTCUSDT', '1h', t, 10, 12, 9, 11, 5 FROM generate_series('2020-12-30'::timestamptz, '2021-01-02', '1 hour') AS t;
INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume) VALUES ('BTCUSDT', '1d', '2021-01-01', 10, 9, 9, 11, 5);
SELECT bourse.enqueue('noop', '{"a": "b"}', run_at => now() + interval '1 year');
SQL
# a set that is stored, with its partition and views, and a real model
bourse synthesize --instruments 12 --days 300 --seed 3 --to "$work/bars.csv" >"$work/null"
bourse import "$work/bars.csv" --universe small >"$work/null"
psql -qXAt -v ON_ERROR_STOP=1 >"$work/null" <<'SQL'
SELECT bourse.train('restored', feature_set => 'basic', universe => 'small', params => '{"num_boost_round": 10, "early_stopping_rounds": 0}');
SQL
bourse worker --slots 1 --once >"$work/worker.log" 2>&1 || { cat "$work/worker.log" >&2; fail "the worker failed"; }
contents() {
    psql -qXAt -v ON_ERROR_STOP=1 <<'SQL'
SELECT format('SELECT %L, count(*), md5(string_agg(t::text, %L ORDER BY t::text)) FROM %s AS t', c.oid::regclass, ',', c.oid::regclass)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('bourse', 'ta', 'bourse_bi') AND c.relkind IN ('r', 'p') ORDER BY c.oid::regclass::text \gexec
SELECT 'view ' || c.oid::regclass || ' ' || (SELECT count(*) FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname IN ('ta', 'bourse_bi') AND c.relkind = 'v' ORDER BY 1;
SELECT p.oid::regprocedure::text AS name, proacl FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname IN ('bourse', 'ta') ORDER BY name;
SELECT ic FROM (SELECT bourse.ic(prediction, outcome) AS ic FROM bourse_bi.prediction WHERE ts = '2020-01-01') AS x;
SELECT model, version, stage FROM bourse_bi.model_version;
SELECT count(*) FROM bourse_bi.bar WHERE symbol = 'BTCUSDT';
SELECT rule, rows FROM bourse_bi.reject;
SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM bourse.predict_table('restored:1') AS t;
SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM bourse_bi.feature_basic AS t;
SQL
}
contents >"$work/before"
grep -q '^bourse.prediction|[1-9]' "$work/before" || fail "the database to dump has no predictions"
grep -qx 73 "$work/before" || fail "the bars are not there"
grep -qx 'high_low_order|1' "$work/before" || fail "the reject is not there"
[ "$(psql -qXAt -c "SELECT count(*) FROM bourse.predict_table('restored:1')")" = 3600 ] || { cat "$work/worker.log" >&2; fail "there is no model to predict with"; }
pg_dump -Fc -f "$work/dump"

"$BOURSE_SOURCE/workers/setup/cluster.sh" fresh restore-cluster "$BOURSE_BUILD" >"$work/null"
# shellcheck disable=SC1091
. "$BOURSE_BUILD/restore-cluster.env"
[ "$PGHOST" != "$source_host" ] || fail "the second cluster is the first one"
export BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=$PGDATABASE"
bourse --db "host=$PGHOST dbname=postgres" migrate --roles
pg_restore --exit-on-error -C -d postgres "$work/dump"

[ "$PGDATABASE" = "$source_database" ] || fail "the database has another name"
[ "$(bourse migrate)" = "nothing to do: the database fits this program" ] || fail "the restored database is to be migrated"
contents >"$work/after"
diff "$work/before" "$work/after" || fail "the restored database differs"
bourse doctor >"$work/doctor" || true
grep -q '^OK    migrations' "$work/doctor" || fail "the doctor finds migrations to do"
grep -q '^OK    roles' "$work/doctor" || fail "the doctor misses roles"
