# shellcheck shell=bash
# trust_test_key: the current database trusts the key of BOURSE_SIGNING_KEY_FILE, which every worker of a test has.
trust_test_key() {
    bourse keygen --show "$BOURSE_SIGNING_KEY_FILE" | grep '^SELECT bourse.trust_key' | psql -qX -v ON_ERROR_STOP=1 >/dev/null
}
