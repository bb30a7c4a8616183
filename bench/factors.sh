#!/usr/bin/env bash
# factors.sh BUILD: CPU time a row of single expressions and of whole sets, one thread; last, each as a multiple of one elementwise division.
set -euo pipefail
build=${1:?build folder}
[ -x "$build/bin/bench_factors" ] || { echo "bench_factors was not built: Google Benchmark is missing" >&2; exit 1; }
"$build/bin/bench_factors" --benchmark_min_time=0.2 --benchmark_format=csv 2>/dev/null |
    awk -F, '/^"evaluate_/ { gsub(/"/, "", $1); sub(/evaluate_(one|set)\//, "", $1); ns = $4 / 50000; if ($1 == "division") base = ns; name[++n] = $1; cost[n] = ns }
             END { for (i = 1; i <= n; i++) printf "%-12s %8.2f ns a row\n", name[i], cost[i];
                   for (i = 1; i <= n; i++) printf "%-12s %8.1f divisions\n", name[i], cost[i] / base }'
