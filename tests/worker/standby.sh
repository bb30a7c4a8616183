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
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as_server tee -a "$home/data/postgresql.conf" >/dev/null <<<"unix_socket_directories = '$home'
listen_addresses = '127.0.0.1'
port = $port"
program=$bin/postgres
[ ! -x "$BOURSE_CLUSTER/postgres-sanitized" ] || program=$BOURSE_CLUSTER/postgres-sanitized  # as the primary is run
as_server "$bin/pg_ctl" -D "$home/data" -p "$program" -l "$home/server.log" -w start >/dev/null || fail "the standby did not start: $(cat "$home/server.log")"
standby="host=$home port=$port user=$PGUSER dbname=$PGDATABASE"
[ "$(psql -XqAtc 'SELECT pg_is_in_recovery()' "$standby")" = t ] || fail "it is no standby"

# Predictions need no primary: signature, revocation and rights are checked there too.
[ "$(psql -XqAtc "SELECT bourse.predict('m:1', '{1,2}'::bourse.fvec), (SELECT count(*) FROM bourse.explain('m:1', '{1,2}'::bourse.fvec)), (SELECT prediction FROM bourse.predict_many('m:1', 'SELECT ''{1,2}''::bourse.fvec'))" "$standby")" = "20|2|20" ] || fail "no predictions on a standby"

# Promotions and revocations come with the primary's log; a refusal is its SQLSTATE and one line in the standby's own log.
until_there() { # SQL that becomes true on the standby
    local stop=$((SECONDS + 120))
    until [ "$(psql -XqAtc "$1" "$standby")" = t ]; do
        [ $SECONDS -lt $stop ] || fail "never true on the standby: $1"
        sleep 0.05
    done
}
sql "SELECT bourse.promote('m:1', s) FROM unnest('{testing,staging,production}'::text[]) AS s" >/dev/null
until_there "SELECT production_version = 1 FROM bourse_bi.model WHERE model = 'm'"
[ "$(psql -XqAtc "SELECT bourse.predict('m', '{1,2}'::bourse.fvec)" "$standby")" = 20 ] || fail "a promotion is not seen"
sql "SELECT bourse.revoke_version('m:1', 'wrong label')" >/dev/null
until_there "SELECT EXISTS (SELECT FROM bourse.revoked_version)"
said=$(psql -XqAt -v VERBOSITY=verbose -c "SELECT bourse.predict('m', '{1,2}'::bourse.fvec)" "$standby" 2>&1) && fail "a revoked version predicts on a standby: $said"
grep -q "ERROR:  MB012: m:1 was revoked (version: wrong label)" <<<"$said" || fail "on a standby: $said"
[ "$(grep -c "bourse refused an artifact: model=m version=1 sqlstate=MB012" "$home/server.log")" = 1 ] || fail "not one line in the standby's log: $(tail -5 "$home/server.log")"

for mode in "" --once; do
    status=0
    said=$(bourse worker --db "$standby" $mode 2>&1) || status=$?
    [ "$status" = 1 ] || fail "worker $mode on a standby ended with $status: $said"
    grep -q "error: the server is a standby: a worker must write" <<<"$said" || fail "no clear error: $said"
    grep -q "hint: connect to the primary" <<<"$said" || fail "no hint: $said"
done

# both hosts named: libpq finds the one that can be written
start_worker --db "host=$home,$PGHOST port=$port,$PGPORT user=$PGUSER dbname=$PGDATABASE target_session_attrs=read-write"
state_is "$(sql "SELECT bourse.enqueue('noop')")" succeeded

as_server "$bin/pg_ctl" -D "$home/data" -w promote >/dev/null
job=$(psql -XqAtc "SELECT bourse.enqueue('noop')" "$standby")
bourse worker --once --db "$standby" 2>/dev/null || fail "the promoted server was refused"
[ "$(psql -XqAtc "SELECT state FROM bourse_bi.job WHERE job_id = $job" "$standby")" = succeeded ] || fail "the promoted server's job was not done"

# over TCP: sessions that hold jobs in open transactions ask the server to notice soon that their host is gone
psql -qX -v ON_ERROR_STOP=1 "$standby" >/dev/null <<'SQL'
CREATE TABLE public.alive (kind text, application text, asked text);
CREATE FUNCTION public.note_alive() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO public.alive VALUES (NEW.kind, split_part(current_setting('application_name'), ' ', 2),
        concat_ws(' ', current_setting('tcp_keepalives_idle'), current_setting('tcp_keepalives_interval'), current_setting('tcp_keepalives_count')));
    RETURN NEW; END $$;
CREATE TRIGGER note_alive AFTER INSERT ON bourse.job_archive FOR EACH ROW EXECUTE FUNCTION public.note_alive();
SELECT bourse.enqueue('noop'), bourse.enqueue('sleep', '{"seconds": 0.01}');
SQL
bourse worker --once --db "host=127.0.0.1 port=$port user=$PGUSER dbname=$PGDATABASE" 2>/dev/null || fail "a worker over TCP did not end well"
[ "$(psql -XqAtc "SELECT string_agg(concat_ws(',', kind, application, asked), ';' ORDER BY kind) FROM public.alive" "$standby")" = \
    "noop,take,10 5 3;sleep,sleep,10 5 3" ] || fail "keepalives of the server: $(psql -XqAtc "TABLE public.alive" "$standby")"
