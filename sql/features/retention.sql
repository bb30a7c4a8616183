-- How long stored features are kept: a setting for all sets, and one for sets of a name.

CREATE OR REPLACE FUNCTION bourse.feature_horizon(feature_set_id int) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN k.days > 0 THEN date_trunc('day', now() - k.days * interval '24 hours', 'UTC') ELSE '-infinity' END
    FROM (SELECT coalesce((SELECT r.keep_days::float8 FROM bourse.feature_retention AS r JOIN bourse.feature_set AS s ON s.name = r.name
                           WHERE s.feature_set_id = feature_horizon.feature_set_id), bourse.setting_number('feature_keep_days')) AS days) AS k;
END;
COMMENT ON FUNCTION bourse.feature_horizon(int) IS 'stored rows of a set before this time are dropped, and not stored again; -infinity: all are kept';

CREATE OR REPLACE FUNCTION bourse.keep_features(feature_set text, days int) RETURNS timestamptz
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted bourse.feature_set := bourse.find_feature_set(feature_set);
    before timestamptz := bourse.feature_horizon(wanted.feature_set_id);
    horizon timestamptz;
BEGIN
    IF days < 0 THEN
        RAISE EXCEPTION 'days must be at least 0, not %', days USING ERRCODE = '22023', HINT = '0 keeps the rows for ever, NULL as long as the setting feature_keep_days says';
    END IF;
    IF days IS NULL THEN
        DELETE FROM bourse.feature_retention AS r WHERE r.name = wanted.name;
    ELSE
        INSERT INTO bourse.feature_retention AS r (name, keep_days) VALUES (wanted.name, days) ON CONFLICT ON CONSTRAINT feature_retention_pkey DO UPDATE SET keep_days = excluded.keep_days;
    END IF;
    horizon := bourse.feature_horizon(wanted.feature_set_id);
    IF horizon < before THEN  -- what was dropped comes back
        INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
        SELECT s.feature_set_id, i.instrument_id, horizon, before
        FROM bourse.feature_set AS s CROSS JOIN bourse.instrument AS i
        WHERE s.name = wanted.name AND s.materialized AND EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = s.freq AND b.ts < before);
        PERFORM bourse.ring();
    END IF;
    RETURN horizon;
END
$$;
COMMENT ON FUNCTION bourse.keep_features(text, int) IS
    'keeps stored rows of all versions of a set so many days (0: for ever; NULL: as the setting feature_keep_days says) and returns from when on they are kept. SECURITY DEFINER: nobody writes feature_retention by hand';

-- A step of every worker's housekeeping: at most so many rows, whatever set they are of. Rows that a refresh is replacing are left to the next step.
CREATE OR REPLACE FUNCTION bourse.trim_features(most_rows int DEFAULT 5000) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    old record;
    dropped bigint;
    all_dropped bigint := 0;
BEGIN
    FOR old IN SELECT s.feature_set_id, 'feature_value_' || s.feature_set_id AS part, bourse.feature_horizon(s.feature_set_id) AS horizon
               FROM bourse.feature_set AS s WHERE s.materialized ORDER BY s.feature_set_id LOOP
        CONTINUE WHEN old.horizon = '-infinity' OR NOT bourse.is_indexed_feature_set(old.feature_set_id);
        EXECUTE format('DELETE FROM bourse.%I AS v WHERE v.ctid = ANY (ARRAY(
            SELECT o.ctid FROM bourse.%I AS o WHERE o.feature_set_id = $1 AND o.ts < $2 ORDER BY o.ts LIMIT $3 FOR UPDATE SKIP LOCKED))', old.part, old.part)
        USING old.feature_set_id, old.horizon, most_rows - all_dropped;
        GET DIAGNOSTICS dropped = ROW_COUNT;
        all_dropped := all_dropped + dropped;
        DELETE FROM bourse.feature_stats AS d WHERE d.feature_set_id = old.feature_set_id AND d.day < (old.horizon AT TIME ZONE 'UTC')::date;
        EXIT WHEN all_dropped >= most_rows;
    END LOOP;
    RETURN all_dropped >= most_rows;
END
$$;
COMMENT ON FUNCTION bourse.trim_features(int) IS
    'drops stored rows, and statistics of days, that are older than they are kept, at most so many rows; true: there may be more. Workers call it between jobs. SECURITY DEFINER: it knows the partitions';
