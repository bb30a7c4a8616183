-- A run from its call to its end: what makes it, stops it and marks it finished.

CREATE OR REPLACE FUNCTION bourse.insert_run(run bourse.run) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    job_owner text := (SELECT j.owner FROM bourse.job AS j WHERE j.job_id = run.run_id AND j.kind = 'train');
BEGIN
    IF job_owner IS NULL OR NOT bourse.may_act_for(job_owner) THEN
        RAISE EXCEPTION 'job % is no training of yours', run.run_id
            USING ERRCODE = 'insufficient_privilege', HINT = 'runs are made by bourse.train';
    END IF;
    INSERT INTO bourse.run (run_id, model, algorithm, feature_set_id, label, universe, from_ts, to_ts, split, params, seed, source, options, owner, dataset_id, fold)
    VALUES (run.run_id, run.model, run.algorithm, run.feature_set_id, run.label, run.universe, run.from_ts, run.to_ts, run.split, run.params,
            run.seed, run.source, run.options, job_owner, run.dataset_id, run.fold);
END
$$;
COMMENT ON FUNCTION bourse.insert_run(bourse.run) IS 'part of bourse.train: the run of a job just made; SECURITY DEFINER because runs are written through functions only';

CREATE OR REPLACE FUNCTION bourse.run_job_finished(job bigint, state text, error text DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE bourse.run AS r SET state = run_job_finished.state, error = run_job_finished.error, finished_at = now(),
        started_at = coalesce(r.started_at, (SELECT j.started_at FROM bourse.job AS j WHERE j.job_id = r.run_id))
    WHERE r.run_id = run_job_finished.job AND r.state IN ('waiting', 'running')
$$;
COMMENT ON FUNCTION bourse.run_job_finished(bigint, text, text) IS 'called by the queue when a job ends: its run ends with it; no run, no effect';

CREATE OR REPLACE FUNCTION bourse.stop_run(run bigint, reason text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found_run bourse.run;
    job_state text;
BEGIN
    SELECT r.* INTO found_run FROM bourse.run AS r WHERE r.run_id = stop_run.run FOR UPDATE;
    IF found_run.run_id IS NULL THEN
        RAISE EXCEPTION 'unknown run %', coalesce(run::text, 'NULL')
            USING ERRCODE = 'MB052', HINT = 'SELECT * FROM bourse_bi.run lists what there is';
    END IF;
    IF NOT bourse.may_act_for(found_run.owner) THEN
        RAISE EXCEPTION 'run % belongs to %', run, found_run.owner
            USING ERRCODE = 'insufficient_privilege', HINT = 'stopping another one''s run needs the role bourse_operator';
    END IF;
    SELECT j.state INTO job_state FROM bourse.job AS j WHERE j.job_id = stop_run.run;
    IF job_state IS NULL THEN
        RETURN format('run %s has ended already: %s', run, found_run.state);
    END IF;
    UPDATE bourse.run AS r SET stop_requested_at = coalesce(r.stop_requested_at, now()), stop_reason = coalesce(r.stop_reason, stop_run.reason)
    WHERE r.run_id = stop_run.run;
    INSERT INTO bourse.run_log (run_id, level, message)
    VALUES (run, 'info', format('stop asked for by %s%s', bourse.caller(), coalesce(': ' || reason, '')));
    IF job_state = 'running' THEN
        RETURN format('run %s stops after its next round and keeps the best model so far', run);
    END IF;
    RETURN format('run %s has not started: it will stop after its first round; bourse.cancel(%s) drops it', run, run);
END
$$;
COMMENT ON FUNCTION bourse.stop_run(bigint, text) IS 'ends a training after its next round and keeps the best model so far; bourse.cancel throws the work away. SECURITY DEFINER because runs are written through functions only; own runs, or bourse_operator';
