-- Who may what, in one place. Each role has what the one before has:
-- reader < researcher < operator; approver and worker stand beside; admin has all.

GRANT bourse_reader TO bourse_researcher;
GRANT bourse_researcher TO bourse_operator;
GRANT bourse_reader TO bourse_approver, bourse_worker;
GRANT bourse_operator, bourse_approver, bourse_worker TO bourse_admin;

GRANT USAGE ON SCHEMA bourse, ta, bourse_bi TO bourse_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA bourse, bourse_bi, ta TO bourse_reader;
REVOKE ALL ON bourse.artifact_chunk FROM PUBLIC, bourse_reader;
GRANT USAGE ON SEQUENCE bourse.work_id_seq TO bourse_researcher;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bourse TO bourse_admin;

-- training
REVOKE EXECUTE ON FUNCTION bourse.insert_run(bourse.run), bourse.run_job_finished(bigint, text, text), bourse.stop_run(bigint, text),
    bourse.train(text, text, text, text, text, timestamptz, timestamptz, jsonb, jsonb, bigint, text, text, jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bourse.insert_run(bourse.run), bourse.stop_run(bigint, text),
    bourse.train(text, text, text, text, text, timestamptz, timestamptz, jsonb, jsonb, bigint, text, text, jsonb, text) TO bourse_researcher;
GRANT EXECUTE ON FUNCTION bourse.run_job_finished(bigint, text, text) TO bourse_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON bourse.run, bourse.run_progress, bourse.run_metric, bourse.run_log TO bourse_worker;
GRANT INSERT, UPDATE ON bourse.importance, bourse.drift_reference, bourse.prediction, bourse.outcome, bourse.lineage_edge TO bourse_worker;
