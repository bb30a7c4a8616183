#!/usr/bin/env bash
# asof.sh BUILD [ROWS | --quick]: bourse.asof_join of ROWS × ROWS (10^6; --quick: 10^5, one round) and of a tenth of that, 1,000
# instruments, 6 features, in turns against LATERAL forms. Either side counts and adds up its rows within the server, which
# sends one line; a second form makes a table of the spine's columns and the features. Rounds: ASOF_ROUNDS, or 3.
# - Feast's SQL: what its PostgreSQL offline store sends since 0.53 for several feature views and a span of time (pull request
#   5527; template MULTIPLE_FEATURE_VIEW_POINT_IN_TIME_JOIN of …/postgres_offline_store/postgres.py): LEFT JOIN LATERAL
#   (SELECT DISTINCT ON (entity) … FROM a WITH query … ORDER BY entity, event_timestamp DESC). Feast makes no index, and the
#   WITH query is named twice there, so that the server keeps its rows and looks through all of them for each row of the spine.
#   A million would take a day or two: it is given 20 and 100 rows of the spine, and the slope between them is scaled. Its tables
#   hold the same rows, event_timestamp being available_at. Only the join itself is counted: not the UNION of its base rows, not
#   its ORDER BY.
# - the same with the WITH query taken apart (NOT MATERIALIZED) and an index on (entity, event_timestamp) made for it, which
#   Feast does not send: the best that the form can do. DISTINCT ON still reads every row before a row of the spine. A
#   fiftieth of the spine, scaled.
# - LEFT JOIN LATERAL (… available_at <= ts ORDER BY available_at DESC LIMIT 1), as one would write it by hand, on
#   bourse.feature_value: with the indexes it has (a fiftieth of the spine, scaled), and with one on (set, instrument,
#   available_at) made for it, which has to be kept beside the table from then on (the whole spine).
# Last: ratios of best times, of medians in brackets.
. "$(dirname "$0")/lib/cluster.sh"
rows=${2:-1000000} rounds=${ASOF_ROUNDS:-3}
if [ "$rows" = --quick ]; then rows=100000 rounds=${ASOF_ROUNDS:-1}; fi
[[ $rows =~ ^[1-9][0-9]*0000$ ]] || { echo "ROWS: a multiple of 10,000 that is greater than it, or --quick" >&2; exit 2; }
begin "$1"
database bench_asof

sql <<SQL >/dev/null
INSERT INTO bourse.instrument (symbol) SELECT 'S' || i FROM generate_series(1, 1000) AS i;
SELECT bourse.create_feature_set(n, '{"a": "\$close", "b": "\$open", "c": "\$high", "d": "\$low", "e": "\$volume", "f": "\$change"}'::jsonb, materialize => true) FROM unnest(ARRAY['large', 'small']) AS n;
CREATE FUNCTION fill(name text, rows bigint) RETURNS void LANGUAGE sql AS \$\$
    INSERT INTO bourse.feature_value SELECT s.feature_set_id, 1 + n % 1000, t.ts, t.ts + interval '1 day', ARRAY[n, 1, 2, 3, 4, 5]::real[]::bourse.fvec
    FROM bourse.feature_set AS s, generate_series(0, rows - 1) AS n, LATERAL (SELECT timestamptz '2000-01-01' + n / 1000 * interval '1 day' AS ts) AS t WHERE s.name = fill.name
\$\$;
SELECT fill('large', $rows), fill('small', $rows / 10);
CREATE TABLE spine_large AS SELECT n, 'S' || 1 + (n::bigint * 7919) % 1000 AS symbol, timestamptz '2000-01-01' + random() * ($rows / 1000) * interval '1 day' AS ts FROM generate_series(1, $rows) AS n;
CREATE TABLE spine_small AS SELECT n, 'S' || 1 + (n::bigint * 7919) % 1000 AS symbol, timestamptz '2000-01-01' + random() * ($rows / 10000) * interval '1 day' AS ts FROM generate_series(1, $rows / 10) AS n;
CREATE TABLE feast_set AS SELECT 'S' || v.instrument_id AS symbol, v.available_at AS event_timestamp, v.features[1] AS a, v.features[2] AS b, v.features[3] AS c,
    v.features[4] AS d, v.features[5] AS e, v.features[6] AS f
    FROM bourse.feature_value AS v WHERE v.feature_set_id = (SELECT feature_set_id FROM bourse.feature_set WHERE name = 'large');
CREATE INDEX ON feast_set (symbol, event_timestamp);
VACUUM ANALYZE;
SQL
set_id=$(sql -c "SELECT feature_set_id FROM bourse.feature_set WHERE name = 'large'")
merge() { # large or small
    echo "SELECT count(*), count(j.features), sum(j.features[1]::bigint) FROM bourse.asof_join(NULL::spine_$1, '$1') AS j"
}
merge_table() { echo "CREATE TEMP TABLE made AS SELECT (j.spine).*, j.feature_ts, j.available_at, j.features FROM bourse.asof_join(NULL::spine_large, 'large') AS j"; }
lateral_join() { # rows of the spine
    echo "(SELECT * FROM spine_large WHERE $1) AS s JOIN bourse.instrument AS i USING (symbol)
          LEFT JOIN LATERAL (SELECT v.ts, v.available_at, v.features FROM bourse.feature_value AS v
              WHERE v.feature_set_id = $set_id AND v.instrument_id = i.instrument_id AND v.available_at <= s.ts
              ORDER BY v.available_at DESC LIMIT 1) AS f ON true"
}
lateral() { echo "SELECT count(*), count(f.features), sum(f.features[1]::bigint) FROM $(lateral_join "$1")"; }
lateral_table() { echo "CREATE TEMP TABLE made AS SELECT s.n, s.symbol, s.ts, f.ts AS feature_ts, f.available_at, f.features FROM $(lateral_join true)"; }
feast() { # rows of the spine, MATERIALIZED or NOT MATERIALIZED
    echo "WITH \"set__data\" AS $2 (SELECT \"event_timestamp\" AS event_timestamp, \"symbol\", \"a\" AS \"a\", \"b\" AS \"b\", \"c\" AS \"c\", \"d\" AS \"d\", \"e\" AS \"e\", \"f\" AS \"f\"
              FROM feast_set AS sub WHERE \"event_timestamp\" BETWEEN '2000-01-01' AND '2100-01-01'),
          base_entities AS (SELECT DISTINCT ts AS event_timestamp, symbol FROM spine_large WHERE $1)
          SELECT count(*), count(fv_0.\"a\"), sum(fv_0.\"a\"::bigint) FROM base_entities base
          LEFT JOIN LATERAL (SELECT DISTINCT ON (\"symbol\") event_timestamp, \"symbol\", \"a\", \"b\", \"c\", \"d\", \"e\", \"f\" FROM \"set__data\" fv_sub_0
              WHERE fv_sub_0.event_timestamp <= base.event_timestamp AND fv_sub_0.\"symbol\" = base.\"symbol\"
              ORDER BY \"symbol\", event_timestamp DESC) AS fv_0 ON true"
}
few() { echo "n % ($rows / $1) = 0"; }
time_of() { statement_seconds "$2" >>"$work/$1"; } # name, statement

# The answers agree.
answer() { sql -c "$1" | cut -d'|' -f2-; }
expected=$(answer "$(merge large)")
of_fiftieth=$(sql -c "SELECT count(j.features), sum(j.features[1]::bigint) FROM bourse.asof_join(NULL::spine_large, 'large') AS j WHERE (j.spine).n % 50 = 0")
[ "$(answer "$(feast 'n % 50 = 0' 'NOT MATERIALIZED')")" = "$of_fiftieth" ] || { echo "Feast's form and asof_join differ" >&2; exit 1; }
[ "$(answer "$(lateral 'n % 50 = 0')")" = "$of_fiftieth" ] || { echo "LATERAL by hand and asof_join differ" >&2; exit 1; }
echo "load $(cut -d' ' -f1-3 /proc/loadavg), $rounds rounds of $rows x $rows rows; Feast as it sends it from 20 and 100 rows of the spine, taken apart, and LATERAL without an index of its own, from a fiftieth"
for ((round = 0; round < rounds; round++)); do
    for _ in 1 2 3; do time_of large "$(merge large)"; done
    for _ in 1 2 3; do time_of small "$(merge small)"; done
    time_of lateral "$(lateral 'n % 50 = 0')"
    time_of feast_best "$(feast 'n % 50 = 0' 'NOT MATERIALIZED')"
    time_of feast_20 "$(feast "$(few 20)" MATERIALIZED)"
    time_of feast_100 "$(feast "$(few 100)" MATERIALIZED)"
done
sql -c "CREATE INDEX ON bourse.feature_value (feature_set_id, instrument_id, available_at)" -c "VACUUM ANALYZE bourse.feature_value"
[ "$(answer "$(lateral true)")" = "$expected" ] || { echo "LATERAL with an index of its own and asof_join differ" >&2; exit 1; }
for ((round = 0; round < rounds; round++)); do
    for _ in 1 2 3; do time_of large_beside "$(merge large)"; done
    time_of indexed "$(lateral true)"
    time_of large_table "$(merge_table)"
    time_of indexed_table "$(lateral_table)"
done
echo "load $(cut -d' ' -f1-3 /proc/loadavg)"
for of in best median; do
    for name in large small lateral feast_best feast_20 feast_100 large_beside indexed large_table indexed_table; do echo "$name $($of <"$work/$name")"; done >"$work/$of.all"
done
awk -v n="$rows" '{ t[FILENAME == ARGV[1] ? "best" : "median", $1] = $2 }
    function feast(of) { return (t[of, "feast_100"] - t[of, "feast_20"]) / 80 * n }
    function ratio(what, best, median) { printf "ratio %s: %.1f (%.1f)\n", what, best, median }
    function quotient(what, scale, peer, own) { ratio(what, scale * t["best", peer] / t["best", own], scale * t["median", peer] / t["median", own]) }
    END {
        printf "asof_join %d x %d: %.3f s (%.3f), %d x %d: %.4f s (%.4f)\n", n, n, t["best", "large"], t["median", "large"], n / 10, n / 10, t["best", "small"], t["median", "small"]
        printf "Feast, scaled: %.0f s, taken apart and with an index, scaled: %.1f s; LATERAL by hand, scaled: %.1f s, with an index of its own %.1f s\n", feast("best"), 50 * t["best", "feast_best"], 50 * t["best", "lateral"], t["best", "indexed"]
        printf "into a table: asof_join %.2f s, LATERAL by hand with an index of its own %.1f s\n", t["best", "large_table"], t["best", "indexed_table"]
        ratio("Feast / asof_join", feast("best") / t["best", "large"], feast("median") / t["median", "large"])
        quotient("Feast taken apart and with an index / asof_join", 50, "feast_best", "large")
        quotient("LATERAL by hand / asof_join", 50, "lateral", "large")
        quotient("LATERAL by hand with an index of its own / asof_join", 1, "indexed", "large_beside")
        quotient("the same into a table", 1, "indexed_table", "large_table")
        quotient("time of 10x rows", 1, "large", "small")
    }' "$work/best.all" "$work/median.all"
