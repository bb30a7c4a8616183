-- The signal sets signals_v1, signals_v26 and signals_v27: hourly bars, closed ones only. Not stored before they are used.

SELECT bourse.create_feature_set(s.name, (SELECT jsonb_agg(jsonb_build_object('name', f.name, 'expression', f.expression) ORDER BY f.n)
                                          FROM bourse.built_in_features(s.name) AS f), freq => '1h', description => s.description)
FROM (VALUES ('signals_v1', 'built in: 13 indicators of the last 100 hourly bars'),
             ('signals_v26', 'built in: signals_v1 and six indicators of closed 4h bars'),
             ('signals_v27', 'built in: signals_v26 and eleven of reference symbols (BTC, ETH, BNB, SOL, ADA against USDT)')) AS s(name, description)
WHERE NOT EXISTS (SELECT FROM bourse.feature_set AS o WHERE o.name = s.name);

-- In the original a row saw the 4h bar in progress with its final values: those of the bar's last hour.
CREATE OR REPLACE FUNCTION bourse.signal_rows(signal_set text, universe text DEFAULT 'all', from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL,
        known_at timestamptz DEFAULT NULL, options jsonb DEFAULT '{}')
    RETURNS TABLE(symbol text, ts timestamptz, available_at timestamptz, features bourse.fvec, neutral text[], missing_references text[], leaks boolean)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    origin boolean;
    names text[];
    expressions text[];
    width int;
    reference_names text[];
BEGIN
    PERFORM bourse.check_keys(options, '["origin_compatible"]', 'options of signal_rows');
    IF coalesce(jsonb_typeof(options -> 'origin_compatible'), 'boolean') <> 'boolean' THEN
        RAISE EXCEPTION 'option origin_compatible is %', options -> 'origin_compatible' USING ERRCODE = '22023', HINT = 'true or false';
    END IF;
    IF signal_set IS NULL OR signal_set NOT IN ('signals_v1', 'signals_v26', 'signals_v27') THEN
        RAISE EXCEPTION 'unknown signal set %', coalesce('"' || signal_set || '"', 'NULL') USING ERRCODE = 'MB021', HINT = 'use signals_v1, signals_v26 or signals_v27';
    END IF;
    origin := coalesce((options ->> 'origin_compatible')::boolean, false) AND signal_set <> 'signals_v1';
    SELECT array_agg(f.name ORDER BY f.n), array_agg(f.expression ORDER BY f.n), count(*) INTO names, expressions, width
    FROM bourse.built_in_features(signal_set || CASE WHEN origin THEN '_origin' ELSE '' END) AS f;
    expressions := expressions || ARRAY(SELECT f.expression FROM bourse.built_in_features(signal_set || CASE WHEN origin THEN '_origin' ELSE '' END || '_neutral') AS f ORDER BY f.n);
    SELECT coalesce(array_agg(f.name ORDER BY f.n), '{}'), expressions || coalesce(array_agg(f.expression ORDER BY f.n), '{}') INTO reference_names, expressions
    FROM bourse.built_in_features(signal_set || '_references') AS f;
    IF origin THEN
        RAISE NOTICE 'origin_compatible: the six 4h features hold values of up to three hours later: for comparison with the original, never for use';
    END IF;
    RETURN QUERY
    SELECT p.symbol, p.ts, c.close_at,
        CASE WHEN origin THEN (p.values[1:13] || p.last[14:19] || p.values[20:width])::bourse.fvec ELSE p.values[1:width]::bourse.fvec END,
        ARRAY(SELECT names[n] FROM generate_series(1, width) AS n WHERE (CASE WHEN origin AND n BETWEEN 14 AND 19 THEN p.last ELSE p.values END)[width + n] = 1 ORDER BY n),
        ARRAY(SELECT reference_names[n] FROM generate_series(1, cardinality(reference_names)) AS n WHERE p.values[2 * width + n] = 0 ORDER BY n),
        origin
    FROM (SELECT e.symbol, e.ts, e.features::real[] AS values,
              CASE WHEN origin THEN last_value(e.features::real[]) OVER (PARTITION BY e.symbol, date_bin('4 hours', e.ts, '1970-01-01 00:00Z') ORDER BY e.ts
                                                                         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) END AS last
          FROM bourse.evaluate_panel(expressions, signal_rows.universe, signal_rows.from_ts, CASE WHEN origin THEN signal_rows.to_ts + interval '4 hours' ELSE signal_rows.to_ts END, '1h',
                                     jsonb_strip_nulls(jsonb_build_object('grid', 'bars', 'known_at', signal_rows.known_at))) AS e
          OFFSET 0) AS p  -- the array once a row, not for each of its uses
        JOIN bourse.instrument AS i ON i.symbol = p.symbol
        CROSS JOIN LATERAL bourse.bar_closes(i.instrument_id, i.calendar, '1h', p.ts) AS c
    WHERE p.values[1] <> 'NaN' AND (signal_rows.to_ts IS NULL OR p.ts < signal_rows.to_ts) AND c.close_at <= coalesce(signal_rows.known_at, now());
END
$$;
COMMENT ON FUNCTION bourse.signal_rows(text, text, timestamptz, timestamptz, timestamptz, jsonb) IS
    'rows of a signal set with the names of the features that hold their neutral value because something is missing, and of the reference symbols without a bar; rows with fewer than 50 of 100 bars are none; option origin_compatible reproduces the original''s look-ahead, for comparison';

CREATE OR REPLACE FUNCTION bourse.barrier_label(up float8 DEFAULT 0.01, down float8 DEFAULT 0.01, bars int DEFAULT 24, ties text DEFAULT 'up') RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    text text := '0/0';
    touch text;
    high text;
    low text;
BEGIN
    IF up IS NULL OR NOT (up > 0 AND up < 10) OR down IS NULL OR NOT (down > 0 AND down < 1) THEN
        RAISE EXCEPTION 'barriers are % up and % down', coalesce(up::text, 'NULL'), coalesce(down::text, 'NULL') USING ERRCODE = '22023', HINT = 'shares of the close, as 0.01: up below 10, down below 1';
    ELSIF bars IS NULL OR bars NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'bars is %', coalesce(bars::text, 'NULL') USING ERRCODE = '22023', HINT = 'from 1 to 100 bars are looked at';
    ELSIF ties IS NULL OR ties NOT IN ('up', 'drop', 'direction') THEN
        RAISE EXCEPTION 'ties is %', coalesce(quote_literal(ties), 'NULL') USING ERRCODE = '22023', HINT = 'use up (the upper barrier first, as in the original), drop or direction';
    END IF;
    FOR ahead IN REVERSE bars .. 1 LOOP
        high := format('Ref($high,-%s)>=$close*%s', ahead, 1 + up);
        low := format('Ref($low,-%s)<=$close*%s', ahead, 1 - down);
        touch := format('If(%s,1,If(%s,0,%s))', high, low, text);
        text := CASE ties WHEN 'up' THEN touch
                          WHEN 'drop' THEN format('If((%s)&(%s),0/0,%s)', high, low, touch)
                          ELSE format('If((%s)&(%s),If(Ref($close,-%s)>=Ref($open,-%s),1,0),%s)', high, low, ahead, ahead, touch) END;
    END LOOP;
    RETURN format('If(Ref(Count($close,%s),-%s)>=%s,%s,0/0)', bars, bars, bars, text);
END
$$;
COMMENT ON FUNCTION bourse.barrier_label(float8, float8, int, text) IS
    'a label as an expression: 1 when one of the next bars touches close × (1 + up) first, 0 when close × (1 - down), missing when neither is touched or bars are missing; ties: a bar that touches both counts as up, is dropped, or goes by its direction';
