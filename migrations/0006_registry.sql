-- 0006_registry.sql: models, their versions, artifacts, stages and lineage. Breaking: no.

CREATE TABLE bourse.model (
    model_id   bigint GENERATED ALWAYS AS IDENTITY,
    name       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    owner      text NOT NULL DEFAULT session_user,
    CONSTRAINT model_pkey PRIMARY KEY (model_id),
    CONSTRAINT model_name_key UNIQUE (name),
    CONSTRAINT model_name_form CHECK (name ~ '^[A-Za-z_][A-Za-z0-9_.-]*$')
);
COMMENT ON TABLE bourse.model IS 'named models; what they predict with is a version';

CREATE TABLE bourse.signing_key (
    key_id         int GENERATED ALWAYS AS IDENTITY,
    name           text NOT NULL,
    public_key     bytea NOT NULL,
    trusted_at     timestamptz NOT NULL DEFAULT now(),
    trusted_by     text NOT NULL DEFAULT session_user,
    revoked_at     timestamptz,
    revoked_by     text,
    revoked_reason text,
    CONSTRAINT signing_key_pkey PRIMARY KEY (key_id),
    CONSTRAINT signing_key_name_key UNIQUE (name),
    CONSTRAINT signing_key_public_key_key UNIQUE (public_key),
    CONSTRAINT signing_key_name_form CHECK (name ~ '^[A-Za-z0-9_.@-]{1,64}$'),
    CONSTRAINT signing_key_public_key_size CHECK (octet_length(public_key) = 32),
    CONSTRAINT signing_key_revoked_whole CHECK ((revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_reason IS NULL))
);
COMMENT ON TABLE bourse.signing_key IS 'public halves of the workers'' keys: a model is used only when one of them, trusted and not revoked, has signed it. Written by bourse_admin alone';

CREATE TABLE bourse.artifact (
    artifact_id bigint GENERATED ALWAYS AS IDENTITY,
    format      text NOT NULL,
    sha256      bytea NOT NULL,
    size_bytes  bigint NOT NULL,
    signature   bytea,
    key_id      int,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT artifact_pkey PRIMARY KEY (artifact_id),
    CONSTRAINT artifact_key_fkey FOREIGN KEY (key_id) REFERENCES bourse.signing_key,
    CONSTRAINT artifact_sha256_size CHECK (octet_length(sha256) = 32),
    CONSTRAINT artifact_format_known CHECK (format IN ('bourse-model', 'xgboost-json', 'xgboost-ubj', 'lightgbm'))
);
COMMENT ON TABLE bourse.artifact IS 'bytes of a model: bourse-model is what predict reads, the native file is kept for export';
COMMENT ON COLUMN bourse.artifact.signature IS 'Ed25519 over model, size and sha256 (docs/reference/artifact.md); a native file has none, the signed artifact names its sha256';

CREATE TABLE bourse.artifact_chunk (
    artifact_id bigint NOT NULL,
    chunk       int NOT NULL,
    content     bytea NOT NULL,
    CONSTRAINT artifact_chunk_pkey PRIMARY KEY (artifact_id, chunk),
    CONSTRAINT artifact_chunk_artifact_fkey FOREIGN KEY (artifact_id) REFERENCES bourse.artifact ON DELETE CASCADE,
    CONSTRAINT artifact_chunk_size CHECK (octet_length(content) BETWEEN 1 AND 16777216)
);
COMMENT ON TABLE bourse.artifact_chunk IS 'the bytes, in pieces of at most 16 MB; granted to nobody';
ALTER TABLE bourse.artifact_chunk ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE bourse.model_version (
    model_version_id   bigint GENERATED ALWAYS AS IDENTITY,
    model_id           bigint NOT NULL,
    version            int NOT NULL,
    run_id             bigint,
    algorithm          text NOT NULL,
    feature_set_id     int,
    features           text[] NOT NULL,
    label              text,
    artifact_id        bigint NOT NULL,
    native_artifact_id bigint,
    params             jsonb NOT NULL DEFAULT '{}',
    metrics            jsonb NOT NULL DEFAULT '{}',
    created_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT model_version_pkey PRIMARY KEY (model_version_id),
    CONSTRAINT model_version_model_version_key UNIQUE (model_id, version),
    CONSTRAINT model_version_model_fkey FOREIGN KEY (model_id) REFERENCES bourse.model,
    CONSTRAINT model_version_artifact_fkey FOREIGN KEY (artifact_id) REFERENCES bourse.artifact,
    CONSTRAINT model_version_native_fkey FOREIGN KEY (native_artifact_id) REFERENCES bourse.artifact
);
COMMENT ON TABLE bourse.model_version IS 'immutable: a trained model, what it needs and how good it was';

CREATE TABLE bourse.model_upload (
    job_id      bigint NOT NULL,
    artifact_id bigint NOT NULL,
    CONSTRAINT model_upload_pkey PRIMARY KEY (job_id),
    CONSTRAINT model_upload_artifact_fkey FOREIGN KEY (artifact_id) REFERENCES bourse.artifact
);
COMMENT ON TABLE bourse.model_upload IS 'files that wait for their import: a version takes them over, a failed import drops them';

CREATE TABLE bourse.revoked_version (
    model_version_id bigint NOT NULL,
    reason           text NOT NULL,
    revoked_by       text NOT NULL DEFAULT session_user,
    revoked_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT revoked_version_pkey PRIMARY KEY (model_version_id),
    CONSTRAINT revoked_version_version_fkey FOREIGN KEY (model_version_id) REFERENCES bourse.model_version
);
COMMENT ON TABLE bourse.revoked_version IS 'versions that must not be predicted with any more, and why';

CREATE TABLE bourse.model_stage (
    model_version_id bigint NOT NULL,
    model_id         bigint NOT NULL,
    stage            text NOT NULL,
    since            timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT model_stage_pkey PRIMARY KEY (model_version_id),
    CONSTRAINT model_stage_version_fkey FOREIGN KEY (model_version_id) REFERENCES bourse.model_version,
    CONSTRAINT model_stage_known CHECK (stage IN ('development', 'testing', 'staging', 'production', 'archived', 'deprecated'))
);
COMMENT ON TABLE bourse.model_stage IS 'the stage of every version now';
CREATE UNIQUE INDEX model_stage_one_production_idx ON bourse.model_stage (model_id) WHERE stage = 'production';
CREATE INDEX model_stage_model_idx ON bourse.model_stage (model_id, stage);

CREATE TABLE bourse.stage_rule (
    from_stage text NOT NULL,
    to_stage   text NOT NULL,
    note       text NOT NULL,
    CONSTRAINT stage_rule_pkey PRIMARY KEY (from_stage, to_stage)
);
COMMENT ON TABLE bourse.stage_rule IS 'which stage may follow which';
INSERT INTO bourse.stage_rule (from_stage, to_stage, note) VALUES
    ('development', 'testing', 'worth a closer look'),
    ('development', 'archived', 'not wanted'),
    ('testing', 'staging', 'tests passed'),
    ('testing', 'development', 'tests failed'),
    ('testing', 'archived', 'not wanted'),
    ('staging', 'production', 'serves what the bare name means; the one before goes to archived'),
    ('staging', 'testing', 'back to tests'),
    ('staging', 'archived', 'not wanted'),
    ('production', 'archived', 'taken out of service'),
    ('archived', 'staging', 'back on its way, also a roll-back'),
    ('archived', 'deprecated', 'never again: the end');

CREATE TABLE bourse.stage_transition (
    transition_id    bigint GENERATED ALWAYS AS IDENTITY,
    model            text NOT NULL,
    version          int NOT NULL,
    model_version_id bigint NOT NULL,
    from_stage       text,
    to_stage         text NOT NULL,
    reason           text,
    made_by          text NOT NULL DEFAULT session_user,
    made_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT stage_transition_pkey PRIMARY KEY (transition_id)
);
COMMENT ON TABLE bourse.stage_transition IS 'every change of stage: who, when, why';

CREATE TABLE bourse.importance (
    model_version_id bigint NOT NULL,
    feature          text NOT NULL,
    kind             text NOT NULL,
    value            float8 NOT NULL,
    CONSTRAINT importance_pkey PRIMARY KEY (model_version_id, kind, feature)
);
COMMENT ON TABLE bourse.importance IS 'how much a feature matters to a version; kind: gain, weight, cover';

CREATE TABLE bourse.lineage_edge (
    from_kind text NOT NULL,
    from_id   text NOT NULL,
    to_kind   text NOT NULL,
    to_id     text NOT NULL,
    made_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT lineage_edge_pkey PRIMARY KEY (from_kind, from_id, to_kind, to_id)
);
COMMENT ON TABLE bourse.lineage_edge IS 'what was made from what: (data_version | feature_set | run) -> (run | model_version)';
CREATE INDEX lineage_edge_to_idx ON bourse.lineage_edge (to_kind, to_id);
