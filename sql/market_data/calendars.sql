-- What a symbol's form tells, and what the sessions of a calendar tell.

CREATE OR REPLACE FUNCTION bourse.symbol_calendar(symbol text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN symbol ~* '^[0-9]{6}\.(SH|SS|SZ|BJ|XSHG|XSHE|BJSE)$' OR symbol ~* '^(SH|SZ|BJ)\.?[0-9]{6}$' THEN 'XSHG'
        WHEN symbol ~ '^[A-Z0-9]{2,20}[-_/]?(USDT|USDC|BUSD|FDUSD|TUSD)([._-](P|PERP))?$' OR symbol ~ '^[A-Z0-9]{2,10}[-_/](USD|EUR|BTC|ETH)$' THEN '24x7'
    END;
END;
COMMENT ON FUNCTION bourse.symbol_calendar(text) IS 'calendar told by the form of a symbol: 600000.SH, SZ000001 -> XSHG (Shenzhen and Beijing have its sessions), BTCUSDT, BTC-USD -> 24x7, else NULL';

CREATE OR REPLACE FUNCTION bourse.symbol_exchange(symbol text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN symbol ~* '^[0-9]{6}\.(SH|SS|XSHG)$|^SH\.?[0-9]{6}$' THEN 'XSHG' WHEN symbol ~* '^[0-9]{6}\.(SZ|XSHE)$|^SZ\.?[0-9]{6}$' THEN 'XSHE'
                WHEN symbol ~* '^[0-9]{6}\.(BJ|BJSE)$|^BJ\.?[0-9]{6}$' THEN 'BJSE' END;
END;
COMMENT ON FUNCTION bourse.symbol_exchange(text) IS 'exchange told by the form of a symbol: XSHG, XSHE or BJSE (ISO 10383), else NULL';

CREATE OR REPLACE FUNCTION bourse.calendar_time_zone(calendar text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE calendar WHEN 'XSHG' THEN 'Asia/Shanghai' WHEN 'XHKG' THEN 'Asia/Hong_Kong' WHEN 'XNYS' THEN 'America/New_York'
                         WHEN 'XLON' THEN 'Europe/London' WHEN 'XTKS' THEN 'Asia/Tokyo' WHEN 'XNSE' THEN 'Asia/Kolkata' ELSE 'UTC' END;
END;
COMMENT ON FUNCTION bourse.calendar_time_zone(text) IS 'time zone of a calendar''s session dates; UTC when it is not known';

CREATE OR REPLACE FUNCTION bourse.session_date(ts timestamptz) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT (ts AT TIME ZONE 'UTC')::date;
END;
COMMENT ON FUNCTION bourse.session_date(timestamptz) IS 'date in UTC: the session of a daily bar';

-- A bar inside a session starts at a multiple of the step from the open, or from the end of the break.
CREATE OR REPLACE FUNCTION bourse.on_session_grid(calendar text, freq text, ts timestamptz) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM bourse.calendar AS c
        WHERE c.calendar = on_session_grid.calendar
            AND c.session BETWEEN bourse.session_date(on_session_grid.ts) - 1 AND bourse.session_date(on_session_grid.ts) + 1
            AND c.open_at <= on_session_grid.ts AND on_session_grid.ts < c.close_at
            AND (c.break_start_at IS NULL OR on_session_grid.ts < c.break_start_at OR on_session_grid.ts >= c.break_end_at)
            AND date_bin(bourse.freq_step(on_session_grid.freq), on_session_grid.ts,
                         CASE WHEN on_session_grid.ts >= c.break_end_at THEN c.break_end_at ELSE c.open_at END) = on_session_grid.ts);
END;
COMMENT ON FUNCTION bourse.on_session_grid(text, text, timestamptz) IS 'whether a bar shorter than a day may start at ts in the sessions of a calendar';

-- When a bar is known at the earliest, from the calendar's sessions; NULL when they do not cover it.
-- PL/pgSQL, here and in bar_close: the session keeps the plans of its look-ups, a row costs microseconds. A function of
-- LANGUAGE sql that another one calls plans its own again for every call: 3 ms a row.
CREATE OR REPLACE FUNCTION bourse.session_close(calendar text, freq text, ts timestamptz) RETURNS timestamptz
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    bar_session date := bourse.session_date(ts);
    bar_end timestamptz;
    last_session date;
    closed timestamptz;
BEGIN
    IF freq = '1d' THEN
        SELECT c.close_at INTO closed FROM bourse.calendar AS c WHERE c.calendar = session_close.calendar AND c.session = bar_session;
        RETURN closed;
    END IF;
    bar_end := bourse.bar_end(freq, ts);
    IF freq IN ('1w', '1mo') THEN
        SELECT max(c.session), max(c.close_at) INTO last_session, closed FROM bourse.calendar AS c
        WHERE c.calendar = session_close.calendar AND c.session >= bar_session AND c.session < bourse.session_date(bar_end);
        -- while more sessions of the week or month may be loaded, it is in progress until its end
        IF last_session + 1 < bourse.session_date(bar_end) AND NOT EXISTS (
                SELECT FROM bourse.calendar AS l WHERE l.calendar = session_close.calendar AND l.session >= bourse.session_date(bar_end)) THEN
            RETURN greatest(closed, bar_end);
        END IF;
        RETURN closed;
    END IF;
    -- a bar that reaches into the break goes on after it, as where bars count trading minutes: late is safe
    SELECT least(c.close_at, bar_end
                 + CASE WHEN session_close.ts < c.break_start_at AND bar_end > c.break_start_at THEN c.break_end_at - c.break_start_at ELSE interval '0' END)
    INTO closed FROM bourse.calendar AS c
    WHERE c.calendar = session_close.calendar AND c.session BETWEEN bar_session - 1 AND bar_session + 1 AND c.open_at <= session_close.ts AND session_close.ts < c.close_at;
    RETURN closed;
END
$$;
COMMENT ON FUNCTION bourse.session_close(text, text, timestamptz) IS 'close of the bar at ts by the sessions of a calendar; NULL where they are not loaded';

CREATE OR REPLACE FUNCTION bourse.bar_close(instrument_id int, freq text, ts timestamptz) RETURNS timestamptz
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own text := bourse.to_freq(freq);
    own_calendar text;
BEGIN
    SELECT i.calendar INTO own_calendar FROM bourse.instrument AS i WHERE i.instrument_id = bar_close.instrument_id;
    RETURN coalesce(bourse.session_close(own_calendar, own, ts), bourse.bar_end(own, ts));
END
$$;
COMMENT ON FUNCTION bourse.bar_close(int, text, timestamptz) IS 'when the bar at ts is known at the earliest: the session''s close, where no sessions are loaded ts plus one step';

-- The name under which sessions are kept: as given when they are, else what an alias stands for.
CREATE OR REPLACE FUNCTION bourse.to_calendar(calendar text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN EXISTS (SELECT FROM bourse.calendar AS c WHERE c.calendar = to_calendar.calendar) THEN to_calendar.calendar
        ELSE coalesce((SELECT a.calendar
                       FROM (VALUES ('XSHG', 'XSHG'), ('XSHE', 'XSHG'), ('BJ', 'XSHG'), ('BJSE', 'XSHG'), ('XHKG', 'XHKG'), ('XNYS', 'XNYS'),
                                    ('XNAS', 'XNYS'), ('24X7', '24x7')) AS a (alias, calendar)
                       WHERE a.alias = upper(to_calendar.calendar)), to_calendar.calendar) END;
END;
COMMENT ON FUNCTION bourse.to_calendar(text) IS 'name of a calendar without its aliases: XSHE, BJ -> XSHG (the same sessions), XNAS -> XNYS';

CREATE OR REPLACE FUNCTION bourse.require_calendar(calendar text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shipped constant text[] := '{XSHG,XHKG,XNYS}';
    found text := bourse.to_calendar(calendar);
    near text;
BEGIN
    IF found = '24x7' OR EXISTS (SELECT FROM bourse.calendar AS c WHERE c.calendar = found) THEN
        RETURN found;
    END IF;
    IF found = ANY (shipped) THEN
        RAISE EXCEPTION 'no sessions of calendar % are loaded', found USING ERRCODE = 'MB023', HINT = format('load them: bourse calendars load %s', found);
    END IF;
    near := bourse.nearest(calendar, shipped || ARRAY['24x7'] || ARRAY(SELECT DISTINCT c.calendar FROM bourse.calendar AS c));
    RAISE EXCEPTION 'calendar % is not known', coalesce('"' || left(calendar, 80) || '"', 'NULL')
        USING ERRCODE = 'MB023', HINT = concat('SELECT calendar FROM bourse_bi.calendar lists those that are loaded', '; did you mean ' || near || '?');
END
$$;
COMMENT ON FUNCTION bourse.require_calendar(text) IS 'the calendar''s name without its aliases; MB023 when no sessions of it are loaded (24x7 needs none)';

CREATE OR REPLACE FUNCTION bourse.is_session(calendar text, session date) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own text := bourse.require_calendar(calendar);
    loaded daterange;
BEGIN
    IF own = '24x7' OR EXISTS (SELECT FROM bourse.calendar AS c WHERE c.calendar = own AND c.session = is_session.session) THEN
        RETURN session IS NOT NULL OR NULL;
    END IF;
    SELECT daterange(min(c.session), max(c.session), '[]') INTO loaded FROM bourse.calendar AS c WHERE c.calendar = own;
    RETURN CASE WHEN session <@ loaded THEN false END;
END
$$;
COMMENT ON FUNCTION bourse.is_session(text, date) IS
    'whether an exchange trades on a day (its local date); NULL for a day before or after the loaded sessions; MB023 for a calendar without sessions';

CREATE OR REPLACE FUNCTION bourse.next_close(calendar text, after timestamptz DEFAULT now()) RETURNS timestamptz
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own text := bourse.require_calendar(calendar);
BEGIN
    IF own = '24x7' THEN
        RETURN date_trunc('day', after, 'UTC') + interval '1 day';
    END IF;
    IF after < (SELECT c.open_at FROM bourse.calendar AS c WHERE c.calendar = own ORDER BY c.session LIMIT 1) THEN
        RETURN NULL;  -- an earlier session may not be loaded
    END IF;
    RETURN (SELECT c.close_at FROM bourse.calendar AS c
            WHERE c.calendar = own AND c.session >= bourse.session_date(after) - 2 AND c.close_at > after
            ORDER BY c.session LIMIT 1);
END
$$;
COMMENT ON FUNCTION bourse.next_close(text, timestamptz) IS
    'the first close of a session after a time, half days counted; of 24x7 the next 00:00 UTC; NULL where sessions are not loaded';

CREATE OR REPLACE FUNCTION bourse.sessions_between(calendar text, from_session date, to_session date)
    RETURNS TABLE(session date, open_at timestamptz, close_at timestamptz, break_start_at timestamptz, break_end_at timestamptz)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    own text := bourse.require_calendar(calendar);
    first date;
    last date;
BEGIN
    IF own = '24x7' THEN
        RETURN QUERY SELECT d::date, d AT TIME ZONE 'UTC', (d + interval '1 day') AT TIME ZONE 'UTC', NULL::timestamptz, NULL::timestamptz
                     FROM generate_series(from_session::timestamp, to_session::timestamp, interval '1 day') AS d;
        RETURN;
    END IF;
    SELECT min(c.session), max(c.session) INTO first, last FROM bourse.calendar AS c WHERE c.calendar = own;
    IF from_session < first OR to_session > last THEN
        RAISE NOTICE 'sessions of % are loaded from % to % only', own, first, last;
    END IF;
    RETURN QUERY SELECT c.session, c.open_at, c.close_at, c.break_start_at, c.break_end_at FROM bourse.calendar AS c
                 WHERE c.calendar = own AND c.session BETWEEN from_session AND to_session ORDER BY c.session;
END
$$;
COMMENT ON FUNCTION bourse.sessions_between(text, date, date) IS 'the sessions of a calendar from a day to a day, both included, in order; a NOTICE when not all of them are loaded';
