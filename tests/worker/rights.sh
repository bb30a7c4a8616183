#!/usr/bin/env bash
# A login with bourse_worker and nothing more runs jobs; those of kind sql only for owners it is a member of.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
login=login_$PGDATABASE friend=friend_$PGDATABASE stranger=stranger_$PGDATABASE
roles="$login, $friend, $stranger"
trap 'end_workers; psql -qXc "DROP OWNED BY $roles CASCADE; DROP ROLE $roles" >/dev/null 2>&1 || true' EXIT
psql -qX -v ON_ERROR_STOP=1 >/dev/null <<SQL
CREATE ROLE $friend IN ROLE bourse_researcher;
CREATE ROLE $stranger IN ROLE bourse_researcher;
CREATE ROLE $login LOGIN IN ROLE bourse_worker, $friend;
CREATE SCHEMA shop;
GRANT USAGE ON SCHEMA shop TO PUBLIC;
CREATE FUNCTION shop.whoami(args jsonb) RETURNS jsonb LANGUAGE sql AS \$\$ SELECT to_jsonb(current_user) \$\$;
SELECT bourse.allow_job_function('shop.whoami(jsonb)');
SQL
ask() { sql "SELECT bourse.enqueue('$1', '$2', owner => '$3')"; }
noop=$(ask noop '{}' "$stranger")
nap=$(ask sleep '{"seconds": 1.2}' "$stranger")
mine=$(ask sql '{"function": "shop.whoami"}' "$friend")
theirs=$(ask sql '{"function": "shop.whoami"}' "$stranger")
bourse --db "$BOURSE_DB user=$login" worker --once --slots 2 2>"$scratch/worker0.log" || fail "a login with bourse_worker cannot work"
for job in $noop $nap $mine; do expect "SELECT state FROM bourse_bi.job WHERE job_id = $job" succeeded "job $job"; done
expect "SELECT result FROM bourse_bi.job WHERE job_id = $mine" "\"$friend\"" "it ran as its owner"
expect "SELECT stage FROM bourse_bi.job WHERE job_id = $nap" sleep "progress was written"
expect "SELECT state || ': ' || last_error FROM bourse_bi.job WHERE job_id = $theirs" \
    "failed: permission denied to set role \"$stranger\" (42501)" "not as somebody it may not become"

sql "REVOKE bourse_worker FROM $login"
bourse --db "$BOURSE_DB user=$login" worker --once 2>"$scratch/err" && fail "a login without bourse_worker works"
grep -q 'permission denied' "$scratch/err" || fail "unexpected: $(cat "$scratch/err")"
