#!/usr/bin/env bash
# bourse report: numbers against other SQL, well-formed, small, self-contained, every text escaped. report_browser.sh looks at it.
set -euo pipefail
fail() { echo "FAILED: $*" >&2; exit 1; }
sql() { psql -qXAt -v ON_ERROR_STOP=1 "$@"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
page=$work/run.html
has() { grep -qF -- "$1" "$page" || fail "the page lacks: $1"; }

sql -f "$BOURSE_SOURCE/tests/cli/data/report_fixture.sql" >"$work/fixture.log"
bourse report 1 --to "$page" | grep -q 'run.html: [0-9.]* KB' || fail "no summary line"

# self-contained and small
[ "$(stat -c %s "$page")" -le 2097152 ] || fail "larger than 2 MB"
grep -qiE '<script|src=|@import|url\(|href=' "$page" && fail "the page loads something"
[ "$(grep -o 'https\?://[^"]*' "$page" | sort -u)" = http://www.w3.org/1999/xhtml ] || fail "an address is in the page"
has '&lt;script&gt;alert(1)&lt;/script&gt;'
has 'feature &quot;x&quot; &lt; 0'
# The server's XML parser reads the whole page.
sed 1d "$page" >"$work/run.xml"
sql -v x="$(cat "$work/run.xml")" <<<"SELECT xmlparse(DOCUMENT :'x') IS NOT NULL" | grep -qx t || fail "not well-formed"

# numbers: correlation by its definition, midranks by counting
joined="SELECT p.ts, p.prediction AS x, o.outcome AS y, row_number() OVER (PARTITION BY p.ts ORDER BY p.prediction, p.instrument_id) AS place,
    count(*) OVER (PARTITION BY p.ts) AS n FROM bourse.prediction p JOIN bourse.outcome o USING (instrument_id, ts)"
correlation="(avg(x * y) - avg(x) * avg(y)) / sqrt((avg(x * x) - avg(x) ^ 2) * (avg(y * y) - avg(y) ^ 2))"
mean_ic() {
    sql <<SQL
SELECT to_char(avg(ic), 'FM0.0000') FROM (SELECT $correlation AS ic FROM ($joined) AS j GROUP BY ts) AS d
SQL
}
mean_rank_ic() {
    sql <<SQL
WITH j AS MATERIALIZED ($joined), r AS (SELECT ts,
    (SELECT count(*) FILTER (WHERE b.x < j.x) + (count(*) FILTER (WHERE b.x = j.x) + 1) / 2.0 FROM j AS b WHERE b.ts = j.ts)::float8 AS x,
    (SELECT count(*) FILTER (WHERE b.y < j.y) + (count(*) FILTER (WHERE b.y = j.y) + 1) / 2.0 FROM j AS b WHERE b.ts = j.ts)::float8 AS y
    FROM j WHERE ts < '2020-04-01')
SELECT to_char(avg(ic), 'FM0.0000') FROM (SELECT $correlation AS ic FROM r GROUP BY ts) AS d
SQL
}
trimmed() { sed 's/0*$//' <<<"$1"; }
has "262 days from 2020-01-01 to 2020-12-31: mean IC $(trimmed "$(mean_ic)")"
top=$(sql <<<"SELECT to_char(avg(y) * 1e4, 'FM990.0000') FROM (SELECT ts, avg(y) AS y FROM ($joined) AS j WHERE place > n * 4 / 5 GROUP BY ts) AS d")
has "group 5: $(trimmed "$top") bp"
for value in 0.0512 0.4321 0.0487 0.4105 0.0231 'demo:3' 'report_set:1' 'train again' 1e-12 'bars.csv' 'data_version 1' 'model_version demo:3' 'feature_set report_set:1' 'best: round 61' 7,831 '2 min' \
    'Mean($close, 25)/$close &lt; 1' "$(sql <<<"SELECT encode(sha256('model'), 'hex')")"; do has "$value"; done
for id in ic-daily ic-cumulated quantile-mean quantile-cumulated curve-rmse importance-gain importance-weight; do
    grep -q "<figure class=\"chart\" id=\"$id\"><figcaption>[^<]*</figcaption>.*<title id=\"$id-t\">[^<][^<]*</title><desc id=\"$id-d\">[^<][^<]*</desc>" "$page" ||
        fail "chart $id is not there with title and description"
done

# fewer days: the published example alone, then ranks with ties over a quarter
sql <<<"DELETE FROM bourse.prediction WHERE ts >= '2020-04-01'"
bourse report 1 --to "$page" >/dev/null
has "mean RankIC $(trimmed "$(mean_rank_ic)")"
sql <<<"DELETE FROM bourse.prediction WHERE ts > '2020-01-01'"
bourse report 1 --to "$page" >/dev/null
has '1 days from 2020-01-01 to 2020-01-01: mean IC 0.7955, mean RankIC 0.8208'
has '2020-01-01: 0.795'
# bars within the day: the day has the mean of its times, here of x and -x
sql <<<"INSERT INTO bourse.prediction (model_version_id, instrument_id, ts, span, prediction)
            SELECT model_version_id, instrument_id, ts + interval '1 h', span, -prediction FROM bourse.prediction;
        INSERT INTO bourse.outcome (label, freq, instrument_id, ts, outcome)
            SELECT label, freq, instrument_id, ts + interval '1 h', outcome FROM bourse.outcome WHERE ts = '2020-01-01'"
bourse report 1 --to "$page" >/dev/null
has '1 days from 2020-01-01 to 2020-01-01: mean IC 0, mean RankIC 0'
sql <<<"DELETE FROM bourse.prediction WHERE instrument_id = (SELECT min(instrument_id) FROM bourse.prediction)"
bourse report 1 --to "$page" >/dev/null
has 'mean IC –'

# a run that failed early has a page too
sql <<<"INSERT INTO bourse.run (run_id, model, algorithm, label, universe, split, params, seed, state, error)
        VALUES (2, 'lost', 'xgboost', 'Ref(\$close,-1)/\$close-1', 'all', '{}', '{}', 0, 'failed', 'too little data: 3 rows < 100 & more')"
bourse report 2 --to "$page" >/dev/null
has 'too little data: 3 rows &lt; 100 &amp; more'
has 'This run kept no learning curve.'
has 'No prediction of the test span has a known outcome.'
sed 1d "$page" >"$work/run.xml"
sql -v x="$(cat "$work/run.xml")" <<<"SELECT xmlparse(DOCUMENT :'x') IS NOT NULL" | grep -qx t || fail "the failed run's page is not well-formed"

# bad input
if message=$(bourse report 99 --to "$page" 2>&1); then fail "an unknown run was accepted"; fi
grep -q 'run 99 does not exist' <<<"$message" || fail "unexpected message: $message"
if message=$(bourse report 1 --to "$work/no/such/folder.html" 2>&1); then fail "a missing folder was accepted"; fi
grep -q 'cannot write .*folder.html": No such file or directory' <<<"$message" || fail "unexpected message: $message"
rc=0; bourse report one --to "$page" >/dev/null 2>&1 || rc=$?
[ $rc = 2 ] || fail "a run that is no number ends with $rc instead of 2"
echo old >"$work/kept.html"
if message=$(trap '' XFSZ; ulimit -f 1; bourse report 1 --to "$work/kept.html" 2>&1); then fail "a full disk was not noticed"; fi
grep -q 'cannot write .*kept.html": File too large' <<<"$message" || fail "unexpected message: $message"
[ "$(cat "$work/kept.html")" = old ] || fail "a full disk damaged the old page"
[ -z "$(find "$work" -name '*.part')" ] || fail "a full disk left a part"
[ ! -e "$page.part" ] || fail "a partial file is left"
