-- Reading bars: adjusted or raw, as known now or as known at a time.

CREATE OR REPLACE FUNCTION bourse.check_adjust(adjust text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF adjust IS NULL OR adjust NOT IN ('backward', 'forward', 'none') THEN
        RAISE EXCEPTION 'adjust is %', coalesce(quote_literal(adjust), 'NULL') USING ERRCODE = '22023', HINT = 'use backward, forward or none';
    END IF;
    RETURN adjust;
END
$$;
COMMENT ON FUNCTION bourse.check_adjust(text) IS 'the argument, with an error when it is no kind of adjustment';

CREATE OR REPLACE FUNCTION bourse.bar_dates(freq text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO'
AS $$
DECLARE
    first timestamptz := (SELECT b.ts FROM bourse.bar AS b WHERE b.freq = bar_dates.freq ORDER BY b.ts LIMIT 1);
    last timestamptz := (SELECT b.ts FROM bourse.bar AS b WHERE b.freq = bar_dates.freq ORDER BY b.ts DESC LIMIT 1);
    form text := CASE WHEN freq IN ('1d', '1w', '1mo') THEN 'YYYY-MM-DD' ELSE 'YYYY-MM-DD HH24:MI' END;
BEGIN
    RETURN CASE WHEN first IS NULL THEN format('no bars of %s are there', freq)
                ELSE format('bars of %s are there from %s to %s', freq, to_char(first, form), to_char(last, form)) END;
END
$$;
COMMENT ON FUNCTION bourse.bar_dates(text) IS 'part of messages: from when to when there are bars of a frequency, of any instrument';

CREATE OR REPLACE FUNCTION bourse.bars_known(freq text, from_ts timestamptz, to_ts timestamptz, known_at timestamptz)
    RETURNS TABLE (instrument_id int, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, amount float8, adj_factor float8, since timestamptz)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT n.instrument_id, n.ts, n.open, n.high, n.low, n.close, n.volume, n.amount, n.adj_factor, n.known_at
    FROM bourse.bar AS n
    WHERE n.freq = bourse.to_freq(bars_known.freq) AND n.ts >= coalesce(bars_known.from_ts, '-infinity') AND n.ts < coalesce(bars_known.to_ts, 'infinity')
        AND (bars_known.known_at IS NULL OR n.known_at <= bars_known.known_at)
    UNION ALL
    SELECT h.instrument_id, h.ts, h.open, h.high, h.low, h.close, h.volume, h.amount, h.adj_factor, h.known_from
    FROM bourse.bar_history AS h
    WHERE bars_known.known_at IS NOT NULL AND h.freq = bourse.to_freq(bars_known.freq)
        AND h.ts >= coalesce(bars_known.from_ts, '-infinity') AND h.ts < coalesce(bars_known.to_ts, 'infinity')
        AND h.known_from <= bars_known.known_at AND bars_known.known_at < h.known_until;
END;
COMMENT ON FUNCTION bourse.bars_known(text, timestamptz, timestamptz, timestamptz) IS 'raw bars of [from_ts, to_ts) as known now (NULL) or at a time; since: known from';

CREATE OR REPLACE FUNCTION bourse.bars(symbols text[] DEFAULT NULL, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL, freq text DEFAULT '1d',
        adjust text DEFAULT 'backward', known_at timestamptz DEFAULT NULL)
    RETURNS TABLE (symbol text, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, amount float8, adj_factor float8)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT i.symbol, b.ts, b.open * k.factor, b.high * k.factor, b.low * k.factor, b.close * k.factor, b.volume / k.factor, b.amount, b.adj_factor
    FROM bourse.instrument AS i
        JOIN bourse.bars_known(bars.freq, bars.from_ts, bars.to_ts, bars.known_at) AS b ON b.instrument_id = i.instrument_id
        LEFT JOIN (
            SELECT DISTINCT ON (l.instrument_id) l.instrument_id, l.adj_factor
            FROM bourse.bars_known(bars.freq, NULL, NULL, bars.known_at) AS l
            WHERE bars.adjust = 'forward'
            ORDER BY l.instrument_id, l.ts DESC) AS last ON last.instrument_id = i.instrument_id
        CROSS JOIN LATERAL (SELECT CASE bourse.check_adjust(bars.adjust)
            WHEN 'backward' THEN b.adj_factor WHEN 'forward' THEN b.adj_factor / last.adj_factor ELSE 1 END) AS k (factor)
    WHERE bars.symbols IS NULL OR i.symbol = ANY (bars.symbols)
    ORDER BY i.symbol, b.ts;
END;
COMMENT ON FUNCTION bourse.bars(text[], timestamptz, timestamptz, text, text, timestamptz)
    IS 'bars by symbol and ts; prices times adj_factor and volume divided by it (backward), relative to the last factor (forward) or raw (none); as known at a time when asked';
