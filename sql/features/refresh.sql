-- Keeping stored sets fresh.

CREATE OR REPLACE FUNCTION bourse.refresh_key(feature_set_id int) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT 'feature_set:' || feature_set_id;
END;
COMMENT ON FUNCTION bourse.refresh_key(int) IS 'unique_key of a set''s refresh jobs';

CREATE OR REPLACE FUNCTION bourse.enqueue_refresh(feature_set_id int) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    job bigint;
BEGIN
    SELECT j.job_id INTO job FROM bourse.job AS j
    WHERE j.kind = 'refresh_features' AND j.unique_key = bourse.refresh_key(enqueue_refresh.feature_set_id) AND j.state IN ('waiting', 'scheduled');
    IF NOT FOUND THEN
        SELECT bourse.enqueue('refresh_features',
            jsonb_build_object('feature_set_id', s.feature_set_id, 'feature_set', s.name || ':' || s.version),
            unique_key => bourse.refresh_key(s.feature_set_id)) INTO job
        FROM bourse.feature_set AS s WHERE s.feature_set_id = enqueue_refresh.feature_set_id;
    END IF;
    RETURN job;
END
$$;
COMMENT ON FUNCTION bourse.enqueue_refresh(int) IS 'internal: the set''s one waiting refresh job, made when there is none. SECURITY DEFINER: refresh jobs belong to the platform';

CREATE OR REPLACE FUNCTION bourse.enqueue_refresh_helpers(feature_set_id int, helpers int) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning
AS $$
BEGIN
    PERFORM bourse.enqueue('refresh_features', jsonb_build_object('feature_set_id', s.feature_set_id, 'feature_set', s.name || ':' || s.version, 'helper', n),
                           unique_key => bourse.refresh_key(s.feature_set_id) || ':' || n, unique_while => 'running')
    FROM bourse.feature_set AS s, generate_series(1, least(helpers, 7)) AS n WHERE s.feature_set_id = enqueue_refresh_helpers.feature_set_id;
END
$$;
COMMENT ON FUNCTION bourse.enqueue_refresh_helpers(int, int) IS
    'internal: jobs that share the parts of a large refresh with the one that planned it; they end when no part is free. SECURITY DEFINER: refresh jobs belong to the platform';

CREATE OR REPLACE FUNCTION bourse.refresh_features(feature_set text, symbols text[] DEFAULT NULL, from_ts timestamptz DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted bourse.feature_set := bourse.find_feature_set(feature_set);
    unknown text;
BEGIN
    SELECT s INTO unknown FROM unnest(symbols) AS s WHERE NOT EXISTS (SELECT FROM bourse.instrument AS i WHERE i.symbol = s) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'unknown symbol "%"', coalesce(unknown, 'NULL')
            USING ERRCODE = '22023', HINT = 'SELECT symbol FROM bourse.instrument lists the symbols';
    END IF;
    IF NOT bourse.materialize_feature_set(wanted.feature_set_id) THEN
        INSERT INTO bourse.feature_dirty (feature_set_id, instrument_id, from_ts, to_ts)
        SELECT wanted.feature_set_id, i.instrument_id, coalesce(refresh_features.from_ts, '-infinity'), 'infinity'
        FROM bourse.instrument AS i
        WHERE (symbols IS NULL OR i.symbol = ANY (symbols))
            AND EXISTS (SELECT FROM bourse.bar AS b WHERE b.instrument_id = i.instrument_id AND b.freq = wanted.freq);
    END IF;
    RETURN bourse.enqueue_refresh(wanted.feature_set_id);
END
$$;
COMMENT ON FUNCTION bourse.refresh_features(text, text[], timestamptz) IS
    'computes a set anew for these symbols from a time on (all, from the beginning) and stores it; returns the job. SECURITY DEFINER: it may make a partition';

-- Called by every worker's tick. A set whose last refresh failed is tried again when something new is dirty, or after ten minutes.
CREATE OR REPLACE FUNCTION bourse.enqueue_refresh_jobs() RETURNS int
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    due record;
    made int := 0;
BEGIN
    FOR due IN
        SELECT s.feature_set_id FROM bourse.feature_set AS s
        WHERE s.materialized
            AND EXISTS (SELECT FROM bourse.feature_dirty AS d WHERE d.feature_set_id = s.feature_set_id)
            AND NOT EXISTS (SELECT FROM bourse.job AS j WHERE j.kind = 'refresh_features' AND j.unique_key = bourse.refresh_key(s.feature_set_id))
            AND NOT EXISTS (SELECT FROM bourse.job_archive AS a
                            WHERE a.kind = 'refresh_features' AND a.unique_key = bourse.refresh_key(s.feature_set_id)
                                AND a.state <> 'succeeded' AND a.finished_at > now() - interval '10 minutes'
                                AND a.finished_at > (SELECT max(d.made_at) FROM bourse.feature_dirty AS d WHERE d.feature_set_id = s.feature_set_id))
    LOOP
        PERFORM bourse.enqueue_refresh(due.feature_set_id);
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;
COMMENT ON FUNCTION bourse.enqueue_refresh_jobs() IS 'one job for every stored set with dirty ranges that has none yet; returns how many were made. SECURITY DEFINER: refresh jobs belong to the platform';
