#!/usr/bin/env bash
# qlib_task.sh BUILD [--quick]: Qlib's published task (README, "Data Server"): 14 factors of 800 instruments x 3,400 days,
# from where the bars lie to a matrix in the client: ours from the bar table through one backend, pyqlib 0.9.7 from its
# own files, without caches and with all of them filled. The same made-up market; values compared. Ratios last.
# The peer is fetched for the comparison alone: ALPHA_PEERS names a folder that has it already. TASK_ROUNDS (3).
set -euo pipefail
build=$(realpath "${1:?build folder}")
source=$(cd "$(dirname "$0")/.." && pwd)
instruments=800 days=3400 rounds=${TASK_ROUNDS:-3}
[ "${2:-}" = --quick ] && instruments=64 days=1000
peers=${ALPHA_PEERS:-$build/deps/alpha/py} readers=$build/deps/readers
[ -d "$peers/qlib" ] || python3 -m pip install --quiet --disable-pip-version-check --target "$peers" kunquant==0.1.12 pyqlib==0.9.7
[ -d "$peers/tables" ] || python3 -m pip install --quiet --no-deps --disable-pip-version-check --target "$peers" tables blosc2 numexpr ndindex py-cpuinfo msgpack
[ -d "$readers/psycopg" ] || python3 -m pip install --quiet --disable-pip-version-check --target "$readers" 'psycopg[binary]==3.2.9' numpy==2.2.6
"$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"; "$source/workers/setup/cluster.sh" delete bench-cluster "$build" >/dev/null' EXIT
# shellcheck disable=SC1091
PGDATABASE=postgres . "$build/bench-cluster.env"
psql -qXd postgres -c "ALTER SYSTEM SET shared_buffers = '1GB'"  # a quarter of a small server's memory
"$source/workers/setup/cluster.sh" stop bench-cluster "$build" >/dev/null
"$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
psql -qXd postgres -c "CREATE DATABASE bench_qlib_task"
export PGDATABASE=bench_qlib_task BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bench_qlib_task"
export PYTHONWARNINGS=ignore
median() { tr ' ' '\n' <<<"$1" | grep . | sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }

PYTHONPATH=$peers python3 - "$source/bench/alpha" "$work/store" $instruments $days <<'PY'
import pathlib
import sys

sys.path.insert(0, sys.argv[1])
from qlib_store import market, write_store

write_store(pathlib.Path(sys.argv[2]), market(int(sys.argv[3]), int(sys.argv[4])))
PY
bourse migrate >/dev/null
bourse import --format qlib "$work/store" --code-style qlib >/dev/null
psql -qX -c "ALTER DATABASE bench_qlib_task SET max_parallel_workers_per_gather = 0" -c "VACUUM ANALYZE" -c CHECKPOINT

client() { PYTHONPATH=$readers python3 "$source/bench/qlib_task/client.py" "$BOURSE_DB" "$@"; }
peer() { PYTHONPATH=$peers python3 "$source/bench/qlib_task/peer.py" "$work/store" "$@" 2>>"$work/errors"; }
take() { awk -v name="$2" '$1 == name { print $2 }' <<<"$1"; }

for ((round = 0; round < rounds; round++)); do
    said=$(if [ $round = 0 ]; then client "$work/values.npz"; else client; fi)
    blocks+="$(take "$said" blocks) "
    [ $round = 0 ] && rows=$(take "$said" rows)
    said=$(if [ $round = 0 ]; then peer plain 1 "$work/values.npz"; else peer plain 1; fi)
    grep -E '^(apart|compared)' <<<"$said" || true
    plain+="$(take "$said" plain) "
    many+="$(take "$(peer plain "$(nproc)")" plain) "
    rm -rf "$work/store/dataset_cache" "$work/store/features_cache"
    said=$(peer cached 1)
    cached+="$(take "$said" cached) " again+="$(take "$said" again) "
done
echo "$((instruments * days)) rows of 14 factors; seconds from the statement to the matrix:"
echo "bourse: $(median "$blocks") ($blocks); as rows of fvec by COPY BINARY $rows"
echo "pyqlib: without caches $(median "$plain") ($plain), on $(nproc) cores $(median "$many") ($many); from the caches $(median "$cached") ($cached), once more $(median "$again") ($again)"
echo "ratio pyqlib without caches, one core / bourse: $(ratio "$(median "$plain")" "$(median "$blocks")")"
echo "ratio pyqlib without caches, $(nproc) cores / bourse: $(ratio "$(median "$many")" "$(median "$blocks")")"
echo "ratio pyqlib with all caches filled / bourse: $(ratio "$(median "$cached")" "$(median "$blocks")")"
