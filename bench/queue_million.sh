#!/usr/bin/env bash
# queue_million.sh BUILD [JOBS] [--hours H]: a million jobs through one worker, first as it is, then while a snapshot older
# than all of them stays open in another session, so that no dead row can be removed. Prints the rate of the last tenth
# over the first's, and the slow-down by the snapshot. --hours: the snapshot stays open for so long, JOBS every six
# minutes; what counts is the last round, against the faster of two without it, before and after.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/queue/lib.sh"
jobs=1000000 hours=0
while [ $# -gt 0 ]; do
    case $1 in
    --hours) hours=$2; shift ;;
    *) jobs=$1 ;;
    esac
    shift
done

# Enqueues them all, then runs them all. Prints the rate of the first tenth, of the last one, of all.
run_all() {
    sql -c "TRUNCATE bourse.job_archive" -c CHECKPOINT
    for _ in 1 2 3 4 5 6 7 8 9 10; do enqueue $((jobs / 10)); done
    sql -c "ANALYZE bourse.job" -c CHECKPOINT
    bourse worker --once --kinds noop 2>/dev/null
    sql -F ' ' -c "WITH f AS (SELECT extract(epoch FROM finished_at) AS at, ntile(10) OVER (ORDER BY finished_at) AS tenth FROM bourse.job_archive WHERE state = 'succeeded'),
            t AS (SELECT tenth, count(*), min(at) AS began, max(at) AS ended FROM f GROUP BY tenth)
        SELECT round(a.count / (a.ended - a.began)), round(z.count / (z.ended - z.began)), round((SELECT sum(count) FROM t) / (z.ended - a.began)), (SELECT sum(count) FROM t)
        FROM t AS a, t AS z WHERE a.tenth = 1 AND z.tenth = 10"
}
tell() {
    read -r first last all done <<<"$2"
    [ "$done" = "$jobs" ] || { echo "$done jobs of $jobs have succeeded" >&2; exit 1; }
    printf '%-14s first tenth %7d/s, last tenth %7d/s, all %7d/s\n' "$1" "$first" "$last" "$all"
}

run_all >/dev/null  # until the write-ahead log is recycled instead of made, as in a server that has been at work
plain=$(run_all)
tell "no snapshot" "$plain"
read -r plain_first plain_last plain_all _ <<<"$plain"

coproc holder { psql -XqAt -v ON_ERROR_STOP=1 2>&1; }
# shellcheck disable=SC2154
workers=("$holder_PID")
echo "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) >= 0 FROM bourse.job;" >&"${holder[1]}"
read -r held <&"${holder[0]}"
[ "$held" = t ] || { echo "the snapshot could not be taken: $held" >&2; exit 1; }
until=$(($(date +%s) + $(awk -v h="$hours" 'BEGIN { printf "%d", h * 3600 }')))
while :; do
    old=$(run_all)
    tell "old snapshot" "$old"
    left=$((until - $(date +%s)))
    [ $left -gt 0 ] || break
    read -rt $((left < 360 ? left : 360)) <> <(:) || true
done
read -r old_first old_last old_all _ <<<"$old"
echo "SELECT txid_current_if_assigned() IS NULL; COMMIT;" >&"${holder[1]}"
read -r held <&"${holder[0]}"
[ "$held" = t ] || { echo "the snapshot was lost: $held" >&2; exit 1; }
if [ "$hours" != 0 ]; then
    sql -c "VACUUM ANALYZE bourse.job"
    plain=$(run_all)
    tell "afterwards" "$plain"
    read -r first last all _ <<<"$plain"
    if [ "$all" -gt "$plain_all" ]; then plain_first=$first plain_last=$last plain_all=$all; fi
fi
echo "ratio last tenth / first: $(ratio "$plain_last" "$plain_first") (wanted 0.8); with the snapshot $(ratio "$old_last" "$old_first")"
echo "slow-down by the open snapshot: $(ratio "$plain_all" "$old_all") (wanted below 2)"
