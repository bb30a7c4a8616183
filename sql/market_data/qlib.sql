-- What an import of a Qlib data set stores beside its bars. Times travel as microseconds since 1970 UTC.

-- The calendar that an instrument of a set has: its own, else the one given, else by its form.
CREATE OR REPLACE FUNCTION bourse.qlib_instruments(symbols text[], exchange text, calendar text) RETURNS TABLE(symbol text, instrument_id int, own_calendar text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO bourse.instrument (symbol, exchange, calendar)
    SELECT n.symbol, coalesce(qlib_instruments.exchange, bourse.symbol_exchange(n.symbol)), coalesce(qlib_instruments.calendar, bourse.symbol_calendar(n.symbol))
    FROM (SELECT DISTINCT s FROM unnest(symbols) AS s) AS n (symbol)
    WHERE NOT EXISTS (SELECT FROM bourse.instrument AS i WHERE i.symbol = n.symbol)
    ORDER BY n.symbol
    ON CONFLICT (symbol) DO NOTHING;
    RETURN QUERY SELECT i.symbol, i.instrument_id, coalesce(i.calendar, '') FROM bourse.instrument AS i WHERE i.symbol = ANY (symbols);
END
$$;
COMMENT ON FUNCTION bourse.qlib_instruments(text[], text, text)
    IS 'part of qlib imports: the instruments of symbols, made where they are not known. SECURITY DEFINER: loads make instruments';

CREATE OR REPLACE FUNCTION bourse.qlib_keep_calendar(calendar text, freq text, at_us bigint[], future_us bigint[]) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO bourse.qlib_calendar (calendar, freq, ts, future)
    SELECT qlib_keep_calendar.calendar, qlib_keep_calendar.freq, bourse.from_unix_us(n.us), n.future
    FROM (SELECT us, false FROM unnest(at_us) AS us UNION ALL SELECT us, true FROM unnest(future_us) AS us) AS n (us, future)
    ORDER BY n.us
    ON CONFLICT ON CONSTRAINT qlib_calendar_pkey DO UPDATE SET future = excluded.future
        WHERE qlib_calendar.future AND NOT excluded.future;  -- a day to come has come
END;
COMMENT ON FUNCTION bourse.qlib_keep_calendar(text, text, bigint[], bigint[]) IS 'part of qlib imports: positions of a set. SECURITY DEFINER: loads write qlib_calendar';

-- The spans of these instruments become the ones given: one element each a span.
CREATE OR REPLACE FUNCTION bourse.qlib_keep_spans(instrument_ids int[], freq text, fields text[], from_us bigint[], to_us bigint[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM bourse.qlib_span AS s WHERE s.instrument_id = ANY (instrument_ids) AND s.freq = qlib_keep_spans.freq;
    INSERT INTO bourse.qlib_span (instrument_id, freq, field, from_ts, to_ts)
    SELECT n.id, qlib_keep_spans.freq, n.field, bourse.from_unix_us(n.from_us), bourse.from_unix_us(n.to_us)
    FROM unnest(instrument_ids, fields, qlib_keep_spans.from_us, qlib_keep_spans.to_us) AS n (id, field, from_us, to_us);
END
$$;
COMMENT ON FUNCTION bourse.qlib_keep_spans(int[], text, text[], bigint[], bigint[]) IS 'part of qlib imports: spans of the series of instruments. SECURITY DEFINER: loads write qlib_span';

-- A value of NULL stays as a row: at that time the series has none although the bar has one.
CREATE OR REPLACE FUNCTION bourse.qlib_keep_field(instrument_id int, freq text, field text, from_us bigint, to_us bigint, at_us bigint[], vals float8[]) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept bigint;
BEGIN
    DELETE FROM bourse.bar_field AS f
    WHERE f.instrument_id = qlib_keep_field.instrument_id AND f.freq = qlib_keep_field.freq AND f.field = qlib_keep_field.field
        AND f.ts BETWEEN bourse.from_unix_us(from_us) AND bourse.from_unix_us(to_us)
        AND NOT EXISTS (SELECT FROM unnest(at_us) AS n (us) WHERE bourse.from_unix_us(n.us) = f.ts);
    INSERT INTO bourse.bar_field AS f (instrument_id, freq, field, ts, value, known_at)
    SELECT qlib_keep_field.instrument_id, qlib_keep_field.freq, qlib_keep_field.field, t.ts, n.value, coalesce(b.known_at, bourse.bar_end(qlib_keep_field.freq, t.ts))
    FROM unnest(at_us, vals) AS n (us, value)
    CROSS JOIN LATERAL (SELECT bourse.from_unix_us(n.us)) AS t (ts)
    LEFT JOIN bourse.bar AS b ON b.instrument_id = qlib_keep_field.instrument_id AND b.freq = qlib_keep_field.freq AND b.ts = t.ts
    ORDER BY t.ts
    ON CONFLICT ON CONSTRAINT bar_field_pkey DO UPDATE SET value = excluded.value, known_at = excluded.known_at  -- at the earliest now: bar_field_stamp
        WHERE f.value IS DISTINCT FROM excluded.value;
    GET DIAGNOSTICS kept = ROW_COUNT;
    RETURN kept;
END
$$;
COMMENT ON FUNCTION bourse.qlib_keep_field(int, text, text, bigint, bigint, bigint[], float8[])
    IS 'part of qlib imports: a series of bar_field between two times becomes the one given; known with its bar, changed values from now. SECURITY DEFINER: loads write bar_field';

-- Members as a file says, spans [from, to).
CREATE OR REPLACE FUNCTION bourse.qlib_keep_universe(name text, instrument_ids int[], from_us bigint[], to_us bigint[]) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    changed bigint;
    removed bigint;
BEGIN
    IF name IN ('', 'all') THEN
        RAISE EXCEPTION 'a universe cannot be named %', quote_literal(name) USING ERRCODE = '22023', HINT = 'every instrument belongs to the universe all by itself';
    END IF;
    DELETE FROM bourse.universe AS u
    WHERE u.name = qlib_keep_universe.name
        AND (u.instrument_id, u.span) NOT IN (SELECT n.id, tstzrange(bourse.from_unix_us(n.f), bourse.from_unix_us(n.t)) FROM unnest(instrument_ids, from_us, to_us) AS n (id, f, t));
    GET DIAGNOSTICS removed = ROW_COUNT;
    INSERT INTO bourse.universe (name, instrument_id, span)
    SELECT qlib_keep_universe.name, m.instrument_id, m.span
    FROM (SELECT n.id, tstzrange(bourse.from_unix_us(n.f), bourse.from_unix_us(n.t)) FROM unnest(instrument_ids, from_us, to_us) AS n (id, f, t)) AS m (instrument_id, span)
    WHERE NOT EXISTS (SELECT FROM bourse.universe AS u WHERE u.name = qlib_keep_universe.name AND u.instrument_id = m.instrument_id AND u.span = m.span);
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed + removed;
END
$$;
COMMENT ON FUNCTION bourse.qlib_keep_universe(text, int[], bigint[], bigint[])
    IS 'part of qlib imports: a universe becomes what a membership file says; NULL: no end. SECURITY DEFINER: researchers write bourse.universe through loads only';
