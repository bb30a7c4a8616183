-- Raw rows of panels. Both readers, the worker's by COPY and the backend's by SPI, select from these.
-- Times of spans travel as microseconds since 1970 UTC; those of bars as they are: a conversion a row costs more than the row.

CREATE OR REPLACE FUNCTION bourse.from_unix_us(us bigint) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT timestamptz '1970-01-01 00:00:00+00' + us * interval '1 microsecond';
END;
COMMENT ON FUNCTION bourse.from_unix_us(bigint) IS 'a time from microseconds since 1970 UTC';

CREATE OR REPLACE FUNCTION bourse.to_unix_us(ts timestamptz) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN ts <= timestamptz '1000-01-01' THEN -50000000000000000 WHEN ts >= timestamptz '4000-01-01' THEN 80000000000000000
                ELSE (date_part('epoch', ts) * 1e6)::bigint END;  -- double precision tells microseconds until 2242
END;
COMMENT ON FUNCTION bourse.to_unix_us(timestamptz) IS 'microseconds since 1970 UTC; times before the year 1000 and after 4000 become its ends of time';

-- Compared and ordered as the primary key is, so that no other index will do: where statistics are old the server would rather walk all bars by
-- time until it meets the instrument, to the end for each that has none.
CREATE OR REPLACE FUNCTION bourse.selected_edges(freq text, instrument_ids int[]) RETURNS TABLE(instrument_id int, first_us bigint, last_us bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT i.id, bourse.to_unix_us(first.ts), bourse.to_unix_us(last.ts)
    FROM unnest(selected_edges.instrument_ids) AS i(id)
    CROSS JOIN LATERAL (SELECT b.instrument_id, b.ts FROM bourse.bar AS b
                        WHERE b.freq = selected_edges.freq AND (b.instrument_id, b.freq, b.ts) >= (i.id, selected_edges.freq, '-infinity')
                        ORDER BY b.instrument_id, b.freq, b.ts LIMIT 1) AS first
    CROSS JOIN LATERAL (SELECT b.instrument_id, b.ts FROM bourse.bar AS b
                        WHERE b.freq = selected_edges.freq AND (b.instrument_id, b.freq, b.ts) <= (i.id, selected_edges.freq, 'infinity')
                        ORDER BY b.instrument_id DESC, b.freq DESC, b.ts DESC LIMIT 1) AS last
    WHERE first.instrument_id = i.id AND last.instrument_id = i.id;
END;
COMMENT ON FUNCTION bourse.selected_edges(text, int[]) IS 'part of panels: as stored_edges, by SELECT';

CREATE OR REPLACE FUNCTION bourse.panel_instruments(freq text, universe text, instrument_ids int[])
    RETURNS TABLE(instrument_id int, symbol text, calendar text, first_us bigint, last_us bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF universe <> 'all' AND NOT EXISTS (SELECT FROM bourse.universe AS u WHERE u.name = panel_instruments.universe) THEN
        RAISE EXCEPTION 'unknown universe "%"', universe
            USING ERRCODE = '22023', HINT = 'universes there are: all' || coalesce(', ' || (SELECT string_agg(DISTINCT u.name, ', ' ORDER BY u.name) FROM bourse.universe AS u), '');
    END IF;
    RETURN QUERY
    SELECT i.instrument_id, i.symbol, i.calendar, e.first_us, e.last_us
    FROM bourse.stored_edges(freq, ARRAY(
        SELECT i.instrument_id FROM bourse.instrument AS i
        WHERE (instrument_ids IS NULL OR i.instrument_id = ANY (instrument_ids))
            AND (universe = 'all' OR EXISTS (SELECT FROM bourse.universe AS u WHERE u.name = panel_instruments.universe AND u.instrument_id = i.instrument_id)))) AS e
    JOIN bourse.instrument AS i ON i.instrument_id = e.instrument_id
    ORDER BY i.instrument_id;
END
$$;
COMMENT ON FUNCTION bourse.panel_instruments(text, text, int[]) IS 'part of panels: instruments with bars of a frequency, and their first and last bar';

CREATE OR REPLACE FUNCTION bourse.panel_instrument_id(symbol text) RETURNS int
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_id int := (SELECT i.instrument_id FROM bourse.instrument AS i WHERE i.symbol = panel_instrument_id.symbol);
    near text;
BEGIN
    IF found_id IS NULL THEN
        near := bourse.nearest(symbol, ARRAY(SELECT i.symbol FROM bourse.instrument AS i LIMIT 100000));
        RAISE EXCEPTION 'unknown symbol "%"', symbol
            USING ERRCODE = '22023', HINT = coalesce(format('did you mean "%s"?', near), 'SELECT symbol FROM bourse.instrument lists the symbols');
    END IF;
    RETURN found_id;
END
$$;
COMMENT ON FUNCTION bourse.panel_instrument_id(text) IS 'part of panels: the instrument of a symbol; 22023 names the nearest one';

CREATE OR REPLACE FUNCTION bourse.panel_sessions(calendar text)
    RETURNS TABLE(date_us bigint, open_us bigint, close_us bigint, break_start_us bigint, break_end_us bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT bourse.to_unix_us(c.session::timestamp AT TIME ZONE 'UTC'), bourse.to_unix_us(c.open_at), bourse.to_unix_us(c.close_at),
        bourse.to_unix_us(c.break_start_at), bourse.to_unix_us(c.break_end_at)
    FROM bourse.calendar AS c WHERE c.calendar = panel_sessions.calendar ORDER BY c.session;
END;
COMMENT ON FUNCTION bourse.panel_sessions(text) IS 'part of panels: the loaded sessions of a calendar';

-- Many instruments: one index probe a time instead of a scan of all bars. Few: their bars.
CREATE OR REPLACE FUNCTION bourse.panel_times(freq text, calendar text) RETURNS TABLE(ts_us bigint)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    single boolean := NOT EXISTS (SELECT FROM bourse.instrument AS i WHERE i.calendar IS DISTINCT FROM nullif(panel_times.calendar, ''));
    times bigint[] := CASE WHEN single THEN bourse.stored_times(freq) END;
    members int[];
BEGIN
    IF times IS NOT NULL THEN
        RETURN QUERY SELECT t.ts_us FROM unnest(times) AS t(ts_us);
        RETURN;
    END IF;
    members := ARRAY(SELECT p.instrument_id FROM bourse.panel_instruments(freq, 'all', NULL) AS p WHERE p.calendar IS NOT DISTINCT FROM nullif(panel_times.calendar, ''));
    IF cardinality(members) <= 20 THEN
        RETURN QUERY SELECT (date_part('epoch', d.ts) * 1e6)::bigint FROM (
            SELECT DISTINCT b.ts FROM bourse.bar AS b WHERE b.freq = panel_times.freq AND b.instrument_id = ANY (members)) AS d ORDER BY d.ts;
        RETURN;
    END IF;
    -- one statement: a loop here would cost three times as much a time, and a call of to_unix_us a fifth more
    RETURN QUERY
    WITH RECURSIVE listed AS (
        (SELECT b.ts FROM bourse.bar AS b WHERE b.freq = panel_times.freq ORDER BY b.ts LIMIT 1)
        UNION ALL
        SELECT (SELECT b.ts FROM bourse.bar AS b WHERE b.freq = panel_times.freq AND b.ts > l.ts ORDER BY b.ts LIMIT 1) FROM listed AS l WHERE l.ts IS NOT NULL
    )
    SELECT (date_part('epoch', l.ts) * 1e6)::bigint FROM listed AS l
    WHERE l.ts IS NOT NULL AND (single OR EXISTS (SELECT FROM bourse.bar AS b JOIN bourse.instrument AS i ON i.instrument_id = b.instrument_id
                                                  WHERE b.freq = panel_times.freq AND b.ts = l.ts AND i.calendar IS NOT DISTINCT FROM nullif(panel_times.calendar, '')));
END
$$;
COMMENT ON FUNCTION bourse.panel_times(text, text) IS 'part of panels: times at which any instrument of a calendar has a bar; empty name: of those without a calendar';

CREATE OR REPLACE FUNCTION bourse.panel_rows(freq text, instrument_ids int[], from_us bigint[], to_us bigint[])
    RETURNS TABLE(instrument_id int, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, amount float8, adj_factor float8)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT b.instrument_id, b.ts, b.open, b.high, b.low, b.close, b.volume, b.amount, b.adj_factor
    FROM unnest(panel_rows.instrument_ids, panel_rows.from_us, panel_rows.to_us) AS w(instrument_id, from_us, to_us)
    CROSS JOIN LATERAL (
        SELECT * FROM bourse.bar AS r
        WHERE r.freq = panel_rows.freq AND r.instrument_id = w.instrument_id
            AND r.ts >= bourse.from_unix_us(w.from_us) AND r.ts < bourse.from_unix_us(w.to_us)) AS b;
END;
COMMENT ON FUNCTION bourse.panel_rows(text, int[], bigint[], bigint[]) IS 'part of panels: raw bars of each instrument in its span [from, to), in any order';

CREATE OR REPLACE FUNCTION bourse.panel_rows_known(freq text, instrument_ids int[], from_us bigint[], to_us bigint[], known_at timestamptz)
    RETURNS TABLE(instrument_id int, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, amount float8, adj_factor float8)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT b.instrument_id, b.ts, b.open, b.high, b.low, b.close, b.volume, b.amount, b.adj_factor
    FROM unnest(panel_rows_known.instrument_ids, panel_rows_known.from_us, panel_rows_known.to_us) AS w(instrument_id, from_us, to_us)
    CROSS JOIN LATERAL (
        SELECT n.instrument_id, n.ts, n.open, n.high, n.low, n.close, n.volume, n.amount, n.adj_factor
        FROM bourse.bar AS n
        WHERE n.freq = panel_rows_known.freq AND n.instrument_id = w.instrument_id
            AND n.ts >= bourse.from_unix_us(w.from_us) AND n.ts < bourse.from_unix_us(w.to_us) AND n.known_at <= panel_rows_known.known_at
        UNION ALL
        SELECT h.instrument_id, h.ts, h.open, h.high, h.low, h.close, h.volume, h.amount, h.adj_factor
        FROM bourse.bar_history AS h
        WHERE h.freq = panel_rows_known.freq AND h.instrument_id = w.instrument_id
            AND h.ts >= bourse.from_unix_us(w.from_us) AND h.ts < bourse.from_unix_us(w.to_us)
            AND h.known_from <= panel_rows_known.known_at AND panel_rows_known.known_at < h.known_until) AS b
    ORDER BY b.instrument_id, b.ts;
END;
COMMENT ON FUNCTION bourse.panel_rows_known(text, int[], bigint[], bigint[], timestamptz) IS 'as panel_rows, with the values known at a time: bars loaded later are missing, overwritten ones have their old values';

CREATE OR REPLACE FUNCTION bourse.panel_series(freq text, field text, instrument_ids int[], from_us bigint[], to_us bigint[])
    RETURNS TABLE(instrument_id int, ts timestamptz, value float8)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT b.instrument_id, b.ts, b.value
    FROM unnest(panel_series.instrument_ids, panel_series.from_us, panel_series.to_us) AS w(instrument_id, from_us, to_us)
    JOIN bourse.bar_field AS b ON b.freq = panel_series.freq AND lower(b.field) = panel_series.field AND b.instrument_id = w.instrument_id
        AND b.ts >= bourse.from_unix_us(w.from_us) AND b.ts < bourse.from_unix_us(w.to_us);
END;
COMMENT ON FUNCTION bourse.panel_series(text, text, int[], bigint[], bigint[]) IS 'part of panels: a series of bar_field; names are compared in lower case';

-- A row that was deleted and written again with a known_at of before has two values at such a time: the one that came first is what was known.
CREATE OR REPLACE FUNCTION bourse.panel_series_known(freq text, field text, instrument_ids int[], from_us bigint[], to_us bigint[], known_at timestamptz,
        recorded_by timestamptz DEFAULT 'infinity')
    RETURNS TABLE(instrument_id int, ts timestamptz, value float8)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT DISTINCT ON (b.instrument_id, b.ts) b.instrument_id, b.ts, b.value
    FROM unnest(panel_series_known.instrument_ids, panel_series_known.from_us, panel_series_known.to_us) AS w(instrument_id, from_us, to_us)
    CROSS JOIN LATERAL (
        SELECT f.instrument_id, f.ts, f.value, f.recorded_at, timestamptz 'infinity' AS known_until
        FROM bourse.bar_field AS f
        WHERE f.freq = panel_series_known.freq AND lower(f.field) = panel_series_known.field AND f.instrument_id = w.instrument_id
            AND f.ts >= bourse.from_unix_us(w.from_us) AND f.ts < bourse.from_unix_us(w.to_us)
            AND f.known_at <= panel_series_known.known_at AND f.recorded_at <= panel_series_known.recorded_by
        UNION ALL
        SELECT h.instrument_id, h.ts, h.value, h.recorded_at, h.known_until
        FROM bourse.bar_field_history AS h
        WHERE h.freq = panel_series_known.freq AND lower(h.field) = panel_series_known.field AND h.instrument_id = w.instrument_id
            AND h.ts >= bourse.from_unix_us(w.from_us) AND h.ts < bourse.from_unix_us(w.to_us)
            AND h.known_from <= panel_series_known.known_at AND panel_series_known.known_at < h.known_until
            AND h.recorded_at <= panel_series_known.recorded_by) AS b
    ORDER BY b.instrument_id, b.ts, b.recorded_at, b.known_until;
END;
COMMENT ON FUNCTION bourse.panel_series_known(text, text, int[], bigint[], bigint[], timestamptz, timestamptz)
    IS 'as panel_series, with the values known at a time: those known later are missing, changed and deleted ones have their old values; of what came to the database after recorded_by nothing is read';

CREATE OR REPLACE FUNCTION bourse.panel_statements(fields text[], instrument_ids int[], known_at timestamptz DEFAULT 'infinity')
    RETURNS TABLE(instrument_id int, field int, period int, published_at timestamptz, value float8)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.instrument_id, f.n::int, p.period, p.known_at, p.value
    FROM unnest(panel_statements.fields) WITH ORDINALITY AS f(name, n)
    JOIN bourse.period_field AS p ON lower(p.field) = f.name AND p.instrument_id = ANY (panel_statements.instrument_ids) AND p.known_at <= panel_statements.known_at;
END;
COMMENT ON FUNCTION bourse.panel_statements(text[], int[], timestamptz) IS 'part of panels: what was published of fields (numbered from 1) by a time, revisions included, in any order';

CREATE OR REPLACE FUNCTION bourse.panel_members(universe text) RETURNS TABLE(instrument_id int, from_us bigint, to_us bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT u.instrument_id,
        CASE WHEN lower_inf(u.span) THEN bourse.to_unix_us('-infinity') ELSE bourse.to_unix_us(lower(u.span)) + CASE WHEN lower_inc(u.span) THEN 0 ELSE 1 END END,
        CASE WHEN upper_inf(u.span) THEN bourse.to_unix_us('infinity') ELSE bourse.to_unix_us(upper(u.span)) + CASE WHEN upper_inc(u.span) THEN 1 ELSE 0 END END
    FROM bourse.universe AS u WHERE u.name = panel_members.universe AND NOT isempty(u.span);
END;
COMMENT ON FUNCTION bourse.panel_members(text) IS 'part of panels: spans of membership, [from, to)';

CREATE OR REPLACE FUNCTION bourse.known_fields(freq text) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ARRAY['open', 'high', 'low', 'close', 'volume', 'amount', 'vwap', 'factor', 'change']
        || coalesce((SELECT array_agg(DISTINCT lower(f.field)) FROM bourse.bar_field AS f WHERE f.freq = known_fields.freq), '{}')
        || coalesce((SELECT array_agg(DISTINCT lower(h.field)) FROM bourse.bar_field_history AS h WHERE h.freq = known_fields.freq), '{}')
        || coalesce((SELECT array_agg(DISTINCT '$' || lower(p.field)) FROM bourse.period_field AS p), '{}');
END;
COMMENT ON FUNCTION bourse.known_fields(text) IS 'names that an expression may write after a dollar sign: the built-in fields, those of bar_field and its history, and with a dollar sign those of period_field';
