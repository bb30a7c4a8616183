-- Bars that are no errors by themselves and yet look wrong beside their neighbours. Nothing is changed.

CREATE OR REPLACE FUNCTION bourse.check_bars_options(options jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known constant jsonb := '{"gap_ratio": 0.22, "factor_ratio": 0.02, "stale_bars": 5, "limit_bars": 3, "limit_ratio": 0.045}';
    keys text[] := ARRAY(SELECT k FROM jsonb_object_keys(known) AS k ORDER BY k);
    wrong text := (SELECT k FROM jsonb_object_keys(options) AS k WHERE k <> ALL (keys) ORDER BY k LIMIT 1);
    near text;
BEGIN
    IF wrong IS NOT NULL THEN
        near := bourse.nearest(wrong, keys);
        RAISE EXCEPTION 'unknown option %', quote_literal(wrong)
            USING ERRCODE = 'MB030', HINT = 'known options: ' || array_to_string(keys, ', ') || coalesce('; did you mean ' || near || '?', '');
    END IF;
    SELECT o.key INTO wrong FROM jsonb_each(options) AS o
    WHERE jsonb_typeof(o.value) <> 'number' OR (o.key LIKE '%\_bars' AND o.value::numeric NOT BETWEEN 2 AND 1000000)
        OR (o.key LIKE '%\_ratio' AND NOT (o.value::numeric > 0 AND o.value::numeric < 1)) LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'option % is %', wrong, options->wrong
            USING ERRCODE = '22023', HINT = CASE WHEN wrong LIKE '%\_bars' THEN 'a number of bars from 2 on' ELSE 'a share of the price between 0 and 1' END;
    END IF;
    RETURN known || options;
END
$$;
COMMENT ON FUNCTION bourse.check_bars_options(jsonb) IS 'part of check_bars: the options with their defaults; MB030 for one that it does not know';

-- From bar to bar: g the raw gap (open over the close before), q the factor's step. At a true split or dividend g is
-- about 1 / q, so that the adjusted gap g × q is about 1.
CREATE OR REPLACE FUNCTION bourse.check_bars(symbols text[] DEFAULT NULL, from_ts timestamptz DEFAULT NULL, to_ts timestamptz DEFAULT NULL, freq text DEFAULT '1d',
        known_at timestamptz DEFAULT NULL, options jsonb DEFAULT '{}')
    RETURNS TABLE (symbol text, ts timestamptz, until_ts timestamptz, rule text, evidence jsonb)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    o jsonb := bourse.check_bars_options(options);
    gap_log float8 := -ln(1 - (o->>'gap_ratio')::float8);
    factor_ratio float8 := (o->>'factor_ratio')::float8;
    stale_bars int := (o->>'stale_bars')::int;
    limit_bars int := (o->>'limit_bars')::int;
    limit_log float8 := ln(1 + (o->>'limit_ratio')::float8);
    unknown text := (SELECT s FROM unnest(symbols) AS s WHERE NOT EXISTS (SELECT FROM bourse.instrument AS i WHERE i.symbol = s) LIMIT 1);
BEGIN
    IF unknown IS NOT NULL THEN
        PERFORM bourse.panel_instrument_id(unknown);  -- its error names the nearest symbol
    END IF;
    RETURN QUERY
    WITH steps AS (
        SELECT b.*, lag(b.close) OVER w AS close_before, lag(b.adj_factor) OVER w AS factor_before, lead(b.close) OVER w AS close_after,
            lag(b.open) OVER w AS open_before, lag(b.close, 2) OVER w AS close_two_before
        FROM bourse.bars_known(check_bars.freq, check_bars.from_ts, check_bars.to_ts, check_bars.known_at) AS b
        WHERE symbols IS NULL OR b.instrument_id IN (SELECT i.instrument_id FROM bourse.instrument AS i WHERE i.symbol = ANY (symbols))
        WINDOW w AS (PARTITION BY b.instrument_id ORDER BY b.ts)),
    logs AS (
        SELECT s.*, ln(s.open / s.close_before) AS g, ln(s.adj_factor / s.factor_before) AS q, ln(s.close / s.close_before) AS r, ln(s.close_after / s.close) AS r_after,
            ln(s.open_before / s.close_two_before) AS g_before,
            s.open = s.high AND s.high = s.low AND s.low = s.close AS flat
        FROM steps AS s),
    judged AS (
        SELECT l.*, CASE
            -- the price stepped one bar before its factor
            WHEN q > ln(1 + factor_ratio) AND abs(g) < q / 10 AND abs(g_before + q) < q / 5 THEN 'factor_late'
            -- the factor falls though nothing was merged, or steps though the price did not
            WHEN q < -0.001 AND abs(g + q) > abs(q) / 2 THEN 'factor_jump'
            WHEN q > ln(1 + factor_ratio) AND g + q > q / 2 + ln(1 + factor_ratio) AND abs(g) < q / 2 THEN 'factor_jump'
            -- it goes back to where it was before such a fall
            WHEN q > 0.001 AND abs(q + lag(q) OVER w) < q / 10 AND abs(g + q) > q / 2 THEN 'factor_jump'
            WHEN abs(r + q) > gap_log AND abs(r + q + r_after) < gap_log / 3 THEN 'price_spike'
            -- not where a spike ends
            WHEN abs(q) < 0.001 AND abs(g) > gap_log AND abs(r) > gap_log / 2
                AND NOT coalesce(abs(lag(r + q) OVER w) > gap_log AND abs(lag(r + q) OVER w + r + q) < gap_log / 3, false) THEN 'missing_split' END AS found
        FROM logs AS l WINDOW w AS (PARTITION BY l.instrument_id ORDER BY l.ts)),
    runs AS (
        SELECT k.*, CASE WHEN kind IS NOT NULL THEN sum(CASE WHEN kind IS NOT DISTINCT FROM kind_before THEN 0 ELSE 1 END) OVER (PARTITION BY k.instrument_id ORDER BY k.ts) END AS run
        FROM (SELECT n.*, lag(n.kind) OVER (PARTITION BY n.instrument_id ORDER BY n.ts) AS kind_before
              FROM (SELECT l.*, CASE WHEN NOT flat THEN NULL WHEN r = 0 THEN 'stale_run'
                                     WHEN volume > 0 AND r + q > limit_log THEN 'limit_up_run' WHEN volume > 0 AND r + q < -limit_log THEN 'limit_down_run' END AS kind
                    FROM logs AS l) AS n) AS k),
    found AS (
        SELECT j.instrument_id, j.ts, j.ts AS until_ts, j.found AS rule, jsonb_build_object(
            'close_before', j.close_before, 'open', j.open, 'close', j.close, 'raw_gap', round(exp(j.g)::numeric - 1, 6), 'adjusted_gap', round(exp(j.g + j.q)::numeric - 1, 6),
            'adj_factor_before', j.factor_before, 'adj_factor', j.adj_factor) AS evidence
        FROM judged AS j WHERE j.found IS NOT NULL
        UNION ALL
        SELECT n.instrument_id, min(n.ts), max(n.ts), n.kind, jsonb_build_object('bars', count(*), 'close_before', (array_agg(n.close_before ORDER BY n.ts))[1],
            'close', (array_agg(n.close ORDER BY n.ts DESC))[1], 'bars_without_volume', count(*) FILTER (WHERE coalesce(n.volume, 0) = 0))
        FROM runs AS n WHERE n.kind IS NOT NULL
        GROUP BY n.instrument_id, n.kind, n.run
        HAVING count(*) >= CASE n.kind WHEN 'stale_run' THEN stale_bars ELSE limit_bars END)
    SELECT i.symbol, f.ts, f.until_ts, f.rule, f.evidence
    FROM found AS f JOIN bourse.instrument AS i ON i.instrument_id = f.instrument_id
    ORDER BY i.symbol, f.ts, f.rule;
END
$$;
COMMENT ON FUNCTION bourse.check_bars(text[], timestamptz, timestamptz, text, timestamptz, jsonb)
    IS 'bars that look wrong beside their neighbours, as known at a time when asked: factor_jump, factor_late, missing_split, price_spike, stale_run, limit_up_run, limit_down_run, with what was seen; changes nothing';
