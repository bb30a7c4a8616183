#!/usr/bin/env bash
# Jobs of kind sql: as their owner, in the completing transaction, only as long as they are allowed.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
role=owner_$PGDATABASE
trap 'end_workers; psql -qXc "DROP OWNED BY $role CASCADE; DROP ROLE IF EXISTS $role" >/dev/null 2>&1 || true' EXIT

psql -qX -v ON_ERROR_STOP=1 <<SQL
CREATE ROLE $role IN ROLE bourse_researcher;
CREATE SCHEMA shop AUTHORIZATION $role;
CREATE TABLE shop.ledger (job_id bigint, who text, backend int, amount int);
ALTER TABLE shop.ledger OWNER TO $role;
CREATE TABLE public.secret (x int);
UPDATE bourse.job_kind SET backoff_base_s = 0 WHERE kind = 'sql';
CREATE FUNCTION shop.book(args jsonb) RETURNS jsonb LANGUAGE plpgsql AS \$\$
BEGIN
    INSERT INTO shop.ledger VALUES (NULL, current_user, pg_backend_pid(), (args ->> 'amount')::int);
    IF args ? 'peek' THEN INSERT INTO public.secret VALUES (1); END IF;
    IF args ? 'fail' THEN RAISE EXCEPTION 'till is empty' USING DETAIL = 'amount ' || (args ->> 'amount'), HINT = 'come back later'; END IF;
    RETURN jsonb_build_object('booked', (args ->> 'amount')::int);
END \$\$;
CREATE FUNCTION shop.nothing(args jsonb) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb';
SELECT bourse.allow_job_function('shop.book(jsonb)');
SELECT bourse.allow_job_function('shop.nothing(jsonb)');
SQL
ask() { sql "SELECT bourse.enqueue('sql', '$1', owner => '$role', max_attempts => ${2:-2})"; }
good=$(ask '{"function": "shop.book", "amount": 7}')
void=$(ask '{"function": "shop.nothing"}')
bad=$(ask '{"function": "shop.book", "amount": 100, "fail": true}')
peek=$(ask '{"function": "shop.book", "amount": 1000, "peek": true}')
start_worker --slots 2 --poll 0.1
state_is "$good" succeeded
state_is "$void" succeeded
state_is "$bad" dead
state_is "$peek" failed
expect "SELECT result FROM bourse_bi.job WHERE job_id = $good" '{"booked": 7}' "the function's answer is the result"
expect "SELECT string_agg(who || amount, ',') FROM shop.ledger" "${role}7" "effects of the good one alone, as its owner"
expect "SELECT attempt || last_error FROM bourse_bi.job WHERE job_id = $bad" \
    "2till is empty; detail: amount 100; hint: come back later (P0001)" "the error is told whole"
expect "SELECT attempt || last_error FROM bourse_bi.job WHERE job_id = $peek" "1permission denied for table secret (42501)" "no rights beyond the owner's"
expect "SELECT count(*) FROM public.secret" 0 "nothing written without the right"

# changed after it was enqueued: it does not run
sql "SELECT bourse.pause('default')"
late=$(ask '{"function": "shop.book", "amount": 9}')
sql "CREATE OR REPLACE FUNCTION shop.book(args jsonb) RETURNS jsonb LANGUAGE sql AS 'INSERT INTO public.secret VALUES (2); SELECT args'"
sql "SELECT bourse.resume('default')"
state_is "$late" failed
expect "SELECT split_part(last_error, ';', 1) FROM bourse_bi.job WHERE job_id = $late" \
    "jobs may not call shop.book(jsonb) any more: it has changed since it was allowed" "an allowance ends with the body"
expect "SELECT count(*) FROM shop.ledger" 1 "the ledger at the end"
