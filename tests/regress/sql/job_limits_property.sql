-- Random claims, takes and ends under random limits and shares, 110 cases: what must hold is counted from the rows alone.
\t on
SET client_min_messages = warning;
SELECT setseed(0.25);
CREATE TEMP TABLE started (kind text);
CREATE TEMP TABLE picked (job_id bigint, kind text);
-- who holds a place while jobs are picked: those that run, and those just taken, which have ended since
CREATE TEMP VIEW busy AS SELECT j.kind, j.limit_key FROM bourse.job AS j WHERE j.state = 'running'
    UNION ALL SELECT a.kind, a.limit_key FROM bourse.job_archive AS a JOIN pg_temp.picked AS p USING (job_id);
CREATE FUNCTION pg_temp.one_case() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kinds constant text[] := ARRAY['noop', 'sleep', 'sql'];
    keys constant text[] := ARRAY[NULL, 'a', 'b', 'c'];
    owners constant text[] := ARRAY['bourse_reader', 'bourse_researcher', 'bourse_operator'];
    whole int[]; each int[]; rate int[];
    got int; slots int; taking boolean; broken text;
BEGIN
    TRUNCATE bourse.job, bourse.job_archive, bourse.job_limit, bourse.job_limit_use, bourse.job_share, pg_temp.started, pg_temp.picked;
    FOR k IN 1 .. 3 LOOP
        whole[k] := CASE WHEN random() < 0.5 THEN floor(random() * 6)::int END;
        each[k] := CASE WHEN random() < 0.5 THEN floor(random() * 4)::int END;
        rate[k] := CASE WHEN random() < 0.3 THEN floor(random() * 9)::int END;
        IF num_nonnulls(whole[k], rate[k]) > 0 THEN
            PERFORM bourse.limit_jobs(kinds[k], max_running => whole[k], max_starts => rate[k], per => CASE WHEN rate[k] IS NOT NULL THEN interval '1 h' END);
        END IF;
        IF each[k] IS NOT NULL THEN
            PERFORM bourse.limit_jobs(kinds[k], '*', max_running => each[k]);
        END IF;
    END LOOP;
    FOR i IN 1 .. 30 LOOP
        INSERT INTO bourse.job (kind, limit_key, owner, priority)
        VALUES (kinds[1 + floor(random() * 3)], coalesce(keys[1 + floor(random() * 4)], ''), owners[1 + floor(random() * 3)], floor(random() * 2));
    END LOOP;
    FOR step IN 1 .. 8 LOOP
        slots := 1 + floor(random() * 6);
        TRUNCATE pg_temp.picked;
        taking := random() < 0.4;
        IF taking THEN
            INSERT INTO pg_temp.picked SELECT t.job_id, t.kind FROM bourse.job_take('w', kinds, slots) AS t;
        ELSE
            INSERT INTO pg_temp.picked SELECT c.job_id, c.kind FROM bourse.job_claim('w', kinds, slots) AS c;
        END IF;
        GET DIAGNOSTICS got = ROW_COUNT;
        INSERT INTO pg_temp.started SELECT p.kind FROM pg_temp.picked AS p;
        IF got > slots THEN
            RETURN format('%s jobs for %s slots', got, slots);
        END IF;
        SELECT format('%s of %s run, %s at most', count(*), b.kind, whole[array_position(kinds, b.kind)]) INTO broken FROM pg_temp.busy AS b
        GROUP BY b.kind HAVING count(*) > whole[array_position(kinds, b.kind)];
        IF broken IS NULL THEN
            SELECT format('%s of %s with key %s run', count(*), b.kind, b.limit_key) INTO broken FROM pg_temp.busy AS b
            WHERE b.limit_key <> '' GROUP BY b.kind, b.limit_key HAVING count(*) > each[array_position(kinds, b.kind)];
        END IF;
        IF broken IS NULL THEN
            SELECT format('%s of %s have started', count(*), s.kind) INTO broken FROM pg_temp.started AS s
            GROUP BY s.kind HAVING count(*) > rate[array_position(kinds, s.kind)];
        END IF;
        -- nothing is held back without a reason: a place that is left means that every waiting job is over a limit
        IF broken IS NULL AND got < slots THEN
            SELECT format('job %s of %s with key %s could have started', j.job_id, j.kind, j.limit_key) INTO broken FROM bourse.job AS j
            CROSS JOIN LATERAL (SELECT array_position(kinds, j.kind) AS k) AS n
            WHERE j.state = 'waiting'
                AND ((SELECT count(*) FROM pg_temp.busy AS b WHERE b.kind = j.kind) < whole[n.k] OR whole[n.k] IS NULL)
                AND ((SELECT count(*) FROM pg_temp.busy AS b WHERE b.kind = j.kind AND b.limit_key = j.limit_key) < each[n.k]
                     OR each[n.k] IS NULL OR j.limit_key = '')
                AND ((SELECT count(*) FROM pg_temp.started AS s WHERE s.kind = j.kind) < rate[n.k] OR rate[n.k] IS NULL)
            LIMIT 1;
        END IF;
        IF broken IS NOT NULL THEN
            RETURN broken;
        END IF;
        PERFORM bourse.job_complete(j.job_id, j.attempt) FROM bourse.job AS j WHERE j.state = 'running' AND random() < 0.4;
    END LOOP;
    RETURN 'holds';
END
$$;
SELECT pg_temp.one_case() AS outcome, count(*) FROM generate_series(1, 110) GROUP BY 1 ORDER BY 1;

-- shares: three owners with random weights and backlogs that do not run out, any batch sizes: each is within three jobs of its due
CREATE FUNCTION pg_temp.one_share() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    owners constant text[] := ARRAY['bourse_reader', 'bourse_researcher', 'bourse_operator'];
    weights float8[] := ARRAY[1 + floor(random() * 5), 1 + floor(random() * 5), 1 + floor(random() * 5)];
    total float8 := weights[1] + weights[2] + weights[3];
    taken int := 0;
    off text;
BEGIN
    TRUNCATE bourse.job, bourse.job_archive, bourse.job_limit, bourse.job_limit_use, bourse.job_share;
    FOR o IN 1 .. 3 LOOP
        PERFORM bourse.set_share(owners[o], weights[o]);
        INSERT INTO bourse.job (kind, owner) SELECT 'noop', owners[o] FROM generate_series(1, (60 + floor(random() * 200))::int);
    END LOOP;
    WHILE taken < 50 LOOP
        taken := taken + (SELECT count(*) FROM bourse.job_take('w', ARRAY['noop'], 1 + floor(random() * 7)::int));
    END LOOP;
    SELECT format('%s started %s of %s with weight %s of %s', o.owner, o.jobs, taken, o.weight, total) INTO off
    FROM (SELECT u.owner, u.weight, (SELECT count(*) FROM bourse.job_archive AS a WHERE a.owner = u.owner) AS jobs FROM unnest(owners, weights) AS u(owner, weight)) AS o
    WHERE abs(o.jobs - taken * o.weight / total) > 3 LIMIT 1;
    RETURN coalesce(off, 'holds');
END
$$;
SELECT pg_temp.one_share() AS outcome, count(*) FROM generate_series(1, 100) GROUP BY 1 ORDER BY 1;
