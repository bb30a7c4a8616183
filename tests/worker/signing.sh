#!/usr/bin/env bash
# Signatures from the worker's key to the backend: who signs, what is refused and with which SQLSTATE, and that nothing is
# lost or doubled when the daemon dies between training and commit.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
. "$BOURSE_SOURCE/tests/support/planted_market.sh"
plant_market
sql "UPDATE bourse.job_kind SET backoff_base_s = 0" >/dev/null
key=$BOURSE_SIGNING_KEY_FILE
few='{"num_boost_round": 3, "early_stopping_rounds": 0, "max_depth": 2}'
features="(SELECT features FROM bourse.feature_value LIMIT 1)"
train() { sql "SELECT bourse.train('$1', feature_set => 'planted', params => '$few')"; }
# refused SQL SQLSTATE WHAT: in a session of its own
refused() {
    local got
    got=$(psql -qXAt -v VERBOSITY=verbose -c "$1" 2>&1) && fail "$3: was not refused"
    grep -q "ERROR:  $2:" <<<"$got" || fail "$3: expected $2, got: $got"
}
# says COMMAND… PATTERN WHAT: the command fails and says so
says() {
    local pattern=${*: -2:1} what=${*: -1} out
    out=$("${@:1:$#-2}" 2>&1) && fail "$what: did not fail"
    grep -q -- "$pattern" <<<"$out" || fail "$what: $out"
}
log_lines() { grep -c "bourse refused an artifact: model=$1 version=$2 sqlstate=$3" "$BOURSE_CLUSTER/server.log" || true; }

# Without a key nothing is claimed that signs; everything else is.
BOURSE_SIGNING_KEY_FILE='' start_worker --slots 1 --poll 0.1
keyless=$worker
waiting=$(train first)
other=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 0}')")
state_is "$other" succeeded
expect "SELECT state || ' ' || attempt FROM bourse_bi.job WHERE job_id = $waiting" "waiting 0" "a training waits for a worker with a key"
expect "SELECT reason || ': ' || detail FROM bourse.why_waiting($waiting)" \
    'no signing key: kind "train" signs what it makes, and no live worker that takes it has a signing key' "and why_waiting says so"
[ "$(grep -c 'event=no_signing_key .*kinds_not_taken=.*train' "$worker_log")" = 1 ] || fail "the worker says once that it has no key"
says bourse doctor '1 job of kind train waits, and no running worker with a signing key takes this kind' "and so does the doctor"
kill -TERM "$keyless"
until_gone "$keyless"

# A key that the database does not trust: refused, with the remedy.
bourse keygen --to "$scratch/other.key" >"$scratch/other.out"
says bourse worker --once --signing-key "$scratch/other.key" 'does not trust the signing key "other"' "an untrusted key"
says bourse worker --once --signing-key "$scratch/other.key" "SELECT bourse.trust_key('other', '.x[0-9a-f]\{64\}')" "the remedy"
# Files that are no keys, or open to others.
install -m 644 "$key" "$scratch/open.key"
says bourse worker --once --signing-key "$scratch/open.key" 'others may read or write it (mode 0644)' "a key that others can read"
sed '/^public/{s/^public //;y/0123456789abcdef/123456789abcdef0/;s/^/public /}' "$key" >"$scratch/wrong.key"
chmod 600 "$scratch/wrong.key"
says bourse worker --once --signing-key "$scratch/wrong.key" 'its public half does not belong to its secret half' "a damaged key"
says bourse worker --once --signing-key "$scratch" 'no regular file' "a folder"
says bourse worker --once --signing-key "$scratch/none" 'cannot be opened: No such file' "no file"
says bourse keygen --to "$scratch/other.key" 'exists already' "a key is overwritten"

# With the key the waiting run is done; the signature is the key's, the secret is nowhere.
start_worker --slots 1 --poll 0.1 --lease 1
holder=$worker
state_is "$waiting" succeeded
expect "SELECT k.name || ' ' || octet_length(a.signature) || ' ' || bourse.is_signed('first', a.sha256, a.size_bytes, a.signature, k.public_key)
        FROM bourse.artifact AS a JOIN bourse.signing_key AS k USING (key_id)" "tests 64 true" "signed by the worker's key"
expect "SELECT bourse.is_signed('second', a.sha256, a.size_bytes, a.signature, k.public_key) OR bourse.is_signed('first', a.sha256, a.size_bytes + 1, a.signature, k.public_key)
        FROM bourse.artifact AS a JOIN bourse.signing_key AS k USING (key_id)" f "of this model and size alone"
expect "SELECT bourse.predict('first:1', $features) IS NOT NULL" t "it predicts"
expect "SELECT encode(n.sha256, 'hex') = (SELECT bourse.artifact_info(string_agg(c.content, '' ORDER BY c.chunk)) #>> '{training,native_sha256}' FROM bourse.artifact_chunk AS c WHERE c.artifact_id = v.artifact_id)
        FROM bourse.model_version AS v JOIN bourse.artifact AS n ON n.artifact_id = v.native_artifact_id" t "the native file's hash is signed with it"
secret=$(sed -n 's/^secret //p' "$key")
grep -q "$secret" "$scratch"/worker*.log && fail "the secret is in the log"
pg_dump --inserts | grep -qi "$secret" && fail "the secret is in a dump"
grep -z '' "/proc/$holder/environ" 2>/dev/null | tr '\0' '\n' | grep -q "$secret" && fail "the secret is in the environment"

# A child gets neither the environment variable nor the file.
sleeper=$(sql "SELECT bourse.enqueue('sleep', '{\"seconds\": 600}')")
until_true "EXISTS (SELECT FROM bourse.job WHERE job_id = $sleeper AND stage = 'sleep')"  # its program runs, no copy of the daemon
until_logged "event=job_started job=$sleeper "
child=$(child_of "$sleeper")
tr '\0' '\n' <"/proc/$child/environ" | grep -q BOURSE_SIGNING_KEY_FILE && fail "the child knows the file"
for fd in "/proc/$child/fd"/*; do
    to=$(readlink "$fd") || continue
    [ "$to" != "$key" ] || fail "the child has the file open"
    # the only sockets of type SEQPACKET (0005) are those to the signer
    case $to in socket:*) grep -q " 0005 .* $(tr -dc 0-9 <<<"$to")\b" /proc/net/unix && fail "a kind that does not sign has a way to the signer" ;; esac
done
sql "SELECT bourse.cancel($sleeper)" >/dev/null
state_is "$sleeper" cancelled

# Registering by SQL what nobody signed, or what was signed for another model.
refused "SELECT bourse.register_version('first', NULL, 'xgboost', NULL, v.features, 'l', (SELECT string_agg(c.content, '' ORDER BY c.chunk) FROM bourse.artifact_chunk AS c WHERE c.artifact_id = v.artifact_id)) FROM bourse.model_version AS v" MB010 "unsigned"
copy_as() { echo "SELECT bourse.register_version('$1', NULL, 'xgboost', NULL, v.features, 'l', (SELECT string_agg(c.content, '' ORDER BY c.chunk) FROM bourse.artifact_chunk AS c WHERE c.artifact_id = v.artifact_id),
    signature => a.signature, public_key => k.public_key) FROM bourse.model_version AS v JOIN bourse.artifact AS a USING (artifact_id) JOIN bourse.signing_key AS k USING (key_id) LIMIT 1"; }
refused "$(copy_as second)" MB011 "a signature for another model"

# Tampered with by a superuser: a byte of the content, the recorded hash, the signature, the model's name; the size.
tamper() {  # SQL SQLSTATE WHAT
    sql "BEGIN; $1; COMMIT" >/dev/null
    local before
    before=$(log_lines first 1 "$2")
    refused "SELECT bourse.predict('first:1', $features)" "$2" "$3"
    [ "$(log_lines first 1 "$2")" = $((before + 1)) ] || fail "$3: not one line in the server's log"
}
sql "CREATE TABLE kept AS SELECT a.*, c.chunk, c.content FROM bourse.artifact AS a JOIN bourse.artifact_chunk AS c USING (artifact_id)" >/dev/null
restore() { sql "BEGIN; UPDATE bourse.artifact AS a SET sha256 = k.sha256, size_bytes = k.size_bytes, signature = k.signature, key_id = k.key_id FROM kept AS k WHERE k.artifact_id = a.artifact_id;
    UPDATE bourse.artifact_chunk AS c SET content = k.content FROM kept AS k WHERE (k.artifact_id, k.chunk) = (c.artifact_id, c.chunk); COMMIT" >/dev/null; }
tamper "UPDATE bourse.artifact_chunk SET content = set_byte(content, 700, get_byte(content, 700) # 1) WHERE artifact_id = (SELECT artifact_id FROM bourse.model_version)" MB011 "a changed byte"
restore
tamper "UPDATE bourse.artifact_chunk SET content = set_byte(content, 700, get_byte(content, 700) # 1) WHERE artifact_id = (SELECT artifact_id FROM bourse.model_version);
        UPDATE bourse.artifact AS a SET sha256 = sha256(c.content) FROM bourse.artifact_chunk AS c WHERE c.artifact_id = a.artifact_id" MB011 "a changed byte with its hash"
restore
tamper "UPDATE bourse.artifact SET signature = set_byte(signature, 3, get_byte(signature, 3) # 1) WHERE signature IS NOT NULL" MB011 "a changed signature"
restore
tamper "UPDATE bourse.artifact SET signature = NULL" MB010 "no signature"
restore
tamper "UPDATE bourse.artifact SET key_id = NULL" MB010 "a key that nobody knows"
restore
tamper "UPDATE bourse.artifact SET size_bytes = 2000000000" MB013 "oversized"
restore
expect "SELECT bourse.predict('first:1', $features) IS NOT NULL" t "restored, it predicts again"

# key_in PID: "found" or "absent": the secret in the memory of a process, as bytes or as text. Nobody but root may look.
looker=(python3)
[ "$(id -u)" = 0 ] || looker=(sudo -n python3)
key_in() {
    "${looker[@]}" - "$1" "$secret" <<'PY'
import sys
pid, text = sys.argv[1:]
wanted = [bytes.fromhex(text)[:32], text[:64].encode()]
piece, overlap = 64 << 20, 64
found = False
with open(f'/proc/{pid}/mem', 'rb', 0) as memory:
    for line in open(f'/proc/{pid}/maps'):
        span, mode = line.split()[:2]
        if 'r' not in mode or '[v' in line: continue
        begin, end = (int(x, 16) for x in span.split('-'))
        if end - begin > 1 << 36: continue  # terabytes that sanitizers keep for marks, not for data
        for at in range(begin, end, piece):
            memory.seek(at)
            try: bytes_of = memory.read(min(piece + overlap, end - at))
            except OSError: continue
            found = found or any(w in bytes_of for w in wanted)
print('found' if found else 'absent')
PY
}
# until_about_to_commit KIND: its child has trained or read, and waits to register what came of it
until_about_to_commit() {
    until_true "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%register_version%' AND application_name LIKE 'bourse-task $1%' AND datname = current_database())"
}

# The child that parses foreign bytes never holds the key: not in its environment, not open, nowhere in its memory.
mkfifo "$scratch/hold_import"
psql -qXAt <"$scratch/hold_import" >"$scratch/hold.out" 2>&1 &
exec 7>"$scratch/hold_import"
echo "BEGIN; LOCK TABLE bourse.model IN SHARE MODE; SELECT 'held';" >&7
until_true "EXISTS (SELECT FROM pg_locks AS l WHERE l.relation = 'bourse.model'::regclass AND l.mode = 'ShareLock' AND l.granted)"
import=$(sql "SELECT bourse.import_model('brought', bourse.export_model('first:1'))")
until_about_to_commit import_model
child=$(child_of "$import")
tr '\0' '\n' <"/proc/$child/environ" | grep -q BOURSE_SIGNING_KEY_FILE && fail "the importing child knows the file"
for fd in "/proc/$child/fd"/*; do [ "$(readlink "$fd")" != "$key" ] || fail "the importing child has the file open"; done
if "${looker[@]}" -c '' 2>/dev/null; then
    in_child=$(key_in "$child") in_daemon=$(key_in "$holder")
else
    echo "memory was not looked at: that takes root, or sudo without a password"
    in_child=absent in_daemon=found
fi
echo "COMMIT;" >&7
exec 7>&-
[ "$in_child" = absent ] || fail "the importing child has the key in its memory, or it could not be read"
[ "$in_daemon" = found ] || fail "nor has the daemon: this test looks in the wrong way"
state_is "$import" succeeded
brought="(SELECT model_version_id FROM bourse_bi.model_version WHERE model = 'brought')"
sql "DELETE FROM bourse.model_stage WHERE model_version_id IN $brought; DELETE FROM bourse.model_version WHERE model_version_id IN $brought;
    DELETE FROM bourse.artifact AS a WHERE NOT EXISTS (SELECT FROM bourse.model_version AS v WHERE a.artifact_id IN (v.artifact_id, v.native_artifact_id))" >/dev/null

# The daemon is killed when the child is about to commit: after the retry there is exactly one version.
held="$scratch/hold"
mkfifo "$held"
psql -qXAt <"$held" >"$scratch/hold.out" 2>&1 &
exec 7>"$held"
echo "BEGIN; LOCK TABLE bourse.model IN SHARE MODE; SELECT 'held';" >&7
run=$(train twice)
until_about_to_commit train
kill -KILL "$holder"
until_gone "$(child_of "$run")"
echo "COMMIT;" >&7
exec 7>&-
until_true "NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'bourse-task train%' AND datname = current_database())"
expect "SELECT count(*) FROM bourse_bi.model_version WHERE model = 'twice'" 0 "nothing of the attempt that died"
start_worker --slots 1 --poll 0.1 --lease 1
state_is "$run" succeeded
expect "SELECT count(*) || ' ' || (SELECT attempt > 1 FROM bourse_bi.run WHERE run_id = $run) FROM bourse_bi.model_version WHERE model = 'twice'" "1 true" "exactly one version, by a later attempt"
expect "SELECT count(*) FROM bourse.artifact WHERE format = 'bourse-model'" 2 "no artifact is left over"

# verify-artifacts: all is well, then a tampered native file and a tampered artifact are named; the audit log has it.
bourse verify-artifacts >"$scratch/verify.out" || fail "verify-artifacts: $(cat "$scratch/verify.out")"
[ "$(grep -c ' ok' "$scratch/verify.out")" = 2 ] || fail "two versions are well: $(cat "$scratch/verify.out")"
expect "SELECT string_agg(event || ' ' || object, ', ' ORDER BY audit_id) FROM bourse.audit_log WHERE event LIKE 'artifact%'" \
    "artifact_verified first:1, artifact_verified twice:1" "in the audit log"
spoil() { sql "UPDATE bourse.artifact_chunk SET content = set_byte(content, 50, get_byte(content, 50) # 1) WHERE artifact_id =
    (SELECT v.$1 FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id) WHERE m.name = '$2')" >/dev/null; }
spoil artifact_id first
spoil native_artifact_id twice
says bourse verify-artifacts 'first:1 *REFUSED *MB011 *its bytes do not have the recorded sha256' "a tampered artifact"
says bourse verify-artifacts twice:1 'twice:1 *REFUSED *MB011 *its native file: its bytes do not have the recorded sha256' "a tampered native file"
expect "SELECT object || ': ' || reason FROM bourse.audit_log WHERE event = 'artifact_refused' ORDER BY audit_id LIMIT 1" \
    "first:1: its bytes do not have the recorded sha256" "and in the audit log"
says bourse verify-artifacts third 'model "third" does not exist' "an unknown model"

# Rotation: a second key is trusted, what is whole is signed anew, and goes on when the first key is revoked.
spoil native_artifact_id twice
bourse keygen --to "$scratch/next.key" | grep '^SELECT bourse.trust_key' >"$scratch/trust.sql"
sql "$(cat "$scratch/trust.sql")" >/dev/null
kill -TERM "$worker"
until_gone "$worker"
start_worker --slots 1 --poll 0.1 --lease 1 --signing-key "$scratch/next.key"
says bourse resign 'twice:1 *signed anew *tests -> next' "signed anew, though one is refused"
says bourse resign 'first:1 *REFUSED *MB011' "what is damaged is not signed"
expect "SELECT string_agg(m.name || ' ' || k.name, ', ' ORDER BY m.name) FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id)
        JOIN bourse.artifact AS a USING (artifact_id) JOIN bourse.signing_key AS k USING (key_id)" "first tests, twice next" "whose signature each has"
spoil artifact_id first
kill -TERM "$worker"
until_gone "$worker"
start_worker --slots 1 --poll 0.1 --lease 1
until_logged event=session_started  # with a key that is still trusted

# A revoked version, then a revoked key: refused from the next statement on, in a session that has the model loaded.
session=$(psql -qXAt -v VERBOSITY=verbose 2>&1 <<SQL
SELECT bourse.predict('first:1', $features) IS NOT NULL;
SELECT bourse.revoke_version('first:1', 'learned from tomorrow');
SELECT bourse.predict('first:1', $features);
SELECT bourse.predict('twice:1', $features) IS NOT NULL;
SELECT bourse.revoke_key('next', 'laptop lost');
SELECT bourse.predict('twice:1', $features);
SELECT bourse.revoke_key('tests', 'rotated');
SQL
)
[ "$(grep -c '^t$' <<<"$session")" = 2 ] || fail "both predict before: $session"
grep -q 'ERROR:  MB012: first:1 was revoked (version: learned from tomorrow)' <<<"$session" || fail "a revoked version: $session"
grep -q 'ERROR:  MB012: twice:1 was revoked (key "next": laptop lost)' <<<"$session" || fail "a revoked key: $session"
for version in first twice; do
    [ "$(log_lines $version 1 MB012)" = 1 ] || fail "$version, revoked: not one line in the server's log"
done
refused "SELECT bourse.revoke_version('first:1', 'again')" MB012 "revoked twice"
refused "SELECT bourse.trust_key('tests', (SELECT public_key FROM bourse.signing_key WHERE name = 'tests'))" MB012 "a revoked key is never trusted again"
until_logged "event=signing_key_revoked .*key=tests"
until_gone "$worker"
says bourse worker --once 'does not trust the signing key "tests"' "a worker with a revoked key"
expect "SELECT string_agg(event || ' ' || object || coalesce(' ' || reason, ''), ', ' ORDER BY audit_id) FROM bourse.audit_log WHERE event LIKE '%revoked'" \
    "version_revoked first:1 learned from tomorrow, key_revoked next laptop lost, key_revoked tests rotated" "the audit log"
refused "DELETE FROM bourse.audit_log" 42501 "history cannot be deleted"
refused "UPDATE bourse.audit_log SET actor = 'nobody'" 42501 "nor changed"
refused "TRUNCATE bourse.audit_log" 42501 "nor emptied"
