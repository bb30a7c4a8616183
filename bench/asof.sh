#!/usr/bin/env bash
# asof.sh BUILD [ROWS]: bourse.asof_join of ROWS × ROWS (10^6) and of a tenth of that, 1,000 instruments, 6 features, in turns,
# against LEFT JOIN LATERAL (… available_at <= ts ORDER BY available_at DESC LIMIT 1), the form that feature stores
# generate: once with the indexes that feature_value has, once with one on (set, instrument, available_at) made for it. The
# LATERAL forms run on every 50th row of the spine, times 50: they are linear in the spine. Last: ratios of best times.
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
VACUUM ANALYZE;
SQL
merge() { echo "SELECT count(*), count(j.features), sum(j.features[1]::bigint) FROM bourse.asof_join(NULL::spine_$1, '$1') AS j"; }
lateral() { # a fiftieth of the large spine
    echo "SELECT count(*), count(f.features), sum(f.features[1]::bigint) FROM (SELECT * FROM spine_large WHERE n % 50 = 0) AS s JOIN bourse.instrument AS i USING (symbol)
          LEFT JOIN LATERAL (SELECT v.ts, v.available_at, v.features FROM bourse.feature_value AS v
              WHERE v.feature_set_id = (SELECT feature_set_id FROM bourse.feature_set WHERE name = 'large') AND v.instrument_id = i.instrument_id AND v.available_at <= s.ts
              ORDER BY v.available_at DESC LIMIT 1) AS f ON true"
}
# The answers agree.
[ "$(sql -c "SELECT count(j.features), sum(j.features[1]::bigint) FROM bourse.asof_join(NULL::spine_large, 'large') AS j WHERE (j.spine).n % 50 = 0")" = "$(sql -c "$(lateral)" | cut -d'|' -f2-)" ] ||
    { echo "the joins differ" >&2; exit 1; }
for ((round = 0; round < ${ASOF_ROUNDS:-5}; round++)); do
    statement_seconds "$(merge large)" >>"$work/large"
    statement_seconds "$(merge small)" >>"$work/small"
    statement_seconds "$(lateral)" >>"$work/lateral"
done
sql -c "CREATE INDEX ON bourse.feature_value (feature_set_id, instrument_id, available_at)" -c "ANALYZE bourse.feature_value"
for ((round = 0; round < ${ASOF_ROUNDS:-5}; round++)); do
    statement_seconds "$(merge large)" >>"$work/large2"
    statement_seconds "$(lateral)" >>"$work/indexed"
done
l=$(best <"$work/large") s=$(best <"$work/small") lat=$(best <"$work/lateral") l2=$(best <"$work/large2") ix=$(best <"$work/indexed")
awk -v l="$l" -v s="$s" -v lat="$lat" -v l2="$l2" -v ix="$ix" -v n="$rows" 'BEGIN {
    printf "asof_join %d x %d: %.2f s (%.2f s beside the index), %d x %d: %.3f s\n", n, n, l, l2, n / 10, n / 10, s
    printf "LATERAL: %.1f s, with an index of its own %.1f s (each 50 x its measured fiftieth)\n", 50 * lat, 50 * ix
    printf "ratio LATERAL / asof_join: %.1f\nratio LATERAL with an index / asof_join: %.1f\nratio of 10x rows: %.1f\n", 50 * lat / l, 50 * ix / l2, l / s }'
