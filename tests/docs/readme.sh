#!/usr/bin/env bash
# The SQL of the README works as it is written and prints what it says, NOTICEs aside. What follows the training is compared
# by its header and number of rows: the last bits of log() differ between processors, and a tree may split elsewhere.
set -euo pipefail
work=$(mktemp -d)
bourse worker --slots 1 >"$work/worker.log" 2>&1 & worker=$!
cleanup() { kill -TERM "$worker" 2>/dev/null || true; wait "$worker" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT

# Each ```sql block becomes NN.sql, the plain block after it NN.out.
awk -v dir="$work" '/^```sql$/ { file = sprintf("%s/%02d.sql", dir, ++n); next } /^```$/ && file ~ /sql$/ { file = ""; after = 1; next }
    /^```$/ && after { file = sprintf("%s/%02d.out", dir, n); after = 0; next } /^```/ { file = ""; after = 0; next } file { print > file }' "$BOURSE_SOURCE/README.md"
blocks=("$work"/*.sql)
[ ${#blocks[@]} -ge 10 ] || { echo "FAILED: only ${#blocks[@]} blocks were found" >&2; exit 1; }
cd "$BOURSE_SOURCE"
trained=
for block in "${blocks[@]}"; do
    psql -X -v ON_ERROR_STOP=1 -P footer=off -f "$block" >"$block.log" 2>&1 || { cat "$block" "$block.log" "$work/worker.log" >&2; exit 1; }
    plain() { grep -v 'NOTICE: ' "$1" | sed 's/ *$//; /^$/d' | if [ -n "$trained" ]; then awk 'NR == 1 { gsub(/ +/, " "); print } END { print NR }'; else cat; fi; }
    diff -u <(plain "${block%.sql}.out") <(plain "$block.log") >&2 || { echo "FAILED: the README says otherwise (-) than what was printed (+)" >&2; cat "$block" >&2; exit 1; }
    if grep -q bourse.train "$block"; then trained=yes; fi
done
