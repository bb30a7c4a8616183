-- 0004_features.sql: feature sets, their stored values and what must be refreshed. Breaking: no.

CREATE TABLE bourse.feature_set (
    feature_set_id int GENERATED ALWAYS AS IDENTITY,
    name           text NOT NULL,
    version        int NOT NULL,
    freq           bourse.freq NOT NULL,
    features       text[] NOT NULL,
    expressions    text[] NOT NULL,
    lookback_bars  int,
    other_freqs    text[] NOT NULL DEFAULT '{}',
    description    text,
    materialized   boolean NOT NULL DEFAULT false,
    created_at     timestamptz NOT NULL DEFAULT now(),
    created_by     text NOT NULL DEFAULT session_user,
    CONSTRAINT feature_set_pkey PRIMARY KEY (feature_set_id),
    CONSTRAINT feature_set_name_version_key UNIQUE (name, version),
    CONSTRAINT feature_set_name_form CHECK (name ~ '^[A-Za-z_][A-Za-z0-9_]*$'),
    CONSTRAINT feature_set_same_length CHECK (cardinality(features) = cardinality(expressions) AND cardinality(features) BETWEEN 1 AND 16000)
);
COMMENT ON TABLE bourse.feature_set IS 'immutable versions of named lists of expressions; only materialized changes';
COMMENT ON COLUMN bourse.feature_set.lookback_bars IS 'bars before a row that its features read; NULL: all of them';
COMMENT ON COLUMN bourse.feature_set.other_freqs IS 'frequencies whose bars its features read beside its own';

CREATE TABLE bourse.feature_value (
    feature_set_id int NOT NULL,
    instrument_id  int NOT NULL,
    ts             timestamptz NOT NULL,
    available_at   timestamptz NOT NULL,
    features       bourse.fvec NOT NULL,
    CONSTRAINT feature_value_pkey PRIMARY KEY (feature_set_id, instrument_id, ts)
) PARTITION BY LIST (feature_set_id);
COMMENT ON TABLE bourse.feature_value IS
    'stored features, one row per bar of the calendar, one partition per set; kept fresh by refresh jobs. Each partition has an index on ts from the end of its first refresh on';
COMMENT ON COLUMN bourse.feature_value.available_at IS 'close of the bar at ts: nothing may use the row before';

CREATE TABLE bourse.period_field (
    instrument_id int NOT NULL,
    field         text NOT NULL,
    period        int NOT NULL,
    known_at      timestamptz NOT NULL,
    value         float8,
    CONSTRAINT period_field_pkey PRIMARY KEY (instrument_id, field, period, known_at),
    CONSTRAINT period_field_field_form CHECK (field ~ '_[qaQA]$'),
    CONSTRAINT period_field_period_form CHECK (CASE WHEN field ~ '_[qQ]$' THEN period BETWEEN 100001 AND 999904 AND period % 100 BETWEEN 1 AND 4 ELSE period BETWEEN 1000 AND 9999 END)
);
COMMENT ON TABLE bourse.period_field IS 'values of fiscal periods (statements): $$name in P(…) reads them as they were known at each row; a revision is another row, none is overwritten';
COMMENT ON COLUMN bourse.period_field.field IS 'ends with _q (quarterly) or _a (annual)';
COMMENT ON COLUMN bourse.period_field.period IS '201902: the second quarter of 2019; of an annual field the year';
COMMENT ON COLUMN bourse.period_field.known_at IS 'when the value was published: rows whose bar closes later see it';
COMMENT ON COLUMN bourse.period_field.value IS 'NULL: withdrawn';

CREATE TABLE bourse.feature_state (
    feature_set_id int NOT NULL,
    refreshed_at   timestamptz NOT NULL,
    rows           bigint NOT NULL,
    seconds        float8 NOT NULL,
    values_per_second float8,
    state          jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT feature_state_pkey PRIMARY KEY (feature_set_id)
);
COMMENT ON TABLE bourse.feature_state IS 'last refresh of a stored set, its speed, and what the next one resumes from';

CREATE TABLE bourse.feature_checkpoint (
    feature_set_id int NOT NULL,
    instrument_id  int NOT NULL,
    after_ts       timestamptz NOT NULL,
    base_ts        timestamptz NOT NULL,
    rows_before    bigint NOT NULL,
    program        text NOT NULL,
    state          bytea NOT NULL,
    CONSTRAINT feature_checkpoint_pkey PRIMARY KEY (feature_set_id, instrument_id, after_ts)
);
COMMENT ON TABLE bourse.feature_checkpoint IS 'what features that read everything before have kept of an instrument: where a refresh goes on. May be emptied at any time: the next refresh begins with the first bar';
COMMENT ON COLUMN bourse.feature_checkpoint.after_ts IS 'newest row that went into it';
COMMENT ON COLUMN bourse.feature_checkpoint.base_ts IS 'row at which the computation goes on';
COMMENT ON COLUMN bourse.feature_checkpoint.rows_before IS 'rows of the instrument before base_ts';
COMMENT ON COLUMN bourse.feature_checkpoint.program IS 'build that wrote the state; no other reads it';
ALTER TABLE bourse.feature_checkpoint ALTER COLUMN state SET STORAGE EXTERNAL;

CREATE TABLE bourse.feature_dirty (
    dirty_id       bigint GENERATED ALWAYS AS IDENTITY,
    feature_set_id int NOT NULL,
    instrument_id  int NOT NULL,
    from_ts        timestamptz NOT NULL,
    to_ts          timestamptz NOT NULL,
    made_at        timestamptz NOT NULL DEFAULT now(),
    planned        boolean NOT NULL DEFAULT false,
    done_until     timestamptz,
    CONSTRAINT feature_dirty_pkey PRIMARY KEY (dirty_id)
);
COMMENT ON TABLE bourse.feature_dirty IS 'ranges whose features must be computed again; a refresh deletes exactly the rows it read';
COMMENT ON COLUMN bourse.feature_dirty.planned IS 'a refresh has seen it, and added what else it moves: its rows may be computed';
COMMENT ON COLUMN bourse.feature_dirty.done_until IS 'of a set that is stored piece by piece of the time: rows before this one that the range moves are stored; NULL: none';
CREATE INDEX feature_dirty_set_idx ON bourse.feature_dirty (feature_set_id, dirty_id);

CREATE TABLE bourse.feature_stats (
    feature_set_id int NOT NULL,
    day            date NOT NULL,
    feature        int NOT NULL,
    n              bigint NOT NULL,
    missing        bigint NOT NULL,
    infinite       bigint NOT NULL,
    mean           float8,
    m2             float8,
    min_value      real,
    max_value      real,
    bins           smallint[] NOT NULL,
    counts         int[] NOT NULL,
    CONSTRAINT feature_stats_pkey PRIMARY KEY (feature_set_id, day, feature),
    CONSTRAINT feature_stats_same_length CHECK (cardinality(bins) = cardinality(counts))
);
COMMENT ON TABLE bourse.feature_stats IS 'stored values of a UTC day over all instruments, feature by feature; days are merged by bourse.feature_statistics';
COMMENT ON COLUMN bourse.feature_stats.feature IS 'its number in the set, from 1';
COMMENT ON COLUMN bourse.feature_stats.n IS 'finite values; mean, m2, min_value, max_value and the bins are of these';
COMMENT ON COLUMN bourse.feature_stats.m2 IS 'sum of squared distances from the mean';
COMMENT ON COLUMN bourse.feature_stats.bins IS 'bourse.fixed_bin of the values, ascending, only those that occur; the edges are the same for ever, so counts add up';

CREATE TABLE bourse.feature_stats_stale (
    feature_set_id int NOT NULL,
    from_ts        timestamptz NOT NULL,
    CONSTRAINT feature_stats_stale_pkey PRIMARY KEY (feature_set_id)
);
COMMENT ON TABLE bourse.feature_stats_stale IS 'sets whose stored values changed from a time on since their feature_stats were counted';

CREATE TABLE bourse.feature_retention (
    name      text NOT NULL,
    keep_days int NOT NULL,
    CONSTRAINT feature_retention_pkey PRIMARY KEY (name),
    CONSTRAINT feature_retention_keep_days_range CHECK (keep_days >= 0)
);
COMMENT ON TABLE bourse.feature_retention IS 'how long stored rows of sets of this name are kept, where it is not as the setting feature_keep_days says; written by bourse.keep_features';
COMMENT ON COLUMN bourse.feature_retention.keep_days IS '0: for ever';

INSERT INTO bourse.setting (name, value, description) VALUES
    ('feature_keep_days', '0', 'stored feature rows are kept this long, where bourse.keep_features says nothing else of their set; 0: for ever'),
    ('feature_part_values', '16000000', 'values that a part of a refresh holds: what one worker takes at a time, and loses when it is killed');

CREATE TABLE bourse.custom_operator (
    name          text NOT NULL,
    function      text NOT NULL,
    inputs        int NOT NULL,
    params        int NOT NULL,
    body_sha256   text NOT NULL,
    description   text,
    registered_by text NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT custom_operator_pkey PRIMARY KEY (name),
    CONSTRAINT custom_operator_name_form CHECK (name ~ '^[A-Za-z_][A-Za-z0-9_]*$'),
    CONSTRAINT custom_operator_inputs_range CHECK (inputs BETWEEN 1 AND 16 AND params BETWEEN 0 AND 16)
);
COMMENT ON TABLE bourse.custom_operator IS 'SQL functions that expressions may call; a registration ends when the function''s definition or owner changes';
