-- Why a row is no bar, in words. The rules themselves are bourse.bar_rule of the extension (src/market/bar_rule.cpp).

-- Says what bar_rule found: rule, value, remedy.
CREATE OR REPLACE FUNCTION bourse.bar_reason(rule text, symbol text, freq text, ts timestamptz, open float8, high float8, low float8, close float8,
        volume float8, amount float8, adj_factor float8, known_at timestamptz, calendar text, sessions boolean) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    names  text[] := '{open,high,low,close,volume,amount,adj_factor}';
    vals   float8[] := ARRAY[open, high, low, close, volume, amount, adj_factor];
    nfreq  text := bourse.normal_freq(freq);
    zone   text := bourse.calendar_time_zone(calendar);
    wrong  text;
BEGIN
    CASE rule
    WHEN 'unknown_symbol' THEN
        RETURN CASE WHEN symbol = '' THEN 'the symbol is missing: name the column or give --symbol'
                    ELSE format('symbol %L is no symbol: at most 64 characters, no control characters', left(symbol, 80)) END;
    WHEN 'unknown_frequency' THEN
        RETURN CASE WHEN freq = '' THEN 'the frequency is missing: use one of 1m 5m 15m 30m 1h 4h 1d 1w 1mo'
                    ELSE format('frequency %L is not known: use one of 1m 5m 15m 30m 1h 4h 1d 1w 1mo', left(freq, 80)) END;
    WHEN 'missing_value' THEN
        SELECT string_agg(n, ', ' ORDER BY o) INTO wrong
        FROM (SELECT 'ts' AS n, 0 AS o WHERE ts IS NULL
              UNION ALL SELECT names[i], i FROM generate_series(1, 4) AS i WHERE vals[i] IS NULL) AS missing;
        RETURN format('%s is missing: a bar needs ts, open, high, low and close', wrong);
    WHEN 'bad_time' THEN
        RETURN CASE WHEN known_at >= 'infinity' OR known_at < ts THEN format('known_at %s is not a time at or after ts %s', known_at, ts)
                    ELSE format('ts %s is not a time that a bar can have', ts) END;
    WHEN 'bad_number' THEN
        SELECT string_agg(format('%s is %s', names[i], vals[i]), ', ' ORDER BY i) INTO wrong
        FROM generate_series(1, 7) AS i
        WHERE vals[i] IN ('Infinity', '-Infinity') OR (vals[i] = 'NaN' AND names[i] NOT IN ('volume', 'amount'));
        RETURN format('%s: a finite number is needed', wrong);
    WHEN 'off_grid' THEN
        IF nfreq IN ('1d', '1w', '1mo') THEN
            RETURN format('ts %s is not on the %s grid: %s at 00:00 UTC is expected, the session''s time zone is %s; load with --time-zone, or with --freq when the frequency is another',
                ts, nfreq, CASE nfreq WHEN '1d' THEN 'the session date' WHEN '1w' THEN 'the Monday of the week' ELSE 'the first of the month' END, zone);
        ELSIF sessions THEN
            RETURN format('ts %s (%s in %s) is not on the %s grid: bars start at steps from the open inside a session of %s; load with --time-zone, or --ts-is close when ts is the bar''s close',
                ts, to_char(ts AT TIME ZONE zone, 'YYYY-MM-DD HH24:MI'), zone, nfreq, calendar);
        ELSE
            RETURN format('ts %s is not on the %s grid: multiples of %s from 00:00 UTC are expected%s; load with --ts-is close when ts is the bar''s close',
                ts, nfreq, nfreq, CASE WHEN calendar = '24x7' THEN '' ELSE format(', because no sessions of calendar %s are loaded (time zone %s): load them into bourse.calendar', coalesce(calendar, 'NULL'), zone) END);
        END IF;
    WHEN 'future_time' THEN
        RETURN format('ts %s is in the future: the database clock says %s', ts, date_trunc('second', now()));
    WHEN 'nonpositive_price' THEN
        SELECT string_agg(format('%s is %s', names[i], vals[i]), ', ' ORDER BY i) INTO wrong FROM unnest(ARRAY[1, 2, 3, 4, 7]) AS i WHERE vals[i] <= 0;
        RETURN format('%s: prices and factors are above 0', wrong);
    WHEN 'high_low_order' THEN
        RETURN format('open %s high %s low %s close %s: high must be the highest and low the lowest of the four', open, high, low, close);
    WHEN 'negative_volume' THEN
        SELECT string_agg(format('%s is %s', names[i], vals[i]), ', ' ORDER BY i) INTO wrong FROM generate_series(5, 6) AS i WHERE vals[i] < 0;
        RETURN format('%s: 0 or more is expected', wrong);
    END CASE;
END
$$;
COMMENT ON FUNCTION bourse.bar_reason(text, text, text, timestamptz, float8, float8, float8, float8, float8, float8, float8, timestamptz, text, boolean)
    IS 'why a row broke a rule, in words: value and remedy';
