-- Limits on how many jobs run at once or start within a time. Exact: whoever claims under a limit holds its row of
-- job_limit_use until commit, and counts after that.

CREATE OR REPLACE FUNCTION bourse.limit_jobs(kind text, key text DEFAULT NULL, max_running int DEFAULT NULL, max_starts int DEFAULT NULL,
    per interval DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF kind IS NULL OR kind !~ '^[A-Za-z][A-Za-z0-9_.-]{0,62}$' THEN
        RAISE EXCEPTION 'job kind % is not a name', coalesce('"' || left(kind, 80) || '"', 'NULL') USING ERRCODE = '22023';
    END IF;
    IF key = '' OR length(key) > 200 THEN
        RAISE EXCEPTION 'key has % characters, 1 to 200 are accepted', length(key)
            USING ERRCODE = '22023', HINT = 'leave key out to limit the kind as a whole; ''*'' limits each key by itself';
    END IF;
    IF max_running IS NULL AND max_starts IS NULL THEN
        RAISE EXCEPTION 'neither max_running nor max_starts is given' USING ERRCODE = '22023', HINT = 'bourse.unlimit_jobs takes a limit away';
    END IF;
    IF max_running < 0 OR max_starts < 0 THEN
        RAISE EXCEPTION 'a limit of % jobs is below zero', least(max_running, max_starts) USING ERRCODE = '22023';
    END IF;
    IF (max_starts IS NULL) <> (per IS NULL) THEN
        RAISE EXCEPTION 'max_starts and per belong together' USING ERRCODE = '22023', HINT = 'for example max_starts => 10, per => ''1 min''';
    END IF;
    IF per <= interval '0' THEN
        RAISE EXCEPTION 'per % is not above zero', per USING ERRCODE = '22023';
    END IF;
    INSERT INTO bourse.job_limit AS l (kind, limit_key, max_running, max_starts, per, set_by)
    VALUES (limit_jobs.kind, coalesce(limit_jobs.key, ''), limit_jobs.max_running, limit_jobs.max_starts, limit_jobs.per, bourse.caller())
    ON CONFLICT ON CONSTRAINT job_limit_pkey
    DO UPDATE SET max_running = excluded.max_running, max_starts = excluded.max_starts, per = excluded.per, set_by = excluded.set_by, set_at = now();
    PERFORM bourse.ring();
END
$$;
COMMENT ON FUNCTION bourse.limit_jobs(text, text, int, int, interval) IS
    'limits jobs of a kind: as a whole, of one limit_key, or (key ''*'') of each limit_key by itself, to max_running at once and max_starts within any time of length per. SECURITY DEFINER: the table is written only through here';

CREATE OR REPLACE FUNCTION bourse.unlimit_jobs(kind text, key text DEFAULT NULL) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    was_there boolean;
BEGIN
    DELETE FROM bourse.job_limit AS l WHERE l.kind = unlimit_jobs.kind AND l.limit_key = coalesce(unlimit_jobs.key, '');
    was_there := FOUND;
    DELETE FROM bourse.job_limit_use AS u WHERE u.kind = unlimit_jobs.kind AND NOT EXISTS (SELECT FROM bourse.job_limit AS l WHERE l.kind = u.kind);
    PERFORM bourse.ring();
    RETURN was_there;
END
$$;
COMMENT ON FUNCTION bourse.unlimit_jobs(text, text) IS 'takes a limit away; false when there was none. SECURITY DEFINER: the table is written only through here';

CREATE OR REPLACE FUNCTION bourse.job_limit_of(kind text, limit_key text) RETURNS bourse.job_limit
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT l.* FROM bourse.job_limit AS l
    WHERE l.kind = job_limit_of.kind AND (l.limit_key = job_limit_of.limit_key OR (l.limit_key = '*' AND job_limit_of.limit_key <> ''))
    ORDER BY l.limit_key = '*' LIMIT 1;
END;
COMMENT ON FUNCTION bourse.job_limit_of(text, text) IS 'internal: the limit that holds for this key (empty: for the kind as a whole), or NULL';

CREATE OR REPLACE FUNCTION bourse.job_limit_lock(lanes bourse.job_lane[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO bourse.job_limit_use (kind, limit_key)
    SELECT DISTINCT l.kind, k.limit_key FROM unnest(lanes) AS l CROSS JOIN LATERAL unnest(ARRAY['', l.limit_key]) AS k(limit_key)
    WHERE (bourse.job_limit_of(l.kind, k.limit_key)).kind IS NOT NULL
        AND NOT EXISTS (SELECT FROM bourse.job_limit_use AS u WHERE u.kind = l.kind AND u.limit_key = k.limit_key)
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING;
    PERFORM FROM bourse.job_limit_use AS u
    WHERE (u.kind, u.limit_key) IN (SELECT l.kind, k.limit_key FROM unnest(lanes) AS l CROSS JOIN LATERAL unnest(ARRAY['', l.limit_key]) AS k(limit_key))
    ORDER BY u.kind, u.limit_key FOR UPDATE;
END
$$;
COMMENT ON FUNCTION bourse.job_limit_lock(bourse.job_lane[]) IS 'internal: locks, always in the same order, the limits that hold for these lanes';

CREATE OR REPLACE FUNCTION bourse.job_limit_room(kind text, limit_key text, picked bigint[]) RETURNS int
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    allowed bourse.job_limit := bourse.job_limit_of(kind, limit_key);
    room int;
BEGIN
    IF allowed.max_running IS NOT NULL THEN
        room := allowed.max_running - (SELECT count(*) FROM bourse.job AS j
            WHERE j.state = 'running' AND j.kind = job_limit_room.kind AND job_limit_room.limit_key IN ('', j.limit_key))
            - (SELECT count(*) FROM bourse.job AS j
               WHERE j.job_id = ANY (picked) AND j.kind = job_limit_room.kind AND job_limit_room.limit_key IN ('', j.limit_key));
    END IF;
    IF allowed.max_starts IS NOT NULL THEN
        room := least(room, allowed.max_starts - (SELECT coalesce(sum(s.starts), 0) FROM bourse.job_limit_use AS u
            CROSS JOIN LATERAL unnest(u.started_at, u.starts) AS s(started_at, starts)
            WHERE u.kind = job_limit_room.kind AND u.limit_key = job_limit_room.limit_key AND s.started_at > clock_timestamp() - allowed.per));
    END IF;
    RETURN CASE WHEN room < 0 THEN 0 ELSE room END;  -- NULL stays NULL
END
$$;
COMMENT ON FUNCTION bourse.job_limit_room(text, text, bigint[]) IS
    'internal: how many more jobs than those picked may start now under the limit of this key (empty: of the kind as a whole); NULL: no limit';

CREATE OR REPLACE FUNCTION bourse.job_limit_note(kind text, limit_key text, jobs int) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    allowed bourse.job_limit := bourse.job_limit_of(kind, limit_key);
    moment timestamptz := clock_timestamp();
    kept_at timestamptz[];
    kept int[];
BEGIN
    IF allowed.max_starts IS NULL OR jobs = 0 THEN
        RETURN;
    END IF;
    -- What is out of the window goes. Starts less than a 256th of it apart are kept as one, at the later time: the list
    -- stays short and never lets more in than allowed.
    SELECT array_agg(g.started_at ORDER BY g.started_at), array_agg(g.starts ORDER BY g.started_at) INTO kept_at, kept
    FROM (SELECT max(s.started_at) AS started_at, sum(s.starts)::int AS starts
          FROM (SELECT o.started_at, o.starts FROM bourse.job_limit_use AS u CROSS JOIN LATERAL unnest(u.started_at, u.starts) AS o(started_at, starts)
                WHERE u.kind = job_limit_note.kind AND u.limit_key = job_limit_note.limit_key AND o.started_at > moment - allowed.per
                UNION ALL SELECT moment, jobs) AS s
          GROUP BY floor(extract(epoch FROM s.started_at) / (extract(epoch FROM allowed.per) / 256))) AS g;
    UPDATE bourse.job_limit_use AS u SET started_at = kept_at, starts = kept
    WHERE u.kind = job_limit_note.kind AND u.limit_key = job_limit_note.limit_key;
END
$$;
COMMENT ON FUNCTION bourse.job_limit_note(text, text, int) IS 'internal: so many jobs start now under this limit, whose row the caller has locked';

CREATE OR REPLACE FUNCTION bourse.job_limit_opens_s() RETURNS float8
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT min(extract(epoch FROM u.started_at[1] + (bourse.job_limit_of(u.kind, u.limit_key)).per - clock_timestamp()))
    FROM bourse.job_limit_use AS u WHERE u.started_at[1] + (bourse.job_limit_of(u.kind, u.limit_key)).per > clock_timestamp();
END;
COMMENT ON FUNCTION bourse.job_limit_opens_s() IS 'internal: seconds until a rate limit lets jobs in again that it may hold back now, or NULL';
