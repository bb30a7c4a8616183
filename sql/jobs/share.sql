-- Who goes first when several lanes of jobs wait: priority, then the owner who has been served least for its weight,
-- then time; and no more than the limits let in.

CREATE OR REPLACE FUNCTION bourse.set_share(owner text, weight float8) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = set_share.owner) THEN
        RAISE EXCEPTION 'role % does not exist', coalesce('"' || owner || '"', 'NULL') USING ERRCODE = '42704';
    END IF;
    IF (weight > 0 AND weight <= 1000000) IS NOT TRUE THEN
        RAISE EXCEPTION 'weight % is not above 0 and up to 1000000', coalesce(weight::text, 'NULL')
            USING ERRCODE = '22023', HINT = 'an owner without a share of its own has weight 1';
    END IF;
    INSERT INTO bourse.job_share AS s (owner, weight) VALUES (set_share.owner, set_share.weight)
    ON CONFLICT ON CONSTRAINT job_share_pkey DO UPDATE SET weight = excluded.weight;
END
$$;
COMMENT ON FUNCTION bourse.set_share(text, float8) IS
    'while several owners have jobs of the same priority waiting, each starts jobs in proportion to its weight (1 unless set). SECURITY DEFINER: the table is written only through here';

CREATE OR REPLACE FUNCTION bourse.job_fits(wanted jsonb, offer jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN offer IS NULL OR wanted = '{}'
        OR (coalesce((wanted ->> 'cpu')::numeric, 0) <= greatest((offer ->> 'cpu')::numeric, 0)
            AND coalesce((wanted ->> 'memory_mb')::numeric, 0) <= greatest((offer ->> 'memory_mb')::numeric, 0)
            AND coalesce((wanted ->> 'gpu')::numeric, 0) <= greatest((offer ->> 'gpu')::numeric, 0));
COMMENT ON FUNCTION bourse.job_fits(jsonb, jsonb) IS 'internal: is there room in the offer for what a job wants; an offer of NULL has room for everything';

CREATE OR REPLACE FUNCTION bourse.job_offer_less(offer jsonb, wanted jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN jsonb_build_object('cpu', (offer ->> 'cpu')::numeric - coalesce((wanted ->> 'cpu')::numeric, 0),
        'memory_mb', (offer ->> 'memory_mb')::numeric - coalesce((wanted ->> 'memory_mb')::numeric, 0),
        'gpu', (offer ->> 'gpu')::numeric - coalesce((wanted ->> 'gpu')::numeric, 0));
COMMENT ON FUNCTION bourse.job_offer_less(jsonb, jsonb) IS 'internal: what is left of an offer once a job holds what it wants';

CREATE OR REPLACE FUNCTION bourse.job_share_charge(owners text[], jobs int[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    begin_at float8 := (SELECT s.served FROM bourse.job_share AS s WHERE s.owner = '');
BEGIN
    UPDATE bourse.job_share AS s SET served = greatest(s.served, begin_at) + c.jobs / s.weight
    FROM unnest(owners, jobs) AS c(owner, jobs)
    WHERE s.owner = c.owner AND (c.jobs > 0 OR s.served < begin_at);
    -- An owner that was away begins where the least served of those present are: absence earns nothing.
    UPDATE bourse.job_share AS s SET served = (SELECT min(p.served) FROM bourse.job_share AS p WHERE p.owner = ANY (owners)) WHERE s.owner = '';
END
$$;
COMMENT ON FUNCTION bourse.job_share_charge(text[], int[]) IS 'internal: these owners had jobs waiting at the same priority, and so many of each start';

-- The candidates of every lane, ranked; how many of each lane make it. Rows are not locked here: job_pick locks as
-- many as the quotas say and steps over those that somebody else holds.
CREATE OR REPLACE FUNCTION bourse.job_share_out(lanes bourse.job_lane[], jobs int, offer jsonb, picked bigint[]) RETURNS bourse.job_lane[]
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    owners text[] := ARRAY(SELECT DISTINCT l.owner FROM unnest(lanes) AS l);
    limited boolean := EXISTS (SELECT FROM bourse.job_limit AS m WHERE m.kind IN (SELECT l.kind FROM unnest(lanes) AS l));
    shared boolean := cardinality(owners) > 1;
    shares bourse.job_lane[];
    served_owners text[];
    served_jobs int[];
BEGIN
    IF limited THEN
        PERFORM bourse.job_limit_lock(lanes);
    END IF;
    IF shared THEN
        INSERT INTO bourse.job_share (owner) SELECT o FROM unnest(owners || ''::text) AS o
        WHERE NOT EXISTS (SELECT FROM bourse.job_share AS s WHERE s.owner = o) ORDER BY o
        ON CONFLICT DO NOTHING;
        PERFORM FROM bourse.job_share AS s WHERE s.owner = ANY (owners || ''::text) ORDER BY s.owner FOR NO KEY UPDATE;
    END IF;
    WITH lane AS (
        SELECT l.*, CASE WHEN limited AND l.limit_key <> '' THEN bourse.job_limit_room(l.kind, l.limit_key, picked) END AS key_room
        FROM unnest(lanes) WITH ORDINALITY AS l(kind, queue, owner, limit_key, priority, run_at, job_id, quota, lane)
    ), kind_room AS MATERIALIZED (
        SELECT k.kind, CASE WHEN limited THEN bourse.job_limit_room(k.kind, '', picked) END AS room FROM (SELECT DISTINCT l.kind FROM lane AS l) AS k
    ), candidate AS (
        SELECT l.lane, l.kind, l.owner, l.limit_key, l.key_room, j.priority, j.run_at, j.job_id FROM lane AS l
        CROSS JOIN LATERAL (
            SELECT j.priority, j.run_at, j.job_id FROM bourse.job AS j
            WHERE j.kind = l.kind AND j.queue = l.queue AND j.owner = l.owner AND j.limit_key = l.limit_key AND j.state = 'waiting' AND j.blocked_by = 0
                AND (j.priority, j.run_at, j.job_id) > (l.priority, l.run_at, l.job_id)
                AND bourse.job_fits(j.resources, job_share_out.offer) AND j.job_id <> ALL (picked)
            ORDER BY j.priority, j.run_at, j.job_id LIMIT least(job_share_out.jobs, l.key_room)) AS j
    ), turn AS (
        SELECT c.*, coalesce(greatest(s.served, b.served), 0)
            + row_number() OVER (PARTITION BY c.owner ORDER BY c.priority, c.run_at, c.job_id) / coalesce(s.weight, 1) AS turn
        FROM candidate AS c
        LEFT JOIN bourse.job_share AS s ON shared AND s.owner = c.owner LEFT JOIN bourse.job_share AS b ON shared AND b.owner = ''
    ), in_key AS (
        SELECT t.*, row_number() OVER (PARTITION BY t.kind, t.limit_key ORDER BY t.priority, t.turn, t.run_at, t.job_id) AS key_rank FROM turn AS t
    ), in_kind AS (
        SELECT k.*, row_number() OVER (PARTITION BY k.kind ORDER BY k.priority, k.turn, k.run_at, k.job_id) AS kind_rank
        FROM in_key AS k WHERE k.key_room IS NULL OR k.key_rank <= k.key_room
    ), chosen AS (
        SELECT k.*, row_number() OVER (ORDER BY k.priority, k.turn, k.run_at, k.job_id) <= job_share_out.jobs AS starts,
            min(k.owner) OVER (PARTITION BY k.priority) <> max(k.owner) OVER (PARTITION BY k.priority) AS contested
        FROM in_kind AS k JOIN kind_room AS r ON r.kind = k.kind WHERE r.room IS NULL OR k.kind_rank <= r.room
    ), quota AS (
        SELECT c.lane, count(*) FILTER (WHERE c.starts)::int AS quota FROM chosen AS c GROUP BY c.lane
    ), farthest AS (
        SELECT c.priority, c.owner, max(c.turn) AS turn FROM chosen AS c WHERE c.contested GROUP BY c.priority, c.owner
    ), charge AS (  -- places that nobody else had a job for are free
        SELECT c.owner, count(*) FILTER (WHERE c.starts AND EXISTS (
            SELECT FROM farthest AS f WHERE f.priority = c.priority AND f.owner <> c.owner AND f.turn >= c.turn))::int AS jobs
        FROM chosen AS c WHERE c.contested GROUP BY c.owner
    )
    SELECT (SELECT array_agg((l.kind, l.queue, l.owner, l.limit_key, l.priority, l.run_at, l.job_id, coalesce(q.quota, 0))::bourse.job_lane ORDER BY l.lane)
            FROM lane AS l LEFT JOIN quota AS q ON q.lane = l.lane),
        array_agg(c.owner), array_agg(c.jobs)
    INTO shares, served_owners, served_jobs FROM charge AS c;
    IF shared AND served_owners IS NOT NULL THEN
        PERFORM bourse.job_share_charge(served_owners, served_jobs);
    END IF;
    RETURN shares;
END
$$;
COMMENT ON FUNCTION bourse.job_share_out(bourse.job_lane[], int, jsonb, bigint[]) IS
    'internal: how many jobs of each lane start now; locks the limits and shares that decide it until commit';
