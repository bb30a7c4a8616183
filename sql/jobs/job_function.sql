-- Functions that jobs of kind 'sql' may call. An allowance names a function and the hash of its whole definition.

CREATE OR REPLACE FUNCTION bourse.job_function_sha256(function oid) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT encode(sha256(convert_to(pg_get_functiondef(p.oid) || p.proowner::regrole::text, 'UTF8')), 'hex')
    FROM pg_proc AS p WHERE p.oid = job_function_sha256.function;
END;
COMMENT ON FUNCTION bourse.job_function_sha256(oid) IS 'internal: hash of a function''s body, settings and owner';

CREATE OR REPLACE FUNCTION bourse.allow_job_function(function regprocedure) RETURNS text
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    described pg_proc;
    signature text;
BEGIN
    SELECT * INTO described FROM pg_proc AS p WHERE p.oid = allow_job_function.function;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no function with oid %', function::oid USING ERRCODE = '42883';
    END IF;
    IF described.prokind <> 'f' OR described.proretset OR described.prorettype <> 'jsonb'::regtype OR described.proargtypes <> ARRAY['jsonb'::regtype::oid]::oidvector THEN
        RAISE EXCEPTION 'function % cannot be a job''s', function
            USING ERRCODE = '22023', HINT = 'it must take one jsonb and return jsonb: schema.name(args jsonb) RETURNS jsonb';
    END IF;
    signature := format('%I.%I(jsonb)', described.pronamespace::regnamespace::text, described.proname);
    INSERT INTO bourse.job_function (function, body_sha256, allowed_by)
    VALUES (signature, bourse.job_function_sha256(described.oid), bourse.caller())
    ON CONFLICT ON CONSTRAINT job_function_pkey
    DO UPDATE SET body_sha256 = excluded.body_sha256, allowed_by = excluded.allowed_by, allowed_at = now();
    RETURN signature;
END
$$;
COMMENT ON FUNCTION bourse.allow_job_function(regprocedure) IS 'lets jobs of kind sql call this function as it is now; the allowance ends when its definition or owner changes';

CREATE OR REPLACE FUNCTION bourse.disallow_job_function(function regprocedure) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM bourse.job_function AS f
    WHERE f.function = (SELECT format('%I.%I(jsonb)', p.pronamespace::regnamespace::text, p.proname)
                        FROM pg_proc AS p WHERE p.oid = disallow_job_function.function);
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION bourse.disallow_job_function(regprocedure) IS 'takes an allowance back; false when there was none';

CREATE OR REPLACE FUNCTION bourse.job_function_check(args jsonb) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name text := args ->> 'function';
    parts text[];
    signature text;
    allowed text;
BEGIN
    IF jsonb_typeof(args -> 'function') IS DISTINCT FROM 'string' THEN
        RAISE EXCEPTION 'a job of kind sql needs args.function' USING ERRCODE = '22023', HINT = 'for example {"function": "my_schema.my_function"}';
    END IF;
    BEGIN
        parts := parse_ident(name);
    EXCEPTION WHEN invalid_parameter_value THEN
        parts := '{}';
    END;
    IF cardinality(parts) <> 2 THEN
        RAISE EXCEPTION 'function "%" is not of the form schema.name', name USING ERRCODE = '22023', HINT = 'name the schema too, without arguments';
    END IF;
    signature := format('%I.%I(jsonb)', parts[1], parts[2]);
    IF to_regprocedure(signature) IS NULL THEN
        RAISE EXCEPTION 'there is no function %', signature USING ERRCODE = '42883', HINT = 'it must take one jsonb and return jsonb';
    END IF;
    SELECT f.body_sha256 INTO allowed FROM bourse.job_function AS f WHERE f.function = signature;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'jobs may not call %', signature
            USING ERRCODE = '42501', HINT = format('an admin allows it: SELECT bourse.allow_job_function(%L)', signature);
    END IF;
    IF allowed <> bourse.job_function_sha256(to_regprocedure(signature)) THEN
        RAISE EXCEPTION 'jobs may not call % any more: it has changed since it was allowed', signature
            USING ERRCODE = '42501', HINT = format('an admin allows it anew: SELECT bourse.allow_job_function(%L)', signature);
    END IF;
    RETURN format('%I.%I', parts[1], parts[2]);
END
$$;
COMMENT ON FUNCTION bourse.job_function_check(jsonb) IS 'the quoted name of args.function when jobs may call it as it is now, else an error; SECURITY DEFINER: reads the list of allowances';
