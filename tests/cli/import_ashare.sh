#!/usr/bin/env bash
# The A-share set: suspended days, empty volumes and odd factors are no rejects.
. "$(dirname "$0")/import_support.sh"
file=$shared/ashare/ashare_daily.csv.zst
need "$file"
bourse import "$file" 2>/dev/null
equal "460075 460075 0 0 0 0 214 f" "$(counts)" "counts of the README"
equal "200|XSHG" "$(sql "SELECT count(*), min(calendar) FROM bourse.instrument WHERE calendar = 'XSHG'")" instruments
equal 5335 "$(sql "SELECT count(*) FROM bourse.bar WHERE volume = 0 AND open = high AND high = low AND low = close")" "suspended days"
expected=$(zstd -dcq "$file" | awk -F, '$1 == "000001.SZ" && $2 == "2020-12-31" { print $NF }')
equal "$expected" "$(sql "SELECT adj_factor FROM bourse.bars('{000001.SZ}', '2020-12-31', '2021-01-01')")" "factor of 000001.SZ"
