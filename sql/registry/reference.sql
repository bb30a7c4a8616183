-- Model references: 'momentum' (production), 'momentum@staging' (newest in a stage), 'momentum@latest', 'momentum:7'.

CREATE OR REPLACE FUNCTION bourse.model_stages() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY['development', 'testing', 'staging', 'production', 'archived', 'deprecated'];
COMMENT ON FUNCTION bourse.model_stages() IS 'the six stages of a model version, in the order they are passed';

CREATE OR REPLACE FUNCTION bourse.check_model_name(name text) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF name IS NULL OR name !~ '^[A-Za-z_][A-Za-z0-9_.-]*$' OR length(name) > 100 THEN
        RAISE EXCEPTION 'model name "%" is not usable', coalesce(left(name, 200), 'NULL')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'letters, digits, _ . and -, starting with a letter or _, at most 100';
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.check_model_name(text) IS 'refuses what cannot be the name of a new model';

-- The model of a name, or MB001 with the nearest name.
CREATE OR REPLACE FUNCTION bourse.find_model(name text) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found_id bigint := (SELECT m.model_id FROM bourse.model AS m WHERE m.name = find_model.name);
    nearby text;
BEGIN
    IF found_id IS NOT NULL THEN
        RETURN found_id;
    END IF;
    nearby := bourse.nearest(find_model.name, ARRAY(SELECT m.name FROM bourse.model AS m ORDER BY m.name));
    RAISE EXCEPTION 'model "%" does not exist', left(find_model.name, 200) USING ERRCODE = 'MB001',
        HINT = CASE WHEN nearby IS NOT NULL THEN format('did you mean "%s"?', nearby)
                    WHEN EXISTS (SELECT FROM bourse.model) THEN 'SELECT model FROM bourse_bi.model lists the models there are'
                    ELSE 'there is no model yet: SELECT bourse.train(…) makes one' END;
END
$$;
COMMENT ON FUNCTION bourse.find_model(text) IS 'id of the model with that name; MB001, with the nearest name, when there is none';

-- A bare name means production and nothing else: a model must not begin to serve because somebody trained it.
CREATE OR REPLACE FUNCTION bourse.resolve_model(reference text) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := split_part(split_part(reference, ':', 1), '@', 1);
    selector text := substr(reference, length(name) + 1);
    wanted_model bigint := bourse.find_model(name);
    wanted text := substr(selector, 2);
    result bigint;
    newest record;
BEGIN
    IF selector ~ '^:[0-9]{1,9}$' THEN
        SELECT v.model_version_id INTO result FROM bourse.model_version AS v
        WHERE v.model_id = wanted_model AND v.version = wanted::int;
    ELSIF selector = '@latest' THEN
        SELECT v.model_version_id INTO result FROM bourse.model_version AS v
        WHERE v.model_id = wanted_model ORDER BY v.version DESC LIMIT 1;
    ELSIF selector = '' OR (selector LIKE '@%' AND wanted = ANY (bourse.model_stages())) THEN
        wanted := CASE WHEN selector = '' THEN 'production' ELSE wanted END;
        SELECT v.model_version_id INTO result FROM bourse.model_version AS v
        JOIN bourse.model_stage AS s USING (model_version_id)
        WHERE v.model_id = wanted_model AND s.stage = wanted ORDER BY v.version DESC LIMIT 1;
    ELSE
        RAISE EXCEPTION 'model reference "%" cannot be read', left(reference, 200) USING ERRCODE = 'MB001',
            HINT = format('write %1$s (production), %1$s:7 (a version), %1$s@latest or %1$s@ and one of the stages %2$s',
                          name, array_to_string(bourse.model_stages(), ' '));
    END IF;
    IF result IS NOT NULL THEN
        RETURN result;
    END IF;

    SELECT v.version, s.stage INTO newest FROM bourse.model_version AS v
    JOIN bourse.model_stage AS s USING (model_version_id)
    WHERE v.model_id = wanted_model ORDER BY v.version DESC LIMIT 1;
    IF selector LIKE ':%' THEN
        RAISE EXCEPTION 'model "%" has no version %', name, wanted USING ERRCODE = 'MB001',
            HINT = coalesce(format('the newest is %s:%s', name, newest.version), 'it has no version yet');
    END IF;
    RAISE EXCEPTION 'model "%" has no version in %', name, CASE WHEN selector = '@latest' THEN 'any stage' ELSE wanted END
        USING ERRCODE = 'MB001',
        HINT = CASE WHEN newest IS NULL THEN 'it has no version yet'
            ELSE format('the newest is %1$s:%2$s in %3$s: write %1$s:%2$s or %1$s@latest to use it as it is', name, newest.version, newest.stage) ||
                CASE newest.stage WHEN 'production' THEN '' WHEN 'deprecated' THEN ''
                    ELSE format(', or promote it step by step: SELECT bourse.promote(''%s:%s'', ''%s'')', name, newest.version,
                        CASE newest.stage WHEN 'development' THEN 'testing' WHEN 'staging' THEN 'production' ELSE 'staging' END) END END;
END
$$;
COMMENT ON FUNCTION bourse.resolve_model(text) IS 'model_version_id of a reference: name (the production version), name:7, name@stage (newest in it), name@latest; MB001 when there is none';
