#!/usr/bin/env bash
# cancel.sh BUILD: latency of cancel requests in long statements. No peer: the limit is our own.
set -euo pipefail
build=$(realpath "${1:?build folder}")
source=$(cd "$(dirname "$0")/.." && pwd)
"$source/workers/setup/cluster.sh" fresh bench-cluster "$build" >/dev/null
trap '"$source/workers/setup/cluster.sh" delete bench-cluster "$build"' EXIT
# shellcheck disable=SC1091
. "$build/bench-cluster.env"
psql -Xqd postgres -c 'CREATE DATABASE bourse'
bourse migrate >/dev/null
bourse synthesize --instruments 300 --days 2500 --to "$build/cancel.csv"
bourse import "$build/cancel.csv" >/dev/null 2>&1
rm -f "$build/cancel.csv"

# forest NAME TREES DEPTH FEATURES: a model of full trees, tests and leaves at random, in by way of a worker
forest() {
    awk -v trees="$2" -v depth="$3" -v width="$4" '
        function list(kind,   i, text) {
            text = "["
            for (i = 0; i < nodes; ++i) {
                if (i > 0) text = text ","
                if (kind == "left") text = text (i < inner ? 2 * i + 1 : -1)
                else if (kind == "right") text = text (i < inner ? 2 * i + 2 : -1)
                else if (kind == "feature") text = text (i < inner ? int(rand() * width) : 0)
                else if (kind == "value") text = text sprintf("%.6f", i < inner ? rand() * 100 : rand() - 0.5)
                else if (kind == "cover") text = text 2 ^ (depth - int(log(i + 1.5) / log(2)))
                else text = text 0
            }
            return text "]"
        }
        BEGIN {
            srand(7); nodes = 2 ^ (depth + 1) - 1; inner = 2 ^ depth - 1
            printf "{\"version\":[1,7,6],\"learner\":{\"feature_names\":[],\"feature_types\":[],\"objective\":{\"name\":\"reg:squarederror\"},"
            printf "\"learner_model_param\":{\"base_score\":\"0\",\"num_class\":\"0\",\"num_target\":\"1\",\"num_feature\":\"%d\"},", width
            printf "\"gradient_booster\":{\"name\":\"gbtree\",\"model\":{\"gbtree_model_param\":{\"num_trees\":\"%d\",\"num_parallel_tree\":\"1\"},\"tree_info\":[", trees
            for (t = 0; t < trees; ++t) printf (t > 0 ? ",0" : "0")
            printf "],\"trees\":["
            for (t = 0; t < trees; ++t) {
                if (t > 0) printf ","
                printf "{\"tree_param\":{\"num_nodes\":\"%d\",\"size_leaf_vector\":\"0\"},\"left_children\":%s,\"right_children\":%s,", nodes, list("left"), list("right")
                printf "\"split_indices\":%s,\"split_conditions\":%s,\"default_left\":%s,\"sum_hessian\":%s}", list("feature"), list("value"), list("none"), list("cover")
            }
            printf "]}}}}"
        }' >"$build/cancel.json"
    bourse import-model "$build/cancel.json" --name "$1" >/dev/null
    rm -f "$build/cancel.json"
}
rm -f "$build/cancel.key"
bourse keygen --to "$build/cancel.key" | grep '^SELECT bourse.trust_key' | psql -Xqd "$BOURSE_DB" >/dev/null
bourse worker --slots 1 --poll 0.2 --signing-key "$build/cancel.key" >"$build/cancel_worker.log" 2>&1 &
worker=$!
forest heavy 500 6 158
forest deep 20 13 60
kill "$worker"
wait "$worker" || true
"$build/bin/bench_cancel" "$BOURSE_DB" 9
