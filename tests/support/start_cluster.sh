#!/usr/bin/env bash
# start_cluster.sh SOURCE BUILD: a fresh test cluster with bourse_template, a migrated database that tests copy.
set -euo pipefail
source=${1:?} build=${2:?}
"$source/workers/setup/cluster.sh" fresh test-cluster "$build"
# shellcheck disable=SC1091
PGDATABASE=bourse_template . "$build/test-cluster.env"
psql -qXd postgres -c "CREATE DATABASE bourse_template"
export PGDATABASE=bourse_template
export BOURSE_DB="host=$PGHOST port=$PGPORT user=$PGUSER dbname=bourse_template"
bourse migrate
