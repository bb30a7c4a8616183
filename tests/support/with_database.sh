#!/usr/bin/env bash
# with_database.sh BUILD COMMAND…: runs COMMAND with a migrated database of its own on the test cluster.
# PGHOST, PGDATABASE, BOURSE_DB and PATH (build/bin) are set; the database is dropped afterwards.
set -euo pipefail
build=${1:?build folder}; shift
export PGDATABASE="test_$$_${RANDOM}"
# shellcheck disable=SC1091
. "$build/test-cluster.env"
psql -qXd postgres -c "CREATE DATABASE \"$PGDATABASE\" TEMPLATE bourse_template"
cleanup() { psql -qXd postgres -c "DROP DATABASE IF EXISTS \"$PGDATABASE\" WITH (FORCE)" >/dev/null; }
trap cleanup EXIT
"$@"
