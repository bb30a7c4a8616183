-- CALL bourse.wait(job): follows a job to its end. A procedure that commits can neither SET nor be SECURITY DEFINER:
-- every name is qualified, operators of other schemas cannot be reached with the standard types used here.

CREATE OR REPLACE FUNCTION bourse.job_progress_line(job bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT concat_ws(', ',
        format('job %s (%s) is %s', j.job_id, j.kind, j.state) || CASE WHEN j.attempt > 1 THEN format(' (attempt %s)', j.attempt) ELSE '' END,
        CASE WHEN j.state = 'running' THEN coalesce(p.stage, j.stage) || coalesce(format(' %s %%', floor(coalesce(p.progress_ratio, j.progress_ratio) * 100)), '') END,
        CASE WHEN j.state = 'running' THEN nullif(coalesce(p.note, j.progress_note), '') END,  -- a run's note has round and metrics
        CASE WHEN j.state = 'running' AND p.eta_at > clock_timestamp() + interval '5 seconds'  -- in tens: not a line a second
             THEN format('about %s s left', ceil(extract(epoch FROM p.eta_at - clock_timestamp()) / 10) * 10) END,
        CASE WHEN j.state = 'scheduled' THEN format('not before %s', j.run_at) END,
        CASE WHEN j.state = 'scheduled' AND j.attempt > 0 THEN format('attempt %s of %s failed: %s', j.attempt, j.max_attempts, j.last_error) END,
        CASE WHEN j.blocked_by > 0 THEN format('%s jobs must end first', j.blocked_by) END)
    FROM bourse.job AS j LEFT JOIN bourse.run_progress AS p ON p.run_id = j.job_id AND p.attempt = j.attempt
    WHERE j.job_id = job_progress_line.job;
END;
COMMENT ON FUNCTION bourse.job_progress_line(bigint) IS 'one line on where an unfinished job is; NULL when it has ended';

CREATE OR REPLACE PROCEDURE bourse.wait(job bigint DEFAULT NULL, timeout interval DEFAULT NULL)
    LANGUAGE plpgsql
AS $$
DECLARE
    may_commit pg_catalog.bool := bourse.may_commit();
    began pg_catalog.timestamptz := pg_catalog.clock_timestamp();
    pause_s pg_catalog.float8 := 0.02;
    wanted pg_catalog.int8 := job;
    line pg_catalog.text;
    told pg_catalog.text := '';
    live record;
    ended record;
BEGIN
    IF may_commit THEN
        COMMIT;  -- the job may be made by the very CALL
    ELSIF pg_catalog.current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a transaction of isolation level % would never see the job end', pg_catalog.current_setting('transaction_isolation')
            USING ERRCODE = '55000', HINT = 'CALL bourse.wait outside of a transaction block';
    END IF;
    IF wanted IS NULL THEN
        wanted := greatest((SELECT pg_catalog.max(j.job_id) FROM bourse.job AS j WHERE j.owner = bourse.caller()),
                           (SELECT pg_catalog.max(a.job_id) FROM bourse.job_archive AS a WHERE a.owner = bourse.caller()));
        IF wanted IS NULL THEN
            RAISE EXCEPTION 'role "%" has no work to wait for', bourse.caller() USING ERRCODE = 'MB052';
        END IF;
    END IF;
    LOOP
        SELECT j.state, j.created_at, j.attempt, bourse.job_progress_line(j.job_id) AS line INTO live FROM bourse.job AS j WHERE j.job_id = wanted;
        IF NOT FOUND THEN
            SELECT a.state, a.last_error INTO ended FROM bourse.job_archive AS a WHERE a.job_id = wanted ORDER BY a.finished_at DESC LIMIT 1;
            IF FOUND THEN
                EXIT;
            END IF;
            -- Neither there: it may have been retried between the two looks.
            IF NOT EXISTS (SELECT FROM bourse.job AS j WHERE j.job_id = wanted) THEN
                RAISE EXCEPTION 'there is no job %', wanted USING ERRCODE = 'MB052', HINT = 'SELECT * FROM bourse_bi.job lists them';
            END IF;
            CONTINUE;
        END IF;
        IF NOT may_commit AND live.state <> 'running' AND live.created_at = pg_catalog.now() THEN
            RAISE EXCEPTION 'job % was made by this transaction: no worker sees it yet', wanted
                USING ERRCODE = '55000', HINT = 'COMMIT first, then CALL bourse.wait';
        END IF;
        IF live.line <> told THEN
            RAISE NOTICE '%', live.line;
            told := live.line;
        END IF;
        IF pg_catalog.clock_timestamp() - began >= timeout THEN
            RAISE EXCEPTION 'job % has not ended after %: it is %', wanted, timeout, live.state
                USING ERRCODE = 'MB053', HINT = pg_catalog.format('CALL bourse.wait(%s) goes on waiting; SELECT * FROM bourse.why_waiting(%s)', wanted, wanted);
        END IF;
        IF may_commit THEN
            COMMIT;  -- hold no snapshot while sleeping
        END IF;
        PERFORM pg_catalog.pg_sleep(pause_s);
        pause_s := least(pause_s * 1.5, 0.5);
    END LOOP;
    IF ended.state <> 'succeeded' THEN
        RAISE EXCEPTION 'job % ended as %: %', wanted, ended.state, coalesce(ended.last_error, 'no reason was given')
            USING ERRCODE = 'MB051', HINT = pg_catalog.format('SELECT bourse.retry(%s) runs it again; SELECT * FROM bourse_bi.job_log WHERE job_id = %s shows what it said', wanted, wanted);
    END IF;
END
$$;
COMMENT ON PROCEDURE bourse.wait(bigint, interval) IS
    'follows a job (without id: the caller''s newest) to its end with a NOTICE per step; MB051 when it did not succeed, MB052 unknown, MB053 timeout';
