#!/usr/bin/env bash
# A private PostgreSQL cluster, socket only, that loads the extension from this build without touching system folders.
#
#   cluster.sh start  NAME BUILD   start it (made when it is not there, reused when it is); writes BUILD/NAME.env
#   cluster.sh fresh  NAME BUILD   delete and start; fsync off: for tests
#   cluster.sh stop   NAME BUILD   stop it
#   cluster.sh crash  NAME BUILD   stop it at once, as if it had crashed, and start it again: for tests
#   cluster.sh delete NAME BUILD   stop and delete it
#
# It lives in BUILD/NAME when the server's user can reach that and the socket path is short enough, otherwise under
# /var/tmp. PostgreSQL refuses to run as root: as root the server runs as postgres.
set -euo pipefail
action=${1:?start, fresh, stop, crash or delete} name=${2:?name} build=$(realpath -m "${3:?build folder}")
bin=$(pg_config --bindir)

server_user=$(id -un)
[ "$(id -u)" = 0 ] && server_user=postgres
as_server() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

# Socket paths end at 107 bytes: DIR/socket/.s.PGSQL.5432
reachable() { [ ${#1} -le 80 ] && as_server test -x "$(dirname "$1")"; }
choose_dir() {
    local inside=$build/$name
    mkdir -p "$build"
    if reachable "$inside"; then echo "$inside"; else echo "/var/tmp/bourse-$(id -u)-$(printf %s "$inside" | sha256sum | cut -c1-12)"; fi
}
dir=$(choose_dir)

running() { [ -f "$dir/data/postmaster.pid" ] && as_server "$bin/pg_ctl" -D "$dir/data" status >/dev/null 2>&1; }

# The extension is copied beside the cluster, where the server's user can read it.
stage() {
    rm -rf "$dir/stage.new"
    DESTDIR=$dir/stage.new cmake --install "$build" --component extension >/dev/null
    rm -rf "$dir/stage"
    mv "$dir/stage.new" "$dir/stage"
    chmod -R a+rX "$dir/stage"
}

create() {
    mkdir -p "$dir/socket"
    if [ "$(id -u)" = 0 ]; then chown postgres "$dir" "$dir/socket"; fi
    as_server "$bin/initdb" -D "$dir/data" -A trust -U "$(id -un)" --no-sync -E UTF8 --locale=C >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; return 1; }
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$dir/socket'"
        echo "unix_socket_permissions = 0700" # trust is safe: no other user of the machine reaches the socket
        echo "extension_destdir = '$dir/stage'"
        echo "timezone = 'UTC'"
        echo "shared_buffers = '256MB'"
        echo "max_wal_size = '2GB'"
        echo "max_connections = 200"
        echo "log_line_prefix = '%m [%p] %a '"
        if [ "$action" = fresh ]; then echo "fsync = off"; fi
    } | as_server tee -a "$dir/data/postgresql.conf" >/dev/null
}

# In a sanitizer build the server must load its runtime before anything else; pg_ctl itself must not (it would hang).
server_program() {
    grep -q 'BOURSE_SANITIZE:BOOL=ON' "$build/CMakeCache.txt" 2>/dev/null || { echo "$bin/postgres"; return; }
    install -m 755 "$build/tests/libno_gettext.so" "$dir" # why: tests/support/no_gettext.c
    cat >"$dir/postgres-sanitized" <<WRAPPER
#!/bin/sh
export LD_PRELOAD="$(gcc -print-file-name=libasan.so) $dir/libno_gettext.so" ASAN_OPTIONS=detect_leaks=0:abort_on_error=1 UBSAN_OPTIONS=print_stacktrace=1
exec $bin/postgres "\$@"
WRAPPER
    chmod 755 "$dir/postgres-sanitized"
    echo "$dir/postgres-sanitized"
}

start_server() {
    as_server "$bin/pg_ctl" -D "$dir/data" -p "$(server_program)" -l "$dir/server.log" -w -t 120 start >/dev/null ||
        { tail -20 "$dir/server.log" >&2; return 1; }
}

write_env() {
    cat >"$build/$name.env" <<ENV
export PATH="$build/bin:\$PATH"
export PGHOST="$dir/socket" PGPORT=5432 PGUSER="$(id -un)" PGDATABASE="\${PGDATABASE:-bourse}"
export BOURSE_DB="host=$dir/socket port=5432 user=$(id -un) dbname=\$PGDATABASE"
export BOURSE_CLUSTER="$dir"
ENV
}

stop_server() { if running; then as_server "$bin/pg_ctl" -D "$dir/data" -m "${1:-fast}" -w stop >/dev/null; fi; }

case $action in
start)
    if [ ! -f "$dir/data/PG_VERSION" ]; then rm -rf "$dir"; mkdir -p "$dir"; stage; create; else stage; fi
    running || start_server
    write_env
    echo "cluster: $dir"
    ;;
fresh)
    stop_server immediate
    rm -rf "$dir"
    mkdir -p "$dir"
    stage
    create
    start_server
    write_env
    echo "cluster: $dir"
    ;;
stop) stop_server ;;
crash)
    stop_server immediate
    start_server
    ;;
delete)
    stop_server immediate
    rm -rf "$dir" "$build/$name.env"
    ;;
*)
    echo "cluster.sh: unknown action $action" >&2
    exit 2
    ;;
esac
