# shellcheck shell=bash
# Sourced by the benchmarks that need a server: begin BUILD starts a cluster of their own, with 1 GB of shared buffers (a
# quarter of a small server's memory), which goes with the shell; database NAME makes a migrated database in it and
# connects to that. $work is a folder that goes, too.
set -euo pipefail

begin() {
    build=$(realpath "${1:?build folder}")
    source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
    "$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
    work=$(mktemp -d)
    trap 'rm -rf "$work"; "$source/workers/setup/cluster.sh" delete bench-cluster "$build" >/dev/null' EXIT
    # shellcheck disable=SC1091
    PGDATABASE=postgres . "$build/bench-cluster.env"
    psql -qXd postgres -c "ALTER SYSTEM SET shared_buffers = '1GB'"
    "$source/workers/setup/cluster.sh" stop bench-cluster "$build" >/dev/null
    "$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
}
connect() { export PGDATABASE=$1 BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=$1"; }
database() {
    psql -qXd postgres -c "SET client_min_messages = warning" -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1" -c "ALTER DATABASE $1 SET timezone = 'UTC'"
    connect "$1"
    bourse migrate >/dev/null
}

sql() { PGOPTIONS="-c client_min_messages=warning" psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
statement_seconds() { sql -c "\\timing on" -c "$1" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | awk '{ print $1 / 1000 }'; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { print b - a }'; }
less() { awk -v a="$1" -v b="$2" 'BEGIN { print a - b }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
# Of the numbers in the input.
median() { tr ' ' '\n' | grep . | sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
best() { tr ' ' '\n' | grep . | sort -g | head -1; }

# Processor time of all processes of the server so far, in seconds; sessions that end meanwhile are waited for.
server_seconds() {
    local postmaster
    while [ "$(psql -XqAtd postgres -c "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")" != 0 ]; do :; done
    postmaster=$(head -1 "$BOURSE_CLUSTER/data/postmaster.pid")
    cat "/proc/$postmaster/stat" $(pgrep -P "$postmaster" | sed 's|.*|/proc/&/stat|') 2>/dev/null |
        awk -v p="$postmaster" -v hz="$(getconf CLK_TCK)" '{ t += $14 + $15 } $1 == p { t += $16 + $17 } END { print t / hz }'
}
