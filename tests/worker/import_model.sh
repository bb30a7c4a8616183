#!/usr/bin/env bash
# Models of other libraries through the database: golden models of each kind (BOURSE_SOAK: every one) of XGBoost (JSON and
# UBJ) and LightGBM (text) are imported by a worker, predict and explain as the library does, come out as they went in,
# and come in again equal. What is damaged is refused.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
[ -d "$BOURSE_SHARED/spec/models_golden" ] || exit 77
golden=$scratch/golden
pattern='tiny|_rf$|dart_softprob|gblinear|cat_partition$|cats_container|softprob4|names_odd|hinge|rank_ndcg|poisson|custom_missing|pruned|multiclassova3|zero_as_missing|cat_large|linear_tree'
files=35 rows=2000 explained=1500
if [ -n "${BOURSE_SOAK:-}" ]; then pattern='' files=150 rows=9000 explained=7000; fi
mkdir "$golden" "$scratch/damaged"
chmod 755 "$scratch"  # the server reads them
cp "$BOURSE_SHARED"/spec/models_golden/damaged/* "$scratch/damaged"
python3 "$BOURSE_SOURCE/tests/support/golden_models.py" "$BOURSE_SHARED" "$golden" "$pattern"
# says COMMAND… PATTERN WHAT: the command fails and says so
says() {
    local pattern=${*: -2:1} what=${*: -1} out
    out=$("${@:1:$#-2}" 2>&1) && fail "$what: did not fail"
    grep -q -- "$pattern" <<<"$out" || fail "$what: $out"
}
none_running="NOT EXISTS (SELECT FROM bourse.job WHERE kind = 'import_model')"

sql "CREATE TABLE file (model text, path text, library text, kind text, job bigint);
     CREATE TABLE row (model text, n int, features float8[], margins float8[], prediction float8);
     CREATE TABLE damaged (file text, expect text, job bigint)" >/dev/null
psql -qX -v ON_ERROR_STOP=1 -c "\\copy file (model, path, library, kind) FROM '$golden/files.txt'" -c "\\copy row FROM '$golden/rows.txt'"
start_worker --slots 1 --poll 0.1

# In: version 1 is of the JSON or text file, version 2 of the UBJ file.
sql "UPDATE file AS f SET job = bourse.import_model(o.model, pg_read_binary_file(o.path)) FROM (SELECT * FROM file WHERE kind <> 'ubj' ORDER BY path) AS o WHERE o.path = f.path" >/dev/null
until_true "$none_running" 1200
sql "UPDATE file AS f SET job = bourse.import_model(model, pg_read_binary_file(path), 'xgboost-ubj') WHERE kind = 'ubj'" >/dev/null
until_true "$none_running" 1200
expect "SELECT string_agg(f.path || ': ' || j.last_error, E'\n') FROM file AS f JOIN bourse_bi.job AS j ON j.job_id = f.job WHERE j.state <> 'succeeded'" "" "every golden model is imported"
expect "SELECT count(*) > $files AND bool_and(r.version = CASE f.kind WHEN 'ubj' THEN 2 ELSE 1 END AND r.stage = 'development' AND r.algorithm = f.library)
        FROM file AS f JOIN bourse_bi.model_version AS r ON r.model = f.model AND r.version = CASE f.kind WHEN 'ubj' THEN 2 ELSE 1 END" t "as versions like any other"

# Equal to the library, bit for bit: margins of both files, predictions, and the vector type.
sql "CREATE FUNCTION plain(x float8[]) RETURNS float8[] RETURN ARRAY(SELECT CASE WHEN v = 'NaN' THEN 'NaN' ELSE v END FROM unnest(x) WITH ORDINALITY AS o(v, n) ORDER BY n);  -- any NaN is as good
     CREATE FUNCTION bits(library text, x float8[]) RETURNS bytea RETURN CASE library WHEN 'xgboost' THEN array_send(plain(x)::real[]) ELSE array_send(plain(x)) END;
     CREATE VIEW asked AS SELECT f.library, f.kind, f.model || CASE f.kind WHEN 'ubj' THEN ':2' ELSE ':1' END AS reference, r.* FROM file AS f JOIN row AS r USING (model)" >/dev/null
expect "SELECT count(*) > $rows FROM asked" t "rows to compare"
expect "SELECT string_agg(DISTINCT reference, ' ') FROM asked WHERE bits(library, bourse.predict_margin(reference, features)) IS DISTINCT FROM bits(library, margins)" "" "margins"
expect "SELECT string_agg(DISTINCT reference, ' ') FROM asked WHERE prediction IS NOT NULL AND bits(library, ARRAY[bourse.predict(reference, features)]) IS DISTINCT FROM bits(library, ARRAY[prediction])" "" "predictions"
expect "SELECT string_agg(DISTINCT reference, ' ') FROM asked WHERE library = 'xgboost' AND bits(library, bourse.predict_margin(reference, features::real[]::bourse.fvec)) IS DISTINCT FROM
        bits(library, bourse.predict_margin(reference, features::real[]::float8[]))" "" "from the vector type as from float8[]"
expect "SELECT string_agg(DISTINCT a.model, ' ') FROM (SELECT DISTINCT model FROM row) AS m, LATERAL (SELECT m.model, b.row_number - 1 AS n, b.prediction FROM
        bourse.predict_many(m.model || ':1', format('SELECT features FROM row WHERE model = %L ORDER BY n', m.model)) AS b) AS a JOIN row AS r USING (model, n)
        WHERE a.prediction IS DISTINCT FROM bourse.predict(a.model || ':1', r.features)" "" "in blocks as one by one"

# Contributions: near XGBoost's float32, equal to LightGBM's up to rounding; the sums are checked by the call itself.
psql -qX -v ON_ERROR_STOP=1 -c "CREATE TABLE shap (model text, n int, parts float8[])" -c "\\copy shap FROM '$golden/shap.txt'"
expect "SELECT count(*) > $explained FROM shap" t "contributions to compare"
expect "SELECT string_agg(DISTINCT model, ' ') FROM (
        SELECT s.model, s.n, (SELECT max(abs(a - b)) FROM unnest(bourse.shap(s.model || ':1', r.features), s.parts) AS p(a, b)) AS apart,
            max((SELECT max(abs(b)) FROM unnest(s.parts) AS b)) OVER (PARTITION BY s.model) AS largest
        FROM shap AS s JOIN row AS r USING (model, n)) AS d
    WHERE apart IS NULL OR apart > CASE WHEN model LIKE 'l4_%' THEN 1e-12 WHEN model = 'x17_thousand_trees' THEN 3e-6 * greatest(1, largest) ELSE 1e-6 * greatest(1, largest) END" "" "contributions"

# Out: the very bytes; as JSON and as our own file, which come in again with the same margins.
expect "SELECT string_agg(f.path, ' ') FROM file AS f JOIN bourse.job_archive AS j ON j.job_id = f.job WHERE encode(sha256(bourse.export_model(f.model || CASE f.kind WHEN 'ubj' THEN ':2' ELSE ':1' END)), 'hex')
        IS DISTINCT FROM encode(sha256(pg_read_binary_file(f.path)), 'hex')" "" "the native file comes out as it went in"
sql "SELECT bourse.import_model(model, bourse.export_model(model || ':2', 'xgboost-json'), 'xgboost-json') FROM file WHERE kind = 'ubj'" >/dev/null
sql "SELECT bourse.import_model('moved_' || model, bourse.export_model(model || ':1', 'bourse-model')) FROM file WHERE kind IN ('txt', 'json') AND model ~ 'tiny|rf|dart|linear'" >/dev/null
until_true "$none_running" 1200
expect "SELECT count(*) > 0 AND bool_and(v.version = 3) FROM (SELECT model, max(version) AS version FROM bourse_bi.model_version WHERE model IN (SELECT model FROM file WHERE kind = 'ubj') GROUP BY model) AS v" t "written as JSON and read again"
expect "SELECT string_agg(DISTINCT model, ' ') FROM asked WHERE kind = 'ubj' AND bits(library, bourse.predict_margin(model || ':3', features)) IS DISTINCT FROM bits(library, bourse.predict_margin(reference, features))" "" "equal margins after that"
expect "SELECT count(*) > 300 AND bool_and(bits(library, bourse.predict_margin('moved_' || model || ':1', features)) = bits(library, bourse.predict_margin(reference, features)))
        FROM asked WHERE kind <> 'ubj' AND 'moved_' || model IN (SELECT model FROM bourse_bi.model)" t "equal margins as a file of our own"
says psql -qXAtc "SELECT bourse.export_model('l4_tiny:1', 'xgboost-json')" 'cannot be written as xgboost-json' "what it is not"
says psql -qXAtc "SELECT bourse.export_model('l4_tiny:1', 'onnx')" 'format "onnx" is not known' "an unknown format"

# The command line.
bourse import-model "$golden/x17_tiny.ubj" --name line --features a,b,c >"$scratch/out" || fail "import-model: $(cat "$scratch/out")"
grep -qx 'line:1: xgboost-forest, 3 features, objective reg:squarederror' "$scratch/out" || fail "import-model says $(cat "$scratch/out")"
expect "SELECT features FROM bourse_bi.model_version WHERE model = 'line'" "{a,b,c}" "names as given"
expect "SELECT bourse.predict_row('line:1', r) = bourse.predict('x17_tiny:1', ARRAY[1, 2, 0.5]) FROM (SELECT 0.5 AS c, 2 AS b, 1 AS a, 'x' AS other) AS r" t "by name"
bourse export-model line:1 --to "$scratch/line.ubj" >/dev/null
cmp "$scratch/line.ubj" "$golden/x17_tiny.ubj" || fail "export-model writes another file"
bourse --json import-model "$golden/l4_tiny.txt" --name line | grep -q '"version": 2' || fail "a second version, of another library"
says bourse import-model "$golden/none" --name line 'cannot be read as a file' "no file"
says bourse import-model "$golden/x17_tiny.json" --name line --format lightgbm 'the file is xgboost-json, not lightgbm' "another format"
says bourse import-model "$golden/x17_tiny.json" --name line --features a,b 'the model has 3 features, but 2 names were given' "too few names"
says bourse import-model "$golden/x17_tiny.json" --name 'a b' 'model name "a b" is not usable' "a name that is none"
expect "SELECT count(*) FROM bourse_bi.model_version WHERE model = 'line'" 2 "refusals leave no version"
expect "SELECT string_agg(event || ' ' || object || coalesce(': ' || reason, ''), E'\n' ORDER BY audit_id) FROM bourse.audit_log WHERE object ~ '^line'" \
    "model_imported line:1
model_imported line:2
model_import_refused line: the model has 3 features, but 2 names were given (22023)" "the audit log"

# Names: the file's own, in its order; a feature set must have them.
sql "SELECT bourse.create_feature_set('two', '{\"ret\": \"\$close/\$open\", \"range\": \"\$high/\$low\"}'::jsonb)" >/dev/null
two='{"learner":{"feature_names":["ret","range"],"feature_types":[],"learner_model_param":{"base_score":"5E-1","num_class":"0","num_feature":"2","num_target":"1"},"objective":{"name":"reg:squarederror"},
"gradient_booster":{"name":"gbtree","model":{"gbtree_model_param":{"num_trees":"1"},"tree_info":[0],"trees":[{"tree_param":{"num_nodes":"3"},"left_children":[1,-1,-1],"right_children":[2,-1,-1],
"split_indices":[0,0,0],"split_conditions":[1,3,5],"default_left":[0,0,0],"sum_hessian":[2,1,1]}]}}},"version":[1,7,6]}'
echo "$two" >"$scratch/two.json"
sed 's/"ret","range"/"range","ret"/' "$scratch/two.json" >"$scratch/turned.json"
bourse import-model "$scratch/two.json" --name two --feature-set two >/dev/null || fail "with a feature set"
expect "SELECT feature_set || ':' || feature_set_version FROM bourse_bi.model_version WHERE model = 'two'" two:1 "its set"
expect "SELECT string_agg(from_kind, ' ' ORDER BY from_kind) FROM bourse_bi.lineage WHERE to_kind = 'model_version' AND to_id = (SELECT model_version_id::text FROM bourse_bi.model_version WHERE model = 'two')" \
    "feature_set model_file" "what it was made from"
says bourse import-model "$scratch/turned.json" --name two --feature-set two 'feature 1 is "range" in the file, but "ret" was given' "a set in another order"
says bourse import-model "$scratch/two.json" --name two --features range,ret 'feature 1 is "ret" in the file, but "range" was given' "names in another order"
bourse import-model "$scratch/two.json" --name two --features one,other >/dev/null || fail "new names"
# Promoted, it serves what the bare name means.
sql "SELECT bourse.promote('two:1', s) FROM unnest(ARRAY['testing', 'staging', 'production']) AS s" >/dev/null
expect "SELECT bourse.predict('two', '{0.5,1}'::float8[]) || ' ' || bourse.predict('two', '{2,1}'::float8[])" "3.5 5.5" "in production"

# What people hand in by mistake is refused at once, with what to do.
says psql -qXAtc "SELECT bourse.import_model('m', '\\x80049500')" 'the file is a Python pickle' "a pickle"
says psql -qXAtc "SELECT bourse.import_model('m', '\\x1f8b0800')" 'unpack it first' "gzip"
says psql -qXAtc "SELECT bourse.import_model('m', '')" 'the file is empty' "nothing"
says psql -qXAtc "SELECT bourse.import_model('m', '{}', 'xgbost-json')" 'did you mean "xgboost-json"' "a format with a slip"
says psql -qXAtc "SET ROLE bourse_reader; SELECT bourse.import_model('m', '{}')" 'permission denied' "a reader imports nothing"
says psql -qXAtc "SET ROLE bourse_reader; SELECT bourse.export_model('two')" 'permission denied' "and exports nothing"
says psql -qXAtc "SET ROLE bourse_researcher; SELECT bourse.store_upload($(sql "SELECT min(job) FROM file"), 'lightgbm', 'tree')" 'is no import of yours' "a file for another one's job"
forged=$(sql "SELECT bourse.enqueue('import_model', '{\"model\": \"m\"}')")
state_is "$forged" failed

# Damaged files: an error that says where, or the predictions of the model that was damaged; nothing is left over.
{
    echo "COPY damaged (file, expect) FROM STDIN;"
    tail -n +2 "$BOURSE_SHARED/spec/models_golden/damaged/manifest.csv" | cut -d, -f1,3 | tr ',' '\t' | grep -E '(refuse|accept|any)$'
    echo '\.'
} | psql -qX -v ON_ERROR_STOP=1
expect "SELECT count(*) FROM damaged" 60 "damaged files"
psql -qXAt -v ON_ERROR_STOP=1 >/dev/null <<SQL
CREATE FUNCTION try_import(file text) RETURNS bigint LANGUAGE plpgsql AS \$\$
BEGIN
    RETURN bourse.import_model('damaged', pg_read_binary_file('$scratch/damaged/' || file));
EXCEPTION WHEN SQLSTATE 'MB011' THEN RETURN NULL;  -- not even the first bytes are right
END \$\$;
UPDATE damaged SET job = try_import(file);
SQL
until_true "$none_running" 1200
expect "SELECT string_agg(d.file, ' ') FROM damaged AS d LEFT JOIN bourse_bi.job AS j ON j.job_id = d.job
        WHERE d.expect = CASE WHEN j.state = 'succeeded' THEN 'refuse' ELSE 'accept' END" "" "refused and accepted as they should"
expect "SELECT string_agg(j.state || ' ' || j.attempt || ' ' || j.last_error, E'\n') FROM damaged AS d JOIN bourse_bi.job AS j ON j.job_id = d.job
        WHERE j.state <> 'succeeded' AND (j.state <> 'failed' OR j.attempt <> 1 OR j.last_error !~ 'hint: ')" "" "each at the first attempt, with what to do"
expect "SELECT count(*) FROM bourse.model_upload" 0 "no file waits"
expect "SELECT count(*) FROM bourse.artifact AS a WHERE NOT EXISTS (SELECT FROM bourse.model_version AS v WHERE a.artifact_id IN (v.artifact_id, v.native_artifact_id))" 0 "no file is left over"

# A waiting import that is cancelled drops its file.
kill -TERM "$worker"
until_gone "$worker"
cancelled=$(sql "SELECT bourse.import_model('m', pg_read_binary_file('$golden/l4_tiny.txt'))")
expect "SELECT count(*) FROM bourse.model_upload" 1 "kept until then"
sql "SELECT bourse.cancel($cancelled)" >/dev/null
expect "SELECT (SELECT count(*) FROM bourse.model_upload) || ' ' || (SELECT event FROM bourse.audit_log ORDER BY audit_id DESC LIMIT 1)" "0 model_import_cancelled" "dropped"

# The native file counts as far as the signed artifact names it.
start_worker --slots 1 --poll 0.1
bourse verify-artifacts x17_tiny >/dev/null || fail "all is well"
sql "UPDATE bourse.artifact AS a SET sha256 = n.sha256, size_bytes = n.size_bytes FROM bourse.artifact AS n, bourse.model_version AS v, bourse.model_version AS w
     WHERE a.artifact_id = v.native_artifact_id AND n.artifact_id = w.native_artifact_id AND v.model_version_id = (SELECT model_version_id FROM bourse_bi.model_version WHERE (model, version) = ('x17_tiny', 1))
         AND w.model_version_id = (SELECT model_version_id FROM bourse_bi.model_version WHERE (model, version) = ('x17_tiny_dart', 1));
     UPDATE bourse.artifact_chunk AS c SET content = (SELECT o.content FROM bourse.artifact_chunk AS o JOIN bourse.model_version AS w ON w.native_artifact_id = o.artifact_id
         WHERE w.model_version_id = (SELECT model_version_id FROM bourse_bi.model_version WHERE (model, version) = ('x17_tiny_dart', 1)))
     WHERE c.artifact_id = (SELECT native_artifact_id FROM bourse.model_version WHERE model_version_id = (SELECT model_version_id FROM bourse_bi.model_version WHERE (model, version) = ('x17_tiny', 1)))" >/dev/null
says psql -qXAtc "SELECT bourse.export_model('x17_tiny:1')" 'its native file is another than the signed artifact names' "another file in its place"
says bourse verify-artifacts x17_tiny:1 'x17_tiny:1 *REFUSED *MB011' "and for the check"
# Keys are written through the functions that write the audit log, by nobody otherwise.
for statement in "INSERT INTO bourse.signing_key (name, public_key) VALUES ('x', '\\x00')" "UPDATE bourse.signing_key SET revoked_at = NULL" "DELETE FROM bourse.signing_key" "DELETE FROM bourse.revoked_version"; do
    says psql -qXAtc "SET ROLE bourse_admin; $statement" 'permission denied' "$statement"
done
