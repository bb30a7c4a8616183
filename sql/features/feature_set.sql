-- Feature sets: immutable versions of named lists of expressions.

CREATE OR REPLACE FUNCTION bourse.find_feature_set(reference text) RETURNS bourse.feature_set
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_set bourse.feature_set;
    parts text[] := regexp_match(reference, '^([^:]+)(?::([0-9]{1,9}))?$');
BEGIN
    SELECT s.* INTO found_set FROM bourse.feature_set AS s
    WHERE s.name = parts[1] AND (parts[2] IS NULL OR s.version = parts[2]::int)
    ORDER BY s.version DESC LIMIT 1;
    IF found_set.feature_set_id IS NULL THEN
        RAISE EXCEPTION 'unknown feature set %', coalesce('"' || reference || '"', 'NULL')
            USING ERRCODE = 'MB021',
                HINT = coalesce('feature sets there are: ' || (SELECT string_agg(DISTINCT s.name, ', ' ORDER BY s.name) FROM bourse.feature_set AS s),
                                'there are none: make one by bourse.create_feature_set');
    END IF;
    RETURN found_set;
END
$$;
COMMENT ON FUNCTION bourse.find_feature_set(text) IS 'the set named x (its newest version) or x:1; MB021 lists the sets there are';

CREATE OR REPLACE FUNCTION bourse.feature_view_columns(feature_set_id int, first int, last int) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT string_agg(format('nullif(v.features[%s], ''NaN''::real) AS %I', n, s.features[n]), ', ' ORDER BY n)
    FROM bourse.feature_set AS s, generate_series(feature_view_columns.first, feature_view_columns.last) AS n
    WHERE s.feature_set_id = feature_view_columns.feature_set_id;
END;
COMMENT ON FUNCTION bourse.feature_view_columns(int, int, int) IS 'internal: the named columns of a generated view';

-- PostgreSQL stops at 1,664 columns: beyond 1,500 features a set has views _1, _2 …
CREATE OR REPLACE FUNCTION bourse.make_feature_views(feature_set_id int) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    feature_set bourse.feature_set;
    mark text;
    old record;
    pieces int;
    view_name text;
BEGIN
    SELECT s.* INTO feature_set FROM bourse.feature_set AS s WHERE s.feature_set_id = make_feature_views.feature_set_id;
    mark := 'generated: feature set ' || feature_set.name || ': ';
    FOR old IN SELECT c.relname FROM pg_class AS c
               WHERE c.relnamespace = 'bourse_bi'::regnamespace AND c.relkind = 'v' AND starts_with(obj_description(c.oid, 'pg_class'), mark) LOOP
        EXECUTE format('DROP VIEW bourse_bi.%I', old.relname);
    END LOOP;
    pieces := (cardinality(feature_set.features) + 1499) / 1500;
    FOR piece IN 1 .. pieces LOOP
        view_name := 'feature_' || feature_set.name || CASE WHEN pieces > 1 THEN '_' || piece ELSE '' END;
        IF to_regclass(format('bourse_bi.%I', view_name)) IS NOT NULL THEN
            RAISE EXCEPTION 'a feature set cannot be named "%": the view bourse_bi.% is there already', feature_set.name, view_name
                USING ERRCODE = '42P07', HINT = 'choose another name';
        END IF;
        EXECUTE format('CREATE VIEW bourse_bi.%I AS SELECT i.symbol, (v.ts AT TIME ZONE ''UTC'')::date AS session, v.ts, v.available_at, %s '
                       'FROM bourse.feature_value AS v JOIN bourse.instrument AS i ON i.instrument_id = v.instrument_id WHERE v.feature_set_id = %s',
            view_name, bourse.feature_view_columns(feature_set_id, (piece - 1) * 1500 + 1, least(piece * 1500, cardinality(feature_set.features))), feature_set_id);
        EXECUTE format('COMMENT ON VIEW bourse_bi.%I IS %L', view_name,
            format('%sversion %s, %s bars; a row is known from available_at on', mark, feature_set.version, feature_set.freq));
        EXECUTE format('GRANT SELECT ON bourse_bi.%I TO bourse_reader', view_name);
    END LOOP;
END
$$;
COMMENT ON FUNCTION bourse.make_feature_views(int) IS 'internal: bourse_bi.feature_<set> for this version, instead of the one before';

CREATE OR REPLACE FUNCTION bourse.is_indexed_feature_set(feature_set_id int) RETURNS boolean
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN pg_catalog.to_regclass('bourse.feature_value_' || feature_set_id || '_ts_idx') IS NOT NULL;
COMMENT ON FUNCTION bourse.is_indexed_feature_set(int) IS 'whether stored rows can be found by ts: the first refresh has ended';

-- Excludes loads for a moment: each marks the sets that are stored when it ends, so none falls between.
CREATE OR REPLACE FUNCTION bourse.materialize_feature_set(feature_set_id int) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    feature_set bourse.feature_set;
    partition_name text := 'feature_value_' || feature_set_id;
BEGIN
    IF EXISTS (SELECT FROM bourse.feature_set AS s WHERE s.feature_set_id = materialize_feature_set.feature_set_id AND s.materialized) THEN
        RETURN false;  -- without the lock: a refresh must not wait for loads, nor loads for it
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('bourse.materialize'));
    SELECT s.* INTO feature_set FROM bourse.feature_set AS s WHERE s.feature_set_id = materialize_feature_set.feature_set_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no feature set with id %', feature_set_id USING ERRCODE = 'MB021';
    END IF;
    IF feature_set.materialized THEN
        RETURN false;
    END IF;
    IF to_regclass('bourse.' || partition_name) IS NULL THEN  -- else the set was stored before and retired
        EXECUTE format('CREATE TABLE bourse.%I (LIKE bourse.feature_value INCLUDING ALL)', partition_name);
        EXECUTE format('ALTER TABLE bourse.feature_value ATTACH PARTITION bourse.%I FOR VALUES IN (%s)', partition_name, feature_set_id);
        EXECUTE format('COMMENT ON TABLE bourse.%I IS %L', partition_name, format('stored features of %s version %s', feature_set.name, feature_set.version));
        EXECUTE format('GRANT SELECT ON bourse.%I TO bourse_reader', partition_name);
    END IF;
    UPDATE bourse.feature_set AS s SET materialized = true WHERE s.feature_set_id = materialize_feature_set.feature_set_id;
    INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
    SELECT materialize_feature_set.feature_set_id, i.instrument_id, '-infinity', 'infinity'
    FROM bourse.instrument AS i
    WHERE EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = feature_set.freq);
    PERFORM bourse.ring();
    RETURN true;
END
$$;
COMMENT ON FUNCTION bourse.materialize_feature_set(int) IS 'from now on the set is stored and refreshed; false: it was already. SECURITY DEFINER: it makes a partition';

-- Only when the first refresh ends: an index on ts is faster made at once than row by row, in the order of instruments.
CREATE OR REPLACE FUNCTION bourse.index_feature_set(feature_set_id int) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    partition_name text := 'feature_value_' || feature_set_id;
BEGIN
    IF bourse.is_indexed_feature_set(feature_set_id) OR to_regclass('bourse.' || partition_name) IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE INDEX %I ON bourse.%I (ts)', partition_name || '_ts_idx', partition_name);
    RETURN true;
END
$$;
COMMENT ON FUNCTION bourse.index_feature_set(int) IS 'the stored rows of the set can be found by ts from now on; false: they could before. SECURITY DEFINER: it makes an index';

-- What nothing pins is no longer kept fresh.
CREATE OR REPLACE FUNCTION bourse.retire_feature_sets(name text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    old record;
BEGIN
    FOR old IN SELECT s.feature_set_id, s.version FROM bourse.feature_set AS s
               WHERE s.name = retire_feature_sets.name AND s.materialized
                   AND s.version < (SELECT max(n.version) FROM bourse.feature_set AS n WHERE n.name = retire_feature_sets.name)
                   AND NOT EXISTS (SELECT FROM bourse.model_version AS m WHERE m.feature_set_id = s.feature_set_id)
                   AND NOT EXISTS (SELECT FROM bourse.run AS r WHERE r.feature_set_id = s.feature_set_id AND r.state IN ('waiting', 'running')) LOOP
        PERFORM pg_advisory_xact_lock(hashtext('bourse.materialize'));
        UPDATE bourse.feature_set AS s SET materialized = false WHERE s.feature_set_id = old.feature_set_id;
        DELETE FROM bourse.feature_dirty AS d WHERE d.feature_set_id = old.feature_set_id;
        DELETE FROM bourse.feature_state AS t WHERE t.feature_set_id = old.feature_set_id;
        DELETE FROM bourse.feature_checkpoint AS c WHERE c.feature_set_id = old.feature_set_id;
        -- not dropped: that would lock the parent, and wait for everybody who reads any set
        EXECUTE format('TRUNCATE bourse.%I', 'feature_value_' || old.feature_set_id);
        EXECUTE format('DROP INDEX IF EXISTS bourse.%I', 'feature_value_' || old.feature_set_id || '_ts_idx');
    END LOOP;
END
$$;
COMMENT ON FUNCTION bourse.retire_feature_sets(text) IS 'internal: empties the stored values of older versions that no model and no run uses';

CREATE OR REPLACE FUNCTION bourse.insert_feature_set(name text, features text[], expressions text[], freq text, description text, materialize boolean) RETURNS int
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked record;
    frequency text := bourse.normal_freq(freq);
    repeated text;
    id int;
BEGIN
    IF name IS NULL OR name !~ '^[A-Za-z_][A-Za-z0-9_]*$' OR length(name) > 50 THEN
        RAISE EXCEPTION 'feature set name "%" is not usable', coalesce(left(name, 80), 'NULL')
            USING ERRCODE = '22023', HINT = 'letters, digits and _, starting with a letter or _, at most 50';
    END IF;
    IF frequency IS NULL THEN
        RAISE EXCEPTION 'unknown frequency %', coalesce(quote_literal(freq), 'NULL')
            USING ERRCODE = '22023', HINT = 'use one of 1m 5m 15m 30m 1h 4h 1d 1w 1mo';
    END IF;
    IF expressions IS NULL OR cardinality(expressions) NOT BETWEEN 1 AND 16000 THEN
        RAISE EXCEPTION 'a feature set has 1 to 16000 expressions, found %', coalesce(cardinality(expressions)::text, 'NULL') USING ERRCODE = '22023';
    END IF;
    SELECT array_agg(coalesce(f.name, c.name) ORDER BY c.n) AS features, max(c.lookback_bars) AS lookback, bool_or(c.lookback_bars IS NULL) AS whole,
        ARRAY(SELECT DISTINCT o FROM bourse.check_expressions(expressions) AS e, unnest(e.other_freqs) AS o ORDER BY o) AS other_freqs
    INTO checked
    FROM bourse.check_expressions(expressions, bourse.known_fields(frequency), true) AS c
    LEFT JOIN unnest(features) WITH ORDINALITY AS f(name, n) ON f.n = c.n;
    SELECT f INTO repeated FROM unnest(checked.features) AS f
    WHERE f = '' OR octet_length(f) > 63 OR f IN ('symbol', 'session', 'ts', 'available_at') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'feature name "%" is not usable', repeated
            USING ERRCODE = '22023', HINT = 'at most 63 bytes; symbol, session, ts and available_at are columns of the set''s view already';
    END IF;
    SELECT f INTO repeated FROM unnest(checked.features) AS f GROUP BY f HAVING count(*) > 1 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'two features are named "%"', repeated
            USING ERRCODE = '42710', HINT = 'name them: bourse.create_feature_set(…, jsonb_build_object(''name'', ''expression'', …)); names are cut to 63 bytes';
    END IF;

    PERFORM pg_advisory_xact_lock(hashtext('bourse.feature_set'), hashtext(name));
    INSERT INTO bourse.feature_set (name, version, freq, features, expressions, lookback_bars, other_freqs, description, created_by)
    VALUES (insert_feature_set.name, 1 + coalesce((SELECT max(s.version) FROM bourse.feature_set AS s WHERE s.name = insert_feature_set.name), 0),
        frequency, checked.features, insert_feature_set.expressions, CASE WHEN NOT checked.whole THEN checked.lookback END, checked.other_freqs,
        insert_feature_set.description, bourse.caller())
    RETURNING feature_set_id INTO id;
    PERFORM bourse.make_feature_views(id);
    PERFORM bourse.retire_feature_sets(name);
    IF materialize THEN
        PERFORM bourse.materialize_feature_set(id);
    END IF;
    RETURN id;
END
$$;
COMMENT ON FUNCTION bourse.insert_feature_set(text, text[], text[], text, text, boolean) IS 'internal: both forms of create_feature_set. SECURITY DEFINER: it makes a view and perhaps a partition';

CREATE OR REPLACE FUNCTION bourse.create_feature_set(name text, expressions text[], freq text DEFAULT '1d', description text DEFAULT NULL, materialize boolean DEFAULT false) RETURNS int
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    id int;
BEGIN
    IF array_ndims(expressions) > 1 OR array_position(expressions, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'expressions must be a list of texts without NULL' USING ERRCODE = '22023';
    END IF;
    id := bourse.insert_feature_set(name, NULL, expressions, freq, description, coalesce(materialize, false));
    PERFORM bourse.refuse_leaks(expressions, freq);  -- as the caller
    RETURN id;
END
$$;
COMMENT ON FUNCTION bourse.create_feature_set(text, text[], text, text, boolean) IS
    'makes the next version of a named list of expressions; features are named after their expressions: $close/$open is close_over_open';

CREATE OR REPLACE FUNCTION bourse.create_feature_set(name text, expressions jsonb, freq text DEFAULT '1d', description text DEFAULT NULL, materialize boolean DEFAULT false) RETURNS int
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    names text[];
    texts text[];
    wrong text;
    id int;
BEGIN
    IF jsonb_typeof(expressions) = 'array' THEN  -- a list of expressions, or of {"name": …, "expression": …} where order matters
        SELECT string_agg(e.value::text, ', ') INTO wrong FROM jsonb_array_elements(expressions) AS e
        WHERE NOT (jsonb_typeof(e.value) = 'string' OR (jsonb_typeof(e.value) = 'object' AND jsonb_typeof(e.value -> 'expression') = 'string'
            AND coalesce(jsonb_typeof(e.value -> 'name'), 'string') = 'string' AND e.value - 'name' - 'expression' = '{}'));
        SELECT array_agg(CASE jsonb_typeof(e.value) WHEN 'object' THEN e.value ->> 'name' END ORDER BY e.n),
            array_agg(CASE jsonb_typeof(e.value) WHEN 'object' THEN e.value ->> 'expression' ELSE e.value #>> '{}' END ORDER BY e.n)
        INTO names, texts FROM jsonb_array_elements(expressions) WITH ORDINALITY AS e(value, n);
    ELSIF jsonb_typeof(expressions) = 'object' THEN
        SELECT string_agg(format('"%s": %s', e.key, e.value), ', ') INTO wrong FROM jsonb_each(expressions) AS e WHERE jsonb_typeof(e.value) <> 'string';
        SELECT array_agg(e.key ORDER BY e.n), array_agg(e.value #>> '{}' ORDER BY e.n) INTO names, texts
        FROM jsonb_each(expressions) WITH ORDINALITY AS e(key, value, n);
    ELSE
        wrong := coalesce(expressions::text, 'NULL');
    END IF;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'expressions are not readable: %', left(wrong, 200)
            USING ERRCODE = '22023', HINT = 'an object {"name": "expression", …}, or an array of {"name": …, "expression": …}';
    END IF;
    id := bourse.insert_feature_set(name, names, texts, freq, description, coalesce(materialize, false));
    PERFORM bourse.refuse_leaks(texts, freq);
    RETURN id;
END
$$;
COMMENT ON FUNCTION bourse.create_feature_set(text, jsonb, text, text, boolean) IS
    'as the form with an array, with names: {"name": "expression"} (in jsonb''s order of keys), or [{"name": …, "expression": …}, …] in the order given';
