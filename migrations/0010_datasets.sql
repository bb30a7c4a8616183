-- 0010_datasets.sql: datasets, their folds and what a build found in them. Breaking: no.

CREATE TABLE bourse.dataset (
    dataset_id     bigint NOT NULL,
    name           text NOT NULL,
    version        int NOT NULL,
    feature_set_id int NOT NULL,
    label          text NOT NULL,
    horizon_bars   int NOT NULL,
    universe       text NOT NULL,
    span           tstzrange NOT NULL,
    known_at       timestamptz,
    pinned         boolean NOT NULL,
    split          jsonb NOT NULL,
    processors     jsonb NOT NULL,
    data_versions  int8multirange,
    description    text,
    owner          text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    built_at       timestamptz,
    rows           bigint,
    rows_without_label bigint,
    content_sha256 text,
    CONSTRAINT dataset_pkey PRIMARY KEY (dataset_id),
    CONSTRAINT dataset_name_version_key UNIQUE (name, version),
    CONSTRAINT dataset_name_form CHECK (name ~ '^[A-Za-z_][A-Za-z0-9_]*$' AND length(name) <= 50),
    CONSTRAINT dataset_horizon_range CHECK (horizon_bars BETWEEN 0 AND 100000),
    CONSTRAINT dataset_pinned_has_its_past CHECK (NOT pinned OR (known_at IS NOT NULL AND data_versions IS NOT NULL))
);
COMMENT ON TABLE bourse.dataset IS 'what rows a model may be trained on: features, label, universe, span, split and processors; never changed, but for what its build found';
COMMENT ON COLUMN bourse.dataset.dataset_id IS 'also the id of the job that builds it';
COMMENT ON COLUMN bourse.dataset.horizon_bars IS 'bars after its own that a label''s window holds: what is purged by';
COMMENT ON COLUMN bourse.dataset.pinned IS 'true: bars, membership and folds are those of its making for ever; false: those of now';
COMMENT ON COLUMN bourse.dataset.known_at IS 'nothing that was known later is read';
COMMENT ON COLUMN bourse.dataset.data_versions IS 'loads that had ended when it was made: a pinned dataset reads no bar of another';
COMMENT ON COLUMN bourse.dataset.content_sha256 IS 'of every row with a label and a feature: instrument, ts, end of the label''s window, label, features before processors';

CREATE TABLE bourse.dataset_range (
    dataset_id bigint NOT NULL,
    fold       int NOT NULL,
    part       text NOT NULL,
    from_ts    timestamptz NOT NULL,
    to_ts      timestamptz NOT NULL,
    timestamps int NOT NULL,
    CONSTRAINT dataset_range_pkey PRIMARY KEY (dataset_id, fold, part, from_ts),
    CONSTRAINT dataset_range_dataset_fkey FOREIGN KEY (dataset_id) REFERENCES bourse.dataset ON DELETE CASCADE,
    CONSTRAINT dataset_range_part_known CHECK (part IN ('train', 'valid', 'test')),
    CONSTRAINT dataset_range_not_empty CHECK (from_ts < to_ts AND timestamps > 0)
);
COMMENT ON TABLE bourse.dataset_range IS 'which times belong to which part of a fold, from_ts <= ts < to_ts, before purge and embargo; of a live dataset as they were when it was made';

CREATE TABLE bourse.dataset_part (
    dataset_id  bigint NOT NULL,
    fold        int NOT NULL,
    part        text NOT NULL,
    rows        bigint NOT NULL,
    purged_rows bigint NOT NULL,
    sha256      text NOT NULL,
    CONSTRAINT dataset_part_pkey PRIMARY KEY (dataset_id, fold, part),
    CONSTRAINT dataset_part_dataset_fkey FOREIGN KEY (dataset_id) REFERENCES bourse.dataset ON DELETE CASCADE,
    CONSTRAINT dataset_part_known CHECK (part IN ('train', 'valid', 'test', 'all'))
);
COMMENT ON TABLE bourse.dataset_part IS 'what the build of a dataset found in each part of each fold; part all: the whole fold';
COMMENT ON COLUMN bourse.dataset_part.purged_rows IS 'rows with a label that purge and embargo took out';

CREATE TABLE bourse.dataset_member (
    dataset_id    bigint NOT NULL,
    instrument_id int NOT NULL,
    span          tstzrange NOT NULL,
    CONSTRAINT dataset_member_dataset_fkey FOREIGN KEY (dataset_id) REFERENCES bourse.dataset ON DELETE CASCADE
);
COMMENT ON TABLE bourse.dataset_member IS 'membership of the universe of a pinned dataset when it was made';
CREATE INDEX dataset_member_idx ON bourse.dataset_member (dataset_id, instrument_id);

ALTER TABLE bourse.run ADD COLUMN dataset_id bigint, ADD COLUMN fold int;
COMMENT ON COLUMN bourse.run.dataset_id IS 'stored dataset that was trained on';
COMMENT ON COLUMN bourse.run.fold IS 'which of its folds';

INSERT INTO bourse.job_kind (kind, max_attempts, timeout, memory_mb, description) VALUES
    ('build_dataset', 3, '6 hours', 8192, 'counts and hashes the rows of a dataset');
