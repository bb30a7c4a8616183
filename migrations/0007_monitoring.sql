-- 0007_monitoring.sql: predictions, outcomes and drift. Breaking: no.

CREATE TABLE bourse.prediction (
    model_version_id bigint NOT NULL,
    instrument_id    int NOT NULL,
    ts               timestamptz NOT NULL,
    made_at          timestamptz NOT NULL DEFAULT now(),
    span             text NOT NULL DEFAULT 'live',
    prediction       float8 NOT NULL,
    CONSTRAINT prediction_pkey PRIMARY KEY (model_version_id, instrument_id, ts, made_at),
    CONSTRAINT prediction_span_known CHECK (span IN ('test', 'live'))
);
COMMENT ON TABLE bourse.prediction IS 'what a version predicted; span test: written by its training run';
CREATE INDEX prediction_ts_idx ON bourse.prediction (model_version_id, ts);

CREATE TABLE bourse.outcome (
    label         text NOT NULL,
    freq          bourse.freq NOT NULL,
    instrument_id int NOT NULL,
    ts            timestamptz NOT NULL,
    outcome       float8 NOT NULL,
    known_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outcome_pkey PRIMARY KEY (label, freq, instrument_id, ts)
);
COMMENT ON TABLE bourse.outcome IS 'what really happened: the label''s value once its horizon has passed';

CREATE TABLE bourse.drift_reference (
    model_version_id bigint NOT NULL,
    feature          text NOT NULL,
    position         int NOT NULL,
    n                bigint NOT NULL,
    missing          bigint NOT NULL,
    edges            float8[] NOT NULL,
    counts           bigint[] NOT NULL,
    sample           float8[] NOT NULL,
    CONSTRAINT drift_reference_pkey PRIMARY KEY (model_version_id, feature)
);
COMMENT ON TABLE bourse.drift_reference IS 'the training data of a version, per feature: PSI bins (frozen edges, counts) and an evenly spaced sorted sample for KS';

CREATE TABLE bourse.drift_result (
    drift_id                bigint GENERATED ALWAYS AS IDENTITY,
    model_version_id        bigint NOT NULL,
    checked_at              timestamptz NOT NULL DEFAULT now(),
    from_ts                 timestamptz NOT NULL,
    to_ts                   timestamptz NOT NULL,
    feature                 text NOT NULL,
    ks                      float8,
    p_value                 float8,
    psi                     float8,
    missing_reference_ratio float8,
    missing_current_ratio   float8,
    verdict                 text NOT NULL,
    advice                  text NOT NULL,
    CONSTRAINT drift_result_pkey PRIMARY KEY (drift_id),
    CONSTRAINT drift_result_verdict_known CHECK (verdict IN ('none', 'moderate', 'severe', 'insufficient_data'))
);
COMMENT ON TABLE bourse.drift_result IS 'every drift check ever made, one row a feature';
CREATE INDEX drift_result_version_idx ON bourse.drift_result (model_version_id, checked_at);

COMMENT ON COLUMN bourse.drift_result.to_ts IS 'last ts of the rows that were compared';

INSERT INTO bourse.setting (name, value, description) VALUES
    ('drift_days', '60', 'days (UTC) with stored rows that bourse.drift compares by default'),
    ('drift_severe_ks', '0.2', 'Kolmogorov-Smirnov distance from which drift is severe'),
    ('drift_severe_psi', '0.25', 'population stability index from which drift is severe'),
    ('drift_moderate_effect', '0.1', 'distance or index from which drift is moderate, when p is below drift_alpha as well'),
    ('drift_alpha', '0.05', 'p below which a difference counts as significant'),
    ('drift_min_values', '100', 'values that both sides need for a verdict');
