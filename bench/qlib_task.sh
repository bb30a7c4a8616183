#!/usr/bin/env bash
# qlib_task.sh BUILD [--quick]: Qlib's published task (README, "Data Server"): 14 factors of 800 instruments x 3,400 days,
# from where the bars lie to a matrix in the client: ours from the bar table through one backend, pyqlib 0.9.7 from its
# own files, without caches and with all of them filled. The same made-up market; values compared. Ratios last.
# The peer is fetched for the comparison alone: ALPHA_PEERS names a folder that has it already. TASK_ROUNDS (3).
# shellcheck source=bench/lib/cluster.sh
. "$(dirname "$0")/lib/cluster.sh"
build=$(realpath "${1:?build folder}")
instruments=800 days=3400 rounds=${TASK_ROUNDS:-3}
[ "${2:-}" = --quick ] && instruments=64 days=1000
peers=${ALPHA_PEERS:-$build/deps/alpha/py} readers=$build/deps/readers
[ -d "$peers/qlib" ] || python3 -m pip install --quiet --disable-pip-version-check --target "$peers" kunquant==0.1.12 pyqlib==0.9.7
[ -d "$peers/tables" ] || python3 -m pip install --quiet --no-deps --disable-pip-version-check --target "$peers" tables blosc2 numexpr ndindex py-cpuinfo msgpack
[ -d "$readers/psycopg" ] || python3 -m pip install --quiet --disable-pip-version-check --target "$readers" 'psycopg[binary]==3.2.9' numpy==2.2.6
begin "$build"
database bench_qlib_task
export PYTHONWARNINGS=ignore

PYTHONPATH=$peers python3 - "$source/bench/alpha" "$work/store" $instruments $days <<'PY'
import pathlib
import sys

sys.path.insert(0, sys.argv[1])
from qlib_store import market, write_store

write_store(pathlib.Path(sys.argv[2]), market(int(sys.argv[3]), int(sys.argv[4])))
PY
bourse import --format qlib "$work/store" --code-style qlib >/dev/null
psql -qX -c "ALTER DATABASE bench_qlib_task SET max_parallel_workers_per_gather = 0" -c "VACUUM ANALYZE" -c CHECKPOINT

client() { PYTHONPATH=$readers python3 "$source/bench/qlib_task/client.py" "$BOURSE_DB" "$@"; }
peer() { PYTHONPATH=$peers python3 "$source/bench/qlib_task/peer.py" "$work/store" "$@" 2>>"$work/errors"; }
# take SAID NAME: the number after the name
take() { awk -v name="$2" '$1 == name { print $2 }' <<<"$1"; }

declare -A seconds
# note NAME SAID: what one side said of its two readings
note() {
    seconds[$1-first]+="$(take "$2" first) "
    seconds[$1-again]+="$(take "$2" again) "
}
for ((round = 0; round < rounds; round++)); do
    values=$([ $round != 0 ] || echo "$work/values.npz")
    said=$(client $values)
    note bourse "$said"
    [ $round != 0 ] || rows=$(take "$said" rows)
    said=$(peer plain 1 $values)
    grep -E '^(apart|compared)' <<<"$said" || true
    note plain "$said"
    note many "$(peer plain "$(nproc)")"
    rm -rf "$work/store/dataset_cache" "$work/store/features_cache"
    note cached "$(peer cached 1)"
done
of() { median <<<"${seconds[$1]}"; }
echo "$((instruments * days)) rows of 14 factors; seconds from the statement to the matrix, medians of $rounds:"
for name in bourse-first bourse-again plain-first plain-again many-first many-again cached-first cached-again; do
    echo "$name $(of $name) (${seconds[$name]})"
done
echo "bourse, rows of fvec by COPY BINARY $rows"
echo "first: in a new session or process; again: once more in the same. plain: pyqlib without caches on one core; many: on $(nproc); cached: with all caches filled"
for peer in plain many cached; do
    for when in first again; do
        echo "ratio pyqlib $peer / bourse, $when: $(ratio "$(of $peer-$when)" "$(of bourse-$when)")"
    done
done
