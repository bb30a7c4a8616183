#!/usr/bin/env bash
# The US set: counts, and the rejected rows, against what awk finds in the file by itself.
. "$(dirname "$0")/import_support.sh"
file=$shared/us/sp500_2013_2018.csv.zst
need "$file"
zstd -dcq "$file" >"$work/us.csv"
awk -F, 'NR > 1 { if ($2 == "" || $3 == "" || $4 == "" || $5 == "") print $7, $1, "missing_value"
                  else if ($3 + 0 < $2 + 0 || $3 + 0 < $5 + 0 || $4 + 0 > $2 + 0 || $4 + 0 > $5 + 0) print $7, $1, "high_low_order" }' "$work/us.csv" | sort >"$work/expected"
rows=$(($(wc -l <"$work/us.csv") - 1)) bad=$(wc -l <"$work/expected")
equal 594159 "$rows" "rows of the README"
equal 23 "$bad" "defects of the README"

bourse import "$file" --universe us 2>/dev/null
equal "$rows $((rows - bad)) 0 0 0 $bad 0 f" "$(counts)" counts
sql "SELECT symbol || ' ' || ts::date || ' ' || rule FROM bourse.bar_reject" | sort | diff "$work/expected" - || fail "other rows were rejected"
equal "$bad" "$(sql "SELECT count(*) FROM bourse.bar_reject WHERE line IS NOT NULL AND source LIKE '%sp500%' AND reason <> ''")" "rejects with line and reason"
line=$(sql "SELECT line FROM bourse.bar_reject WHERE symbol = 'BBY' AND rule = 'high_low_order'")
sed -n "${line}p" "$work/us.csv" | grep -q '^2016-03-14.*BBY' || fail "line $line is not the rejected row"
# every accepted value, compared as text of the same precision
sql "COPY (SELECT to_char(ts, 'YYYY-MM-DD'), open, high, low, close, volume, symbol FROM bourse.bar JOIN bourse.instrument USING (instrument_id) ORDER BY symbol COLLATE \"C\", ts) TO STDOUT CSV" |
    awk -F, '{ printf "%s,%.6f,%.6f,%.6f,%.6f,%.0f,%s\n", $1, $2, $3, $4, $5, $6, $7 }' | sort | sha256sum >"$work/got"
awk -F, 'NR > 1 && !($2 == "" || $3 == "" || $4 == "" || $5 == "" || $3 + 0 < $2 + 0 || $3 + 0 < $5 + 0 || $4 + 0 > $2 + 0 || $4 + 0 > $5 + 0) {
    printf "%s,%.6f,%.6f,%.6f,%.6f,%.0f,%s\n", $1, $2, $3, $4, $5, $6, $7 }' "$work/us.csv" | sort | sha256sum | diff - "$work/got" || fail "the bars differ from the file"
equal 485 "$(sql "SELECT count(*) FROM bourse.universe WHERE name = 'us'")" universe

# the same file again: nothing
before=$(sql "SELECT count(*) FROM bourse.data_version")
bourse import "$file" --universe us | grep -q 'already loaded' || fail "the second import did not say so"
equal "$before" "$(sql "SELECT count(*) FROM bourse.data_version")" "data versions"
bourse import "$file" --universe us --again >/dev/null 2>&1
equal "$rows 0 0 $((rows - bad)) 0 $bad 0 f" "$(counts)" "counts with --again"
equal 0 "$(sql "SELECT count(*) FROM bourse.bar_history")" "history of unchanged rows"
# one of the single files is a part of it
bourse import "$shared/us/single/LNT_data.csv" >/dev/null
equal "1259 0 0 1258 0 1 0 f" "$(counts)" "LNT again"
