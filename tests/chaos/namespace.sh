#!/usr/bin/env bash
# A worker in a network namespace of its own, whose cable is pulled for longer than its lease: no reset, no end, packets
# just vanish. It kills what it can no longer complete, and each line of the ledger is there exactly once.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/proxy_lib.sh"
. "$BOURSE_SOURCE/tests/support/ledger_lib.sh"
space=bourse-$$
ip netns add "$space" 2>/dev/null || { echo "SKIPPED: network namespaces are not allowed here"; exit 77; }
trap 'end_workers; ip netns delete "$space"; ip link delete "bo$$" 2>/dev/null || true' EXIT
net=10.$((200 + $$ % 50)).$((RANDOM % 250))
ip link add "bo$$" type veth peer name in0 netns "$space" || { echo "SKIPPED: virtual cables are not allowed here"; exit 77; }
ip addr add "$net.1/30" dev "bo$$"
ip link set "bo$$" up
ip -n "$space" addr add "$net.2/30" dev in0
ip -n "$space" link set in0 up
make_ledger 10
start_proxy "$net.1"
worker_log=$scratch/worker9.log
: >"$worker_log"
ip netns exec "$space" bourse worker --db "$through" --slots 2 --lease 2 --poll 0.1 --grace 0.5 >"$worker_log" 2>&1 &
workers+=("$!")
until_logged event=session_started
for _ in 1 2; do
    job=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}', priority => 0)")
    sql "SELECT chaos.fill(8)" >/dev/null
    until_logged "job_started job=$job "
    child=$(child_of "$job")
    lost=$(grep -c event=leases_lost "$worker_log" || true)
    ip link set "bo$$" down
    until_logged_more event=leases_lost "$lost"
    until_gone "$child"
    ip link set "bo$$" up
    sql "SELECT bourse.cancel($job)" >/dev/null
done
judge 300
