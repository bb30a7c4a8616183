#!/usr/bin/env bash
# bourse.check_bars finds the defects that the READMEs of the shared data name, and planted ones; it changes nothing.
# shellcheck source=tests/cli/import_support.sh
. "$(dirname "$0")/import_support.sh"
found() { sql "SELECT string_agg(concat_ws(' ', symbol, (ts AT TIME ZONE 'UTC')::date, (until_ts AT TIME ZONE 'UTC')::date - (ts AT TIME ZONE 'UTC')::date, rule), '; ' ORDER BY symbol, ts) FROM bourse.check_bars($1)"; }

# planted: a series of 40 quiet days, one thing wrong in each
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, adj_factor)
     SELECT s, '1d', '2024-01-01 00:00Z'::timestamptz + i * interval '1 day', p, CASE WHEN flat THEN p ELSE p * 1.01 END, CASE WHEN flat THEN p ELSE p * 0.99 END, p, v, f
     FROM unnest('{QUIET,SPLIT,NOSPLIT,JUMP,BACK,LATE,SPIKE,STALE,HALTED,LIMITUP,LIMITDOWN,TWICE}'::text[]) AS s, generate_series(0, 39) AS i,
     LATERAL (SELECT 100 * (1 + 0.001 * (i % 3)) * CASE
         WHEN s IN ('SPLIT', 'NOSPLIT') AND i >= 20 THEN 0.5 WHEN s = 'LATE' AND i >= 19 THEN 0.9 WHEN s = 'SPIKE' AND i = 20 THEN 0.5
         WHEN s = 'LIMITUP' THEN 1.1 ^ least(greatest(i - 20, 0), 4) WHEN s = 'LIMITDOWN' THEN 0.9 ^ least(greatest(i - 20, 0), 4) WHEN s = 'TWICE' THEN 1.1 ^ least(greatest(i - 20, 0), 2)
         ELSE 1 END) AS a (moving),
     LATERAL (SELECT CASE WHEN s IN ('STALE', 'HALTED') AND i BETWEEN 20 AND 26 THEN 100 ELSE moving END,
                     s IN ('STALE', 'HALTED') AND i BETWEEN 20 AND 26 OR s IN ('LIMITUP', 'LIMITDOWN', 'TWICE') AND i BETWEEN 21 AND 24) AS b (p, flat),
     LATERAL (SELECT CASE WHEN s = 'HALTED' AND i BETWEEN 20 AND 26 THEN 0 ELSE 1000 END,
                     CASE WHEN s = 'SPLIT' AND i >= 20 THEN 2 WHEN s = 'JUMP' AND i >= 20 THEN 1.2 WHEN s = 'BACK' AND i = 20 THEN 0.97 WHEN s = 'LATE' AND i >= 20 THEN 1 / 0.9 ELSE 1 END) AS c (v, f)"
expected='BACK 2024-01-21 0 factor_jump; BACK 2024-01-22 0 factor_jump; HALTED 2024-01-22 5 stale_run; JUMP 2024-01-21 0 factor_jump; LATE 2024-01-21 0 factor_late; LIMITDOWN 2024-01-22 3 limit_down_run; LIMITUP 2024-01-22 3 limit_up_run; NOSPLIT 2024-01-21 0 missing_split; SPIKE 2024-01-21 0 price_spike; STALE 2024-01-22 5 stale_run'
equal "$expected" "$(found '')" "planted defects"
equal "6 6" "$(sql "SELECT (evidence->>'bars') || ' ' || (evidence->>'bars_without_volume') FROM bourse.check_bars('{HALTED}')")" evidence
equal "LIMITUP 2024-01-22 3 limit_up_run; TWICE 2024-01-22 1 limit_up_run" "$(found "'{LIMITUP,TWICE}', options => '{\"limit_bars\": 2}'")" "shorter runs when asked"
# as known at a time: before the correction and after it
sql "INSERT INTO bourse.bar_inbox (symbol, freq, ts, open, high, low, close, volume, adj_factor) SELECT 'BACK', '1d', '2024-01-21 00:00Z', open, high, low, close, volume, 1 FROM bourse.bars('{BACK}', '2024-01-21 00:00Z', '2024-01-22 00:00Z', adjust => 'none')"
equal "" "$(found "'{BACK}'")" "after the correction"
equal "BACK 2024-01-21 0 factor_jump; BACK 2024-01-22 0 factor_jump" "$(found "'{BACK}', known_at => '2024-03-01 00:00Z'")" "as known before it"
! sql "SELECT bourse.check_bars(options => '{\"stale_bar\": 3}')" 2>"$work/error" || fail "an unknown option"
grep -q 'did you mean stale_bars' "$work/error" || fail "$(cat "$work/error")"
! sql "SELECT bourse.check_bars(options => '{\"gap_ratio\": 2}')" 2>"$work/error" || fail "a ratio of 2"
! sql "SELECT bourse.check_bars('{STAL}')" 2>"$work/error" || fail "an unknown symbol"
grep -q 'did you mean "STALE"' "$work/error" || fail "$(cat "$work/error")"

need "$shared/ashare/ashare_daily.csv.zst"
sql "DELETE FROM bourse.bar; DELETE FROM bourse.bar_history; DELETE FROM bourse.instrument"
# the symbols with defects, and others with large gaps on days of a dividend
zstd -dcq "$shared/ashare/ashare_daily.csv.zst" | awk -F, 'NR == 1 || $1 ~ /^(00000|00089|00215|00242|00250|00292|60063|60065)/' >"$work/ashare.csv"
bourse import --staged "$work/ashare.csv" 2>/dev/null
before=$(sql "SELECT sum(hashtextextended(b::text, 0)) FROM bourse.bar AS b")
sql "CREATE TABLE public.found AS SELECT * FROM bourse.check_bars()"
jumps=$(sql "SELECT string_agg(concat_ws(' ', symbol, (ts AT TIME ZONE 'UTC')::date), '; ' ORDER BY symbol, ts) FROM public.found WHERE rule = 'factor_jump'")
for known in '000001.SZ 2020-12-31' '600633.SH 2020-11-25' '600654.SH 2020-11-25' '000002.SZ 2020-11-19' '000002.SZ 2020-11-20' '000002.SZ 2025-01-09'; do
    grep -q "$known" <<<"$jumps" || fail "$known is not among: $jumps"
done
equal 6 "$(sql "SELECT count(*) FROM public.found WHERE rule = 'factor_jump'")" "no other steps of the factor: $jumps"
grep -q '000895.SZ|2026-04-30' <<<"$(sql "SELECT symbol, (ts AT TIME ZONE 'UTC')::date FROM public.found WHERE rule = 'factor_late'")" || fail "the factor that came a day late"
[ "$(sql "SELECT count(*) FROM public.found WHERE rule = 'factor_late'")" -le 3 ] || fail "too many late factors"
equal 0 "$(sql "SELECT count(*) FROM public.found WHERE rule = 'missing_split'")" "no split is missing"
equal t "$(sql "SELECT sum((evidence->>'bars_without_volume')::int) BETWEEN 400 AND 5335 + 214 FROM public.found WHERE rule = 'stale_run'")" "suspensions"
equal "$before" "$(sql "SELECT sum(hashtextextended(b::text, 0)) FROM bourse.bar AS b")" "bars after the check"

zstd -dcq "$shared/us/sp500_2013_2018.csv.zst" | awk -F, 'NR == 1 || $NF ~ /^(NI|EBAY|DISCA|DISCK|BAX|BHGE|ARNC|YUM|CAG|HPE|JPM|MSFT)\r?$/' >"$work/us.csv"
bourse import --staged "$work/us.csv" 2>/dev/null
splits=$(sql "SELECT string_agg(concat_ws(' ', symbol, (ts AT TIME ZONE 'UTC')::date), '; ' ORDER BY symbol, ts) FROM bourse.check_bars(from_ts => '2013-02-01 00:00Z', to_ts => '2018-03-01 00:00Z') WHERE rule = 'missing_split'")
for known in 'NI 2015-07-02' 'EBAY 2015-07-20' 'DISCA 2014-08-07' 'DISCK 2014-08-07' 'BAX 2015-07-01' 'BHGE 2017-07-05' 'ARNC 2016-11-01' 'YUM 2016-11-01' 'CAG 2016-11-10' 'HPE 2017-04-03'; do
    grep -q "$known" <<<"$splits" || fail "$known is not among: $splits"
done
grep -qE 'JPM|MSFT' <<<"$splits" && fail "a bank does not split: $splits"
exit 0
