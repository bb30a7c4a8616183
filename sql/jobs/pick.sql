-- Which waiting jobs start next, found and locked. Claims and takes share it.
-- Planning is pinned: the table's size changes faster than its statistics, and a sort of the whole queue is never right.

CREATE OR REPLACE FUNCTION bourse.job_lanes(kinds text[]) RETURNS bourse.job_lane[]
    LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
    -- From lane to lane by the index: the cost is that of the lanes, not of their jobs.
    WITH RECURSIVE lane AS (
        SELECT j.kind, j.queue, j.owner, j.limit_key FROM unnest(kinds) AS k(kind)
        CROSS JOIN LATERAL (
            SELECT j.kind, j.queue, j.owner, j.limit_key FROM bourse.job AS j
            WHERE j.kind = k.kind AND j.state = 'waiting' AND j.blocked_by = 0
            ORDER BY j.queue, j.owner, j.limit_key LIMIT 1) AS j
        UNION ALL
        SELECT n.kind, n.queue, n.owner, n.limit_key FROM lane AS l
        CROSS JOIN LATERAL (
            SELECT j.kind, j.queue, j.owner, j.limit_key FROM bourse.job AS j
            WHERE j.kind = l.kind AND (j.queue, j.owner, j.limit_key) > (l.queue, l.owner, l.limit_key) AND j.state = 'waiting' AND j.blocked_by = 0
            ORDER BY j.queue, j.owner, j.limit_key LIMIT 1) AS n
    )
    SELECT array_agg((l.kind, l.queue, l.owner, l.limit_key, -2147483648, '-infinity'::timestamptz, 0, 0)::bourse.job_lane) FROM lane AS l
$$;
COMMENT ON FUNCTION bourse.job_lanes(text[]) IS 'internal: the lanes of these kinds in which jobs may start, each from its beginning';

CREATE OR REPLACE FUNCTION bourse.job_lock_lane(lane bourse.job_lane, offer jsonb, picked bigint[], taking boolean, OUT ids bigint[], OUT wants jsonb[])
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF taking THEN  -- to be deleted
        SELECT array_agg(f.job_id), array_agg(f.resources) INTO ids, wants FROM (
            SELECT j.job_id, j.resources FROM bourse.job AS j
            WHERE j.kind = lane.kind AND j.queue = lane.queue AND j.owner = lane.owner AND j.limit_key = lane.limit_key
                AND j.state = 'waiting' AND j.blocked_by = 0 AND (j.priority, j.run_at, j.job_id) > (lane.priority, lane.run_at, lane.job_id)
            ORDER BY j.priority, j.run_at, j.job_id LIMIT lane.quota FOR UPDATE SKIP LOCKED) AS f;
    ELSE
        SELECT array_agg(f.job_id), array_agg(f.resources) INTO ids, wants FROM (
            SELECT j.job_id, j.resources FROM bourse.job AS j
            WHERE j.kind = lane.kind AND j.queue = lane.queue AND j.owner = lane.owner AND j.limit_key = lane.limit_key
                AND j.state = 'waiting' AND j.blocked_by = 0 AND (j.priority, j.run_at, j.job_id) > (lane.priority, lane.run_at, lane.job_id)
                AND bourse.job_fits(j.resources, offer) AND j.job_id <> ALL (picked)
            ORDER BY j.priority, j.run_at, j.job_id LIMIT lane.quota FOR NO KEY UPDATE SKIP LOCKED) AS f;
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_lock_lane(bourse.job_lane, jsonb, bigint[], boolean) IS
    'internal: locks the first jobs of a lane that nobody else holds, as many as its quota, and that fit the offer';

-- The low-water mark. While an old snapshot is open somewhere, entries of started jobs stay in the index and every look
-- from the beginning wades through them. A look that waded far remembers, for this session and for four times as long
-- as it took, where each lane goes on; so wading takes at most a fifth of the time. What comes in before that
-- position is found by the next look from the beginning. A hint: nothing depends on it, a roll-back forgets it.
CREATE OR REPLACE FUNCTION bourse.job_remember(setting text, until timestamptz, lanes bourse.job_lane[], last_ids bigint[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    lanes := ARRAY(
        SELECT (l.kind, l.queue, l.owner, l.limit_key, coalesce(j.priority, l.priority), coalesce(j.run_at, l.run_at), coalesce(j.job_id, l.job_id), 0)::bourse.job_lane
        FROM unnest(lanes) WITH ORDINALITY AS l(kind, queue, owner, limit_key, priority, run_at, job_id, quota, lane)
        LEFT JOIN bourse.job AS j ON j.job_id = last_ids[l.lane]);
    PERFORM set_config(setting, concat(extract(epoch FROM until), ' ', lanes), false);
END
$$;
COMMENT ON FUNCTION bourse.job_remember(text, timestamptz, bourse.job_lane[], bigint[]) IS 'internal: keeps in a setting where each lane goes on';

CREATE OR REPLACE FUNCTION bourse.job_pick(kinds text[], jobs int, offer jsonb, taking boolean) RETURNS bigint[]
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
DECLARE
    far constant bigint := 10000;  -- index entries
    began timestamptz := clock_timestamp();
    setting text := CASE WHEN taking THEN 'bourse.take_position' ELSE 'bourse.claim_position' END;
    position text := coalesce(current_setting(setting, true), '');
    until timestamptz := CASE WHEN position <> '' THEN to_timestamp(split_part(position, ' ', 1)::float8) END;
    remembered boolean := coalesce(until > began, false);
    read_before bigint := pg_stat_get_xact_tuples_returned('bourse.job_fetch_idx'::regclass);
    limited boolean := EXISTS (SELECT FROM bourse.job_limit AS m WHERE m.kind = ANY (kinds));
    lanes bourse.job_lane[];
    last_ids bigint[] := '{}';
    found record;
    accepted bigint[];
    picked bigint[] := '{}';
    again boolean := true;
BEGIN
    IF remembered THEN
        lanes := substr(position, strpos(position, ' ') + 1)::bourse.job_lane[];
    ELSE
        lanes := bourse.job_lanes(kinds);
    END IF;
    lanes := ARRAY(SELECT l FROM unnest(lanes) AS l
                   WHERE l.kind = ANY (kinds) AND NOT EXISTS (SELECT FROM bourse.paused_queue AS p WHERE p.queue = l.queue));
    WHILE again AND cardinality(picked) < jobs AND cardinality(lanes) > 0 LOOP
        again := false;
        IF cardinality(lanes) = 1 AND NOT limited THEN
            lanes[1].quota := jobs - cardinality(picked);
        ELSE
            lanes := bourse.job_share_out(lanes, jobs - cardinality(picked), offer, picked);
        END IF;
        FOR lane IN 1 .. cardinality(lanes) LOOP
            CONTINUE WHEN lanes[lane].quota = 0;
            SELECT * INTO found FROM bourse.job_lock_lane(lanes[lane], offer, picked, taking);
            CONTINUE WHEN found.ids IS NULL;
            accepted := found.ids;
            IF offer IS NOT NULL THEN  -- each fits by itself; now together
                accepted := '{}';
                FOR i IN 1 .. cardinality(found.ids) LOOP
                    IF bourse.job_fits(found.wants[i], offer) THEN
                        accepted := accepted || found.ids[i];
                        offer := CASE WHEN found.wants[i] = '{}' THEN offer ELSE bourse.job_offer_less(offer, found.wants[i]) END;
                    ELSE
                        again := true;  -- the place is free for one that fits what is left
                    END IF;
                END LOOP;
            END IF;
            IF limited THEN
                PERFORM bourse.job_limit_note(lanes[lane].kind, '', cardinality(accepted));
                PERFORM bourse.job_limit_note(lanes[lane].kind, lanes[lane].limit_key, cardinality(accepted)) WHERE lanes[lane].limit_key <> '';
            END IF;
            picked := picked || accepted;
            last_ids[lane] := accepted[cardinality(accepted)];
        END LOOP;
    END LOOP;
    IF remembered THEN
        PERFORM bourse.job_remember(setting, until, lanes, last_ids);
    ELSIF pg_stat_get_xact_tuples_returned('bourse.job_fetch_idx'::regclass) - read_before > far + 2 * cardinality(picked) THEN
        PERFORM bourse.job_remember(setting, clock_timestamp() + 4 * (clock_timestamp() - began), lanes, last_ids);
    ELSIF position <> '' THEN
        PERFORM set_config(setting, '', false);
    END IF;
    RETURN picked;
END
$$;
COMMENT ON FUNCTION bourse.job_pick(text[], int, jsonb, boolean) IS
    'internal: locks up to so many jobs of these kinds that may start now and fit the offer, in the order in which they are to start; taking: to delete them';
