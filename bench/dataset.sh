#!/usr/bin/env bash
# dataset.sh BUILD [--quick]: Alpha158 with processors (RobustZScoreNorm and Fillna of the features, fitted on train; DropnaLabel
# and CSZScoreNorm of the label), ready for training: ours from bourse.create_dataset to the matrix that a trainer is given,
# as a training reads it, drift references included; pyqlib 0.9.7's handler Alpha158 and DatasetH from its own files, on one
# core and on all. First a small market without gaps, then the shared A-shares (--quick: the first alone): all 158 features
# and the labels must agree to 1e-3 once pyqlib's processors see the same rows (bench/dataset/peer.py). Ratios last.
# The peer is fetched for the comparison alone: ALPHA_PEERS names a folder that has it already.
# DATASET_ROUNDS (3); the peer runs every round.
set -euo pipefail
build=$(realpath "${1:?build folder}")
source=$(cd "$(dirname "$0")/.." && pwd)
rounds=${DATASET_ROUNDS:-3}
[ -x "$build/bin/bench_dataset" ] || { echo "bench_dataset was not built" >&2; exit 1; }
peers=${ALPHA_PEERS:-$build/deps/alpha/py}
[ -d "$peers/qlib" ] || python3 -m pip install --quiet --disable-pip-version-check --target "$peers" kunquant==0.1.12 pyqlib==0.9.7
"$source/workers/setup/cluster.sh" start bench-cluster "$build" >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"; "$source/workers/setup/cluster.sh" delete bench-cluster "$build" >/dev/null' EXIT
# shellcheck disable=SC1091
PGDATABASE=postgres . "$build/bench-cluster.env"
export PYTHONWARNINGS=ignore
median() { tr ' ' '\n' <<<"$1" | grep . | sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }
take() { awk -v name="$2" '$1 == name { print $2 }' <<<"$1"; }

# store NAME [ASHARE]: a Qlib store of the market, its database, and six days: first and last of train, valid and test
store() {
    PYTHONPATH=$peers python3 - "$source/bench/alpha" "$work/$1" "${2:-}" >"$work/days" <<'PY'
import pathlib
import sys

sys.path.insert(0, sys.argv[1])
from qlib_store import ashare, market, write_store

days = list(write_store(pathlib.Path(sys.argv[2]), ashare(sys.argv[3]) if sys.argv[3] else market(64, 600))[1])
train, valid = len(days) * 6 // 10, len(days) * 8 // 10
print(days[0], days[train - 1], days[train], days[valid - 1], days[valid], days[-1])
PY
    read -r -a days <"$work/days"
    psql -qXd postgres -c "SET client_min_messages = warning" -c "DROP DATABASE IF EXISTS bench_dataset" -c "CREATE DATABASE bench_dataset"
    export PGDATABASE=bench_dataset BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bench_dataset"
    bourse migrate >/dev/null
    bourse import --format qlib "$work/$1" --code-style qlib >/dev/null
    psql -qX -c "VACUUM ANALYZE" -c CHECKPOINT
    # rows of both are the same where nothing is purged
    arguments="'made', span => tstzrange('${days[0]}', '${days[5]}', '[]'), split => '{\"train\": [\"${days[0]}\", \"${days[2]}\"],
        \"valid\": [\"${days[2]}\", \"${days[4]}\"], \"test\": [\"${days[4]}\", \"2100-01-01\"], \"purge_bars\": 0, \"embargo_bars\": 0, \"allow_overlap\": true}',
        processors => '{\"infer\": [{\"name\": \"RobustZScoreNorm\", \"fields_group\": \"feature\"}, {\"name\": \"Fillna\", \"fields_group\": \"feature\"}],
                        \"learn\": [\"DropnaLabel\", {\"name\": \"CSZScoreNorm\", \"fields_group\": \"label\"}]}'"
}
ours() { "$build/bin/bench_dataset" "$BOURSE_DB" "$arguments" "$@"; }
peer() { PYTHONPATH=$peers python3 "$source/bench/dataset/peer.py" "$@" 2>>"$work/errors" || { tail -5 "$work/errors" >&2; exit 1; }; }

store small
ours "$work/ours" >/dev/null
peer "$work/small" 1 "${days[@]}" "$work/ours" | grep ^compared
if [ "${2:-}" = --quick ]; then exit 0; fi
real=${BOURSE_SHARED:-}/data/ashare/ashare_daily.csv.zst
[ -f "$real" ] || { echo "the A-shares are not here: set BOURSE_SHARED" >&2; exit 77; }
store ashare "$real"
ours "$work/ours" >/dev/null
peer "$work/ashare" 1 "${days[@]}" "$work/ours" | grep ^compared  # not timed: it takes rows out of pyqlib's frame
own='' made='' one='' many=''
for ((round = 0; round < rounds; round++)); do
    said=$(ours)
    own+="$(take "$said" seconds) " made+="$(take "$said" made) " rows=$(take "$said" rows)
    said=$(peer "$work/ashare" 1 "${days[@]}")
    one+="$(take "$said" seconds) " theirs=$(take "$said" rows)
    many+="$(take "$(peer "$work/ashare" "$(nproc)" "${days[@]}")" seconds) "
done
scan=$(psql -XqAt -c '\timing on' -c "SELECT count(*) FROM bourse.check_dataset('made')" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | awk '{ print $1 / 1000 }')
echo "A-shares, $rows rows (pyqlib $theirs: suspended days too) of 158 features, seconds to the trainer's matrix:"
echo "bourse: $(median "$own") ($own), of which create_dataset $(median "$made"); its build, which a training need not wait for: $scan"
echo "pyqlib: one core $(median "$one") ($one), $(nproc) cores $(median "$many") ($many)"
echo "ratio pyqlib, one core / bourse: $(ratio "$(median "$one")" "$(median "$own")")"
echo "ratio pyqlib, $(nproc) cores / bourse: $(ratio "$(median "$many")" "$(median "$own")")"
