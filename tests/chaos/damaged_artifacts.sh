#!/usr/bin/env bash
# Damaged artifacts in a backend, signed anew so that the checks behind the signature are reached: an error that says so, or a
# number; never a crash, a hang, or an error of another kind. Long form: 10,000.
. "$BOURSE_SOURCE/tests/support/worker_lib.sh"
golden=$BOURSE_SHARED/spec/models_golden
[ -d "$golden" ] || exit 77
count=400
chmod 755 "$scratch"  # the server reads the artifacts
[ -z "${BOURSE_SOAK:-}" ] || count=10000
sql "$(cat "$BOURSE_SOURCE/tests/support/signing.sql")" >/dev/null
for case in x17_tiny x17_tiny_dart x17_tiny_softprob x17_gblinear x17_cat_partition l4_tiny l4_tiny_linear l4_cat_small; do
    for file in "$golden/$case"/model.json* "$golden/$case"/model.txt*; do [ ! -f "$file" ] || zcat -f "$file" >"$scratch/model"; done
    artifact_tool "$scratch/model" "$scratch/$case"
    sql "SELECT test.register_version('$case', NULL, 'xgboost', NULL, ARRAY(SELECT jsonb_array_elements_text(bourse.artifact_info(a) -> 'features')), 'l', a)
         FROM pg_read_binary_file('$scratch/$case') AS a" >/dev/null || fail "$case is not registered"
done
psql -qXAt -v ON_ERROR_STOP=1 >/dev/null <<'SQL'
CREATE TABLE original AS SELECT m.name, a.artifact_id, c.content, cardinality(v.features) AS width, row_number() OVER (ORDER BY m.name) - 1 AS n
FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id) JOIN bourse.artifact AS a USING (artifact_id) JOIN bourse.artifact_chunk AS c USING (artifact_id);
CREATE FUNCTION any_of(n bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT floor(random() * n)::bigint $$;
CREATE FUNCTION put(content bytea, at bigint, value bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT overlay(content PLACING value FROM at::int + 1) $$;
-- One of seven kinds of damage.
CREATE FUNCTION damage(content bytea, kind int) RETURNS bytea LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    size int := length(content);
    a int; b int;
BEGIN
    CASE kind
    WHEN 0 THEN  -- bits
        FOR i IN 0..any_of(8) LOOP
            a := any_of(size * 8);
            content := set_bit(content, a, 1 - get_bit(content, a));
        END LOOP;
    WHEN 1 THEN content := substr(content, 1, any_of(size)::int);  -- cut
    WHEN 2 THEN  -- a word that is extreme
        content := put(content, any_of(size / 4) * 4, (ARRAY['\x00000000', '\xffffffff', '\xffffff7f', '\x00000080', '\x01000000', '\xffff0000', '\x0000c07f', '\x0000807f']::bytea[])[1 + any_of(8)]);
    WHEN 3 THEN  -- a giant
        content := put(content, any_of(size / 8 - 1) * 8, (ARRAY['\xffffffffffffffff', '\xffffffffffffff7f', '\x0000000000000040', '\x0000000001000000']::bytea[])[1 + any_of(4)]);
    WHEN 4 THEN  -- two words change places: children, features, counts
        a := any_of(size / 4) * 4;
        b := greatest(0, least(size - 4, a + (any_of(64) - 32) * 4));
        content := put(put(content, a, substr(content, b + 1, 4)), b, substr(content, a + 1, 4));
    WHEN 5 THEN content := content || substr(content, any_of(size)::int + 1, 1 + any_of(100)::int);  -- too much
    ELSE  -- a part of it stands somewhere else
        a := any_of(size); b := any_of(size);
        content := substr(put(content, a, substr(content, b + 1, 1 + any_of(64)::int)), 1, size);
    END CASE;
    RETURN content;
END $$;
SQL

# One backend for all of them: it must survive. Each in a subtransaction; what comes is counted, what must not come is an error.
found=$(psql -qXAt -v ON_ERROR_STOP=1 <<SQL
SET bourse.model_cache_mb = 64;
SELECT setseed(0.42) \g /dev/null
CREATE TEMP TABLE result (kind int, name text, state text, ms float8);
DO \$\$
DECLARE
    base original; damaged bytea; reference text; began timestamptz; state text; reply float8[];
BEGIN
    FOR i IN 0..$count - 1 LOOP
        SELECT o.* INTO base FROM original AS o WHERE o.n = (i / 7) % 8;
        damaged := damage(base.content, i % 7);
        CONTINUE WHEN length(damaged) = 0;  -- the table has no empty pieces
        UPDATE bourse.artifact_chunk AS c SET content = damaged WHERE c.artifact_id = base.artifact_id;
        UPDATE bourse.artifact AS a SET sha256 = sha256(damaged), size_bytes = length(damaged), signature = test.sign(base.name, damaged) WHERE a.artifact_id = base.artifact_id;
        began := clock_timestamp();
        state := 'predicted';
        BEGIN
            reply := bourse.predict_margin(base.name || ':1', array_fill(1.5::float8, ARRAY[base.width]));
            PERFORM bourse.predict(base.name || ':1', array_fill('NaN'::float8, ARRAY[base.width])), bourse.shap(base.name || ':1', array_fill(0.5::float8, ARRAY[base.width]));
            PERFORM count(*) FROM bourse.predict_many(base.name || ':1', format('SELECT array_fill(i::float8, ARRAY[%s]) FROM generate_series(1, 40) AS i', base.width));
            PERFORM count(*) FROM bourse.shap_interactions(base.name || ':1', array_fill(0.5::float8, ARRAY[base.width]));
            PERFORM bourse.shap_interventional(base.name || ':1', array_fill(0.5::float8, ARRAY[base.width]), format('SELECT array_fill(1::float8, ARRAY[%s])', base.width));
        EXCEPTION WHEN SQLSTATE 'MB011' OR SQLSTATE 'MB013' OR SQLSTATE 'MB020' OR SQLSTATE 'MB080' THEN state := SQLSTATE;
            WHEN internal_error THEN state := 'additivity';  -- a damaged cover or leaf: the parts do not sum, and that is said
                IF SQLERRM !~ 'the contributions of .* sum to' THEN RAISE; END IF;
        END;
        INSERT INTO result VALUES (i % 7, base.name, state, extract(epoch FROM clock_timestamp() - began) * 1000);
    END LOOP;
END \$\$;
SELECT format('%s artifacts: %s', count(*), (SELECT string_agg(format('%s %s', n, state), ', ' ORDER BY n DESC) FROM (SELECT state, count(*) AS n FROM result GROUP BY state) AS s)) FROM result;
SELECT format('slowest %s ms', round(max(ms))) FROM result;
SELECT count(DISTINCT name) = 8 AND count(DISTINCT kind) = 7 AND bool_or(state = 'MB011') AND bool_or(state = 'predicted') AND count(*) > $count * 0.95 FROM result;
SELECT max(ms) < 1000 FROM result;
SQL
) || fail "the backend did not survive, or gave an error of another kind: $found"
echo "$found"
[ "$(tail -2 <<<"$found" | head -1)" = t ] || fail "not every kind of damage was tried, or all had one outcome"
[ -z "${BOURSE_SOAK:-}" ] || [ "$(tail -1 <<<"$found")" = t ] || fail "one took longer than a second"
expect "SELECT count(*) > 0 FROM bourse_bi.model" t "the server lives"

# Covers that are a tree's in form and absurd in value: the parts cannot be computed, and every explanation says so.
sql "SELECT jsonb_build_object('version', '[1, 7, 6]'::jsonb, 'learner', jsonb_build_object(
        'feature_names', '[]'::jsonb, 'feature_types', '[]'::jsonb, 'objective', jsonb_build_object('name', 'reg:squarederror'),
        'learner_model_param', '{\"base_score\": \"0\", \"num_class\": \"0\", \"num_target\": \"1\", \"num_feature\": \"16\"}'::jsonb,
        'gradient_booster', jsonb_build_object('name', 'gbtree', 'model', jsonb_build_object('tree_info', '[0]'::jsonb,
            'gbtree_model_param', '{\"num_trees\": \"1\", \"num_parallel_tree\": \"1\"}'::jsonb, 'trees', jsonb_build_array(jsonb_build_object(
                'tree_param', '{\"num_nodes\": \"33\", \"size_leaf_vector\": \"0\"}'::jsonb,
                'left_children', (SELECT jsonb_agg(CASE WHEN i % 2 = 0 AND i < 32 THEN i + 1 ELSE -1 END ORDER BY i) FROM generate_series(0, 32) AS i),
                'right_children', (SELECT jsonb_agg(CASE WHEN i % 2 = 0 AND i < 32 THEN i + 2 ELSE -1 END ORDER BY i) FROM generate_series(0, 32) AS i),
                'split_indices', (SELECT jsonb_agg(least(i / 2, 15) ORDER BY i) FROM generate_series(0, 32) AS i),
                'split_conditions', (SELECT jsonb_agg(1 ORDER BY i) FROM generate_series(0, 32) AS i),
                'default_left', (SELECT jsonb_agg(0 ORDER BY i) FROM generate_series(0, 32) AS i),
                'sum_hessian', (SELECT jsonb_agg(CASE WHEN i / 2 % 2 = 0 THEN 1e-37 ELSE 1e38 END ORDER BY i) FROM generate_series(0, 32) AS i)))))))" >"$scratch/chain.json"
artifact_tool "$scratch/chain.json" "$scratch/chain" || fail "the chain is refused"
sql "SELECT test.register_version('chain', NULL, 'xgboost', NULL, ARRAY(SELECT 'f' || i FROM generate_series(0, 15) AS i), 'l', a) FROM pg_read_binary_file('$scratch/chain') AS a" >/dev/null
expect "SELECT bourse.predict('chain:1', array_fill(2::float8, ARRAY[16]))" 1 "the chain predicts"
row="'chain:1', array_fill(2::float8, ARRAY[16])"
for call in "SELECT bourse.shap($row)" "SELECT * FROM bourse.explain($row)" "SELECT * FROM bourse.shap_interactions($row)"; do
    said=$(psql -qXAt -v VERBOSITY=verbose -c "$call" 2>&1) && fail "$call gave $said"
    grep -q "XX000: the contributions of chain:1 sum to " <<<"$said" || fail "$call says: $said"
done
