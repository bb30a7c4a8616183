#!/usr/bin/env bash
# Behind pgbouncer in transaction mode a worker says so and only polls: no LISTEN, nothing set in sessions that are not
# its own, no kinds that need one. In session mode it works as ever; in statement mode it refuses.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
pgbouncer=$(PATH=$PATH:/usr/sbin command -v pgbouncer) || { echo "SKIPPED: pgbouncer is not installed"; exit 77; }
as_server() { if [ "$(id -u)" = 0 ]; then (cd / && exec runuser -u postgres -- "$@"); else "$@"; fi; }
home=$(mktemp -d /var/tmp/bourse-pool.XXXXXX)
trap 'kill $(cat "$home"/*.pid) 2>/dev/null || true; end_workers; rm -rf "$home"' EXIT

# start_pooler MODE: $pooled is the connection string that goes through it
start_pooler() {
    mkdir "$home/$1"
    echo "\"$PGUSER\" \"\"" >"$home/users"
    cat >"$home/$1.ini" <<INI
[databases]
$PGDATABASE = host=$PGHOST port=$PGPORT dbname=$PGDATABASE
[pgbouncer]
pool_mode = $1
unix_socket_dir = $home/$1
listen_port = 5432
auth_type = trust
auth_file = $home/users
admin_users = $PGUSER
pidfile = $home/$1.pid
default_pool_size = 12
logfile = $home/$1.log
INI
    [ "$(id -u)" != 0 ] || chown -R postgres "$home"
    chmod 755 "$home"
    as_server "$pgbouncer" -q -d "$home/$1.ini"
    pooled="host=$home/$1 port=5432 user=$PGUSER dbname=$PGDATABASE"
    local stop=$((SECONDS + 30))
    until psql -Xqc "SELECT 1" "$pooled" >/dev/null 2>&1; do
        [ $SECONDS -lt $stop ] || fail "pgbouncer did not start: $(cat "$home/$1.log")"
        sleep 0.02
    done
}

start_pooler transaction
make_ledger
start_worker --db "$pooled" --slots 2 --poll 0.1
until_logged "event=pooler_shares_sessions .*mode=poll_only .*kinds=noop,sleep,sql hint="
sql "SELECT chaos.fill(16)" >/dev/null
slow=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 0.3}')")
noop=$(sql "SELECT bourse.enqueue('noop')")
bad=$(sql "SELECT bourse.enqueue('sql', '{\"function\": \"chaos.book\", \"n\": \"none\"}', max_attempts => 1)")
stop=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}')")
left=$(sql "INSERT INTO bourse.job (kind) VALUES ('refresh_features') RETURNING job_id")
state_is "$slow" succeeded
state_is "$noop" succeeded
state_is "$bad" failed
state_is "$stop" running
sql "SELECT bourse.cancel($stop)" >/dev/null
state_is "$stop" cancelled
until_true "NOT EXISTS (SELECT FROM bourse.job WHERE kind = 'sql')"
expect "SELECT state FROM bourse_bi.job WHERE job_id = $left" waiting "a kind that needs a session is left alone"
expect "SELECT bool_or(sleeping) FROM bourse.worker" f "nobody rings for a worker that does not listen"
# every session of the pooler is as it was: nobody listens, nothing is set
for setting in client_min_messages statement_timeout lock_timeout client_connection_check_interval; do
    used=$(sql "SHOW $setting")
    for _ in 1 2 3; do
        [ "$(psql -XqAtc "SHOW $setting" "$pooled")" = "$used" ] || fail "$setting was left behind in a pooled session"
    done
done
expect "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'listen%'" 0 "LISTEN through the pooler"
sql "DELETE FROM bourse.job WHERE job_id = $left; DELETE FROM bourse.job_archive WHERE job_id IN ($slow, $noop, $bad, $stop)"
judge

# Predictions through sessions that are shared: each statement sees the version and the rights of its own moment.
psql -qX -v ON_ERROR_STOP=1 >/dev/null <<SQL
\ir $BOURSE_SOURCE/tests/regress/data/artifacts.sql
\ir $BOURSE_SOURCE/tests/support/signing.sql
SELECT test.register_version('m', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps');
SELECT test.register_version('m', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps_b');
SELECT bourse.promote('m:' || v, s) FROM generate_series(1, 2) AS v, unnest('{testing,staging}'::text[]) AS s;
SELECT bourse.promote('m:1', 'production');
SQL
asked="SELECT bourse.predict('m', '{1,2}'::bourse.fvec)"
all_predict() { # VALUE: by eight sessions at once, prepared within a transaction, and with an explanation
    local i pids=()
    for i in 1 2 3 4 5 6 7 8; do
        psql -XqAt -c "BEGIN; PREPARE asked$i AS $asked; EXECUTE asked$i; EXECUTE asked$i; DEALLOCATE asked$i; COMMIT" \
            -c "SELECT count(*) FROM bourse.explain('m', '{1,2}'::bourse.fvec)" "$pooled" >"$scratch/predicted$i" &
        pids+=($!)
    done
    for i in "${pids[@]}"; do wait "$i" || fail "a prediction through the pooler failed"; done
    for i in 1 2 3 4 5 6 7 8; do
        [ "$(tr '\n' ' ' <"$scratch/predicted$i")" = "$1 $1 2 " ] || fail "through the pooler, expected $1: $(cat "$scratch/predicted$i")"
    done
}
all_predict 20
sql "SELECT bourse.promote('m:2', 'production')" >/dev/null
all_predict 40
said=$(psql -XqAt -v VERBOSITY=verbose -c "BEGIN; SET LOCAL ROLE pg_monitor; $asked; COMMIT" "$pooled" 2>&1) && fail "a stranger predicts: $said"
grep -q "ERROR:  42501:" <<<"$said" || fail "a stranger is told: $said"
all_predict 40

kill -TERM "$worker"
wait "$worker" || fail "a worker behind a pooler did not drain"
expect "SELECT state FROM bourse_bi.worker" stopped "it signed off"

start_pooler session
start_worker --db "$pooled" --slots 1 --poll 5
until_logged event=session_started
! grep -q event=pooler_shares_sessions "$worker_log" || fail "a pooler in session mode was taken for one in transaction mode"
for _ in 1 2 3; do # by the bell: polling would take 5 s each
    until_true "EXISTS (SELECT FROM bourse.worker WHERE sleeping AND stopped_at IS NULL)"
    state_is "$(sql "SELECT bourse.enqueue('noop')")" succeeded
done

start_pooler statement
[ "$(psql -XqAtc "$asked" "$pooled")" = 40 ] || fail "no predictions by statement"
if said=$(bourse worker --once --db "$pooled" 2>&1); then fail "a pooler in statement mode was accepted"; fi
grep -q "refuses transactions" <<<"$said" && grep -q "hint: connect to the server itself" <<<"$said" || fail "it does not say why: $said"
