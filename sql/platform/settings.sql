-- Limits and defaults that an admin may change.

CREATE OR REPLACE FUNCTION bourse.setting_number(setting text) RETURNS float8
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found jsonb := (SELECT s.value FROM bourse.setting AS s WHERE s.name = setting_number.setting);
BEGIN
    IF jsonb_typeof(found) IS DISTINCT FROM 'number' OR found::float8 < 0 THEN
        RAISE EXCEPTION 'setting "%" must be a number of at least 0, it is %', setting, coalesce(found::text, 'absent') USING ERRCODE = '22023',
            HINT = format('SELECT bourse.set_setting(%L, …)', setting);
    END IF;
    RETURN found::float8;
END
$$;
COMMENT ON FUNCTION bourse.setting_number(text) IS 'a number of bourse.setting, or an error that names it';

CREATE OR REPLACE FUNCTION bourse.set_setting(name text, value jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old jsonb;
BEGIN
    SELECT s.value INTO old FROM bourse.setting AS s WHERE s.name = set_setting.name FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no setting "%"', coalesce(name, 'NULL') USING ERRCODE = 'MB030',
            HINT = concat('SELECT * FROM bourse.setting lists them', '; did you mean ' || bourse.nearest(name, (SELECT array_agg(s.name ORDER BY s.name) FROM bourse.setting AS s)) || '?');
    END IF;
    IF value IS NULL OR jsonb_typeof(value) <> jsonb_typeof(old) THEN
        RAISE EXCEPTION 'setting "%" is a %, not %', name, jsonb_typeof(old), coalesce(value::text, 'NULL') USING ERRCODE = '22023';
    END IF;
    IF jsonb_typeof(value) = 'number' AND value::float8 < 0 THEN
        RAISE EXCEPTION 'setting "%" must be at least 0, not %', name, value USING ERRCODE = '22023';
    END IF;
    UPDATE bourse.setting AS s SET value = set_setting.value WHERE s.name = set_setting.name;
    RETURN old;
END
$$;
COMMENT ON FUNCTION bourse.set_setting(text, jsonb) IS 'changes a setting and returns its old value; SECURITY DEFINER: operators need no right on the table';
