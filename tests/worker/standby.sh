#!/usr/bin/env bash
# A worker refuses a standby, says where to go, and works there once it has become the primary.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
as_server() { if [ "$(id -u)" = 0 ]; then (cd / && exec runuser -u postgres -- "$@"); else "$@"; fi; }
bin=$(pg_config --bindir)
home=$(mktemp -d /var/tmp/bourse-standby.XXXXXX)
[ "$(id -u)" != 0 ] || chown postgres "$home"
chmod 755 "$home"
trap 'as_server "$bin/pg_ctl" -D "$home/data" -m immediate stop >/dev/null 2>&1 || true; end_workers; rm -rf "$home"' EXIT
psql -qX -v ON_ERROR_STOP=1 >/dev/null <<SQL
\ir $BOURSE_SOURCE/tests/regress/data/artifacts.sql
\ir $BOURSE_SOURCE/tests/support/signing.sql
SELECT test.register_version('m', NULL, 'xgboost', NULL, '{ret,sector}', 'label', :'steps');
SQL
as_server "$bin/pg_basebackup" -h "$PGHOST" -p "$PGPORT" -U "$PGUSER" -D "$home/data" -R --checkpoint=fast --no-sync
as_server tee -a "$home/data/postgresql.conf" >/dev/null <<<"unix_socket_directories = '$home'"
as_server "$bin/pg_ctl" -D "$home/data" -l "$home/server.log" -w start >/dev/null || fail "the standby did not start: $(cat "$home/server.log")"
standby="host=$home port=5432 user=$PGUSER dbname=$PGDATABASE"
[ "$(psql -XqAtc 'SELECT pg_is_in_recovery()' "$standby")" = t ] || fail "it is no standby"

# Predictions need no primary: signature, revocation and rights are checked there too.
[ "$(psql -XqAtc "SELECT bourse.predict('m:1', '{1,2}'::bourse.fvec), (SELECT count(*) FROM bourse.explain('m:1', '{1,2}'::bourse.fvec)), (SELECT prediction FROM bourse.predict_many('m:1', 'SELECT ''{1,2}''::bourse.fvec'))" "$standby")" = "20|2|20" ] || fail "no predictions on a standby"

for mode in "" --once; do
    status=0
    said=$(bourse worker --db "$standby" $mode 2>&1) || status=$?
    [ "$status" = 1 ] || fail "worker $mode on a standby ended with $status: $said"
    grep -q "error: the server is a standby: a worker must write" <<<"$said" || fail "no clear error: $said"
    grep -q "hint: connect to the primary" <<<"$said" || fail "no hint: $said"
done

# both hosts named: libpq finds the one that can be written
start_worker --db "host=$home,$PGHOST port=5432,$PGPORT user=$PGUSER dbname=$PGDATABASE target_session_attrs=read-write"
state_is "$(sql "SELECT bourse.enqueue('noop')")" succeeded

as_server "$bin/pg_ctl" -D "$home/data" -w promote >/dev/null
job=$(psql -XqAtc "SELECT bourse.enqueue('noop')" "$standby")
bourse worker --once --db "$standby" 2>/dev/null || fail "the promoted server was refused"
[ "$(psql -XqAtc "SELECT state FROM bourse_bi.job WHERE job_id = $job" "$standby")" = succeeded ] || fail "the promoted server's job was not done"
