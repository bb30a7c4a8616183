-- 0008_audit.sql: what happened that somebody may have to answer for. Breaking: no.

CREATE TABLE bourse.audit_log (
    audit_id    bigint GENERATED ALWAYS AS IDENTITY,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor       text NOT NULL DEFAULT session_user,
    event       text NOT NULL,
    object_kind text NOT NULL,
    object      text NOT NULL,
    reason      text,
    detail      jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT audit_log_pkey PRIMARY KEY (audit_id),
    CONSTRAINT audit_log_event_form CHECK (event ~ '^[a-z][a-z_]*$'),
    CONSTRAINT audit_log_object_kind_form CHECK (object_kind ~ '^[a-z][a-z_]*$')
);
COMMENT ON TABLE bourse.audit_log IS 'append-only: who did what to which object, and what was refused';
CREATE INDEX audit_log_happened_idx ON bourse.audit_log (happened_at);
CREATE INDEX audit_log_object_idx ON bourse.audit_log (object_kind, object, happened_at);
