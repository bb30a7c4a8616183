-- The one path by which rows become bars: open_load() makes the staging tables, the caller fills pg_temp.bar_stage,
-- load_bars() judges, rejects and writes. The caller is bar_inbox's trigger or `bourse import`.

-- Staging tables are made once a session and owned by the owner of these functions: what a user made under their
-- names could run code with the owner's rights, so it is refused.
CREATE OR REPLACE FUNCTION bourse.open_load() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning
AS $$
DECLARE
    mine  oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
    found int;
BEGIN
    SELECT count(*) FILTER (WHERE relowner = mine) - 100 * count(*) FILTER (WHERE relowner <> mine) INTO found
    FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname IN ('bar_stage', 'bar_series', 'bar_repeat', 'bar_judged', 'bar_all', 'bar_good');
    IF found NOT IN (0, 6) THEN
        RAISE EXCEPTION 'temporary tables named bar_stage, bar_series, bar_repeat, bar_judged, bar_all or bar_good are in the way of a load'
            USING ERRCODE = '42P07', HINT = 'drop them or open a new session';
    END IF;
    IF found = 6 THEN
        IF pg_relation_size('pg_temp.bar_stage') > 1048576 THEN
            TRUNCATE pg_temp.bar_stage, pg_temp.bar_series, pg_temp.bar_repeat;
        ELSE
            DELETE FROM pg_temp.bar_stage;
            DELETE FROM pg_temp.bar_series;
            DELETE FROM pg_temp.bar_repeat;
        END IF;
        RETURN;
    END IF;
    CREATE TEMPORARY TABLE bar_stage (
        row_no     bigint NOT NULL, -- one number a row, in the order of the source
        line       bigint,          -- of a file: where the row begins
        series     int NOT NULL,    -- its symbol and frequency, in bar_series
        ts         timestamptz,
        open       float8,
        high       float8,
        low        float8,
        close      float8,
        volume     float8,          -- NaN counts as missing
        amount     float8,
        adj_factor float8,
        known_at   timestamptz,
        raw        jsonb,           -- the row as it was, where the caller could not read it
        rule       text,            -- bad_number or bad_time found by the caller, with its reason
        reason     text
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE bar_series (
        series         int NOT NULL,
        symbol         text NOT NULL,      -- trimmed; '' when missing
        freq           text NOT NULL,      -- as written; '' when missing
        nfreq          bourse.freq,        -- the domain is checked here, once, and not for every bar
        step           interval,
        instrument_id  int,
        calendar       text,
        sessions       boolean,            -- the calendar's sessions are loaded
        inside_day     boolean,            -- and decide the grid of this frequency
        rows           bigint NOT NULL DEFAULT 0,
        bad            bigint,             -- NULL: not judged yet
        without_volume bigint NOT NULL DEFAULT 0,
        first_row      bigint,
        last_row       bigint,
        from_ts        timestamptz,        -- of the rows that are not bad
        to_ts          timestamptz
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE bar_repeat (row_no bigint NOT NULL, conflicting boolean NOT NULL) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY VIEW bar_judged AS
        SELECT s.row_no, s.line, s.series, r.symbol, r.freq, r.nfreq, s.ts, s.open, s.high, s.low, s.close, nullif(s.volume, 'NaN') AS volume, nullif(s.amount, 'NaN') AS amount,
               coalesce(s.adj_factor, 1) AS adj_factor, s.known_at, s.volume AS given_volume, s.amount AS given_amount, s.adj_factor AS given_factor,
               s.raw, s.reason, r.calendar, r.sessions,
               coalesce(s.rule, bourse.bar_rule(r.symbol, r.nfreq, s.ts, s.open, s.high, s.low, s.close, s.volume, s.amount, s.adj_factor, s.known_at, now(),
                                                CASE WHEN r.inside_day THEN bourse.on_session_grid(r.calendar, r.nfreq, s.ts) END)) AS rule
        FROM pg_temp.bar_stage AS s JOIN pg_temp.bar_series AS r ON r.series = s.series;
    CREATE TEMPORARY VIEW bar_all AS  -- where nothing is bad
        SELECT r.instrument_id, r.nfreq, r.step, s.ts, s.open, s.high, s.low, s.close, nullif(s.volume, 'NaN') AS volume, nullif(s.amount, 'NaN') AS amount,
               coalesce(s.adj_factor, 1) AS adj_factor, s.known_at, r.calendar, r.sessions
        FROM pg_temp.bar_stage AS s JOIN pg_temp.bar_series AS r ON r.series = s.series;
    CREATE TEMPORARY VIEW bar_good AS
        SELECT r.instrument_id, r.nfreq, r.step, s.ts, s.open, s.high, s.low, s.close, nullif(s.volume, 'NaN') AS volume, nullif(s.amount, 'NaN') AS amount,
               coalesce(s.adj_factor, 1) AS adj_factor, s.known_at, r.calendar, r.sessions
        FROM pg_temp.bar_stage AS s JOIN pg_temp.bar_series AS r ON r.series = s.series
        WHERE CASE WHEN r.bad = 0 THEN true  -- a clean series is not judged twice
                   ELSE s.rule IS NULL AND bourse.bar_rule(r.symbol, r.nfreq, s.ts, s.open, s.high, s.low, s.close, s.volume, s.amount, s.adj_factor, s.known_at,
                                                           now(), CASE WHEN r.inside_day THEN bourse.on_session_grid(r.calendar, r.nfreq, s.ts) END) IS NULL END
            AND NOT EXISTS (SELECT FROM pg_temp.bar_repeat AS p WHERE p.row_no = s.row_no);
    GRANT INSERT (series, symbol, freq) ON pg_temp.bar_series TO PUBLIC;
    GRANT INSERT ON pg_temp.bar_stage TO PUBLIC;  -- nobody but this session can reach it
END
$$;
COMMENT ON FUNCTION bourse.open_load() IS 'makes or empties the staging tables of a load, pg_temp.bar_stage and bar_series (series, symbol, freq) for the caller to fill. SECURITY DEFINER: their owner judges the rows';
