-- Checking stored artifacts, and signing them anew: jobs, because both read every byte.

CREATE OR REPLACE FUNCTION bourse.enqueue_artifact_job(kind text, model text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM bourse.artifacts_to_check(model);
    RETURN bourse.enqueue(kind, jsonb_strip_nulls(jsonb_build_object('model', model)));
END
$$;
COMMENT ON FUNCTION bourse.enqueue_artifact_job(text, text) IS 'internal: a job of this kind over the artifacts that a reference means (bourse.artifacts_to_check); MB001';

CREATE OR REPLACE FUNCTION bourse.verify_artifacts(model text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN bourse.enqueue_artifact_job('verify_artifacts', model);
END
$$;
COMMENT ON FUNCTION bourse.verify_artifacts(text) IS
    'a job that reads, hashes, parses and checks the signature of the artifacts of a version (name:7, name@stage), of a model (its name) or of all (NULL), and writes what it found to bourse.audit_log';

CREATE OR REPLACE FUNCTION bourse.resign_artifacts(model text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN bourse.enqueue_artifact_job('resign_artifacts', model);
END
$$;
COMMENT ON FUNCTION bourse.resign_artifacts(text) IS
    'a job that checks the same artifacts as bourse.verify_artifacts and signs those that pass with the key of the worker that takes it; for the rotation of keys';

CREATE OR REPLACE FUNCTION bourse.artifacts_to_check(model text)
    RETURNS TABLE(model_version_id bigint, name text, version int, artifact_id bigint, size_bytes bigint, sha256 bytea, signature bytea, public_key bytea,
        revoked text, native_artifact_id bigint, native_size_bytes bigint, native_sha256 bytea)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one_model bigint;
    one_version bigint;
BEGIN
    IF artifacts_to_check.model ~ '[:@]' THEN
        one_version := bourse.resolve_model(artifacts_to_check.model);
    ELSIF artifacts_to_check.model IS NOT NULL THEN
        one_model := bourse.find_model(artifacts_to_check.model);
    END IF;
    RETURN QUERY
    SELECT v.model_version_id, m.name, v.version, a.artifact_id, a.size_bytes, a.sha256, a.signature, k.public_key,
        coalesce('version: ' || r.reason, 'key "' || k.name || '": ' || k.revoked_reason) AS revoked, n.artifact_id, n.size_bytes, n.sha256
    FROM bourse.model_version AS v
    JOIN bourse.model AS m USING (model_id)
    JOIN bourse.artifact AS a ON a.artifact_id = v.artifact_id
    LEFT JOIN bourse.artifact AS n ON n.artifact_id = v.native_artifact_id
    LEFT JOIN bourse.signing_key AS k ON k.key_id = a.key_id
    LEFT JOIN bourse.revoked_version AS r ON r.model_version_id = v.model_version_id
    WHERE (one_model IS NULL OR v.model_id = one_model) AND (one_version IS NULL OR v.model_version_id = one_version)
    ORDER BY m.name, v.version;
END
$$;
COMMENT ON FUNCTION bourse.artifacts_to_check(text) IS 'the versions that a reference, a bare name (all of the model''s) or NULL (all) means, with what is recorded of their artifacts; MB001';

CREATE OR REPLACE FUNCTION bourse.read_artifact(artifact_id bigint, chunk int) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT c.content FROM bourse.artifact_chunk AS c WHERE c.artifact_id = read_artifact.artifact_id AND c.chunk = read_artifact.chunk;
END;
COMMENT ON FUNCTION bourse.read_artifact(bigint, int) IS 'one piece of an artifact, NULL after the last. SECURITY DEFINER because the pieces are granted to nobody; for bourse_worker';

CREATE OR REPLACE FUNCTION bourse.record_artifact_check(job bigint, model_version_id bigint, problem_sqlstate text, problem text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    label text := (SELECT format('%s:%s', m.name, v.version) FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id)
                   WHERE v.model_version_id = record_artifact_check.model_version_id);
BEGIN
    PERFORM bourse.audit(CASE WHEN problem IS NULL THEN 'artifact_verified' ELSE 'artifact_refused' END, 'model_version', label, problem,
        jsonb_strip_nulls(jsonb_build_object('job_id', job, 'sqlstate', problem_sqlstate)));
END
$$;
COMMENT ON FUNCTION bourse.record_artifact_check(bigint, bigint, text, text) IS
    'writes to the audit log what a worker found in an artifact. SECURITY DEFINER because the audit log is granted to nobody; for bourse_worker';

CREATE OR REPLACE FUNCTION bourse.replace_signature(job bigint, model_version_id bigint, signature bytea, public_key bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held record;
    signed_by int;
BEGIN
    SELECT m.name, v.version, a.artifact_id, a.sha256, a.size_bytes, a.signature, k.name AS key, k.public_key INTO held
    FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id) JOIN bourse.artifact AS a USING (artifact_id) LEFT JOIN bourse.signing_key AS k USING (key_id)
    WHERE v.model_version_id = replace_signature.model_version_id FOR UPDATE OF a;
    -- Only what counts now may count under another key.
    PERFORM bourse.require_signature(held.name, held.sha256, held.size_bytes, held.signature, held.public_key);
    signed_by := bourse.require_signature(held.name, held.sha256, held.size_bytes, signature, public_key);
    UPDATE bourse.artifact AS a SET signature = replace_signature.signature, key_id = signed_by WHERE a.artifact_id = held.artifact_id;
    PERFORM bourse.audit('artifact_resigned', 'model_version', format('%s:%s', held.name, held.version), NULL,
        jsonb_build_object('job_id', job, 'from_key', held.key, 'to_key', (SELECT k.name FROM bourse.signing_key AS k WHERE k.key_id = signed_by)));
END
$$;
COMMENT ON FUNCTION bourse.replace_signature(bigint, bigint, bytea, bytea) IS
    'puts a worker''s new signature in the place of one that still counts; MB010, MB011, MB012 when either does not. SECURITY DEFINER: workers write no registry table otherwise';
