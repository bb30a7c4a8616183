# shellcheck shell=bash
# Sourced after worker_lib.sh by tests that break the server: a migrated cluster of their own, deleted at the end.
own_cluster=own-$$-$RANDOM
cluster() { "$BOURSE_SOURCE/workers/setup/cluster.sh" "$1" "$own_cluster" "$BOURSE_BUILD" >/dev/null; }
trap 'end_workers; cluster delete; rm -f "$BOURSE_BUILD/$own_cluster.env"' EXIT
cluster fresh
export PGDATABASE=postgres
# shellcheck disable=SC1090
. "$BOURSE_BUILD/$own_cluster.env"
bourse migrate >/dev/null
# shellcheck source=tests/support/trust_test_key.sh
. "$BOURSE_SOURCE/tests/support/trust_test_key.sh"
trust_test_key

# until_up: waits until the server takes connections.
until_up() {
    local stop=$((SECONDS + 60))
    until psql -XqAtc "SELECT 1" >/dev/null 2>&1; do
        [ $SECONDS -lt $stop ] || fail "the server did not come back"
        sleep 0.02
    done
}
