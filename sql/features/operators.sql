-- SQL functions as operators of expressions.

CREATE OR REPLACE FUNCTION bourse.register_operator(name text, function regprocedure, description text DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    described pg_proc;
    types oid[];
    inputs int;
    params int;
BEGIN
    IF register_operator.name IS NULL OR register_operator.name !~ '^[A-Za-z_][A-Za-z0-9_]*$' OR length(register_operator.name) > 50 THEN
        RAISE EXCEPTION 'operator name "%" is not usable', coalesce(left(register_operator.name, 80), 'NULL')
            USING ERRCODE = '22023', HINT = 'letters, digits and _, starting with a letter or _, at most 50';
    END IF;
    IF bourse.built_in_operator(register_operator.name) THEN
        RAISE EXCEPTION 'operator "%" is built in', register_operator.name USING ERRCODE = '42710', HINT = 'choose another name';
    END IF;
    SELECT * INTO described FROM pg_proc AS p WHERE p.oid = register_operator.function;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no function %', coalesce(function::text, 'NULL') USING ERRCODE = '42883';
    END IF;
    types := described.proargtypes::oid[];
    SELECT count(*) FILTER (WHERE t = 'float8[]'::regtype), count(*) FILTER (WHERE t = 'float8'::regtype) INTO inputs, params FROM unnest(types) AS t;
    IF described.prokind <> 'f' OR described.proretset OR described.prorettype <> 'float8[]'::regtype OR described.provariadic <> 0
        OR inputs NOT BETWEEN 1 AND 16 OR params > 16 OR inputs + params <> cardinality(types)
        OR EXISTS (SELECT FROM unnest(types) WITH ORDINALITY AS t(type, n) WHERE (t.type = 'float8[]'::regtype) <> (t.n <= inputs)) THEN
        RAISE EXCEPTION 'function % cannot be an operator', function
            USING ERRCODE = '22023', HINT = 'it must take 1 to 16 series, then numbers, and return a series: schema.name(x float8[], n float8) RETURNS float8[]';
    END IF;
    IF described.provolatile = 'v' THEN
        RAISE EXCEPTION 'function % is VOLATILE: an operator gives the same values for the same series', function
            USING ERRCODE = '22023', HINT = 'declare it IMMUTABLE or STABLE';
    END IF;
    INSERT INTO bourse.custom_operator (name, function, inputs, params, body_sha256, description, registered_by)
    VALUES (register_operator.name, format('%I.%I(%s)', described.pronamespace::regnamespace::text, described.proname, oidvectortypes(described.proargtypes)),
        inputs, params, bourse.job_function_sha256(described.oid), register_operator.description, bourse.caller())
    ON CONFLICT ON CONSTRAINT custom_operator_pkey
    DO UPDATE SET function = excluded.function, inputs = excluded.inputs, params = excluded.params, body_sha256 = excluded.body_sha256,
        description = excluded.description, registered_by = excluded.registered_by, registered_at = now();
    -- what is stored was computed by what the name meant before
    INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
    SELECT s.feature_set_id, i.instrument_id, '-infinity', 'infinity'
    FROM bourse.feature_set AS s CROSS JOIN bourse.instrument AS i
    WHERE s.materialized AND array_to_string(s.expressions, ' ') ~ ('\m' || register_operator.name || '\s*[(]')
        AND EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = s.freq);
    RETURN format('%s(%s)', register_operator.name, (SELECT string_agg(CASE WHEN n <= inputs THEN 'x' || n ELSE 'p' || n - inputs END, ', ' ORDER BY n)
                                                     FROM generate_series(1, inputs + params) AS n));
END
$$;
COMMENT ON FUNCTION bourse.register_operator(text, regprocedure, text) IS
    'lets expressions call a function from whole series (float8[], oldest row first, NULL missing) to one of the same length, as it is now; returns the form; bourse.check_lookahead tells whether it sees the future';

CREATE OR REPLACE FUNCTION bourse.unregister_operator(name text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM bourse.custom_operator AS o WHERE o.name = unregister_operator.name;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION bourse.unregister_operator(text) IS 'takes a registration back; false when there was none';

CREATE OR REPLACE FUNCTION bourse.panel_operators() RETURNS TABLE(name text, function text, inputs int, params int, unusable text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT o.name, regexp_replace(o.function, '[(][^()]*[)]$', ''), o.inputs, o.params,
        CASE WHEN to_regprocedure(o.function) IS NULL THEN 'its function ' || o.function || ' is gone'
             WHEN bourse.job_function_sha256(to_regprocedure(o.function)) <> o.body_sha256
                 THEN 'its function ' || o.function || ' has changed since it was registered' END
    FROM bourse.custom_operator AS o ORDER BY o.name;
END;
COMMENT ON FUNCTION bourse.panel_operators() IS 'part of panels: registered operators, and why one may not be called now';
