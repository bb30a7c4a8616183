-- The audit log.

CREATE OR REPLACE FUNCTION bourse.audit(event text, object_kind text, object text, reason text DEFAULT NULL, detail jsonb DEFAULT '{}') RETURNS void
LANGUAGE sql VOLATILE
BEGIN ATOMIC
    INSERT INTO bourse.audit_log (event, object_kind, object, reason, detail)
    VALUES (audit.event, audit.object_kind, audit.object, audit.reason, coalesce(audit.detail, '{}'));
END;
COMMENT ON FUNCTION bourse.audit(text, text, text, text, jsonb) IS 'internal: one row of bourse.audit_log, made by the session''s role, in the caller''s transaction';

CREATE OR REPLACE FUNCTION bourse.audit_log_append_only() RETURNS trigger
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'bourse.audit_log is append-only' USING ERRCODE = '42501', HINT = 'rows are added, never changed or removed';
END
$$;
COMMENT ON FUNCTION bourse.audit_log_append_only() IS 'trigger: refuses UPDATE, DELETE and TRUNCATE of bourse.audit_log, to everybody';

CREATE OR REPLACE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bourse.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION bourse.audit_log_append_only();
COMMENT ON TRIGGER audit_log_append_only ON bourse.audit_log IS 'history is not rewritten';
