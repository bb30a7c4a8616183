#!/usr/bin/env bash
# Jobs that say what they need: a worker takes those that fit what it offers less what its running jobs hold; one that
# is too big for it waits for a bigger worker and blocks nobody.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"


big=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 0.01}', resources => '{\"cpu\": 6}')")
gpu=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 0.01}', resources => '{\"gpu\": 0.5}')")
first=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 60}', resources => '{\"cpu\": 1.5}')")
second=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 0.01}', resources => '{\"cpu\": 1}')")
half=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 0.01}', resources => '{\"cpu\": 0.5}')")
plain=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 0.01}')")

start_worker --slots 4 --offer cpu=2,gpu=0 --poll 0.1
small=$worker
state_is "$half" succeeded
state_is "$plain" succeeded
state_is "$first" running
expect "SELECT string_agg(state, ',' ORDER BY job_id) FROM bourse_bi.job WHERE job_id IN ($big, $gpu, $second)" waiting,waiting,waiting "what does not fit waits"
expect "SELECT offers ->> 'cpu', offers ->> 'gpu', (offers ->> 'memory_mb')::float8 > 100 FROM bourse.worker" "2.0|0.0|t" "the register"
sql "SELECT bourse.cancel($first)" >/dev/null
state_is "$second" succeeded
expect "SELECT string_agg(state, ',' ORDER BY job_id) FROM bourse_bi.job WHERE job_id IN ($big, $gpu)" waiting,waiting "too big for this worker"

start_worker --slots 1 --offer cpu=8,gpu=1 --poll 0.1
state_is "$big" succeeded
state_is "$gpu" succeeded
expect "SELECT count(DISTINCT worker) FROM bourse_bi.job WHERE job_id IN ($big, $gpu, $half)" 2 "each on a worker that has what it needs"
kill -TERM "$small" "$worker"
wait "$small" "$worker" || fail "the workers did not drain"
