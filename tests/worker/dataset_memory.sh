#!/usr/bin/env bash
# Memory of datasets: a build keeps some bytes a row and never the features, a training and dataset_rows the matrix of their fold and some bytes a row; nothing else grows with the data.
# (Blocks and kept bars grow to their fixed sizes first, which the smaller form has not reached: its bounds lie between those of one matrix and of one more.) Two spans of one market, the second four times the first: 300 instruments × 1,000 days; under BOURSE_SOAK 5,000 × 2,520 (ten years), the build alone: the matrix would take 8 GB.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
! grep -q 'BOURSE_SANITIZE:BOOL=ON' "$BOURSE_BUILD/CMakeCache.txt" || { echo "skipped: sanitizers keep freed memory, and more beside"; exit 77; }
taskset -cp "$(taskset -cp $$ | grep -o '[0-9]*' | sed -n 2p)" $$ >/dev/null  # one processor: every thread has columns of its own
if [ -n "${BOURSE_SOAK:-}" ]; then instruments=5000 days=2520 patience=3000 a_row=100; else instruments=300 days=1000 patience=240 a_row=560; fi
sql "SELECT setseed(0.5)" >/dev/null
bourse synthesize --instruments $instruments --days $days --to "$scratch/market.csv" >/dev/null
bourse import --max-reject-ratio 0 "$scratch/market.csv" >/dev/null 2>&1
rm "$scratch/market.csv"
sql "VACUUM ANALYZE bourse.bar" >/dev/null
first=$(sql "SELECT to_char(min(ts), 'YYYY-MM-DD') FROM bourse.bar") quarter=$(sql "SELECT to_char(ts, 'YYYY-MM-DD') FROM (SELECT DISTINCT ts FROM bourse.bar WHERE instrument_id = 1) AS t ORDER BY ts OFFSET $((days / 4)) LIMIT 1")
start_worker --slots 1 --poll 0.1
done_is() { until_true "EXISTS (SELECT FROM bourse_bi.job WHERE job_id = $1 AND state IN ('succeeded', 'failed'))" $patience; state_is "$1" succeeded; }
rss() { sql "SELECT max_rss_mb FROM bourse.job_usage WHERE job_id = $1"; }
# at_most MB BYTES_A_ROW ROWS WHAT: what grew stays below so many bytes a row
at_most() { awk -v mb="$1" -v bytes="$2" -v rows="$3" 'BEGIN { exit !(mb * 1048576 <= bytes * rows) }' || fail "$4 grew by $1 MB for $3 rows, more than $2 bytes a row"; }

declare -A rows memory fold
for size in small large; do
    span="[$first,)"
    [ $size = large ] || span="[$first,$quarter)"
    id=$(sql "SELECT bourse.create_dataset('$size', 'alpha158', span => '$span', split => '{\"train\": 0.8, \"test\": 0.2}', processors => '[{\"name\": \"RobustZScoreNorm\", \"fields_group\": \"feature\"}, {\"name\": \"Fillna\", \"fields_group\": \"feature\"}, \"DropnaLabel\"]')")
    done_is "$id"
    rows[$size]=$(sql "SELECT rows FROM bourse.dataset WHERE dataset_id = $id") memory[build_$size]=$(rss "$id")
    fold[$size]=$(sql "SELECT rows FROM bourse.dataset_part WHERE dataset_id = $id AND part = 'all'")
    if [ -z "${BOURSE_SOAK:-}" ]; then
        run=$(sql "SELECT bourse.train('m_$size', dataset => '$size', algorithm => 'linear')")
        done_is "$run"
        memory[train_$size]=$(rss "$run")
        # a session that reads every processed row; its most memory, shared buffers included
        psql -qXAt -v ON_ERROR_STOP=1 -o /dev/null -c "SET work_mem = '4MB'" -c "COPY (SELECT symbol, ts, features, label FROM bourse.dataset_rows('$size')) TO '/dev/null' (FORMAT binary)" \
            -c "\\o $scratch/session" -c "SELECT substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+) kB')::float8 / 1024"
        memory[rows_$size]=$(cat "$scratch/session")
    fi
done
more=$((rows[large] - rows[small])) more_of_fold=$((fold[large] - fold[small]))
grown() { awk -v a="${memory[$1_large]}" -v b="${memory[$1_small]}" 'BEGIN { printf "%.1f", a - b }'; }
echo "rows ${rows[small]} and ${rows[large]}"
for what in build train rows; do [ -z "${memory[${what}_large]:-}" ] || echo "$what: ${memory[${what}_small]} and ${memory[${what}_large]} MB"; done
[ $more -gt $((instruments * days / 2)) ] || fail "only $more rows more"
at_most "$(grown build)" $a_row $more "a build, whose features take 632 bytes a row,"
[ -z "${BOURSE_SOAK:-}" ] || exit 0
shared=$(sql "SELECT pg_size_bytes(current_setting('shared_buffers')) / 1048576")
at_most "$(grown train)" $((632 + a_row)) $more_of_fold "a training, whose matrix takes 632 bytes a row,"
at_most "$(awk -v g="$(grown rows)" -v s="$shared" 'BEGIN { print g - s }')" $((632 + a_row)) $more_of_fold "dataset_rows, whose matrix takes 632 bytes a row,"
