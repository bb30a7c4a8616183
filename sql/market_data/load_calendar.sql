-- Sessions of a calendar from CSV text, all or nothing.

CREATE OR REPLACE FUNCTION bourse.read_sessions(calendar text, csv text, max_gap_days int) RETURNS SETOF bourse.calendar
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
#variable_conflict use_variable
DECLARE
    header constant text := 'session,open_at,close_at,break_start_at,break_end_at';
    zoned constant text := '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d(:?\d\d)?)$';
    item record;
    headed boolean := false;
    f text[];
    one bourse.calendar;
    before bourse.calendar;
    wrong text;
BEGIN
    FOR item IN SELECT btrim(l.line, E' \r\t\uFEFF') AS line, l.n FROM string_to_table(csv, E'\n') WITH ORDINALITY AS l (line, n) LOOP
        CONTINUE WHEN item.line = '' OR item.line LIKE '#%';
        IF NOT headed THEN
            IF item.line <> header THEN
                RAISE EXCEPTION 'calendar %, line %: the header is "%"', calendar, item.n, left(item.line, 80) USING ERRCODE = 'MB060', HINT = 'it must be ' || header;
            END IF;
            headed := true;
            CONTINUE;
        END IF;
        f := string_to_array(item.line, ',', '');
        BEGIN
            wrong := CASE
                WHEN cardinality(f) <> 5 THEN format('%s fields instead of 5', cardinality(f))
                WHEN coalesce(f[1], '') !~ '^\d{4}-\d\d-\d\d$' THEN format('session %L is not a date such as 2026-11-27', coalesce(f[1], ''))
                WHEN f[2] IS NULL OR f[3] IS NULL THEN 'open_at or close_at is missing'
                WHEN EXISTS (SELECT FROM unnest(f[2:5]) AS t WHERE t !~ zoned) THEN
                    format('%L is not a time with its offset, such as 2026-11-27T14:30:00Z', (SELECT t FROM unnest(f[2:5]) AS t WHERE t !~ zoned LIMIT 1))
                END;
            IF wrong IS NULL THEN
                one := (calendar, f[1]::date, f[2]::timestamptz, f[3]::timestamptz, f[4]::timestamptz, f[5]::timestamptz);
                wrong := CASE
                    WHEN one.open_at >= one.close_at THEN format('it opens at %s and closes at %s', f[2], f[3])
                    WHEN one.close_at - one.open_at > interval '24 hours' THEN 'it is longer than 24 hours'
                    WHEN (one.break_start_at IS NULL) <> (one.break_end_at IS NULL) THEN 'a break needs both its start and its end'
                    WHEN one.break_start_at <= one.open_at OR one.break_end_at <= one.break_start_at OR one.close_at <= one.break_end_at THEN
                        format('the break from %s to %s is not inside the session', f[4], f[5])
                    WHEN one.open_at NOT BETWEEN one.session::timestamp - interval '1 day' AND one.session::timestamp + interval '2 days' THEN
                        format('it opens at %s, which is not on its date %s anywhere', f[2], f[1])
                    WHEN one.session <= before.session THEN format('session %s does not come after %s, the session before', one.session, before.session)
                    WHEN one.open_at < before.close_at THEN format('it opens at %s, before the session before has closed (%s)', f[2], before.close_at)
                    WHEN one.session - before.session > max_gap_days THEN
                        format('no session for %s days, from %s to %s', one.session - before.session, before.session, one.session) END;
            END IF;
        EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
            wrong := sqlerrm;
        END;
        IF wrong IS NOT NULL THEN
            RAISE EXCEPTION 'calendar %, line %: %', calendar, item.n, wrong
                USING ERRCODE = 'MB060', DETAIL = left(item.line, 200),
                    HINT = CASE WHEN wrong LIKE 'no session for%' THEN 'put in what is missing, or give a larger max_gap_days if the exchange was closed'
                                ELSE 'nothing was loaded: correct the line and load again' END;
        END IF;
        before := one;
        RETURN NEXT one;
    END LOOP;
    IF before IS NULL THEN
        RAISE EXCEPTION 'calendar %: there are no sessions in it', calendar USING ERRCODE = 'MB060', HINT = 'expected CSV with the header ' || header;
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.read_sessions(text, text, int) IS 'sessions of a calendar from CSV text; MB060 with the line for whatever cannot be a session, comes out of order, or leaves a gap';

CREATE OR REPLACE FUNCTION bourse.load_calendar(calendar text, csv text, max_gap_days int DEFAULT 15)
    RETURNS TABLE(sessions bigint, added bigint, changed bigint, removed bigint, first_session date, last_session date)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    wanted bourse.calendar[];
BEGIN
    IF calendar IS NULL OR calendar !~ '^[A-Za-z][A-Za-z0-9_.-]{0,31}$' THEN
        RAISE EXCEPTION 'calendar % is not a name', coalesce('"' || left(calendar, 80) || '"', 'NULL')
            USING ERRCODE = '22023', HINT = 'a letter, then letters, digits, _ . or -, at most 32 in all; a market code such as XLON (ISO 10383)';
    END IF;
    IF csv IS NULL THEN
        RAISE EXCEPTION 'csv must not be NULL' USING ERRCODE = '22023';
    END IF;
    IF max_gap_days IS NULL OR max_gap_days NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'max_gap_days % is outside 1 to 10000', coalesce(max_gap_days::text, 'NULL') USING ERRCODE = '22023';
    END IF;
    wanted := ARRAY(SELECT s FROM bourse.read_sessions(load_calendar.calendar, csv, max_gap_days) AS s);
    sessions := cardinality(wanted);
    first_session := (wanted[1]).session;
    last_session := (wanted[sessions]).session;
    LOCK TABLE bourse.calendar IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM bourse.calendar AS c
    WHERE c.calendar = load_calendar.calendar AND c.session BETWEEN first_session AND last_session
        AND NOT EXISTS (SELECT FROM unnest(wanted) AS n WHERE n.session = c.session);
    GET DIAGNOSTICS removed = ROW_COUNT;
    UPDATE bourse.calendar AS c
    SET open_at = n.open_at, close_at = n.close_at, break_start_at = n.break_start_at, break_end_at = n.break_end_at
    FROM unnest(wanted) AS n
    WHERE c.calendar = n.calendar AND c.session = n.session
        AND (c.open_at, c.close_at, c.break_start_at, c.break_end_at) IS DISTINCT FROM (n.open_at, n.close_at, n.break_start_at, n.break_end_at);
    GET DIAGNOSTICS changed = ROW_COUNT;
    INSERT INTO bourse.calendar SELECT n.* FROM unnest(wanted) AS n ON CONFLICT ON CONSTRAINT calendar_pkey DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION bourse.load_calendar(text, text, int) IS
    'makes the sessions of a calendar those of a CSV text, from its first to its last; all or nothing. SECURITY DEFINER: operators write bourse.calendar through it';
