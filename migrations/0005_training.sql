-- 0005_training.sql: runs and what they tell while they work. Breaking: no.

CREATE TABLE bourse.run (
    run_id         bigint NOT NULL,
    model          text NOT NULL,
    algorithm      text NOT NULL,
    feature_set_id int,
    label          text NOT NULL,
    universe       text NOT NULL,
    from_ts        timestamptz,
    to_ts          timestamptz,
    split          jsonb NOT NULL,
    params         jsonb NOT NULL,
    seed           bigint NOT NULL,
    source         text,
    options        jsonb NOT NULL DEFAULT '{}',
    owner          text NOT NULL DEFAULT session_user,
    created_at     timestamptz NOT NULL DEFAULT now(),
    started_at     timestamptz,
    finished_at    timestamptz,
    state          text NOT NULL DEFAULT 'waiting',
    error          text,
    stop_requested_at timestamptz,
    stop_reason    text,
    data_version_ids bigint[],
    dataset        jsonb,
    CONSTRAINT run_pkey PRIMARY KEY (run_id),
    CONSTRAINT run_state_known CHECK (state IN ('waiting', 'running', 'succeeded', 'failed', 'dead', 'cancelled'))
);
COMMENT ON TABLE bourse.run IS 'one training: what was asked, what it read, how it ended; its id is its job''s';
COMMENT ON COLUMN bourse.run.dataset IS 'what was trained on: rows and time span of train, valid, test; purged rows; label horizon; hash';

CREATE TABLE bourse.run_progress (
    run_id         bigint NOT NULL,
    attempt        int NOT NULL,
    stage          text NOT NULL,
    progress_ratio float8 NOT NULL,
    round          int,
    rounds         int,
    train_metric   float8,
    valid_metric   float8,
    note           text,
    eta_at         timestamptz,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT run_progress_pkey PRIMARY KEY (run_id)
);
COMMENT ON TABLE bourse.run_progress IS 'where a run is now, one row a run';

CREATE TABLE bourse.run_metric (
    run_id  bigint NOT NULL,
    span    text NOT NULL,
    metric  text NOT NULL,
    step    bigint NOT NULL DEFAULT 0,
    value   float8,
    CONSTRAINT run_metric_pkey PRIMARY KEY (run_id, span, metric, step),
    CONSTRAINT run_metric_span_known CHECK (span IN ('train', 'valid', 'test'))
);
COMMENT ON TABLE bourse.run_metric IS 'metrics of a run by span; step: 0 for a final value, the round for learning curves';

CREATE TABLE bourse.run_log (
    run_id    bigint NOT NULL,
    logged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    level     text NOT NULL,
    message   text NOT NULL
);
COMMENT ON TABLE bourse.run_log IS 'what a run said';
CREATE INDEX run_log_run_idx ON bourse.run_log (run_id, logged_at);
