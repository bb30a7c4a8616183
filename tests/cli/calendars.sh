#!/usr/bin/env bash
# bourse calendars: the sessions that ship equal the independent ones, half days and breaks too; files good and bad;
# what the functions say; schedules on real sessions.
set -euo pipefail
fail() { echo "FAILED: $*" >&2; cat "$work/log" >&2; exit 1; }
sql() { psql -qXAt -v ON_ERROR_STOP=1 -c "$1"; }
expect() { local got; got=$(sql "$1"); [ "$got" = "$2" ] || fail "$3: expected '$2', got '$got'"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run() { local expected=$1 rc=0; shift; bourse "$@" >"$work/log" 2>&1 || rc=$?; [ $rc = "$expected" ] || fail "bourse $* ended with $rc instead of $expected"; }
says() { grep -qE -- "$1" "$work/log" || fail "not said: $1"; }

run 0 calendars
says '^XNYS +none +load it with: bourse calendars load XNYS'
run 0 calendars load XNYS
says '^XNYS: 3,017 sessions from 2015-01-02 to 2026-12-31; 3,017 added, 0 changed, 0 removed'
run 0 calendars load
says '^XNYS: 3,017 sessions .* 0 added, 0 changed, 0 removed'
says '^XSHG: 2,916 sessions from 2015-01-05 to 2026-12-31; 2,916 added'
run 0 --json calendars
says '"calendar": "XHKG"'
run 0 calendars
says '^XHKG +2,955 +2015-01-02 +2026-12-31'

# what the functions say
expect "SELECT bourse.is_session('XNYS', '2026-11-26'), bourse.is_session('XNYS', '2026-11-27'), bourse.is_session('XNYS', '2030-01-02') IS NULL" 'f|t|t' is_session
expect "SELECT bourse.is_session('XSHE', '2020-01-24'), bourse.is_session('bj', '2020-02-03'), bourse.is_session('24x7', '2020-01-25')" 'f|t|t' aliases
expect "SELECT bourse.next_close('XNYS', '2026-11-26 12:00Z'), bourse.next_close('XNYS', '2026-11-27 18:00Z')" '2026-11-27 18:00:00+00|2026-11-30 21:00:00+00' "half day of Thanksgiving"
expect "SELECT bourse.next_close('XSHG', '2020-01-23 07:00Z'), bourse.next_close('24x7', '2020-01-23 07:00Z')" '2020-02-03 07:00:00+00|2020-01-24 00:00:00+00' "lunar new year"
expect "SELECT bourse.next_close('XNYS', '2027-01-01') IS NULL, bourse.next_close('XNYS', '2014-01-01') IS NULL" 't|t' "outside of what is loaded"
expect "SELECT count(*), sum((break_start_at IS NULL)::int) FROM bourse.sessions_between('XHKG', '2024-12-20', '2025-01-03')" '8|2' "half days have no break"
expect "SELECT count(*) FROM bourse.sessions_between('24x7', '2024-02-28', '2024-03-01')" 3 24x7
[[ $(psql -qXAt -c "SELECT count(*) FROM bourse.sessions_between('XNYS', '2026-12-01', '2027-12-31')" 2>&1) == *'sessions of XNYS are loaded from 2015-01-02 to 2026-12-31 only'*22 ]] || fail "a range beyond what is loaded"
[[ $(psql -qXAt -c "SELECT bourse.is_session('XNYZ', '2026-12-01')" 2>&1) == *'calendar "XNYZ" is not known'*'did you mean XNYS?'* ]] || fail "an unknown calendar"
# slots tied to real sessions: the week of Thanksgiving 2026, across the end of summer time, around half days of Hong Kong
slots() { sql "SELECT string_agg(to_char(run_at, 'MM-DD HH24:MI'), ' ') FROM bourse.next_runs('$1', $2, '$3', after => '$4')"; }
[ "$(slots close+15m 4 XNYS 2026-11-25T12:00Z)" = '11-25 21:15 11-27 18:15 11-30 21:15 12-01 21:15' ] || fail "close+15m: $(slots close+15m 4 XNYS 2026-11-25T12:00Z)"
[ "$(slots open 3 XNYS 2026-10-29T20:00Z)" = '10-30 13:30 11-02 14:30 11-03 14:30' ] || fail "open across the change of clocks"
[ "$(slots break_end-5m 3 XHKG 2024-12-23T00:00Z)" = '12-23 04:55 12-27 04:55 12-30 04:55' ] || fail "break_end on half days: $(slots break_end-5m 3 XHKG 2024-12-23T00:00Z)"
[ "$(slots break_start 2 XSHE 2020-01-23T04:00Z)" = '02-03 03:30 02-04 03:30' ] || fail "break_start after the holidays"
# exactly one slot a session, over all years
for calendar in XSHG XHKG XNYS; do
    expect "SELECT (SELECT count(*) FROM unnest(bourse.schedule_slots('close+15m', '$calendar', 'UTC', '2000-01-01', 'infinity', 100000))) =
            (SELECT count(*) FROM bourse.calendar WHERE calendar = '$calendar')" t "one slot a session of $calendar"
    expect "SELECT bourse.schedule_slots('0 20 * * *', '$calendar', 'UTC', '2000-01-01', 'infinity', 100000) =
            (SELECT array_agg((session + interval '20 h') AT TIME ZONE 'UTC' ORDER BY session) FROM bourse.calendar WHERE calendar = '$calendar')" t "one evening a session of $calendar"
done

# files
printf 'session,open_at,close_at,break_start_at,break_end_at\n2030-01-07,2030-01-07T08:00:00Z,2030-01-07T16:30:00Z,,\r\n# a comment\n\n2030-01-08,2030-01-08 08:00+00,2030-01-08 16:30+00,2030-01-08 12:00+00,2030-01-08 12:05+00' >"$work/xlon.csv"
run 0 calendars load XLON --file "$work/xlon.csv"
says '^XLON: 2 sessions from 2030-01-07 to 2030-01-08; 2 added'
gzip -k "$work/xlon.csv"; sed -i 's/16:30:00Z/12:30:00Z/; /2030-01-08/d' "$work/xlon.csv"; echo 2030-01-09,2030-01-09T08:00:00Z,2030-01-09T16:30:00Z,, >>"$work/xlon.csv"
run 0 calendars load XLON --file "$work/xlon.csv"
says '^XLON: 2 sessions from 2030-01-07 to 2030-01-09; 1 added, 1 changed, 1 removed'
run 0 calendars load XLON --file "$work/xlon.csv.gz"
says '1 added, 1 changed, 0 removed'   # the 9th lies after the file's last session
expect "SELECT count(*) FROM bourse.calendar WHERE calendar = 'XLON'" 3 "only the file's span is replaced"

bad() {  # bad TEXT PATTERN: refused with the line, and nothing has changed
    printf 'session,open_at,close_at,break_start_at,break_end_at\n2030-02-04,2030-02-04T08:00Z,2030-02-04T16:00Z,,\n%b\n' "$1" >"$work/bad.csv"
    run 1 calendars load XLON --file "$work/bad.csv"
    says "$2"
    expect "SELECT count(*) FROM bourse.calendar WHERE calendar = 'XLON'" 3 "after bad input"
}
bad '2030-02-05,2030-02-05T08:00Z,2030-02-05T16:00Z,' 'calendar XLON, line 3: 4 fields instead of 5'
bad '05/02/2030,2030-02-05T08:00Z,2030-02-05T16:00Z,,' "line 3: session '05/02/2030' is not a date"
bad '2030-02-30,2030-02-05T08:00Z,2030-02-05T16:00Z,,' 'line 3: date/time field value out of range'
bad '2030-02-05,2030-02-05T08:00,2030-02-05T16:00Z,,' "line 3: '2030-02-05T08:00' is not a time with its offset"
bad '2030-02-05,2030-02-05T08:00Z,,,' 'line 3: open_at or close_at is missing'
bad '2030-02-05,2030-02-05T16:00Z,2030-02-05T08:00Z,,' 'line 3: it opens at .* and closes at'
bad '2030-02-05,2030-02-05T08:00Z,2030-02-05T16:00Z,2030-02-05T12:00Z,' 'line 3: a break needs both'
bad '2030-02-05,2030-02-05T08:00Z,2030-02-05T16:00Z,2030-02-05T12:00Z,2030-02-05T17:00Z' 'line 3: the break .* is not inside'
bad '2030-02-05,2030-02-15T08:00Z,2030-02-15T16:00Z,,' 'line 3: it opens at 2030-02-15T08:00Z, which is not on its date'
bad '2030-02-04,2030-02-04T17:00Z,2030-02-04T18:00Z,,' 'line 3: session 2030-02-04 does not come after'
bad '2030-02-05,2030-02-04T15:00Z,2030-02-05T14:00Z,,' 'line 3: it opens at .* before the session before has closed'
bad '2030-03-04,2030-03-04T08:00Z,2030-03-04T16:00Z,,' 'line 3: no session for 28 days, from 2030-02-04 to 2030-03-04'
says 'put in what is missing'
run 0 calendars load XLON --file "$work/bad.csv" --max-gap-days 30
echo nonsense >"$work/bad.csv"; run 1 calendars load XLON --file "$work/bad.csv"; says 'line 1: the header is "nonsense"'
: >"$work/bad.csv"; run 1 calendars load XLON --file "$work/bad.csv"; says 'there are no sessions in it'
head -c 100 "$BOURSE_SOURCE/share/calendars/XNYS.csv.zst" >"$work/bad.csv.zst"; run 1 calendars load XLON --file "$work/bad.csv.zst"; says 'bad.csv.zst'
run 1 calendars load XLON --file "$work/nowhere.csv"; says nowhere.csv
run 1 calendars load XNYZ; says 'no calendar "XNYZ" ships'; says 'did you mean XNYS'
run 1 calendars load --file "$work/xlon.csv"; says 'needs the name'
run 1 calendars load 24x7 --file "$work/xlon.csv"; says '"24x7" is not a name'
run 1 --db "$BOURSE_DB options='-c role=bourse_researcher'" calendars load XNYS; says 'permission denied'
run 0 --db "$BOURSE_DB options='-c role=bourse_operator'" calendars load XNYS

# against sessions gathered by somebody else
[ -f "$BOURSE_SHARED/data/calendars/sessions.csv.zst" ] || { echo "skipped: no independent sessions"; exit 77; }
zstd -dc "$BOURSE_SHARED/data/calendars/sessions.csv.zst" >"$work/sessions.csv"
cat >"$work/compare.sql" <<SQL
CREATE TEMP TABLE s (exchange text, session date, open_utc timestamptz, break_start_utc timestamptz, break_end_utc timestamptz, close_utc timestamptz, early_close int, late_open int, minutes int);
\copy s FROM '$work/sessions.csv' (FORMAT csv, HEADER)
SELECT count(*), count(*) FILTER (WHERE (c.open_at, c.close_at, c.break_start_at, c.break_end_at) IS NOT DISTINCT FROM (s.open_utc, s.close_utc, s.break_start_utc, s.break_end_utc)),
    count(*) FILTER (WHERE s.early_close = 1)
FROM s FULL JOIN (SELECT * FROM bourse.calendar WHERE calendar <> 'XLON') AS c ON c.calendar = s.exchange AND c.session = s.session;
SQL
[ "$(psql -qXAt -v ON_ERROR_STOP=1 -f "$work/compare.sql")" = '8888|8888|51' ] || fail "sessions differ from the independent ones"
