-- New versions.

CREATE OR REPLACE FUNCTION bourse.store_artifact(format text, content bytea, signature bytea DEFAULT NULL, key_id int DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    chunk_bytes CONSTANT int := 16777216;
    size bigint := octet_length(content);
    id bigint;
BEGIN
    INSERT INTO bourse.artifact (format, sha256, size_bytes, signature, key_id)
    VALUES (store_artifact.format, sha256(content), size, store_artifact.signature, store_artifact.key_id) RETURNING artifact_id INTO id;
    INSERT INTO bourse.artifact_chunk (artifact_id, chunk, content)
    SELECT id, n, substr(store_artifact.content, (n * chunk_bytes + 1)::int, chunk_bytes)
    FROM generate_series(0, ((size - 1) / chunk_bytes)::int) AS n
    WHERE size > 0;
    RETURN id;
END
$$;
COMMENT ON FUNCTION bourse.store_artifact(text, bytea, bytea, int) IS 'keeps bytes with their sha256 in chunks of 16 MB; returns artifact_id';

CREATE OR REPLACE FUNCTION bourse.register_version(model text, run_id bigint, algorithm text, feature_set_id int, features text[], label text,
    artifact bytea, native bytea DEFAULT NULL, params jsonb DEFAULT '{}', metrics jsonb DEFAULT '{}', signature bytea DEFAULT NULL, public_key bytea DEFAULT NULL,
    import_job bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    about jsonb;
    signed_features text[];
    signed_by int;
    wanted_model bigint;
    next_version int;
    native_id bigint;
    native_sha256 bytea := sha256(native);
    owner text;
    id bigint;
BEGIN
    IF model IS NULL OR algorithm IS NULL OR features IS NULL OR artifact IS NULL THEN
        RAISE EXCEPTION 'model, algorithm, features and artifact must not be NULL' USING ERRCODE = '22004';
    END IF;
    IF model !~ '^[A-Za-z_][A-Za-z0-9_.-]*$' THEN
        RAISE EXCEPTION 'model name "%" is not allowed', left(model, 200) USING ERRCODE = '22023',
            HINT = 'a name starts with a letter or _, then letters, digits, _ . and -';
    END IF;
    signed_by := bourse.require_signature(model, sha256(artifact), octet_length(artifact), signature, public_key);
    -- What is registered can be predicted with: the artifact passes every check of loading.
    about := bourse.artifact_info(artifact);
    SELECT array_agg(f.name ORDER BY f.ordinality) INTO signed_features FROM jsonb_array_elements_text(about -> 'features') WITH ORDINALITY AS f(name, ordinality);
    IF signed_features IS DISTINCT FROM features THEN
        RAISE EXCEPTION 'the artifact takes % features and was registered with %', cardinality(signed_features), cardinality(features)
            USING ERRCODE = 'MB020', DETAIL = 'their names and order must be the same',
            HINT = format('the first that differs is %s', (SELECT coalesce(min(i), 0) FROM generate_series(1, greatest(cardinality(signed_features), cardinality(features))) AS i
                                                           WHERE signed_features[i] IS DISTINCT FROM features[i]));
    END IF;

    -- The native file has no signature of its own: it counts as far as the signed artifact names it.
    IF import_job IS NOT NULL THEN
        SELECT a.artifact_id, a.sha256 INTO native_id, native_sha256 FROM bourse.model_upload AS u JOIN bourse.artifact AS a USING (artifact_id)
        WHERE u.job_id = import_job AND a.format <> 'bourse-model';
    END IF;
    IF (about #>> '{training,native_sha256}') IS DISTINCT FROM encode(native_sha256, 'hex') THEN
        RAISE EXCEPTION 'the artifact of model "%" does not name the native file that came with it', model USING ERRCODE = 'MB011',
            DETAIL = format('native_sha256 in the artifact is %s, the file''s %s', coalesce(about #>> '{training,native_sha256}', 'not there'), coalesce(encode(native_sha256, 'hex'), 'is not there'));
    END IF;

    owner := coalesce((SELECT r.owner FROM bourse.run AS r WHERE r.run_id = register_version.run_id), (SELECT j.owner FROM bourse.job AS j WHERE j.job_id = import_job), session_user);
    INSERT INTO bourse.model (name, owner) VALUES (register_version.model, owner) ON CONFLICT (name) DO NOTHING;
    SELECT m.model_id INTO wanted_model FROM bourse.model AS m WHERE m.name = register_version.model FOR UPDATE;
    SELECT coalesce(max(v.version), 0) + 1 INTO next_version FROM bourse.model_version AS v WHERE v.model_id = wanted_model;
    IF native IS NOT NULL THEN
        native_id := bourse.store_artifact('xgboost-json', native);
    END IF;
    INSERT INTO bourse.model_version (model_id, version, run_id, algorithm, feature_set_id, features, label, artifact_id, native_artifact_id, params, metrics)
    VALUES (wanted_model, next_version, register_version.run_id, register_version.algorithm, register_version.feature_set_id, register_version.features,
            register_version.label, bourse.store_artifact('bourse-model', artifact, register_version.signature, signed_by), native_id, coalesce(register_version.params, '{}'),
            coalesce(register_version.metrics, '{}'))
    RETURNING model_version_id INTO id;
    INSERT INTO bourse.model_stage (model_version_id, model_id, stage) VALUES (id, wanted_model, 'development');
    INSERT INTO bourse.stage_transition (model, version, model_version_id, to_stage, reason)
    VALUES (register_version.model, next_version, id, 'development', CASE WHEN import_job IS NOT NULL THEN format('import %s', import_job) WHEN register_version.run_id IS NULL THEN 'registered' ELSE format('run %s', register_version.run_id) END);
    RETURN id;
END
$$;
COMMENT ON FUNCTION bourse.register_version(text, bigint, text, int, text[], text, bytea, bytea, jsonb, jsonb, bytea, bytea, bigint) IS
    'makes the next version of a model (and the model), in development, inside the caller''s transaction; returns model_version_id. The artifact must be signed by a trusted key (MB010, MB011, MB012) and name the sha256 of the native file, if there is one; import_job: the import whose file that is. SECURITY DEFINER: workers write no registry table otherwise';
