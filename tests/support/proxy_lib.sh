# shellcheck shell=bash
# Sourced after worker_lib.sh: a network that breaks on demand between workers and server (tests/support/proxy.py).

# start_proxy [ADDRESS]: its client port is in $proxy_port; $through is the connection string that goes through it.
start_proxy() {
    local said=$scratch/proxy control stop=$((SECONDS + 30))
    /usr/bin/python3 "$BOURSE_SOURCE/tests/support/proxy.py" "$PGHOST/.s.PGSQL.$PGPORT" "$@" >"$said" 2>"$scratch/proxy.log" &
    workers+=("$!")
    until [ -s "$said" ]; do [ $SECONDS -lt $stop ] || fail "the proxy did not start: $(cat "$scratch/proxy.log")"; sleep 0.02; done
    read -r proxy_port control <"$said"
    exec {network_fd}<>"/dev/tcp/127.0.0.1/$control"
    through="host=${1:-127.0.0.1} port=$proxy_port user=$PGUSER dbname=$PGDATABASE sslmode=disable gssencmode=disable"
}

# network MODE [MS]: see proxy.py
network() {
    local answer
    echo "$*" >&"$network_fd"
    read -r -t 30 answer <&"$network_fd" || fail "the proxy does not answer to: $*"
    [[ $answer == ok* ]] || fail "the proxy said: $answer"
}
