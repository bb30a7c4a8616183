-- Why a job does not run yet. Read by everybody, so it looks at tables only.

CREATE OR REPLACE FUNCTION bourse.why_blocked(job bigint) RETURNS TABLE(reason text, detail text, hint text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    -- What it follows, and what holds those up: jobs that are followed from afar but follow nothing themselves.
    RETURN QUERY
    WITH RECURSIVE chain AS (
        SELECT d.after_job_id AS job_id, 1 AS steps, d.after_failure FROM bourse.job_dependency AS d WHERE d.job_id = why_blocked.job
        UNION
        SELECT d.after_job_id, c.steps + 1, d.after_failure FROM chain AS c JOIN bourse.job_dependency AS d ON d.job_id = c.job_id WHERE c.steps < 1000
    ), far AS (
        SELECT c.job_id, min(c.steps) AS steps FROM chain AS c GROUP BY c.job_id
    ), followed AS (
        SELECT f.job_id, f.steps, coalesce(j.kind, a.kind) AS kind, coalesce(j.state, a.state) AS state, a.last_error, j.job_id IS NULL AS ended,
            EXISTS (SELECT FROM bourse.job_dependency AS d WHERE d.job_id = f.job_id) AS follows
        FROM far AS f LEFT JOIN bourse.job AS j ON j.job_id = f.job_id
        LEFT JOIN LATERAL (SELECT a.kind, a.state, a.last_error FROM bourse.job_archive AS a
                           WHERE j.job_id IS NULL AND a.job_id = f.job_id ORDER BY a.finished_at DESC LIMIT 1) AS a ON true
        WHERE f.steps = 1 OR NOT EXISTS (SELECT FROM bourse.job_dependency AS d WHERE d.job_id = f.job_id)
        ORDER BY f.steps, f.job_id LIMIT 20
    )
    SELECT CASE WHEN f.steps = 1 THEN 'dependency' ELSE 'cause' END,
        CASE WHEN f.ended THEN format('job %s (%s)%s ended as %s%s', f.job_id, f.kind, w.afar, f.state, coalesce(': ' || nullif(f.last_error, ''), ''))
             ELSE format('job %s (%s)%s is %s', f.job_id, f.kind, w.afar, f.state) END,
        CASE WHEN f.ended THEN format('SELECT bourse.retry(%s) runs it again', f.job_id)
             WHEN f.state <> 'running' AND NOT f.follows THEN format('SELECT * FROM bourse.why_waiting(%s)', f.job_id) END
    FROM followed AS f CROSS JOIN LATERAL (SELECT CASE WHEN f.steps > 1 THEN format(', %s steps before it,', f.steps) ELSE '' END AS afar) AS w
    ORDER BY f.steps, f.job_id;
    RETURN QUERY SELECT 'paused'::text, format('job %s was paused by %s at %s', j.job_id, j.paused_by, j.paused_at), format('SELECT bourse.resume(%s)', j.job_id)
        FROM bourse.job AS j WHERE j.job_id = why_blocked.job AND j.paused_at IS NOT NULL;
    RETURN QUERY SELECT 'paused'::text, format('queue "%s" was paused by %s at %s', p.queue, p.paused_by, p.paused_at), format('SELECT bourse.resume(%L)', p.queue)
        FROM bourse.paused_queue AS p JOIN bourse.job AS j ON j.queue = p.queue WHERE j.job_id = why_blocked.job;
END
$$;
COMMENT ON FUNCTION bourse.why_blocked(bigint) IS 'the part of why_waiting on what holds a job back by somebody''s will: dependencies (dependency; cause: at the beginning of the chain), pauses';

CREATE OR REPLACE FUNCTION bourse.why_limited(job bigint) RETURNS TABLE(reason text, detail text, hint text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH asked AS (
        SELECT j.kind, j.limit_key FROM bourse.job AS j WHERE j.job_id = why_limited.job
    ), applied AS (  -- of the kind as a whole, and of its key: that of the key itself, else that of every key
        SELECT DISTINCT ON (k.limit_key) k.limit_key, l.kind, l.max_running, l.max_starts, l.per
        FROM asked AS a CROSS JOIN LATERAL (SELECT DISTINCT u.limit_key FROM unnest(ARRAY['', a.limit_key]) AS u(limit_key)) AS k
        JOIN bourse.job_limit AS l ON l.kind = a.kind AND (l.limit_key = k.limit_key OR (l.limit_key = '*' AND k.limit_key <> ''))
        ORDER BY k.limit_key, l.limit_key = '*'
    ), used AS (
        SELECT p.*, concat('kind ', p.kind, ' with limit_key ' || quote_literal(nullif(p.limit_key, ''))) AS whose,
            (SELECT count(*) FROM bourse.job AS r WHERE r.state = 'running' AND r.kind = p.kind AND p.limit_key IN ('', r.limit_key)) AS running,
            s.starts, s.first_at
        FROM applied AS p
        LEFT JOIN LATERAL (
            SELECT sum(o.starts) AS starts, min(o.started_at) AS first_at
            FROM bourse.job_limit_use AS u CROSS JOIN LATERAL unnest(u.started_at, u.starts) AS o(started_at, starts)
            WHERE u.kind = p.kind AND u.limit_key = p.limit_key AND o.started_at > clock_timestamp() - p.per) AS s ON true
    )
    SELECT 'limit', format('%s of at most %s jobs of %s run', u.running, u.max_running, u.whose),
        format('one of them must end; SELECT bourse.limit_jobs(%L, …) changes the limit', u.kind)
    FROM used AS u WHERE u.running >= u.max_running
    UNION ALL
    SELECT 'rate', format('%s of at most %s jobs of %s have started within %s; the next may at %s', u.starts, u.max_starts, u.whose, u.per, u.first_at + u.per),
        format('SELECT bourse.limit_jobs(%L, …) changes the limit', u.kind)
    FROM used AS u WHERE u.starts >= u.max_starts
    UNION ALL
    SELECT 'rate', format('no job of %s may start', u.whose), format('SELECT bourse.limit_jobs(%L, …) changes the limit', u.kind)
    FROM used AS u WHERE u.max_starts = 0;
END
$$;
COMMENT ON FUNCTION bourse.why_limited(bigint) IS 'the part of why_waiting on limits: limit (so many at once), rate (so many starts in a time)';

CREATE OR REPLACE FUNCTION bourse.why_no_worker(job bigint) RETURNS TABLE(reason text, detail text, hint text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    asked bourse.job;
    policy jsonb;
    alive int;
    wanted record;
    most record;
    too_much boolean := false;
BEGIN
    SELECT j.* INTO asked FROM bourse.job AS j WHERE j.job_id = why_no_worker.job;
    SELECT to_jsonb(k) INTO policy FROM bourse.job_kind AS k WHERE k.kind = asked.kind;
    SELECT count(*) INTO alive FROM bourse_bi.worker AS w WHERE w.state = 'alive' AND asked.kind = ANY (w.kinds);
    IF alive = 0 THEN
        IF (policy ->> 'signs')::boolean THEN
            RETURN QUERY SELECT 'no signing key'::text, format('kind "%s" signs what it makes, and no live worker that takes it has a signing key', asked.kind),
                'bourse keygen makes a key, bourse worker --signing-key FILE uses it'::text;
        ELSE
            RETURN QUERY SELECT 'no worker'::text, format('no live worker takes kind "%s"%s', asked.kind,
                CASE WHEN policy IS NULL THEN ', which is unknown here' ELSE '' END), format('start one: bourse worker --kinds %s', asked.kind);
        END IF;
        RETURN;
    END IF;
    -- A worker that names no offer takes anything.
    FOR wanted IN SELECT r.key, r.value::numeric AS amount FROM jsonb_each_text(asked.resources) AS r WHERE r.value::numeric > 0 ORDER BY r.key LOOP
        SELECT w.worker, coalesce((w.offers ->> wanted.key)::numeric, 0) AS amount, w.offers IS NULL AS takes_any INTO most
        FROM bourse_bi.worker AS w WHERE w.state = 'alive' AND asked.kind = ANY (w.kinds) ORDER BY 3 DESC, 2 DESC, 1 LIMIT 1;
        IF NOT most.takes_any AND most.amount < wanted.amount THEN
            too_much := true;
            RETURN QUERY SELECT 'resource'::text, format('it wants %s %s; the most that a live worker offers is %s (%s)', wanted.key, trim_scale(wanted.amount), trim_scale(most.amount), most.worker),
                format('bourse worker --offer %s=%s where there is that much, or make the job with less', wanted.key, trim_scale(wanted.amount));
        END IF;
    END LOOP;
    IF too_much OR asked.resources = '{}' THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM bourse_bi.worker AS w WHERE w.state = 'alive' AND asked.kind = ANY (w.kinds) AND bourse.job_fits(asked.resources, w.offers)) THEN
        RETURN QUERY SELECT 'resource'::text, format('no live worker offers all of %s at once', asked.resources), 'bourse worker --offer …'::text;
    ELSIF NOT EXISTS (SELECT FROM bourse_bi.worker AS w
                      CROSS JOIN LATERAL (SELECT coalesce(sum((r.resources ->> 'cpu')::numeric), 0) AS cpu, coalesce(sum((r.resources ->> 'memory_mb')::numeric), 0) AS memory_mb,
                                              coalesce(sum((r.resources ->> 'gpu')::numeric), 0) AS gpu
                                          FROM bourse.job AS r WHERE r.state = 'running' AND r.worker = w.worker) AS held
                      WHERE w.state = 'alive' AND asked.kind = ANY (w.kinds)
                          AND (w.offers IS NULL OR bourse.job_fits(asked.resources, bourse.job_offer_less(w.offers, to_jsonb(held))))) THEN
        RETURN QUERY SELECT 'resource'::text, format('running jobs hold too much of what workers offer to leave %s', asked.resources), 'one of them must end, or start another worker'::text;
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.why_no_worker(bigint) IS
    'the part of why_waiting on workers: no worker, no signing key, resource (none offers as much as the job wants, or running jobs hold it)';

CREATE OR REPLACE FUNCTION bourse.why_later(job bigint) RETURNS TABLE(reason text, detail text, hint text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    most constant bigint := 10000;
    asked bourse.job;
    ahead bigint;
    slots bigint;
    busy bigint;
    owners bigint;
    weight float8;
    weights float8;
BEGIN
    SELECT j.* INTO asked FROM bourse.job AS j WHERE j.job_id = why_later.job;
    SELECT count(*), sum(o.weight) INTO owners, weights
    FROM (SELECT coalesce(s.weight, 1) AS weight FROM (SELECT DISTINCT j.owner FROM bourse.job AS j
                                                       WHERE j.state = 'waiting' AND j.blocked_by = 0 AND j.priority = asked.priority) AS w
          LEFT JOIN bourse.job_share AS s ON s.owner = w.owner) AS o;
    IF owners > 1 THEN
        SELECT coalesce((SELECT s.weight FROM bourse.job_share AS s WHERE s.owner = asked.owner), 1) INTO weight;
        RETURN QUERY SELECT 'share'::text, format('%s owners have jobs of priority %s waiting; %s starts %s of them', owners, asked.priority, asked.owner,
            to_char(weight / weights, 'FM0.00')), format('an operator changes that: SELECT bourse.set_share(%L, …)', asked.owner);
    END IF;
    SELECT count(*) INTO ahead FROM (
        SELECT FROM bourse.job AS j
        WHERE j.state = 'waiting' AND j.blocked_by = 0 AND (j.priority, j.run_at, j.job_id) < (asked.priority, asked.run_at, asked.job_id) LIMIT most + 1) AS j;
    SELECT coalesce(sum(w.slots), 0), coalesce(sum(w.running), 0) INTO slots, busy FROM bourse_bi.worker AS w WHERE w.state = 'alive' AND asked.kind = ANY (w.kinds);
    RETURN QUERY SELECT 'position'::text, format('%s jobs are before it; %s of %s slots that take its kind are busy',
        CASE WHEN ahead > most THEN format('more than %s', most) ELSE ahead::text END, busy, slots),
        CASE WHEN busy >= slots AND slots > 0 THEN 'all slots are busy: start another worker, or more --slots' END;
END
$$;
COMMENT ON FUNCTION bourse.why_later(bigint) IS 'the part of why_waiting on those that start earlier: share (other owners), position';

CREATE OR REPLACE FUNCTION bourse.why_waiting(job bigint) RETURNS TABLE(reason text, detail text, hint text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    asked bourse.job;
    ended bourse.job_archive;
BEGIN
    SELECT j.* INTO asked FROM bourse.job AS j WHERE j.job_id = why_waiting.job;
    IF NOT FOUND THEN
        SELECT a.* INTO ended FROM bourse.job_archive AS a WHERE a.job_id = why_waiting.job ORDER BY a.finished_at DESC LIMIT 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no job %', coalesce(job::text, 'NULL') USING ERRCODE = 'MB052', HINT = 'SELECT * FROM bourse_bi.job lists them';
        END IF;
        RETURN QUERY SELECT ended.state, format('it ended at %s%s', ended.finished_at, coalesce(': ' || nullif(ended.last_error, ''), '')),
            CASE WHEN ended.state <> 'succeeded' THEN format('SELECT bourse.retry(%s) runs %s again', coalesce(ended.cancelled_by_job, job),
                CASE WHEN ended.cancelled_by_job IS NULL THEN 'it' ELSE 'that job and this one' END) END;
        RETURN;
    END IF;
    IF asked.state = 'running' THEN
        RETURN QUERY SELECT 'running'::text, format('attempt %s on worker %s since %s%s', asked.attempt, asked.worker, asked.started_at,
            CASE WHEN asked.cancel_requested_at IS NOT NULL THEN ', about to be cancelled' ELSE '' END), NULL::text;
        RETURN;
    END IF;
    IF asked.state = 'scheduled' THEN
        RETURN QUERY SELECT 'scheduled'::text, format('not before %s%s', asked.run_at,
            CASE WHEN asked.attempt > 0 THEN format(': attempt %s of %s failed: %s', asked.attempt, asked.max_attempts, asked.last_error) ELSE '' END),
            format('SELECT bourse.retry(%s) makes it due now', job);
    END IF;
    RETURN QUERY SELECT * FROM bourse.why_blocked(job);
    RETURN QUERY SELECT * FROM bourse.why_limited(job);
    RETURN QUERY SELECT * FROM bourse.why_no_worker(job);
    IF NOT FOUND AND asked.state = 'waiting' AND asked.blocked_by = 0 THEN
        RETURN QUERY SELECT * FROM bourse.why_later(job);
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.why_waiting(bigint) IS
    'one row per reason with what to do: scheduled, dependency, cause, paused, limit, rate, no worker, no signing key, resource, share, position; running or how it ended when it does not wait';
