#!/usr/bin/env bash
# Ctrl-C and a killed connection in the middle of an import leave nothing; the same command then loads all of it.
. "$(dirname "$0")/import_support.sh"
awk 'BEGIN { print "symbol,date,open,high,low,close,volume"
    for (s = 1; s <= 200; ++s) for (d = 0; d < 1500; ++d) { t = 946857600 + d * 86400; printf "I%d,%s,10,11,9,10.%d,5\n", s, strftime("%Y-%m-%d", t, 1), d } }' >"$work/many.csv" 2>/dev/null ||
    /usr/bin/python3 -c "
import datetime
print('symbol,date,open,high,low,close,volume')
for s in range(1, 201):
    for d in range(1500):
        print('I%d,%s,10,11,9,10.%d,5' % (s, datetime.date(2000, 1, 3) + datetime.timedelta(d), d))" >"$work/many.csv"
nothing() { equal "0 0 0 0 0" "$(sql "SELECT concat_ws(' ', (SELECT count(*) FROM bourse.bar), (SELECT count(*) FROM bourse.data_version), (SELECT count(*) FROM bourse.data_file),
    (SELECT count(*) FROM bourse.bar_reject), (SELECT count(*) FROM bourse.instrument))")" "$1"; }
activity() { sql "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'bourse import' AND query LIKE '$1'"; }
# Waits until the import of process $1 runs a statement LIKE $2; fails when it ended before.
until_in() {
    while [ "$(activity "$2")" = 0 ]; do kill -0 "$1" 2>/dev/null || fail "the import ended before $2"; done
}
until_gone() { while [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'bourse import'")" != 0 ]; do :; done; }

# A lock on instrument holds the import inside load_bars until the blow has fallen.
hold() { psql -Xqc "BEGIN; LOCK TABLE bourse.instrument IN EXCLUSIVE MODE; SELECT pg_sleep(60)" >/dev/null 2>&1 & holder=$!
    while [ "$(sql "SELECT count(*) FROM pg_locks WHERE relation = 'bourse.instrument'::regclass AND mode = 'ExclusiveLock' AND granted")" = 0 ]; do :; done; }
release() { sql "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'bourse.instrument'::regclass AND mode = 'ExclusiveLock' AND granted" >/dev/null; wait $holder 2>/dev/null || true; }

for blow in INT TERM KILL disconnect; do
    for moment in 'COPY%' 'SELECT * FROM bourse.load_bars%'; do
        hold
        setsid bourse import "$work/many.csv" >"$work/out" 2>&1 &
        pid=$!
        until_in $pid "$moment"
        if [ $blow = disconnect ]; then
            sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'bourse import'" >/dev/null
        else
            kill -$blow $pid
        fi
        status=0
        wait $pid || status=$?
        release
        until_gone
        [ $status != 0 ] || fail "$blow in $moment ended with 0"
        case $blow in INT | TERM) grep -q 'cancelled: nothing of the file was loaded' "$work/out" || fail "$blow in $moment: $(cat "$work/out")" ;; esac
        case $blow in disconnect) grep -q '^error: ' "$work/out" || fail "no error after a lost connection: $(cat "$work/out")" ;; esac
        nothing "after $blow in $moment"
    done
done
bourse import "$work/many.csv" >/dev/null 2>&1
equal "300000 300000 0 0 0 0 0 f" "$(counts)" "the import afterwards"
