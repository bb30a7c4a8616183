-- Trainings, their numbers and their parameters, for people and BI tools.

CREATE OR REPLACE VIEW bourse_bi.run AS
SELECT r.run_id, r.model, r.algorithm, shown.state, p.stage,
    CASE WHEN shown.state = 'succeeded' THEN 1 ELSE p.progress_ratio END AS progress_ratio,
    CASE WHEN shown.state = 'running' THEN p.eta_at END AS eta_at,
    coalesce(j.started_at, r.started_at) AS started_at,
    CASE WHEN j.job_id IS NULL THEN coalesce(r.finished_at, a.finished_at) END AS finished_at,
    CASE WHEN j.job_id IS NULL THEN coalesce(r.error, a.last_error) ELSE j.last_error END AS error,
    s.name AS feature_set, s.version AS feature_set_version, r.label, r.universe, r.from_ts, r.to_ts, r.split, r.params, r.seed,
    p.round, p.rounds, p.train_metric, p.valid_metric, p.note, coalesce(j.attempt, a.attempt) AS attempt,
    r.owner, r.created_at, r.stop_requested_at, r.stop_reason, r.data_version_ids, r.dataset, v.version, v.model_version_id,
    (SELECT d.name || ':' || d.version FROM bourse.dataset AS d WHERE d.dataset_id = r.dataset_id) AS dataset_name, r.fold
FROM bourse.run AS r
LEFT JOIN bourse.job AS j ON j.job_id = r.run_id
LEFT JOIN bourse.job_archive AS a ON a.job_id = r.run_id
LEFT JOIN bourse.run_progress AS p ON p.run_id = r.run_id
LEFT JOIN bourse.feature_set AS s ON s.feature_set_id = r.feature_set_id
LEFT JOIN bourse.model_version AS v ON v.run_id = r.run_id
CROSS JOIN LATERAL (SELECT CASE
    WHEN j.state = 'running' THEN 'running'
    WHEN j.state IS NOT NULL THEN 'waiting'
    WHEN r.state NOT IN ('waiting', 'running') THEN r.state
    ELSE coalesce(a.state, r.state) END AS state) AS shown;
COMMENT ON VIEW bourse_bi.run IS 'every training: what was asked, where it is, how it ended';
COMMENT ON COLUMN bourse_bi.run.state IS 'waiting running succeeded failed dead cancelled; waiting again between two attempts';
COMMENT ON COLUMN bourse_bi.run.run_id IS 'also the id of its job';
COMMENT ON COLUMN bourse_bi.run.stage IS 'features, read, train, evaluate, write';
COMMENT ON COLUMN bourse_bi.run.progress_ratio IS '0 to 1, over all stages';
COMMENT ON COLUMN bourse_bi.run.eta_at IS 'end of training if all rounds are made; early stopping comes sooner';
COMMENT ON COLUMN bourse_bi.run.round IS 'round that was made last; rounds: at most';
COMMENT ON COLUMN bourse_bi.run.valid_metric IS 'of that round, as train_metric; which metric it is: bourse_bi.run_metric with step > 0';
COMMENT ON COLUMN bourse_bi.run.data_version_ids IS 'every load whose bars the features or the labels read';
COMMENT ON COLUMN bourse_bi.run.error IS 'why it ended, or why its last attempt did';
COMMENT ON COLUMN bourse_bi.run.dataset IS 'rows and time span of train, valid and test, purged and dropped rows, label_bars, rounds, why it stopped, sha256 of what was learned from';
COMMENT ON COLUMN bourse_bi.run.dataset_name IS 'stored dataset that was trained on, with its version; fold: which of its folds';
COMMENT ON COLUMN bourse_bi.run.version IS 'the version of the model that the run made';

CREATE OR REPLACE VIEW bourse_bi.run_metric AS
SELECT m.run_id, m.span, m.metric, m.step, m.value, r.model
FROM bourse.run_metric AS m JOIN bourse.run AS r USING (run_id);
COMMENT ON VIEW bourse_bi.run_metric IS 'metrics of runs by span; step 0 is the final value, others are rounds of the learning curve';

CREATE OR REPLACE VIEW bourse_bi.run_log AS
SELECT l.run_id, l.logged_at, l.level, l.message, r.model
FROM bourse.run_log AS l JOIN bourse.run AS r USING (run_id);
COMMENT ON VIEW bourse_bi.run_log IS 'what runs said: columns without values, purged rows, stops';

CREATE OR REPLACE VIEW bourse_bi.algorithm_parameter AS
SELECT p.algorithm, p.name, p.type, nullif(p.alias, '') AS alias, p.fallback AS default_value, p.lowest, p.highest,
    pg_catalog.string_to_array(nullif(p.choices, ''), ' ') AS choices, p.description
FROM pg_catalog.jsonb_to_recordset(bourse.algorithm_list()) AS p(algorithm text, name text, type text, alias text, fallback jsonb,
    lowest float8, highest float8, choices text, description text);
COMMENT ON VIEW bourse_bi.algorithm_parameter IS 'the params that bourse.train takes, by algorithm, with ranges and defaults';
