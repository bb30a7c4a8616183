-- Whose signatures count, and what is no longer to be used.

CREATE OR REPLACE FUNCTION bourse.trust_key(name text, public_key bytea) RETURNS int
LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known bourse.signing_key;
    id int;
BEGIN
    IF octet_length(public_key) <> 32 THEN
        RAISE EXCEPTION 'a public key has 32 bytes, this one %', octet_length(public_key) USING ERRCODE = '22023', HINT = 'bourse keygen prints the statement to run';
    END IF;
    IF name !~ '^[A-Za-z0-9_.@-]{1,64}$' THEN
        RAISE EXCEPTION 'key name "%" is not allowed', left(name, 100) USING ERRCODE = '22023', HINT = '1 to 64 letters, digits, _ . @ and -';
    END IF;
    LOCK TABLE bourse.signing_key IN SHARE ROW EXCLUSIVE MODE;
    SELECT k.* INTO known FROM bourse.signing_key AS k WHERE k.public_key = trust_key.public_key;
    IF known.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'key "%" was revoked at %: %', known.name, known.revoked_at, known.revoked_reason USING ERRCODE = 'MB012',
            HINT = 'a revoked key is never trusted again: make a new one with bourse keygen';
    ELSIF known.name = trust_key.name THEN
        RETURN known.key_id;
    ELSIF known.key_id IS NOT NULL THEN
        RAISE EXCEPTION 'this public key is trusted already, as "%"', known.name USING ERRCODE = '42710';
    ELSIF EXISTS (SELECT FROM bourse.signing_key AS k WHERE k.name = trust_key.name) THEN
        RAISE EXCEPTION 'there is another key with the name "%"', name USING ERRCODE = '42710', HINT = 'give each key a name of its own';
    END IF;
    INSERT INTO bourse.signing_key AS k (name, public_key) VALUES (trust_key.name, trust_key.public_key) RETURNING k.key_id INTO id;
    PERFORM bourse.audit('key_trusted', 'signing_key', name, NULL, jsonb_build_object('public_key', encode(public_key, 'hex')));
    RETURN id;
END
$$;
COMMENT ON FUNCTION bourse.trust_key(text, bytea) IS
    'from now on models signed by this key are used; the same name and key again change nothing. SECURITY DEFINER because the audit log is granted to nobody; for bourse_admin';

CREATE OR REPLACE FUNCTION bourse.require_reason(what text, which text, reason text) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF which IS NULL OR nullif(btrim(reason), '') IS NULL THEN
        RAISE EXCEPTION '% and reason must be given', what USING ERRCODE = '22004';
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.require_reason(text, text, text) IS 'internal: 22004 unless it is said which one is revoked, and why';

CREATE OR REPLACE FUNCTION bourse.revoke_key(name text, reason text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known bourse.signing_key;
    versions bigint;
BEGIN
    PERFORM bourse.require_reason('name', revoke_key.name, reason);
    SELECT k.* INTO known FROM bourse.signing_key AS k WHERE k.name = revoke_key.name FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no key "%"', left(name, 100) USING ERRCODE = '22023',
            HINT = format('keys: %s', coalesce((SELECT string_agg(k.name, ', ' ORDER BY k.name) FROM bourse.signing_key AS k), 'none'));
    ELSIF known.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'key "%" was revoked already, at %: %', known.name, known.revoked_at, known.revoked_reason USING ERRCODE = 'MB012';
    END IF;
    UPDATE bourse.signing_key AS k SET revoked_at = clock_timestamp(), revoked_by = session_user, revoked_reason = revoke_key.reason WHERE k.key_id = known.key_id;
    SELECT count(*) INTO versions FROM bourse.model_version AS v JOIN bourse.artifact AS a USING (artifact_id) WHERE a.key_id = known.key_id;
    PERFORM bourse.audit('key_revoked', 'signing_key', name, reason, jsonb_build_object('versions', versions));
    RETURN versions;
END
$$;
COMMENT ON FUNCTION bourse.revoke_key(text, text) IS
    'for good: models signed by it are refused from the next statement on (MB012), also where they are loaded; returns how many versions that concerns. SECURITY DEFINER because the audit log is granted to nobody; for bourse_admin';

CREATE OR REPLACE FUNCTION bourse.revoke_version(model text, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    id bigint;
    label text;
BEGIN
    PERFORM bourse.require_reason('model', model, reason);
    id := bourse.resolve_model(model);
    SELECT format('%s:%s', m.name, v.version) INTO label FROM bourse.model_version AS v JOIN bourse.model AS m USING (model_id) WHERE v.model_version_id = id;
    INSERT INTO bourse.revoked_version (model_version_id, reason) VALUES (id, revoke_version.reason) ON CONFLICT (model_version_id) DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% was revoked already', label USING ERRCODE = 'MB012',
            DETAIL = (SELECT format('at %s by %s: %s', r.revoked_at, r.revoked_by, r.reason) FROM bourse.revoked_version AS r WHERE r.model_version_id = id);
    END IF;
    PERFORM bourse.audit('version_revoked', 'model_version', label, reason);
END
$$;
COMMENT ON FUNCTION bourse.revoke_version(text, text) IS
    'for good: nobody predicts with this version any more (MB012). Promote another one first where it serves. SECURITY DEFINER: operators write no registry table otherwise';

-- One place that says whether a signature counts; what a backend checks at load is the same, in C++.
CREATE OR REPLACE FUNCTION bourse.require_signature(model text, sha256 bytea, size_bytes bigint, signature bytea, public_key bytea) RETURNS int
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known bourse.signing_key;
BEGIN
    IF signature IS NULL OR public_key IS NULL THEN
        RAISE EXCEPTION 'the artifact of model "%" is not signed', model USING ERRCODE = 'MB010',
            HINT = 'artifacts are signed by the worker that makes them: bourse worker --signing-key FILE';
    END IF;
    SELECT k.* INTO known FROM bourse.signing_key AS k WHERE k.public_key = require_signature.public_key;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the artifact of model "%" is signed by a key that this database does not trust', model USING ERRCODE = 'MB010',
            DETAIL = 'public key ' || encode(public_key, 'hex'), HINT = 'bourse keygen --show FILE prints the statement that trusts it';
    ELSIF known.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'the artifact of model "%" is signed by key "%", which was revoked: %', model, known.name, known.revoked_reason USING ERRCODE = 'MB012',
            HINT = 'make a new key: bourse keygen';
    ELSIF NOT bourse.is_signed(model, sha256, size_bytes, signature, public_key) THEN
        RAISE EXCEPTION 'the signature does not fit the artifact of model "%"', model USING ERRCODE = 'MB011',
            DETAIL = format('key "%s", %s bytes, sha256 %s', known.name, size_bytes, encode(sha256, 'hex'));
    END IF;
    RETURN known.key_id;
END
$$;
COMMENT ON FUNCTION bourse.require_signature(text, bytea, bigint, bytea, bytea) IS 'internal: id of the trusted key that made this signature; MB010, MB011 or MB012 when it does not count';
