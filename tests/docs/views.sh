#!/usr/bin/env bash
# docs/reference/views.md is what the comments of the views say. BOURSE_ACCEPT=1 writes it.
set -euo pipefail
out=$BOURSE_BUILD/views.md page=$BOURSE_SOURCE/docs/reference/views.md
{
    cat <<'TEXT'
# Views for BI tools

Schema `bourse_bi` is a long-lived contract: columns are only ever added, at the end. Every role of Bourse may read it; ids are
replaced by names, `session` (the date) stands beside `ts`, and vectors appear as named columns. Each materialised feature set has a view
of its own besides, `bourse_bi.feature_<set>`. Generated from the comments in `sql/bi/`; do not edit.
TEXT
    psql -qXAt -v ON_ERROR_STOP=1 <<'SQL'
SELECT E'\n## ' || c.oid::regclass || E'\n\n' || upper(left(d, 1)) || substr(d, 2) || E'.\n\n| column | type | meaning |\n|---|---|---|\n' ||
    (SELECT string_agg(format('| `%s` | %s | %s |', a.attname, format_type(a.atttypid, a.atttypmod),
                              replace(coalesce(col_description(c.oid, a.attnum), ''), '|', '\|')), E'\n' ORDER BY a.attnum)
     FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, obj_description(c.oid, 'pg_class') AS d
WHERE n.nspname = 'bourse_bi' AND c.relkind = 'v' AND d NOT LIKE 'generated:%' ORDER BY c.relname;
SQL
} >"$out"
if [ -n "${BOURSE_ACCEPT:-}" ]; then cp "$out" "$page"; fi
diff -u "$page" "$out"
