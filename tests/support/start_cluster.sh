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

# The key of the tests: every database made from the template trusts it, every worker of a test has it.
key=$build/test-cluster.key
install -m 600 "$source/tests/support/test_signing.key" "$key"
export BOURSE_SIGNING_KEY_FILE=$key
# shellcheck source=tests/support/trust_test_key.sh
. "$source/tests/support/trust_test_key.sh"
trust_test_key
echo "export BOURSE_SIGNING_KEY_FILE=\"$key\"" >>"$build/test-cluster.env"
install -m 644 "$build/tests/bourse_test_signer.so" "$BOURSE_CLUSTER/stage/$(pg_config --pkglibdir)/"
