-- Models of other libraries: in as a job, because a child of a worker parses what nobody vouches for; out as a function.

CREATE OR REPLACE FUNCTION bourse.import_model(name text, content bytea, format text DEFAULT NULL, features text[] DEFAULT NULL, feature_set text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    formats CONSTANT text[] := ARRAY['xgboost-json', 'xgboost-ubj', 'lightgbm', 'bourse-model'];
    wanted bourse.feature_set;
    found_format text;
    job bigint;
BEGIN
    IF name IS NULL OR content IS NULL THEN
        RAISE EXCEPTION 'name and content must not be NULL' USING ERRCODE = '22004';
    END IF;
    PERFORM bourse.check_model_name(name);
    IF format <> ALL (formats) THEN
        RAISE EXCEPTION 'format "%" is not known', left(format, 100) USING ERRCODE = '22023',
            HINT = coalesce(format('did you mean "%s"? ', bourse.nearest(format, formats)), '') || 'formats: ' || array_to_string(formats, ', ') || '; left out, the file''s first bytes tell';
    ELSIF features IS NOT NULL AND feature_set IS NOT NULL THEN
        RAISE EXCEPTION 'either features or feature_set, not both' USING ERRCODE = '22023', HINT = 'a feature set brings the names of its features';
    ELSIF features IS NOT NULL AND (array_ndims(features) IS DISTINCT FROM 1 OR array_position(features, NULL) IS NOT NULL) THEN
        RAISE EXCEPTION 'features must be a list of names without NULL' USING ERRCODE = '22023';
    END IF;
    IF feature_set IS NOT NULL THEN
        wanted := bourse.find_feature_set(feature_set);
    END IF;
    found_format := bourse.model_format(content);
    IF found_format <> import_model.format THEN
        RAISE EXCEPTION 'the file is %, not %', found_format, format USING ERRCODE = 'MB011', HINT = 'leave the format out: the file''s first bytes tell';
    END IF;
    job := bourse.enqueue('import_model', jsonb_strip_nulls(jsonb_build_object('model', name, 'format', found_format, 'features', features,
        'feature_set_id', wanted.feature_set_id, 'sha256', encode(sha256(content), 'hex'), 'size_bytes', octet_length(content))));
    PERFORM bourse.store_upload(job, found_format, content);
    RETURN job;
END
$$;
COMMENT ON FUNCTION bourse.import_model(text, bytea, text, text[], text) IS
    'makes a version of a model file of XGBoost (JSON, UBJ), LightGBM (text) or of bourse.export_model, in the background; returns the job. features: names in the order of training, where the file has none; feature_set: the set that makes them';

CREATE OR REPLACE FUNCTION bourse.store_upload(job bigint, format text, content bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    job_owner text := (SELECT j.owner FROM bourse.job AS j WHERE j.job_id = store_upload.job AND j.kind = 'import_model');
BEGIN
    IF job_owner IS NULL OR NOT bourse.may_act_for(job_owner) THEN
        RAISE EXCEPTION 'job % is no import of yours', job USING ERRCODE = 'insufficient_privilege', HINT = 'imports are made by bourse.import_model';
    END IF;
    INSERT INTO bourse.model_upload (job_id, artifact_id) VALUES (store_upload.job, bourse.store_artifact(store_upload.format, store_upload.content));
END
$$;
COMMENT ON FUNCTION bourse.store_upload(bigint, text, bytea) IS 'part of bourse.import_model: keeps the file of a job just made; SECURITY DEFINER because artifacts are written through functions only';

CREATE OR REPLACE FUNCTION bourse.import_finished(job bigint, args jsonb, owner text, state text, result jsonb, error text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    about jsonb := jsonb_strip_nulls(jsonb_build_object('job_id', job, 'owner', owner, 'format', args -> 'format', 'sha256', args -> 'sha256', 'size_bytes', args -> 'size_bytes'));
    upload bigint;
BEGIN
    DELETE FROM bourse.model_upload AS u WHERE u.job_id = import_finished.job RETURNING u.artifact_id INTO upload;
    IF state = 'succeeded' THEN
        PERFORM bourse.audit('model_imported', 'model_version', (SELECT format('%s:%s', m.name, v.version) FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id)
            WHERE v.model_version_id = (result ->> 'model_version_id')::bigint), NULL, about);
    ELSE
        PERFORM bourse.audit(CASE state WHEN 'cancelled' THEN 'model_import_cancelled' ELSE 'model_import_refused' END, 'model', coalesce(args ->> 'model', '?'), error, about);
    END IF;
    DELETE FROM bourse.artifact AS a WHERE a.artifact_id = upload AND NOT EXISTS (SELECT FROM bourse.model_version AS v WHERE v.native_artifact_id = a.artifact_id);
END
$$;
COMMENT ON FUNCTION bourse.import_finished(bigint, jsonb, text, text, jsonb, text) IS
    'internal: called by the queue when an import ends: writes the audit log and drops the file that no version has taken over';

-- The C function reads below SQL what nobody is granted; who may call this may have the file.
CREATE OR REPLACE FUNCTION bourse.export_model(model text, format text DEFAULT 'native') RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT bourse.read_model_file(export_model.model, export_model.format);
END;
COMMENT ON FUNCTION bourse.export_model(text, text) IS
    'a version as a file: native (as its library wrote it; MB011 unless it is the one that the signed artifact names), xgboost-json (any model of XGBoost), xgboost-ubj, lightgbm, bourse-model (to import elsewhere)';
