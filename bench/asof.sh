#!/usr/bin/env bash
# asof.sh BUILD [ROWS]: bourse.asof_join of ROWS × ROWS (10^6) and of a tenth of that, 1,000 instruments, 6 features, in turns,
# against four LATERAL forms, each linear in the spine and measured on some of its rows:
# - Feast's SQL: what its PostgreSQL offline store sends since 0.53 for several feature views and a span of time (pull request
#   5527; template MULTIPLE_FEATURE_VIEW_POINT_IN_TIME_JOIN of …/postgres_offline_store/postgres.py): LEFT JOIN LATERAL
#   (SELECT DISTINCT ON (entity) … FROM a WITH query … ORDER BY entity, event_timestamp DESC). Feast makes no index, and the
#   WITH query is named twice there, so that the server keeps its rows and looks through all of them. Its tables hold the same
#   rows, event_timestamp being available_at. Only the join itself is counted: not the UNION of its base rows, not its ORDER BY.
# - the same with the WITH query taken apart (NOT MATERIALIZED) and an index on (entity, event_timestamp) made for it, which
#   Feast does not send: the best that the form can do.
# - LEFT JOIN LATERAL (… available_at <= ts ORDER BY available_at DESC LIMIT 1), as one would write it by hand, on
#   bourse.feature_value: with the indexes it has, and with one on (set, instrument, available_at) made for it.
# Last: ratios of best times.
. "$(dirname "$0")/lib/cluster.sh"
begin "$@"
rows=${2:-1000000}
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
VACUUM ANALYZE;
SQL
merge() { echo "SELECT count(*), count(j.features), sum(j.features[1]::bigint) FROM bourse.asof_join(NULL::spine_$1, '$1') AS j"; }
lateral() { # a fiftieth of the large spine
    echo "SELECT count(*), count(f.features), sum(f.features[1]::bigint) FROM (SELECT * FROM spine_large WHERE n % 50 = 0) AS s JOIN bourse.instrument AS i USING (symbol)
          LEFT JOIN LATERAL (SELECT v.ts, v.available_at, v.features FROM bourse.feature_value AS v
              WHERE v.feature_set_id = (SELECT feature_set_id FROM bourse.feature_set WHERE name = 'large') AND v.instrument_id = i.instrument_id AND v.available_at <= s.ts
              ORDER BY v.available_at DESC LIMIT 1) AS f ON true"
}
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
# The answers agree.
[ "$(sql -c "$(lateral)" | cut -d'|' -f2-)" = "$(sql -c "CREATE INDEX ON feast_set (symbol, event_timestamp)" -c "$(feast 'n % 50 = 0' 'NOT MATERIALIZED')" | cut -d'|' -f2-)" ] ||
    { echo "the LATERAL forms differ" >&2; exit 1; }
[ "$(sql -c "SELECT count(j.features), sum(j.features[1]::bigint) FROM bourse.asof_join(NULL::spine_large, 'large') AS j WHERE (j.spine).n % 50 = 0")" = "$(sql -c "$(lateral)" | cut -d'|' -f2-)" ] ||
    { echo "the joins differ" >&2; exit 1; }
for ((round = 0; round < ${ASOF_ROUNDS:-5}; round++)); do
    statement_seconds "$(merge large)" >>"$work/large"
    statement_seconds "$(merge small)" >>"$work/small"
    statement_seconds "$(lateral)" >>"$work/lateral"
    statement_seconds "$(feast 'n % 50 = 0' 'NOT MATERIALIZED')" >>"$work/feast_best"
    statement_seconds "$(feast "$(few 20)" MATERIALIZED)" >>"$work/feast_few"
    statement_seconds "$(feast "$(few 100)" MATERIALIZED)" >>"$work/feast_more"
done
sql -c "CREATE INDEX ON bourse.feature_value (feature_set_id, instrument_id, available_at)" -c "ANALYZE bourse.feature_value"
for ((round = 0; round < ${ASOF_ROUNDS:-5}; round++)); do
    statement_seconds "$(merge large)" >>"$work/large2"
    statement_seconds "$(lateral)" >>"$work/indexed"
done
l=$(best <"$work/large") s=$(best <"$work/small") lat=$(best <"$work/lateral") l2=$(best <"$work/large2") ix=$(best <"$work/indexed")
few=$(best <"$work/feast_few") more=$(best <"$work/feast_more") fb=$(best <"$work/feast_best")
awk -v l="$l" -v s="$s" -v lat="$lat" -v l2="$l2" -v ix="$ix" -v n="$rows" -v few="$few" -v more="$more" -v fb="$fb" 'BEGIN {
    feast = (more - few) / 80 * n
    printf "asof_join %d x %d: %.2f s (%.2f s beside the index), %d x %d: %.3f s\n", n, n, l, l2, n / 10, n / 10, s
    printf "Feast: %.0f s (from 20 and 100 rows of the spine), taken apart and with an index %.1f s\n", feast, 50 * fb
    printf "LATERAL by hand: %.1f s, with an index of its own %.1f s (these and the one before: 50 x a measured fiftieth)\n", 50 * lat, 50 * ix
    printf "ratio Feast / asof_join: %.0f\nratio Feast taken apart and with an index / asof_join: %.1f\n", feast / l, 50 * fb / l
    printf "ratio LATERAL by hand / asof_join: %.1f\nratio LATERAL by hand with an index / asof_join: %.1f\nratio of 10x rows: %.1f\n", 50 * lat / l, 50 * ix / l2, l / s }'
