#!/usr/bin/env bash
# The shape of a migrated database, as pg_dump tells it, is tests/schema/expected.sql: a change of the schema is seen in review.
# Bodies and comments of functions are left out (sql/ has them). BOURSE_ACCEPT=1 writes the expected file instead.
set -euo pipefail
out=$BOURSE_BUILD/schema.sql expected=$BOURSE_SOURCE/tests/schema/expected.sql
pg_dump --schema-only --no-owner | awk '
    /^--/ || /^$/ || /^SET / || /^SELECT pg_catalog.set_config/ || /^\\(un)?restrict / { if (!body) next }
    body && ($0 ~ end) { body = 0; next }
    body { next }
    /^COMMENT ON (FUNCTION|PROCEDURE|AGGREGATE) / { if ($0 !~ /'\'';$/) { body = 1; end = "'\'';$" } next }
    /^    AS \$/ {  # up to the line that ends with the same dollar quote
        print "    AS …;"
        match($0, /\$[A-Za-z_]*\$/)
        end = substr($0, RSTART, RLENGTH)
        gsub(/\$/, "[$]", end)
        end = end ";$"
        body = substr($0, RSTART + RLENGTH) !~ end
        next
    }
    /^    BEGIN ATOMIC$/ { print "    BEGIN ATOMIC …;"; body = 1; end = "^END;$"; next }
    { print }' >"$out"
[ "$(wc -l <"$out")" -gt 500 ] || { echo "the dump is too short to be one" >&2; exit 1; }
if [ -n "${BOURSE_ACCEPT:-}" ]; then cp "$out" "$expected"; fi
diff -u "$expected" "$out"
