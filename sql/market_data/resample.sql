-- Bars from bars, bars from trades: coarser frequencies, Heikin-Ashi, Renko. Closed bars only.

CREATE OR REPLACE FUNCTION bourse.resample(symbols text[] DEFAULT NULL, freq text DEFAULT '1w', from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL,
        from_freq text DEFAULT NULL, adjust text DEFAULT 'backward', known_at timestamptz DEFAULT NULL)
    RETURNS TABLE(symbol text, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, amount float8, adj_factor float8, available_at timestamptz, bars int)
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted text := bourse.to_freq(freq);
    shorter text;
BEGIN
    PERFORM bourse.panel_instrument_id(s) FROM unnest(symbols) AS s;  -- an unknown one is an error
    IF from_freq IS NOT NULL THEN
        shorter := bourse.to_freq(from_freq);
    ELSE
        SELECT f INTO shorter FROM unnest('{1d,4h,1h,30m,15m,5m,1m}'::text[]) WITH ORDINALITY AS x(f, n)
        WHERE bourse.freq_step(f) < bourse.freq_step(wanted) AND EXISTS (
            SELECT FROM bourse.bar AS b WHERE b.freq = f
                AND (resample.symbols IS NULL OR b.instrument_id IN (SELECT i.instrument_id FROM bourse.instrument AS i WHERE i.symbol = ANY (resample.symbols))))
        ORDER BY n LIMIT 1;
        IF shorter IS NULL THEN
            RAISE EXCEPTION 'there are no bars shorter than %', wanted USING ERRCODE = 'MB040', HINT = 'SELECT freq, count(*) FROM bourse_bi.bar GROUP BY freq shows what is loaded';
        END IF;
    END IF;
    RETURN QUERY SELECT r.* FROM bourse.resample_bars(wanted, shorter, resample.symbols, resample.from_ts, resample.to_ts, resample.adjust, resample.known_at) AS r ORDER BY r.symbol, r.ts;
END
$$;
COMMENT ON FUNCTION bourse.resample(text[], text, timestamptz, timestamptz, text, text, timestamptz) IS
    'bars of a coarser frequency made of stored ones (from_freq; NULL: the longest shorter one that is stored), by the sessions of the calendar: first open, highest high, lowest low, last close, sums of volume and amount, the last factor, how many bars; only bars that are closed and whose calendar''s data reaches their close';

-- The bar of a trade: the first position of the calendar that closes after it, as for bars. A trade at the very close belongs to the last bar.
CREATE OR REPLACE FUNCTION bourse.trade_position(calendar text, freq text, ts timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN trade_position.calendar = '24x7' THEN
            CASE WHEN trade_position.freq IN ('1w', '1mo')
                THEN date_trunc(CASE trade_position.freq WHEN '1w' THEN 'week' ELSE 'month' END, trade_position.ts, 'UTC')
                ELSE date_bin(bourse.freq_step(trade_position.freq), trade_position.ts, '1970-01-01 00:00Z') END
        ELSE (
            SELECT CASE
                WHEN trade_position.freq IN ('1w', '1mo')
                    THEN date_trunc(CASE trade_position.freq WHEN '1w' THEN 'week' ELSE 'month' END, c.session::timestamp) AT TIME ZONE 'UTC'
                WHEN trade_position.freq = '1d' THEN c.session::timestamp AT TIME ZONE 'UTC'
                WHEN c.break_end_at IS NULL OR trade_position.ts <= c.break_start_at
                    THEN date_bin(s.step, least(trade_position.ts, coalesce(c.break_start_at, c.close_at) - s.tick), c.open_at)
                WHEN s.before_break + s.step > c.break_start_at
                        AND (trade_position.ts < s.before_break + s.step + (c.break_end_at - c.break_start_at)
                            OR c.close_at <= s.before_break + s.step + (c.break_end_at - c.break_start_at))
                    THEN s.before_break
                ELSE date_bin(s.step, least(trade_position.ts, c.close_at - s.tick), c.break_end_at) END
            FROM bourse.calendar AS c
                CROSS JOIN LATERAL (SELECT bourse.freq_step(trade_position.freq) AS step, interval '1 microsecond' AS tick,
                    date_bin(bourse.freq_step(CASE WHEN trade_position.freq IN ('1w', '1mo') THEN '1d' ELSE trade_position.freq END),
                             c.break_start_at - interval '1 microsecond', c.open_at) AS before_break) AS s
            WHERE c.calendar = trade_position.calendar
                AND c.session BETWEEN bourse.session_date(trade_position.ts) - 1 AND bourse.session_date(trade_position.ts) + 1
                AND trade_position.ts BETWEEN c.open_at AND c.close_at
                AND (c.break_start_at IS NULL OR trade_position.ts <= c.break_start_at OR trade_position.ts >= c.break_end_at)) END;
END;
COMMENT ON FUNCTION bourse.trade_position(text, text, timestamptz) IS 'part of bourse.trade_bars: ts of the bar that a trade belongs to; NULL outside the sessions';

CREATE OR REPLACE FUNCTION bourse.trade_bars(query text, freq text DEFAULT '1m', calendar text DEFAULT '24x7', complete_until timestamptz DEFAULT now())
    RETURNS TABLE(symbol text, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, amount float8, available_at timestamptz, trades bigint)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    own text := bourse.require_calendar(calendar);
    wanted text := bourse.to_freq(freq);
    found record;
    outside bigint := 0;
    asked text := rtrim(query, E'; \n\t\r');
    failure text;
BEGIN
    IF asked IS NULL THEN
        RAISE EXCEPTION 'query may not be NULL' USING ERRCODE = 'null_value_not_allowed', HINT = 'a SELECT that yields symbol, ts, price, size';
    END IF;
    BEGIN
        EXECUTE format(E'SELECT q.symbol::text, q.ts::timestamptz, q.price::float8, q.size::float8 FROM (%s\n) AS q(symbol, ts, price, size) LIMIT 0', asked);
    EXCEPTION WHEN syntax_error_or_access_rule_violation THEN  -- the whole class: no such table, another number of columns, of other types
        GET STACKED DIAGNOSTICS failure = MESSAGE_TEXT;
        RAISE EXCEPTION 'the query gives no trades: %', failure USING ERRCODE = sqlstate, DETAIL = left(asked, 1000),
            HINT = 'a SELECT that yields symbol, ts, price, size in this order; tables are named with their schema';
    END;
    FOR found IN EXECUTE format(
        'WITH trade AS (SELECT q.symbol::text AS symbol, q.ts::timestamptz AS ts, q.price::float8 AS price, q.size::float8 AS size, row_number() OVER () AS n
                        FROM (%s
                        ) AS q(symbol, ts, price, size)),
              placed AS (SELECT t.*, bourse.trade_position($1, $2, t.ts) AS bar,
                             (symbol IS NULL OR ts IS NULL OR NOT isfinite(ts) OR price IS NULL OR NOT price > 0 OR price >= ''Infinity'' OR size IS NULL OR NOT size >= 0 OR size >= ''Infinity'') AS bad FROM trade AS t)
         SELECT symbol, bar, (array_agg(price ORDER BY ts, n))[1] AS open, max(price) AS high, min(price) AS low, (array_agg(price ORDER BY ts DESC, n DESC))[1] AS close,
             sum(size ORDER BY ts, n) AS volume, sum(price * size ORDER BY ts, n) AS amount, count(*) AS trades, min(n) FILTER (WHERE bad) AS bad,
             coalesce(bourse.session_close($1, $2, bar), bourse.bar_end($2, bar)) AS available_at
         FROM placed GROUP BY symbol, bar ORDER BY symbol, bar', asked)
        USING own, wanted
    LOOP
        IF found.bad IS NOT NULL THEN
            RAISE EXCEPTION 'trade % of the query is not usable', found.bad
                USING ERRCODE = '22023', DETAIL = format('in the bar of %s at %s', coalesce(found.symbol, 'no symbol'), coalesce(found.bar::text, 'no time')),
                    HINT = 'symbol and ts must be there, price positive, size zero or more, both finite: leave other rows out in the query';
        END IF;
        IF found.bar IS NULL THEN
            outside := outside + found.trades;
        ELSIF found.available_at <= complete_until THEN
            symbol := found.symbol; ts := found.bar; open := found.open; high := found.high; low := found.low; close := found.close;
            volume := found.volume; amount := found.amount; available_at := found.available_at; trades := found.trades;
            RETURN NEXT;
        END IF;
    END LOOP;
    IF outside > 0 THEN
        RAISE NOTICE '% trades lie outside the sessions of % and are in no bar', outside, own;
    END IF;
END
$$;
COMMENT ON FUNCTION bourse.trade_bars(text, text, text, timestamptz) IS
    'bars of the trades that a query yields (symbol, ts, price, size in this order, tables named with their schema; equal times in the order of the answer), by the sessions of a calendar; only bars that closed by complete_until, the time up to which the trades are complete; a bar without trades is none';

-- A table function in FROM is planned with the query around it: bar_close() by itself plans its look-up for every row.
CREATE OR REPLACE FUNCTION bourse.bar_closes(instrument_id int, calendar text, freq text, ts timestamptz) RETURNS TABLE(close_at timestamptz)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN coalesce(bar_closes.calendar, '24x7') = '24x7' THEN bourse.bar_end(bar_closes.freq, bar_closes.ts)
        WHEN bar_closes.freq = '1d' THEN coalesce((SELECT c.close_at FROM bourse.calendar AS c WHERE c.calendar = bar_closes.calendar
                                                       AND c.session = (bar_closes.ts AT TIME ZONE 'UTC')::date), bourse.bar_end(bar_closes.freq, bar_closes.ts))
        ELSE bourse.bar_close(bar_closes.instrument_id, bar_closes.freq, bar_closes.ts) END;
END;
COMMENT ON FUNCTION bourse.bar_closes(int, text, text, timestamptz) IS 'as bar_close, for many rows: FROM …, LATERAL bourse.bar_closes(instrument_id, its calendar, freq, ts)';

CREATE OR REPLACE FUNCTION bourse.heikin_ashi(symbols text[] DEFAULT NULL, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL, freq text DEFAULT '1d',
        adjust text DEFAULT 'backward', known_at timestamptz DEFAULT NULL)
    RETURNS TABLE(symbol text, ts timestamptz, open float8, high float8, low float8, close float8, volume float8, available_at timestamptz)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT h.symbol, h.ts, (h.ha).open, (h.ha).high, (h.ha).low, (h.ha).close, h.volume, c.close_at
    FROM (SELECT b.symbol, b.ts, b.volume, ta.ha(b.open, b.high, b.low, b.close) OVER (PARTITION BY b.symbol ORDER BY b.ts) AS ha
          FROM bourse.bars(heikin_ashi.symbols, NULL, heikin_ashi.to_ts, heikin_ashi.freq, heikin_ashi.adjust, heikin_ashi.known_at) AS b) AS h
        JOIN bourse.instrument AS i ON i.symbol = h.symbol
        CROSS JOIN LATERAL bourse.bar_closes(i.instrument_id, i.calendar, bourse.to_freq(heikin_ashi.freq), h.ts) AS c
    WHERE h.ts >= coalesce(heikin_ashi.from_ts, '-infinity') AND c.close_at <= coalesce(heikin_ashi.known_at, now())
    ORDER BY h.symbol, h.ts;
END;
COMMENT ON FUNCTION bourse.heikin_ashi(text[], timestamptz, timestamptz, text, text, timestamptz) IS
    'Heikin-Ashi bars (ta.ha) of closed bars; each depends on all before it, so they begin with the instrument''s first bar whatever from_ts is';

CREATE OR REPLACE FUNCTION bourse.renko(brick float8, symbols text[] DEFAULT NULL, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL, freq text DEFAULT '1d',
        adjust text DEFAULT 'backward', known_at timestamptz DEFAULT NULL)
    RETURNS TABLE(symbol text, brick_number bigint, ts timestamptz, open float8, close float8, direction int, available_at timestamptz)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT k.symbol, k.brick_number, k.ts, k.close - k.direction * renko.brick, k.close, k.direction, k.close_at
    FROM (SELECT r.symbol, r.ts, sign((r.renko).bricks)::int AS direction, c.close_at,
                 (r.renko).level - sign((r.renko).bricks) * (abs((r.renko).bricks)::int - n.n) * renko.brick AS close,
                 row_number() OVER (PARTITION BY r.symbol ORDER BY r.ts, n.n) AS brick_number
          FROM (SELECT b.symbol, b.ts, ta.renko(b.close, renko.brick) OVER (PARTITION BY b.symbol ORDER BY b.ts) AS renko
                FROM bourse.bars(renko.symbols, NULL, renko.to_ts, renko.freq, renko.adjust, renko.known_at) AS b) AS r
              JOIN bourse.instrument AS i ON i.symbol = r.symbol
              CROSS JOIN LATERAL bourse.bar_closes(i.instrument_id, i.calendar, bourse.to_freq(renko.freq), r.ts) AS c
              CROSS JOIN LATERAL generate_series(1, abs((r.renko).bricks)::int) AS n(n)
          WHERE c.close_at <= coalesce(renko.known_at, now())) AS k
    WHERE k.ts >= coalesce(renko.from_ts, '-infinity')
    ORDER BY k.symbol, k.brick_number;
END;
COMMENT ON FUNCTION bourse.renko(float8, text[], timestamptz, timestamptz, text, text, timestamptz) IS
    'Renko bricks (ta.renko) of closing prices, one row a brick: ts is the bar whose close completed it (one bar may complete many), direction 1 or -1; they are counted from the instrument''s first bar whatever from_ts is; brick in price units, a reversal needs two';
