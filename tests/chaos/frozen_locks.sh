#!/usr/bin/env bash
# Processes frozen in the moment in which their open transaction holds the rows of jobs: a child with its daemon (a host
# that is suspended) just before its commit, another daemon within a batch of inline jobs. The server gives them up, and
# others do that work while they are still frozen. Each line of the ledger is there exactly once.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
PATH=$BOURSE_BUILD/bin/injected:$PATH
make_ledger
frozen=()
# freeze_at POINT: a worker is to stop there; $stopped is the process that did
freeze_at() {
    local fuse=$scratch/fuse_$1
    echo "$1" >"$fuse"
    BOURSE_INJECT=$1=stop BOURSE_INJECT_FUSE=$fuse start_worker --slots 1 --lease 1 --poll 0.1
    until_burnt "$fuse"
    until [ -e "$fuse.fired" ]; do sleep 0.01; done
    read -r _ _ stopped <"$fuse.fired"
    frozen+=("$stopped")
}
sql "SELECT chaos.fill(3)" >/dev/null
freeze_at task_before_commit
kill -STOP "$worker"
frozen+=("$worker")
noop=$(sql "SELECT bourse.enqueue('noop')")
freeze_at before_take_commit
[ "$stopped" = "$worker" ] || fail "not the daemon, which has the batch, is frozen"
start_worker --slots 1 --lease 1 --poll 0.1
until_true "NOT EXISTS (SELECT FROM bourse.job)"
state_is "$noop" succeeded
kill -CONT "${frozen[@]}"
until_gone "${frozen[0]}"
again=$(sql "SELECT bourse.enqueue('noop')")
state_is "$again" succeeded
sql "DELETE FROM bourse.job_archive WHERE job_id IN ($noop, $again)"
judge
