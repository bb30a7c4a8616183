#!/usr/bin/env bash
# demo.sh BUILD [FILE…|synthetic]: the main job end to end, from bars to drift, on the private demo cluster.
set -euo pipefail
build=${1:?build folder}; shift
here=$(cd "$(dirname "$0")" && pwd) root=$(cd "$(dirname "$0")/../.." && pwd)

bold() { if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n' "$*"; else printf '\n== %s\n' "$*"; fi; }
sql() { psql -XqAt -v ON_ERROR_STOP=1 -c "$1"; }
table() { psql -Xq -v ON_ERROR_STOP=1 -P null='' -P footer=off -c "$1"; }

bold "1. cluster, database, worker"
"$here/demo_start.sh" "$build"
# shellcheck disable=SC1091
. "$build/demo.env"

# Every data set has a universe of its own, so that one demo after another does not mix them.
files=("$@") attainable=
if [ ${#files[@]} -eq 0 ]; then files=("$root/share/sample/us_30.csv.zst"); fi
if [ "${files[*]}" = synthetic ]; then
    attainable=0.10
    bourse synthesize --instruments 60 --days 1000 --seed 1 --ic $attainable --to "$build/synthetic.csv"
    files=("$build/synthetic.csv")
fi
for i in "${!files[@]}"; do
    [ -r "${files[i]}" ] || { echo "make demo: cannot read ${files[i]}" >&2; exit 1; }
    files[i]=$(realpath "${files[i]}")
done
universe=demo_$(basename "${files[0]}" | sed 's/\..*//; s/[^A-Za-z0-9]/_/g' | tr '[:upper:]' '[:lower:]')
[ ${#files[@]} -eq 1 ] || universe=${universe}_$(printf '%s\n' "${files[@]}" | sha256sum | cut -c1-6)

bold "2. load bars"
# A stored set is refreshed by every load that touches it, without being asked.
sql "SELECT bourse.refresh_features('basic') WHERE NOT (SELECT materialized FROM bourse.feature_set WHERE name = 'basic' ORDER BY version DESC LIMIT 1)" >/dev/null
bourse import "${files[@]}" --universe "$universe"
freq=$(sql "SELECT b.freq FROM bourse.universe AS u JOIN bourse.bar AS b USING (instrument_id) WHERE u.name = '$universe' ORDER BY b.known_at DESC LIMIT 1")
[ -n "$freq" ] || { echo "make demo: no bars were loaded" >&2; exit 1; }

# The built-in set is for daily bars; other frequencies get the same expressions under a name of their own.
set=basic
if [ "$freq" != 1d ]; then
    set=basic_$freq
    sql "SELECT bourse.create_feature_set('$set', (SELECT jsonb_object_agg(f, e) FROM bourse.feature_set AS s, unnest(s.features, s.expressions) AS x(f, e)
            WHERE s.name = 'basic' AND s.version = (SELECT max(version) FROM bourse.feature_set WHERE name = 'basic')),
            freq => '$freq', description => 'basic on $freq bars', materialize => true)
         WHERE NOT EXISTS (SELECT FROM bourse.feature_set WHERE name = '$set')" >/dev/null
fi

bold "3. features: the load has marked what is dirty, the worker refreshes it"
last=
while :; do
    line=$(sql "SELECT count(*) || ' ranges to refresh, ' || (SELECT count(*) FROM bourse.job WHERE kind = 'refresh_features') || ' refresh jobs'
                FROM bourse.feature_dirty WHERE feature_set_id = (SELECT feature_set_id FROM bourse.feature_set WHERE name = '$set' ORDER BY version DESC LIMIT 1)")
    if [ "$line" != "$last" ]; then echo "$line"; last=$line; fi
    case $line in "0 ranges to refresh, 0 refresh jobs") break ;; esac
    failed=$(sql "SELECT last_error FROM bourse_bi.job WHERE kind = 'refresh_features' AND state IN ('failed', 'dead') AND created_at > now() - interval '10 minutes' LIMIT 1")
    if [ -n "$failed" ]; then echo "make demo: the feature refresh failed: $failed" >&2; exit 1; fi
    kill -0 "$(cat "$build/demo-worker.pid")" 2>/dev/null || { echo "make demo: the worker ended, see $build/demo-worker.log" >&2; exit 1; }
    sleep 0.5
done

bold "4. train"
psql -Xq -v ON_ERROR_STOP=1 -c "CALL bourse.wait(bourse.train('demo', algorithm => 'xgboost', feature_set => '$set', universe => '$universe'))" 2>&1 | sed 's/^NOTICE:  //'
version=$(sql "SELECT max(version) FROM bourse_bi.model_version WHERE model = 'demo'")

bold "5. promote demo:$version"
for stage in testing staging production; do
    sql "SELECT format('%s:%s %s -> %s', model, version, from_stage, to_stage) FROM bourse.promote('demo:$version', '$stage', 'make demo')"
done

bold "6. drift check"
sql "CREATE TEMP TABLE d AS SELECT * FROM bourse.drift('demo'); SELECT count(*) || ' features checked: ' || count(*) FILTER (WHERE verdict = 'severe') || ' severe, ' || count(*) FILTER (WHERE verdict = 'moderate') || ' moderate' FROM d"

run=$(sql "SELECT run_id FROM bourse_bi.model_version WHERE model = 'demo' AND version = $version")
bourse report "$run" --to "$build/demo.html"

bold "summary"
# The newest load of each of these files; one that was loaded by an earlier run is not loaded again.
paths=$(printf "'%s'," "${files[@]//\'/\'\'}")
loads="(SELECT DISTINCT ON (f.path) f.path, v.* FROM bourse.data_file AS f JOIN bourse.data_version AS v USING (data_version_id)
        WHERE f.path IN (${paths%,}) AND f.state = 'loaded' ORDER BY f.path, f.data_file_id DESC) AS v"
echo "rows:"
table "SELECT rows_read AS read, rows_loaded AS loaded, rows_changed AS changed, rows_unchanged AS unchanged, rows_duplicate AS duplicate,
       rows_rejected AS rejected, rows_without_volume AS without_volume, regexp_replace(path, '.*/', '') AS file FROM $loads ORDER BY path"
if [ "$(sql "SELECT sum(rows_rejected) FROM $loads")" = 0 ]; then echo "rejected rows: none"; else echo "rejected rows, by rule:"; table "SELECT rule, count(*), min(symbol || ' ' || ts || ': ' || reason) AS example FROM bourse.bar_reject WHERE data_version_id IN (SELECT data_version_id FROM $loads)
       GROUP BY rule ORDER BY 2 DESC"; fi
echo "features:"
table "SELECT s.name, cardinality(s.features) AS features, t.rows, round(t.seconds::numeric, 2) AS seconds, round((t.values_per_second / 1e6)::numeric, 2) AS million_values_per_second
       FROM bourse.feature_set AS s JOIN bourse.feature_state AS t USING (feature_set_id) WHERE s.name = '$set' ORDER BY s.version DESC LIMIT 1"
echo "test span of demo:$version (run $run)${attainable:+, attainable IC $attainable}:"
table "SELECT metric, round(value::numeric, 4) AS value FROM bourse_bi.run_metric WHERE run_id = $run AND span = 'test' AND step = 0
       AND metric IN ('ic', 'icir', 'rank_ic', 'rank_icir') ORDER BY metric"
echo "ten most important features:"
table "SELECT feature, round(value::numeric, 4) AS gain FROM bourse_bi.importance WHERE model = 'demo' AND version = $version AND kind = 'gain' ORDER BY value DESC LIMIT 10"
echo "top predictions at the last bar:"
table "SELECT * FROM (SELECT rank, symbol, CASE WHEN '$freq' = '1d' THEN ts::date::text ELSE ts::text END AS bar, round(prediction::numeric, 6) AS prediction FROM bourse.predict_table('demo', universe => '$universe',
       from_ts => (SELECT max(ts) FROM bourse.feature_value AS v JOIN bourse.universe AS u USING (instrument_id) WHERE u.name = '$universe' AND v.feature_set_id =
                  (SELECT feature_set_id FROM bourse.feature_set WHERE name = '$set' ORDER BY version DESC LIMIT 1)))) AS p ORDER BY rank LIMIT 10"
echo "drift of the last 60 days against the training span (worst ten):"
table "SELECT feature, round(ks::numeric, 3) AS ks, round(psi::numeric, 3) AS psi, to_char(p_value, '9.9EEEE') AS p, verdict FROM bourse_bi.drift
       WHERE model = 'demo' AND version = $version AND checked_at = (SELECT max(checked_at) FROM bourse_bi.drift WHERE model = 'demo' AND version = $version)
       ORDER BY psi DESC NULLS LAST LIMIT 10"
echo "report: $build/demo.html"
echo "connect: psql 'host=$PGHOST port=$PGPORT user=$PGUSER dbname=$PGDATABASE'    (or: make psql)"
