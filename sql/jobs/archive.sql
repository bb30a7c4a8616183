-- What has ended, week by week: partitions are made ahead and dropped whole. Waits for no lock longer than 50 ms:
-- what cannot be done now is done by a later call.

CREATE OR REPLACE FUNCTION bourse.job_partition_of(parent text, at timestamptz) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
    RETURN format('%s_%s', parent, to_char(at AT TIME ZONE 'UTC', 'IYYY"w"IW'));
COMMENT ON FUNCTION bourse.job_partition_of(text, timestamptz) IS 'internal: name of the partition for a time: its ISO week in UTC';

CREATE OR REPLACE FUNCTION bourse.job_make_partition(parent text, time_column text, at timestamptz, most_rows bigint) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms' SET timezone = 'UTC'
AS $$
DECLARE
    child text := bourse.job_partition_of(parent, at);
    from_ts timestamptz := date_trunc('week', at, 'UTC');
    to_ts timestamptz := date_trunc('week', at, 'UTC') + interval '7 days';
    within text := format('%I >= %L AND %I < %L', time_column, from_ts, time_column, to_ts);
    stray bigint;
BEGIN
    IF to_regclass(format('bourse.%I', child)) IS NOT NULL THEN
        RETURN true;
    END IF;
    -- ATTACH takes these locks anyway; work that ends meanwhile goes to another partition and is not stopped. Only where rows
    -- may be in the default partition, or on their way to it, everybody is kept out until they have moved: a reader who
    -- knows the old partitions but sees the new rows' state would find them in neither.
    EXECUTE format('LOCK TABLE ONLY bourse.%I IN %s MODE', parent, CASE WHEN from_ts > now() + interval '1 hour' THEN 'SHARE UPDATE EXCLUSIVE' ELSE 'ACCESS EXCLUSIVE' END);
    EXECUTE format('LOCK TABLE bourse.%I IN ACCESS EXCLUSIVE MODE', parent || '_default');
    EXECUTE format('SELECT count(*) FROM (SELECT FROM bourse.%I WHERE %s LIMIT %s) AS s', parent || '_default', within, most_rows + 1) INTO stray;
    IF stray > most_rows THEN  -- moving them would stop others for too long
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE bourse.%I (LIKE bourse.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', child, parent);
    EXECUTE format('COMMENT ON TABLE bourse.%I IS %L', child, format('%s from %s to %s', parent, from_ts::date, to_ts::date));
    IF stray > 0 THEN
        EXECUTE format('WITH gone AS (DELETE FROM bourse.%I WHERE %s RETURNING *) INSERT INTO bourse.%I SELECT * FROM gone', parent || '_default', within, child);
    END IF;
    EXECUTE format('ALTER TABLE bourse.%I ATTACH PARTITION bourse.%I FOR VALUES FROM (%L) TO (%L)', parent, child, from_ts, to_ts);
    RETURN true;
EXCEPTION WHEN lock_not_available THEN
    RETURN false;
END
$$;
COMMENT ON FUNCTION bourse.job_make_partition(text, text, timestamptz, bigint) IS
    'internal: makes the partition for a time, with those of its rows that the default partition has; false when a lock is taken or there are more than most_rows of them';

CREATE OR REPLACE FUNCTION bourse.job_drop_partition(parent text, child text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET lock_timeout = '50ms'
AS $$
DECLARE
    followed record;
BEGIN
    EXECUTE format('ALTER TABLE bourse.%I DETACH PARTITION bourse.%I', parent, child);
    IF parent = 'job_archive' THEN  -- nobody can retry these any more: what waits for that will never start
        FOR followed IN EXECUTE format('SELECT DISTINCT a.job_id, a.state FROM bourse.job_dependency AS d JOIN bourse.%I AS a ON a.job_id = d.after_job_id ORDER BY 1', child) LOOP
            UPDATE bourse.job_dependency AS d SET after_failure = 'cancel' WHERE d.after_job_id = followed.job_id;
            PERFORM bourse.job_end_dependents(followed.job_id, followed.state);
        END LOOP;
    END IF;
    EXECUTE format('DROP TABLE bourse.%I', child);
    RETURN true;
EXCEPTION WHEN lock_not_available THEN
    RETURN false;
END
$$;
COMMENT ON FUNCTION bourse.job_drop_partition(text, text) IS 'internal: drops a week; false when somebody reads it now';

CREATE OR REPLACE FUNCTION bourse.job_maintain(most_rows bigint DEFAULT 10000) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    weeks_ahead constant int := 4;
    kept record;
    child text;
    oldest timestamptz;
    keep_days float8;
    complete boolean := true;
BEGIN
    IF most_rows IS NULL OR most_rows < 0 THEN
        RAISE EXCEPTION 'most_rows % is not a number from 0', coalesce(most_rows::text, 'NULL') USING ERRCODE = '22023';
    END IF;
    IF NOT pg_try_advisory_xact_lock(5064193) THEN  -- another worker is at it
        RETURN true;
    END IF;
    FOR kept IN SELECT * FROM (VALUES ('job_archive', 'finished_at'), ('job_log', 'at'), ('job_usage', 'ended_at')) AS v(parent, time_column) LOOP
        FOR week IN 0 .. weeks_ahead LOOP
            CONTINUE WHEN to_regclass(format('bourse.%I', bourse.job_partition_of(kept.parent, now() + make_interval(weeks => week)))) IS NOT NULL;
            complete := bourse.job_make_partition(kept.parent, kept.time_column, now() + make_interval(weeks => week), most_rows) AND complete;
            EXIT WHEN NOT complete;
        END LOOP;
        EXECUTE format('SELECT min(%I) FROM bourse.%I', kept.time_column, kept.parent || '_default') INTO oldest;
        IF oldest IS NOT NULL THEN  -- one week of stragglers a call
            complete := bourse.job_make_partition(kept.parent, kept.time_column, oldest, most_rows) AND complete;
        END IF;
        keep_days := bourse.setting_number(kept.parent || '_keep_days');
        CONTINUE WHEN keep_days = 0;
        SELECT c.relname INTO child FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = format('bourse.%I', kept.parent)::regclass AND c.relname ~ ('^' || kept.parent || '_[0-9]{4}w[0-9]{2}$')
            AND c.relname::text COLLATE "C" < bourse.job_partition_of(kept.parent, now() - make_interval(secs => keep_days * 86400))
        ORDER BY c.relname LIMIT 1;  -- one a call
        IF FOUND THEN
            complete := bourse.job_drop_partition(kept.parent, child) AND complete;
        END IF;
    END LOOP;
    RETURN complete;
END
$$;
COMMENT ON FUNCTION bourse.job_maintain(bigint) IS
    'makes partitions of job_archive, job_log and job_usage four weeks ahead, empties their default partitions (a week''s rows at a time, not more than most_rows), drops one week that is past its keep_days; false when something must wait for a later call. SECURITY DEFINER: workers own no tables';
