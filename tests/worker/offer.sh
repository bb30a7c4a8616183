#!/usr/bin/env bash
# A worker starts jobs that ask for resources while its offer lasts, others at any time.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
bourse worker --once --offer cups=2 2>"$scratch/err" && fail "an unknown resource was accepted"
grep -q 'unknown resource "cups" in the offer' "$scratch/err" || fail "unknown resource: $(cat "$scratch/err")"
start_worker --slots 8 --poll 0.1 --offer cpu=2,memory_mb=1000,gpu=0
ask() { sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}', resources => '$1')"; }
one=$(ask '{"cpu": 1}') two=$(ask '{"cpu": 1, "memory_mb": 600}')
state_is "$one" running
state_is "$two" running
three=$(ask '{"cpu": 0.5}') four=$(ask '{"gpu": 1}') five=$(ask '{}') six=$(ask '{"memory_mb": 300}')
state_is "$five" running
state_is "$six" running
expect "SELECT string_agg(state, ',' ORDER BY job_id) FROM bourse_bi.job WHERE job_id IN ($three, $four)" "waiting,waiting" "what does not fit"
expect "SELECT reason, detail FROM bourse.why_waiting($three)" 'resource|running jobs hold too much of what workers offer to leave {"cpu": 0.5}' "why it waits"
expect "SELECT reason, split_part(detail, ' (', 1) FROM bourse.why_waiting($four)" "resource|it wants gpu 1; the most that a live worker offers is 0" "nobody has it"
expect "SELECT offers FROM bourse_bi.worker WHERE state = 'alive'" '{"cpu": 2.0, "gpu": 0.0, "memory_mb": 1000.0}' "the register has the offer"
sql "SELECT bourse.cancel($one)" >/dev/null
state_is "$three" running
