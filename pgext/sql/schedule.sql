CREATE FUNCTION bourse.read_schedule_spec(spec text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'bourse_read_schedule_spec' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.read_schedule_spec(text) IS
    'what the text of a schedule says: {"type": "cron"} or {"type": "session", "event", "offset_s"}; MB022 with the position when it cannot be read';

CREATE FUNCTION bourse.cron_slots(spec text, time_zone text, after timestamptz, until timestamptz, most int) RETURNS timestamptz[]
    AS 'MODULE_PATHNAME', 'bourse_cron_slots' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.cron_slots(text, text, timestamptz, timestamptz, int) IS
    'the first slots, at most most, of a cron expression in a time zone, after < slot <= until, ascending';

CREATE FUNCTION bourse.check_time_zone(name text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'bourse_check_time_zone' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bourse.check_time_zone(text) IS 'true when the server knows a time zone of this name, else error 22023';
