#!/usr/bin/env bash
# predict.sh BUILD: rows per second of a forest, ours and XGBoost's; fails when a margin differs.
set -euo pipefail
exec "${1:?build folder}/bin/bench_predict"
