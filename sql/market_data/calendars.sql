-- What a symbol's form tells, and what the sessions of a calendar tell.

CREATE OR REPLACE FUNCTION bourse.symbol_calendar(symbol text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN symbol ~* '^[0-9]{6}\.(SH|SS|SZ|BJ|XSHG|XSHE)$' OR symbol ~* '^(SH|SZ|BJ)[0-9]{6}$' THEN 'XSHG'
        WHEN symbol ~ '^[A-Z0-9]{2,20}[-_/]?(USDT|USDC|BUSD|FDUSD|TUSD)([._-](P|PERP))?$' OR symbol ~ '^[A-Z0-9]{2,10}[-_/](USD|EUR|BTC|ETH)$' THEN '24x7'
    END;
END;
COMMENT ON FUNCTION bourse.symbol_calendar(text) IS 'calendar told by the form of a symbol: 600000.SH, SZ000001 -> XSHG (Shenzhen and Beijing have its sessions), BTCUSDT, BTC-USD -> 24x7, else NULL';

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
CREATE OR REPLACE FUNCTION bourse.session_close(calendar text, freq text, ts timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN session_close.freq = '1d' THEN
            (SELECT c.close_at FROM bourse.calendar AS c WHERE c.calendar = session_close.calendar AND c.session = bourse.session_date(session_close.ts))
        WHEN session_close.freq IN ('1w', '1mo') THEN
            (SELECT max(c.close_at) FROM bourse.calendar AS c WHERE c.calendar = session_close.calendar
                AND c.session >= bourse.session_date(session_close.ts) AND c.session < bourse.session_date(bourse.bar_end(session_close.freq, session_close.ts)))
        ELSE
            -- a bar that reaches into the break goes on after it, as where bars count trading minutes: late is safe
            (SELECT least(c.close_at, bourse.bar_end(session_close.freq, session_close.ts)
                          + CASE WHEN session_close.ts < c.break_start_at AND bourse.bar_end(session_close.freq, session_close.ts) > c.break_start_at
                                 THEN c.break_end_at - c.break_start_at ELSE interval '0' END)
             FROM bourse.calendar AS c WHERE c.calendar = session_close.calendar
                AND c.session BETWEEN bourse.session_date(session_close.ts) - 1 AND bourse.session_date(session_close.ts) + 1
                AND c.open_at <= session_close.ts AND session_close.ts < c.close_at)
    END;
END;
COMMENT ON FUNCTION bourse.session_close(text, text, timestamptz) IS 'close of the bar at ts by the sessions of a calendar; NULL where they are not loaded';

CREATE OR REPLACE FUNCTION bourse.bar_close(instrument_id int, freq text, ts timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(
        (SELECT bourse.session_close(i.calendar, bourse.to_freq(bar_close.freq), bar_close.ts) FROM bourse.instrument AS i WHERE i.instrument_id = bar_close.instrument_id),
        bourse.bar_end(bourse.to_freq(bar_close.freq), bar_close.ts));
END;
COMMENT ON FUNCTION bourse.bar_close(int, text, timestamptz) IS 'when the bar at ts is known at the earliest: the session''s close, where no sessions are loaded ts plus one step';
