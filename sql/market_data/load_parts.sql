-- Parts of load_bars; they run as its owner and are nobody else's to call.

-- Series that have not been judged: their frequency, instrument, calendar.
CREATE OR REPLACE FUNCTION bourse.load_know_series(default_calendar text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE pg_temp.bar_series AS r
    SET nfreq = n.nfreq, step = bourse.freq_step(n.nfreq), instrument_id = n.instrument_id, calendar = n.calendar, sessions = n.sessions,
        inside_day = n.sessions AND n.nfreq NOT IN ('1d', '1w', '1mo')
    FROM (SELECT f.series, bourse.normal_freq(f.freq) AS nfreq, i.instrument_id, c.calendar, EXISTS (SELECT FROM bourse.calendar AS k WHERE k.calendar = c.calendar) AS sessions
          FROM pg_temp.bar_series AS f
              LEFT JOIN bourse.instrument AS i ON i.symbol = f.symbol
              CROSS JOIN LATERAL (SELECT CASE WHEN i.instrument_id IS NULL THEN coalesce(default_calendar, bourse.symbol_calendar(f.symbol)) ELSE i.calendar END) AS c (calendar)
          WHERE f.bad IS NULL) AS n
    WHERE n.series = r.series;
END
$$;
COMMENT ON FUNCTION bourse.load_know_series(text) IS 'part of loads: instrument and calendar of their series';

-- Looks at every (symbol, frequency) of the load once: instrument, calendar, span, how many rows are bad.
CREATE OR REPLACE FUNCTION bourse.load_judge(default_calendar text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bourse.load_know_series(default_calendar);
    -- Plans of a session are kept: one made for a load of one row must not be used for a million.
    IF pg_relation_size('pg_temp.bar_stage') > 65536 THEN
        ANALYZE pg_temp.bar_stage (series);
        ANALYZE pg_temp.bar_series;
    END IF;
    UPDATE pg_temp.bar_series AS r
    SET rows = j.rows, bad = j.bad, without_volume = j.without_volume, first_row = j.first_row, last_row = j.last_row, from_ts = j.from_ts, to_ts = j.to_ts
    FROM (SELECT series, count(*) AS rows, count(rule) AS bad, count(*) FILTER (WHERE rule IS NULL AND volume IS NULL) AS without_volume,
                 min(row_no) AS first_row, max(row_no) AS last_row,
                 min(ts) FILTER (WHERE rule IS NULL) AS from_ts, max(ts) FILTER (WHERE rule IS NULL) AS to_ts
          FROM (SELECT row_no, series, rule, volume, ts FROM pg_temp.bar_judged OFFSET 0) AS judged  -- OFFSET 0: one call of the rule a row
          GROUP BY series) AS j
    WHERE j.series = r.series;
END
$$;
COMMENT ON FUNCTION bourse.load_judge(text) IS 'part of load_bars: series of the load and what the rules say';

-- Settles rows that have the same key. Rows with equal values are no conflict: one stays.
CREATE OR REPLACE FUNCTION bourse.load_find_repeated(on_conflict text) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    WITH repeated AS MATERIALIZED (
        SELECT j.* FROM pg_temp.bar_judged AS j
        WHERE j.rule IS NULL AND (j.symbol, j.nfreq, j.ts) IN (SELECT k.symbol, k.nfreq, k.ts FROM pg_temp.bar_judged AS k WHERE k.rule IS NULL
                                                               GROUP BY k.symbol, k.nfreq, k.ts HAVING count(*) > 1)),
    keys AS (
        SELECT symbol, nfreq, ts, min(row_no) AS first_row, max(row_no) AS last_row,
               count(DISTINCT (open, high, low, close, volume, amount, adj_factor, known_at)) > 1 AS differ
        FROM repeated GROUP BY symbol, nfreq, ts)
    INSERT INTO pg_temp.bar_repeat (row_no, conflicting)
    SELECT j.row_no, k.differ AND on_conflict = 'reject'
    FROM keys AS k JOIN repeated AS j ON j.symbol = k.symbol AND j.nfreq = k.nfreq AND j.ts = k.ts
    WHERE (k.differ AND on_conflict = 'reject') OR j.row_no <> CASE WHEN k.differ AND on_conflict = 'last' THEN k.last_row ELSE k.first_row END;
END
$$;
COMMENT ON FUNCTION bourse.load_find_repeated(text) IS 'part of load_bars: rows with the same key';

-- source_of: the file of each symbol, where a source is a folder with a file for each.
CREATE OR REPLACE FUNCTION bourse.load_write_rejects(source text, source_of jsonb, version bigint) RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
BEGIN
    INSERT INTO bourse.bar_reject (source, line, symbol, freq, ts, raw, rule, reason, data_version_id)
    SELECT coalesce(source_of->>j.symbol, load_write_rejects.source), j.line, nullif(j.symbol, ''), coalesce(j.nfreq, nullif(j.freq, '')), j.ts,
        coalesce(j.raw, jsonb_strip_nulls(jsonb_build_object('symbol', nullif(j.symbol, ''), 'freq', nullif(j.freq, ''), 'ts', j.ts,
            'open', j.open, 'high', j.high, 'low', j.low, 'close', j.close, 'volume', j.given_volume, 'amount', j.given_amount,
            'adj_factor', j.given_factor, 'known_at', j.known_at))),
        coalesce(j.rule, 'conflicting_duplicate'),
        CASE WHEN j.rule IS NULL
             THEN format('another row of this load has the key (%s, %s, %s) with other values: all of them are rejected; keep one with --on-conflict first or last', j.symbol, j.nfreq, j.ts)
             ELSE coalesce(j.reason, bourse.bar_reason(j.rule, j.symbol, j.freq, j.ts, j.open, j.high, j.low, j.close, j.given_volume, j.given_amount,
                                                       j.given_factor, j.known_at, j.calendar, j.sessions)) END,
        version
    FROM pg_temp.bar_judged AS j
    WHERE j.rule IS NOT NULL OR EXISTS (SELECT FROM pg_temp.bar_repeat AS p WHERE p.conflicting AND p.row_no = j.row_no)
    ORDER BY j.row_no;
END
$$;
COMMENT ON FUNCTION bourse.load_write_rejects(text, jsonb, bigint) IS 'part of load_bars: bar_reject rows with their reasons';

-- Ids rise as the symbols appear, so that the rows of a load come in key order; rows are inserted in the order of
-- symbols, so that two loads that make the same ones cannot wait for each other in a circle.
CREATE OR REPLACE FUNCTION bourse.load_make_instruments(default_exchange text) RETURNS int
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    made int;
BEGIN
    INSERT INTO bourse.instrument (instrument_id, symbol, exchange, asset_class, calendar)
    SELECT n.instrument_id, n.symbol,
        coalesce(default_exchange, bourse.symbol_exchange(n.symbol)),
        CASE WHEN bourse.symbol_calendar(n.symbol) = '24x7' THEN 'crypto' END,
        n.calendar
    FROM (SELECT nextval(pg_get_serial_sequence('bourse.instrument', 'instrument_id')) AS instrument_id, f.symbol, f.calendar
          FROM (SELECT r.symbol, min(r.calendar) AS calendar FROM pg_temp.bar_series AS r WHERE r.instrument_id IS NULL AND r.rows > r.bad
                GROUP BY r.symbol ORDER BY min(r.first_row)) AS f) AS n
    ORDER BY n.symbol
    ON CONFLICT (symbol) DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    UPDATE pg_temp.bar_series AS r SET instrument_id = i.instrument_id
    FROM bourse.instrument AS i WHERE r.instrument_id IS NULL AND i.symbol = r.symbol;
    RETURN made;
END
$$;
COMMENT ON FUNCTION bourse.load_make_instruments(text) IS 'part of load_bars: instruments that were not known';

-- Only years that have bars: one row of 1970 must not make fifty partitions.
CREATE OR REPLACE FUNCTION bourse.load_make_partitions() RETURNS void
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    span record;
BEGIN
    FOR span IN SELECT nfreq, min(from_ts) AS from_ts, max(to_ts) AS to_ts FROM pg_temp.bar_series
                WHERE nfreq NOT IN ('1d', '1w', '1mo') AND rows > bad GROUP BY nfreq ORDER BY nfreq LOOP
        IF extract(year FROM span.to_ts) - extract(year FROM span.from_ts) < 2 THEN
            PERFORM bourse.make_bar_partitions(span.nfreq, span.from_ts, span.to_ts);
        ELSE
            PERFORM bourse.make_bar_partitions(span.nfreq, year, year)
            FROM (SELECT DISTINCT date_trunc('year', ts) AS year FROM pg_temp.bar_good WHERE nfreq = span.nfreq ORDER BY 1) AS years;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bourse.load_make_partitions() IS 'part of load_bars: partitions for the years of its bars';
