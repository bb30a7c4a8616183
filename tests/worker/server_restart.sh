#!/usr/bin/env bash
# The server goes and comes back: the worker re-connects, looks at everything again, and nothing is lost or doubled.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
# shellcheck source=tests/support/own_cluster.sh
. "$BOURSE_SOURCE/tests/support/own_cluster.sh"
sql "UPDATE bourse.job_kind SET backoff_base_s = 0"
sql "CREATE TABLE public.ledger (n int)"
sql "CREATE FUNCTION public.book(args jsonb) RETURNS jsonb LANGUAGE sql
     AS 'INSERT INTO public.ledger VALUES ((args ->> ''n'')::int); SELECT pg_sleep(0.02); SELECT args'"
sql "SELECT bourse.allow_job_function('public.book(jsonb)')" >/dev/null
start_worker --slots 2 --poll 0.2 --lease 3
sql "SELECT bourse.enqueue('sql', jsonb_build_object('function', 'public.book', 'n', n), max_attempts => 100) FROM generate_series(1, 40) AS n" >/dev/null
for round in 1 2 3; do
    until_true "(SELECT count(*) >= $((round * 8)) FROM public.ledger)"
    cluster stop
    cluster start
done
until_true "NOT EXISTS (SELECT FROM bourse.job)"
expect "SELECT count(*) || ' ' || count(DISTINCT n) FROM public.ledger" "40 40" "each booked exactly once"
expect "SELECT count(*) FROM bourse.job_archive WHERE state = 'succeeded'" 40 "each ended once"
grep -q event=session_lost "$worker_log" || fail "the worker did not notice that the server went"
kill -0 "$worker" || fail "the worker is gone"
