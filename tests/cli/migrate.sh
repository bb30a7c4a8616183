#!/usr/bin/env bash
# bourse migrate: twice, several at once, a database newer than the program, a user's view in the way.
set -euo pipefail
fail() { echo "FAILED: $*" >&2; exit 1; }

[ "$(bourse migrate)" = "nothing to do: the database fits this program" ] || fail "a second run did something"
bourse migrate --status | grep -q pending && fail "status shows pending steps after migrate"
[ -z "$(bourse migrate --dry-run)" ] || fail "dry run lists steps after migrate"

# several at once on an empty database
fresh=${PGDATABASE}_fresh
psql -qXd postgres -c "CREATE DATABASE $fresh"
trap 'psql -qXd postgres -c "DROP DATABASE IF EXISTS '"$fresh"' WITH (FORCE)"' EXIT
pids=()
for _ in 1 2 3 4; do bourse --db "dbname=$fresh" migrate >/dev/null & pids+=($!); done
for pid in "${pids[@]}"; do wait "$pid" || fail "one of four migrations at once failed"; done
psql -qXAt -d "$fresh" -c "SELECT count(*) FROM bourse.migration WHERE name <> 'extension'" | grep -qx "$(grep -vc '^#' "$BOURSE_SOURCE/migrations/LIST")" ||
    fail "not every migration is recorded once"

# a changed function comes back
psql -qX -d "$fresh" -c "UPDATE bourse.sql_file SET sha256 = 'x' WHERE name = 'access/grants'"
bourse --db "dbname=$fresh" migrate | grep -q 'applied sql/access/grants' || fail "a changed file was not applied again"

# an object whose columns changed cannot be replaced: all are made anew
psql -qX -d "$fresh" <<'SQL'
UPDATE bourse.sql_file SET sha256 = 'x' WHERE name = 'bi/worker';
DROP VIEW bourse_bi.worker;
CREATE VIEW bourse_bi.worker AS SELECT 1 AS another_column;
SQL
bourse --db "dbname=$fresh" migrate | grep -q 'applied sql/bi/worker' || fail "a view with other columns was not made anew"
[ "$(psql -qXAt -d "$fresh" -c "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'bourse_bi' AND table_name = 'worker' AND column_name = 'worker'")" = 1 ] ||
    fail "the view has not its columns again"

# a user's view in the way is named, and nothing has changed
psql -qX -d "$fresh" <<'SQL'
UPDATE bourse.sql_file SET sha256 = 'x' WHERE name = 'bi/worker';
DROP VIEW bourse_bi.worker;
CREATE VIEW bourse_bi.worker AS SELECT 1 AS another_column;
CREATE VIEW public.mine AS SELECT * FROM bourse_bi.worker;
SQL
if message=$(bourse --db "dbname=$fresh" migrate 2>&1); then fail "a user's view was dropped"; fi
grep -q 'view public.mine depends on view bourse_bi.worker' <<<"$message" || fail "the user's view is not named: $message"
psql -qX -d "$fresh" -c "SELECT FROM public.mine" || fail "the user's view is gone"
psql -qX -d "$fresh" -c "DROP VIEW public.mine"
bourse --db "dbname=$fresh" migrate >/dev/null || fail "migrate fails although nothing is in the way"

# newer than the program
psql -qX -d "$fresh" -c "INSERT INTO bourse.migration (name, sha256, program) VALUES ('9999_future', 'x', '99')"
if message=$(bourse --db "dbname=$fresh" migrate 2>&1); then fail "a newer database was accepted"; fi
grep -q 'newer than this program: it has migration 9999_future' <<<"$message" || fail "unexpected message: $message"
