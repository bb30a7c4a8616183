-- Which waiting jobs start next, found and locked. Claims and takes share it.
-- Planning is pinned: the table's size changes faster than its statistics, and a sort of the whole queue is never right.

CREATE OR REPLACE FUNCTION bourse.job_lanes(kinds text[], first bigint DEFAULT NULL) RETURNS bourse.job_lane[]
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN  -- PL/pgSQL: its plan is kept for the session
    -- From lane to lane by the index: the cost is that of the lanes, not of their jobs.
    RETURN (WITH RECURSIVE known AS (
        SELECT j.kind, j.queue, j.owner, j.limit_key, j.priority, j.run_at, j.job_id FROM bourse.job AS j WHERE j.job_id = first
    ), lane AS (
        SELECT k.* FROM known AS k
        UNION ALL (
        SELECT j.* FROM unnest(kinds) AS k(kind)
        CROSS JOIN LATERAL (
            SELECT j.kind, j.queue, j.owner, j.limit_key, j.priority, j.run_at, j.job_id FROM bourse.job AS j
            WHERE j.kind = k.kind AND j.state = 'waiting' AND j.blocked_by = 0
            ORDER BY j.queue, j.owner, j.limit_key, j.priority, j.run_at, j.job_id LIMIT 1) AS j
        WHERE first IS NULL OR k.kind > (SELECT f.kind FROM known AS f))
        UNION ALL
        SELECT n.* FROM lane AS l
        CROSS JOIN LATERAL (
            SELECT j.kind, j.queue, j.owner, j.limit_key, j.priority, j.run_at, j.job_id FROM bourse.job AS j
            WHERE j.kind = l.kind AND (j.queue, j.owner, j.limit_key) > (l.queue, l.owner, l.limit_key) AND j.state = 'waiting' AND j.blocked_by = 0
            ORDER BY j.queue, j.owner, j.limit_key, j.priority, j.run_at, j.job_id LIMIT 1) AS n
    )
    SELECT coalesce(array_agg((l.kind, l.queue, l.owner, l.limit_key, l.priority, l.run_at, l.job_id - 1, 0)::bourse.job_lane), '{}') FROM lane AS l
        WHERE NOT EXISTS (SELECT FROM bourse.paused_queue AS p WHERE p.queue = l.queue));
END
$$;
COMMENT ON FUNCTION bourse.job_lanes(text[], bigint) IS
    'internal: the lanes of these kinds in which jobs may start, those of paused queues left out, each from just before its first job; first: the first job of all if known, 0 for none';

CREATE OR REPLACE FUNCTION bourse.job_lock_lane(lane bourse.job_lane, offer jsonb, picked bigint[], taking boolean, OUT ids bigint[], OUT wants jsonb[], OUT places tid[])
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF taking THEN  -- to be deleted
        SELECT array_agg(f.job_id), array_agg(f.resources), array_agg(f.ctid) INTO ids, wants, places FROM (
            SELECT j.job_id, j.resources, j.ctid FROM bourse.job AS j
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
    'internal: locks the first jobs of a lane that nobody else holds, as many as its quota, and that fit the offer; taking: where their rows lie, too';

CREATE OR REPLACE FUNCTION bourse.job_lane_after(lane bourse.job_lane, skip int) RETURNS bourse.job_lane
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT (lane.kind, lane.queue, lane.owner, lane.limit_key, j.priority, j.run_at, j.job_id, 0)::bourse.job_lane FROM bourse.job AS j
        WHERE j.kind = lane.kind AND j.queue = lane.queue AND j.owner = lane.owner AND j.limit_key = lane.limit_key
            AND j.state = 'waiting' AND j.blocked_by = 0 AND (j.priority, j.run_at, j.job_id) > (lane.priority, lane.run_at, lane.job_id)
        ORDER BY j.priority, j.run_at, j.job_id OFFSET skip - 1 LIMIT 1);
END
$$;
COMMENT ON FUNCTION bourse.job_lane_after(bourse.job_lane, int) IS 'internal: the lane from behind its first so many jobs; NULL when it has fewer';

CREATE OR REPLACE FUNCTION bourse.job_pick_from(INOUT lanes bourse.job_lane[], kinds text[], jobs int, skip int, offer jsonb, taking boolean,
    OUT ids bigint[], OUT places tid[], OUT first_ids bigint[], OUT last_ids bigint[])
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    limited boolean := EXISTS (SELECT FROM bourse.job_limit AS m WHERE m.kind = ANY (kinds));
    found record;
    accepted bigint[];
    again boolean := true;
BEGIN
    ids := '{}';
    places := '{}';
    first_ids := '{}';
    last_ids := '{}';
    IF skip > 0 AND cardinality(lanes) = 1 AND NOT limited THEN
        lanes := ARRAY[coalesce(bourse.job_lane_after(lanes[1], skip), lanes[1])];
    END IF;
    WHILE again AND cardinality(ids) < jobs AND cardinality(lanes) > 0 LOOP
        again := false;
        IF cardinality(lanes) = 1 AND NOT limited THEN
            lanes[1].quota := jobs - cardinality(ids);
        ELSE
            lanes := bourse.job_share_out(lanes, jobs - cardinality(ids), offer, ids);
        END IF;
        FOR lane IN 1 .. cardinality(lanes) LOOP
            CONTINUE WHEN lanes[lane].quota = 0;
            found := bourse.job_lock_lane(lanes[lane], offer, ids, taking);
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
            ids := ids || accepted;
            places := places || found.places;
            first_ids[lane] := coalesce(first_ids[lane], accepted[1]);
            last_ids[lane] := accepted[cardinality(accepted)];
        END LOOP;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bourse.job_pick_from(bourse.job_lane[], text[], int, int, jsonb, boolean) IS
    'internal: locks up to so many jobs of these lanes that fit the offer together; taking (without an offer): where their rows lie, too. first_ids, last_ids: the first and the last job of each lane';

CREATE OR REPLACE FUNCTION bourse.job_pages_read() RETURNS bigint
    LANGUAGE sql VOLATILE
    RETURN pg_stat_get_xact_blocks_fetched('bourse.job_fetch_idx'::regclass);
COMMENT ON FUNCTION bourse.job_pages_read() IS 'internal: how many pages of the index of waiting jobs this transaction has read';

-- The low-water mark. Entries of started jobs stay in the index until vacuum has removed them, and for good while an old
-- snapshot is open somewhere: every look from the beginning wades through them. So a session remembers two places:
--  the mark, where a look that waded far found its first jobs: looks begin there for four times as long as it took
--  (wading takes at most a fifth of the time);
--  the backlog, where a look that found a whole batch ended: the next go on there as long as whole batches follow, for a
--  tenth of a second or four times as long as that look took. What was stepped over is found from the mark after that.
-- What comes in before the mark is found by the next look from the beginning. A hint: nothing depends on it, a roll-back
-- forgets it.
CREATE OR REPLACE FUNCTION bourse.job_recall(setting text, kinds text[], OUT until timestamptz, OUT lanes bourse.job_lane[])
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    remembered text := coalesce(current_setting(setting, true), '');
    place int := strpos(remembered, ' ');
BEGIN
    IF place > 0 THEN
        until := to_timestamp(left(remembered, place - 1)::float8);
        lanes := ARRAY(SELECT l FROM unnest(substr(remembered, place + 1)::bourse.job_lane[]) AS l
            WHERE l.kind = ANY (kinds) AND NOT EXISTS (SELECT FROM bourse.paused_queue AS p WHERE p.queue = l.queue));
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_recall(text, text[]) IS 'internal: what job_remember kept in a setting for these kinds, paused queues left out; NULL: nothing';

CREATE OR REPLACE FUNCTION bourse.job_remember(setting text, until timestamptz, lanes bourse.job_lane[], jobs bigint[], before int) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    lanes := ARRAY(
        SELECT (l.kind, l.queue, l.owner, l.limit_key, coalesce(j.priority, l.priority), coalesce(j.run_at, l.run_at), coalesce(j.job_id - before, l.job_id), 0)::bourse.job_lane
        FROM unnest(lanes) WITH ORDINALITY AS l(kind, queue, owner, limit_key, priority, run_at, job_id, quota, lane)
        LEFT JOIN bourse.job AS j ON j.job_id = jobs[l.lane]);
    PERFORM set_config(setting, concat_ws(' ', extract(epoch FROM until), lanes), false);
END
$$;
COMMENT ON FUNCTION bourse.job_remember(text, timestamptz, bourse.job_lane[], bigint[], int) IS
    'internal: keeps in a setting where each lane goes on, and until when: behind its job (before = 0) or just before it (1), unmoved without one';

CREATE OR REPLACE FUNCTION bourse.job_far() RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 100;
COMMENT ON FUNCTION bourse.job_far() IS 'internal: a look has waded far when it has read so many pages of the index beside those that the lanes and the jobs themselves need';

CREATE OR REPLACE FUNCTION bourse.job_pick(kinds text[], jobs int, skip int, offer jsonb, taking boolean, first bigint DEFAULT NULL, OUT ids bigint[], OUT places tid[])
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
AS $$
DECLARE
    batch constant int := 500;  -- from so many jobs on, as many as wanted means a backlog
    for_what text := CASE WHEN taking THEN 'bourse.take_' ELSE 'bourse.claim_' END;
    backlog record := bourse.job_recall(for_what || 'backlog', kinds);
    mark record := bourse.job_recall(for_what || 'mark', kinds);
    pages_before bigint := bourse.job_pages_read();
    from_mark boolean;
    lanes bourse.job_lane[];
    waded boolean;
    pause interval;
    found record;
BEGIN
    IF backlog.until > clock_timestamp() THEN
        found := bourse.job_pick_from(backlog.lanes, kinds, jobs, skip, offer, taking);
        ids := found.ids;
        places := found.places;
        IF cardinality(ids) = jobs THEN
            PERFORM bourse.job_remember(for_what || 'backlog', backlog.until, found.lanes, found.last_ids, before => 0);
            RETURN;
        END IF;
        PERFORM set_config(for_what || 'backlog', '', false);  -- it has come to its end
        IF cardinality(ids) > 0 THEN
            RETURN;
        END IF;
    END IF;
    from_mark := coalesce(mark.until > clock_timestamp(), false);
    lanes := CASE WHEN from_mark THEN mark.lanes ELSE bourse.job_lanes(kinds, first) END;
    found := bourse.job_pick_from(lanes, kinds, jobs, skip, offer, taking);
    ids := found.ids;
    places := found.places;
    pause := 4 * (clock_timestamp() - now());  -- the transaction's: what a look for few has waded counts, too
    waded := first IS NOT NULL OR bourse.job_pages_read() - pages_before > bourse.job_far() + cardinality(lanes) * (12 + jobs / 50);
    IF waded AND from_mark AND skip = 0 THEN
        PERFORM bourse.job_remember(for_what || 'mark', mark.until, found.lanes, found.first_ids, before => 1);
    ELSIF waded AND NOT from_mark THEN
        IF lanes = '{}' THEN  -- nothing waits: it goes on listening in the lanes it knew, but for what was begun long ago
            lanes := ARRAY(SELECT (l.kind, l.queue, l.owner, l.limit_key, l.priority, greatest(l.run_at, statement_timestamp() - interval '10 s'), 0, 0)::bourse.job_lane
                FROM unnest(mark.lanes) AS l);
        END IF;
        PERFORM bourse.job_remember(for_what || 'mark', clock_timestamp() + pause, lanes, NULL, before => 1);
    ELSIF NOT from_mark AND mark.until IS NOT NULL THEN
        PERFORM set_config(for_what || 'mark', '', false);
    END IF;
    IF jobs >= batch AND cardinality(ids) = jobs THEN
        PERFORM bourse.job_remember(for_what || 'backlog', clock_timestamp() + greatest(pause, interval '100 ms'), found.lanes, found.last_ids, before => 0);
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.job_pick(text[], int, int, jsonb, boolean, bigint) IS
    'internal: locks up to so many jobs of these kinds that may start now and fit the offer, in the order in which they are to start; taking: to delete them, by the places of their rows; first: what a look for few has waded to';
